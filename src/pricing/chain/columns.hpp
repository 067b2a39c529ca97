// What the kernel of a chain reads.
#pragma once

#include "pricing/lanes/columns.hpp"

#include <cstdint>

namespace miletus::pricing {

struct ChainColumns {
    lanes::Column<double> strike;
    lanes::Column<double> log_strike;
    lanes::Column<double> log_strike_rest;
    lanes::Column<double> vol;
    lanes::Column<std::int8_t> sign;
    double forward = 0;
    double time = 0;
    double discount = 1;
};

}  // namespace miletus::pricing
