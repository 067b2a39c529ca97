// What the kernels of vanilla options read and write. Columns that are not wanted are null.
#pragma once

#include "pricing/lanes/columns.hpp"

#include <cstdint>

namespace miletus::pricing {

struct OptionColumns {
    lanes::Column<double> asset;  // the forward, or the spot
    lanes::Column<double> strike;
    lanes::Column<double> time;
    lanes::Column<double> vol;
    lanes::Column<double> discount;  // of a forward's option; a spot's has rate and yield
    lanes::Column<double> rate;
    lanes::Column<double> yield;
    lanes::Column<std::int8_t> sign;  // 1 for calls, -1 for puts
};

struct ResultColumns {
    double* price = nullptr;
    double* delta = nullptr;
    double* gamma = nullptr;
    double* vega = nullptr;
    double* theta = nullptr;
    double* rho = nullptr;
    double* vanna = nullptr;
    double* volga = nullptr;
    double* charm = nullptr;
    std::uint8_t* status = nullptr;
};

}  // namespace miletus::pricing
