// The volatility that a price implies under Black's formula, by the array or one by one. A price
// that no volatility leads to carries a status; one without time value implies none.
#pragma once

#include "pricing/vanilla/status.hpp"

#include <cstdint>
#include <span>

namespace miletus::pricing {

// Columns as those of ForwardOptions, with what each option costs.
struct PricedForwards {
    std::span<const double> price;
    std::span<const double> forward;
    std::span<const double> strike;
    std::span<const double> time;
    std::span<const double> discount;
    std::span<const std::int8_t> kind;
};

// Into `vol`, and into `status` (of type Status) where it is not empty. Whether all lengths agree;
// else nothing is written.
[[nodiscard]] bool imply(const PricedForwards& options, std::span<double> vol,
                         std::span<std::uint8_t> status = {});

struct PricedForward {
    double price = 0;
    double forward = 0;
    double strike = 0;
    double time = 0;
    double discount = 1;
    std::int8_t kind = 1;
};

struct ImpliedVol {
    double vol = 0;
    Status status = Status::ok;
};

// The same kernel at a width of one, and the same bits.
[[nodiscard]] ImpliedVol implied_vol(const PricedForward& option);

}  // namespace miletus::pricing
