// Race: the gateway and a bare server in turns, on the same processors and the same bytes. Told is
// the turn with the median of the ratios: neighbours see the same machine.
#pragma once

#include "bench/gateway/beast_server.hpp"
#include "bench/gateway/door.hpp"
#include "bench/harness.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::bench {

constexpr std::uint32_t turns_per_round = 5;

// Rates a second, of each.
struct Turn {
    double ratio = 0;
    double ours = 0;
    double bare = 0;
};

// `ours()` and `bare()` tell rates, each while its server works and the other does not.
template <class Ours, class Bare>
[[nodiscard]] std::vector<Turn> race(Door& door, BeastServer& beast, std::uint32_t turns, Ours ours,
                                     Bare bare) {
    std::vector<Turn> all;
    for (std::uint32_t count = 0; count < turns; ++count) {
        Turn turn;
        door.begin();
        turn.ours = ours();
        door.end();
        beast.begin();
        turn.bare = bare();
        beast.end();
        turn.ratio = turn.ours / turn.bare;
        all.push_back(turn);
    }
    return all;
}

// What `measure(turns)` races in this folder, which is made for it and removed.
template <class Measure>
[[nodiscard]] Turn middle_turn(const std::string& folder, std::uint32_t rounds, Measure measure) {
    std::filesystem::remove_all(folder);
    std::vector<Turn> turns;
    run_on(place_of(client_processor, false), [&] { turns = measure(rounds * turns_per_round); });
    std::filesystem::remove_all(folder);
    std::ranges::sort(turns, {}, &Turn::ratio);
    return turns[turns.size() / 2];
}

struct RaceNames {
    std::string_view ours;
    std::string_view bare;        // in a word
    std::string_view bare_whole;  // for the report
};

inline void report_race(const RaceNames& names, const Turn& turn, double ratio_min,
                        Report& report) {
    std::printf("%-24.*s %8.0f 1/s   %.*s %8.0f 1/s   ratio %.2f %s\n",
                static_cast<int>(names.ours.size()), names.ours.data(), turn.ours,
                static_cast<int>(names.bare.size()), names.bare.data(), turn.bare, turn.ratio,
                verdict_at_least(turn.ratio, ratio_min).c_str());
    report.add({.name = std::string(names.ours),
                .value = turn.ours,
                .unit = "1/s",
                .baseline = turn.bare,
                .baseline_name = names.bare_whole});
}

}  // namespace miletus::bench
