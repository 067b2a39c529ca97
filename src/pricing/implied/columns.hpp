// What the kernel of implied volatilities reads and writes.
#pragma once

#include "pricing/lanes/columns.hpp"

#include <cstdint>

namespace miletus::pricing {

struct PriceColumns {
    lanes::Column<double> price;
    lanes::Column<double> forward;
    lanes::Column<double> strike;
    lanes::Column<double> time;
    lanes::Column<double> discount;
    lanes::Column<std::int8_t> sign;
};

struct VolColumns {
    double* vol = nullptr;
    std::uint8_t* status = nullptr;
};

}  // namespace miletus::pricing
