// sim [SEED | --seeds N]: one world, or many. A seed that fails is printed, and plays the same
// again.
#include "sim/simulation/simulation.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using miletus::simulation::Outcome;
using miletus::simulation::Probes;

bool play(std::uint64_t seed, Probes& probes) {
    const Outcome outcome = miletus::simulation::simulate(seed);
    probes.add(outcome.probes);
    if (!outcome.failure.empty()) {
        std::printf("seed %lu: %s\nplay it again: ./run sim %lu\n", seed, outcome.failure.c_str(),
                    seed);
        return false;
    }
    return true;
}

void tell(const Probes& probes, std::uint64_t seeds, double seconds) {
    std::printf("%lu seeds in %.1f s: no fault\n", seeds, seconds);
    std::printf("  %lu commands, %lu trades, %lu resends of which %lu were told the first answer\n",
                probes.commands, probes.trades, probes.resends, probes.answered_again);
    std::printf("  %lu losses of power, %lu in the middle of a start, %lu torn tails\n",
                probes.power_losses, probes.starts_interrupted, probes.torn_tails);
    std::printf(
        "  %lu attestations that the shadow agreed with, %lu snapshots of which %lu were damaged, "
        "up to %lu segments trimmed\n",
        probes.attestations, probes.snapshots, probes.damaged_snapshots, probes.trimmed);
    std::printf("  %lu connections cut, %lu feeds gone on with after that\n", probes.cuts,
                probes.resumes);
    std::printf("  %lu messages lost, %lu orders swept at a start, %lu warnings of a full disk\n",
                probes.lost_messages, probes.sweeps, probes.disk_warnings);
    std::printf("  %lu instruments listed, %lu delivered, %lu archived, %lu surfaces marked by\n",
                probes.listings, probes.deliveries, probes.archived, probes.marks);
    std::printf(
        "  %lu sessions settled, %lu fundings, %lu margin calls, %lu liquidations, %lu "
        "reassignments\n",
        probes.settlements, probes.fundings, probes.margin_calls, probes.liquidations,
        probes.reassignments);
}

int run(std::span<const std::string_view> words) {
    const bool is_many = words.empty() || words[0] == "--seeds";
    const std::size_t place = is_many ? 1 : 0;
    const std::string number(words.size() > place ? words[place] : "1000");
    const std::uint64_t given = std::strtoull(number.c_str(), nullptr, 10);
    if (given == 0) {
        std::puts("usage: sim [SEED | --seeds N]");
        return 2;
    }
    const auto start = std::chrono::steady_clock::now();
    Probes probes;
    for (std::uint64_t seed = is_many ? 1 : given; seed <= given; ++seed) {
        if (!play(seed, probes)) {
            return 1;
        }
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    tell(probes, is_many ? given : 1, taken.count());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string_view> all(words, std::next(words, count));
    return run(std::span(all).subspan(1));
}
