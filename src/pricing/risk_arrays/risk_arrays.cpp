// Lengths, scenarios and shocks are checked here, and columns walked in the backends.
#include "pricing/risk_arrays/risk_arrays.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/lanes/one.hpp"
#include "pricing/math/math.hpp"
#include "pricing/risk_arrays/rows.hpp"

#include <algorithm>

namespace miletus::pricing {

namespace {

constexpr double price_move_min = -0.9999;
constexpr double price_move_max = 1e4;
constexpr double weight_max = 1e6;
constexpr double range_max = 1000;
constexpr double power_max = 10;

bool is_within(double low, double x, double high) {
    return low <= x && x <= high;
}

bool is_good(const Scenario& scenario) {
    return is_within(price_move_min, scenario.price_move, price_move_max) &&
           is_within(0, scenario.weight, weight_max) && scenario.vol_move <= VolMove::down;
}

bool are_good(const VolShocks& shocks) {
    return is_within(0, shocks.range_up, range_max) && is_within(0, shocks.range_down, range_max) &&
           is_within(-power_max, shocks.power_near, power_max) &&
           is_within(-power_max, shocks.power_far, power_max) &&
           is_within(0, shocks.vol_min_up, largest_vol);
}

RiskFault fault_of(std::span<const Scenario> scenarios) {
    if (scenarios.empty()) {
        return RiskFault::no_scenarios;
    }
    if (scenarios.size() > scenarios_max) {
        return RiskFault::too_many_scenarios;
    }
    return std::ranges::all_of(scenarios, is_good) ? RiskFault::none : RiskFault::bad_scenario;
}

// Whether each column is as long as there are instruments, or one number, and results fit them.
RiskFault fault_of(std::span<const std::size_t> columns, std::size_t scenarios,
                   const RiskArrays& out) {
    const std::size_t count = out.status.size();
    const bool agree =
        std::ranges::all_of(columns, [&](std::size_t size) { return size == count || size == 1; });
    return agree && out.entries.size() == count * scenarios ? RiskFault::none
                                                            : RiskFault::lengths_differ;
}

PreparedScenario prepared(const Scenario& scenario) {
    const double growth = 1 + scenario.price_move;
    return {.log_growth = value_of(Function::log, growth),
            .growth = growth,
            .weight = scenario.weight,
            .vol_move = static_cast<std::size_t>(scenario.vol_move)};
}

// By what the worst scenario multiplies a worth.
double stretch_max_of(std::span<const Scenario> scenarios) {
    double stretch = 1;
    for (const Scenario& scenario : scenarios) {
        const double growth = std::max(1 + scenario.price_move, 1.0);
        stretch = std::max(stretch, growth * std::max(scenario.weight, 1.0));
    }
    return stretch;
}

struct LinearLot {
    double price = 0;
    double units = 0;
};

Status status_of(const LinearLot& lot, double stretch_max) {
    if (lot.price != lot.price || lot.units != lot.units) {
        return Status::not_a_number;
    }
    const bool is_in_domain = is_within(least_number, lot.price, largest_number) &&
                              is_within(0, lot.units, largest_number) &&
                              lot.price * lot.units * stretch_max <= lot_worth_max;
    return is_in_domain ? Status::ok : Status::out_of_domain;
}

std::int64_t entry_of(const LinearLot& lot, const Scenario& scenario) {
    using Real = lanes::One::Real;
    const double share = scenario.price_move * scenario.weight;
    return static_cast<std::int64_t>(rounded_units(Real{lot.price * lot.units}, Real{share}).v);
}

}  // namespace

double vol_shock(const VolShocks& shocks, VolMove move, double time) {
    if (move == VolMove::same) {
        return 0;
    }
    const UsualRounding rounding;
    const double range = move == VolMove::up ? shocks.range_up : -shocks.range_down;
    return range * range_stretch(shocks, lanes::One::Real{time}).v;
}

std::array<Scenario, usual_scenarios_count> usual_scenarios(const ScenarioRules& rules) {
    const UsualRounding rounding;
    std::array<Scenario, usual_scenarios_count> scenarios;
    std::size_t count = 0;
    for (int quarter = -4; quarter <= 4; ++quarter) {
        for (const VolMove move : {VolMove::up, VolMove::same, VolMove::down}) {
            scenarios[count++] = {.price_move = rules.price_range * quarter / 4, .vol_move = move};
        }
    }
    for (const int percent : {-66, -33, 50, 100, 200, 300, 400, 500}) {
        const double move = percent / 100.0;
        const double distance = percent < 0 ? -move : move;
        scenarios[count++] = {.price_move = move,
                              .vol_move = VolMove::up,
                              .weight = rules.extended_factor * rules.price_range / distance};
    }
    return scenarios;
}

RiskFault risk_arrays(const OptionLots& lots, std::span<const Scenario> scenarios,
                      const VolShocks& shocks, const RiskArrays& out) {
    const UsualRounding rounding;
    const std::array columns{lots.forward.size(), lots.strike.size(),   lots.time.size(),
                             lots.vol.size(),     lots.discount.size(), lots.units.size(),
                             lots.kind.size()};
    if (const RiskFault fault = fault_of(scenarios); fault != RiskFault::none) {
        return fault;
    }
    if (!are_good(shocks)) {
        return RiskFault::bad_shocks;
    }
    if (const RiskFault fault = fault_of(columns, scenarios.size(), out);
        fault != RiskFault::none) {
        return fault;
    }
    std::array<PreparedScenario, scenarios_max> all;
    std::ranges::transform(scenarios, all.begin(), prepared);
    backend().array_risks({.forward = lanes::column_of(lots.forward),
                           .strike = lanes::column_of(lots.strike),
                           .time = lanes::column_of(lots.time),
                           .vol = lanes::column_of(lots.vol),
                           .discount = lanes::column_of(lots.discount),
                           .units = lanes::column_of(lots.units),
                           .sign = lanes::column_of(lots.kind)},
                          {.scenarios = std::span(all).first(scenarios.size()),
                           .stretch_max = stretch_max_of(scenarios),
                           .shocks = shocks},
                          {.entries = out.entries.data(), .status = out.status.data()},
                          out.status.size());
    return RiskFault::none;
}

RiskFault risk_arrays(const LinearLots& lots, std::span<const Scenario> scenarios,
                      const RiskArrays& out) {
    const UsualRounding rounding;
    const std::array columns{lots.price.size(), lots.units.size()};
    if (const RiskFault fault = fault_of(scenarios); fault != RiskFault::none) {
        return fault;
    }
    if (const RiskFault fault = fault_of(columns, scenarios.size(), out);
        fault != RiskFault::none) {
        return fault;
    }
    const double stretch_max = stretch_max_of(scenarios);
    for (std::size_t at = 0; at < out.status.size(); ++at) {
        const LinearLot lot{.price = lots.price.size() == 1 ? lots.price[0] : lots.price[at],
                            .units = lots.units.size() == 1 ? lots.units[0] : lots.units[at]};
        const Status status = status_of(lot, stretch_max);
        out.status[at] = static_cast<std::uint8_t>(status);
        const auto row = out.entries.subspan(at * scenarios.size(), scenarios.size());
        std::ranges::transform(scenarios, row.begin(), [&](const Scenario& scenario) {
            return status == Status::ok ? entry_of(lot, scenario) : 0;
        });
    }
    return RiskFault::none;
}

std::string_view sentence(RiskFault fault) {
    switch (fault) {
        case RiskFault::none:
            return "no fault";
        case RiskFault::lengths_differ:
            return "the lengths of columns differ";
        case RiskFault::no_scenarios:
            return "there are no scenarios";
        case RiskFault::too_many_scenarios:
            return "there are more than 64 scenarios";
        case RiskFault::bad_scenario:
            return "a scenario has a move or a weight that none has";
        case RiskFault::bad_shocks:
            return "a volatility shock is out of its domain";
    }
    return "?";
}

}  // namespace miletus::pricing
