// Risk arrays: what one lot of each instrument gains or loses in each of a list of scenarios, as a
// whole number of the settlement asset's smallest unit. They are what enters the state; no floating
// point follows them. A call is pure and has one thread; whoever has many chains may have many.
#pragma once

#include "pricing/vanilla/status.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::pricing {

enum class VolMove : std::uint8_t { same = 0, up = 1, down = 2 };

// What is supposed to happen at once.
struct Scenario {
    double price_move = 0;  // relative: -0.16 of the price; from -0.9999 to 10,000
    VolMove vol_move = VolMove::same;
    double weight = 1;  // of the gain or loss, taken before it is rounded; from 0 to 1e6
};

constexpr std::size_t scenarios_max = 64;

// How far volatility moves, by the time that is left: by a share of itself that is
// range (30 / days)^power, with at least a day left, and with the near power below 30 days. Ranges
// are from 0 to 1000, powers from -10 to 10, the least volatility from 0 to 100.
struct VolShocks {
    double range_up = 0.50;
    double range_down = 0.25;
    double power_near = 0.30;
    double power_far = 0.13;
    double vol_min_up = 0.50;  // what volatility at least rises to
};

// The share of itself by which volatility moves, before the least one counts.
[[nodiscard]] double vol_shock(const VolShocks& shocks, VolMove move, double time);

struct ScenarioRules {
    double price_range = 0.16;
    double extended_factor = 1;
};

constexpr std::size_t usual_scenarios_count = 35;

// Nine prices from -range to +range, each with volatility up, the same and down; then -66, -33,
// +50, +100, … +500 % with volatility up, where of each gain or loss counts extended_factor
// range / |move|.
[[nodiscard]] std::array<Scenario, usual_scenarios_count> usual_scenarios(
    const ScenarioRules& rules);

// European options, and what a lot of them is. Each column is as long as there are instruments, or
// one number for all. What a lot is worth, the larger of forward and strike x discount x units,
// times what the worst scenario lets a price and a weight grow to, is 2^48 units at most. The rest
// is as in vanilla.hpp.
struct OptionLots {
    std::span<const double> forward;
    std::span<const double> strike;
    std::span<const double> time;  // in years of 365 days
    std::span<const double> vol;
    std::span<const double> discount;
    std::span<const double> units;  // smallest units that a lot gains when its price rises by 1
    std::span<const std::int8_t> kind;
};

// Perpetuals and futures: each lot gains what the price gains.
struct LinearLots {
    std::span<const double> price;
    std::span<const double> units;
};

// Of each instrument its gains by scenario, one row after the other, so that an account adds a row
// times its lots. A gain is within 2^-51 of what the lot is worth before it is rounded, once, to
// the nearest unit (the even one of two): an entry is one of the two units around the exact gain,
// and for all that markets trade the nearest, but for near ties. Where nothing moves it is 0. An
// instrument without a price has a status, and zeros.
struct RiskArrays {
    std::span<std::int64_t> entries;   // instruments x scenarios
    std::span<std::uint8_t> status{};  // of type Status; one for each instrument
};

// What is wrong with a whole call.
enum class RiskFault : std::uint8_t {
    none = 0,
    lengths_differ,
    no_scenarios,
    too_many_scenarios,
    bad_scenario,
    bad_shocks,
};
[[nodiscard]] std::string_view sentence(RiskFault fault);

// Where there is a fault, nothing is written.
[[nodiscard]] RiskFault risk_arrays(const OptionLots& lots, std::span<const Scenario> scenarios,
                                    const VolShocks& shocks, const RiskArrays& out);
[[nodiscard]] RiskFault risk_arrays(const LinearLots& lots, std::span<const Scenario> scenarios,
                                    const RiskArrays& out);

}  // namespace miletus::pricing
