// The functions that can be had by themselves, of one number or two.
#pragma once

#include <cstdint>

namespace miletus::pricing {

enum class Function : std::uint8_t {
    exp,
    log,
    pow,  // of two: x^y, x >= 0
    sin,
    cos,
    normal_density,
    normal_distribution,
    normal_quantile,
    mills_ratio,
};

}  // namespace miletus::pricing
