// What the kernel of risk arrays reads and writes.
#pragma once

#include "pricing/lanes/columns.hpp"
#include "pricing/risk_arrays/risk_arrays.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::pricing {

// A scenario, with what it is to all instruments alike.
struct PreparedScenario {
    double log_growth = 0;
    double growth = 1;
    double weight = 1;
    std::size_t vol_move = 0;
};

struct LotColumns {
    lanes::Column<double> forward;
    lanes::Column<double> strike;
    lanes::Column<double> time;
    lanes::Column<double> vol;
    lanes::Column<double> discount;
    lanes::Column<double> units;
    lanes::Column<std::int8_t> sign;
};

struct ScenarioTable {
    std::span<const PreparedScenario> scenarios;
    double stretch_max = 1;  // by what a worth may grow: growth x weight, both at least 1
    VolShocks shocks{};
};

struct EntryColumns {
    std::int64_t* entries = nullptr;
    std::uint8_t* status = nullptr;
};

}  // namespace miletus::pricing
