// Functions of numbers and of columns of numbers, with the same bits on every machine. Where a
// function has no value, it is not a number; results below the least normal number are zero.
//
// exp, log, pow, sin and cos are within 2.4e-16 of what is right, relatively, sin and cos of |x| up
// to 2^30; the normal density, distribution and quantile, far tails included, and Mills ratio
// (1 - N(x)) / n(x) within 8e-16.
#pragma once

#include "pricing/math/function.hpp"

#include <span>

namespace miletus::pricing {

[[nodiscard]] double value_of(Function function, double x, double y = 0.0);

// Into `out`, which is as long as x; y is as long as x, or one number, or empty where the function
// has no second argument. Whether the lengths agree; else nothing is written.
[[nodiscard]] bool evaluate(Function function, std::span<const double> x, std::span<const double> y,
                            std::span<double> out);

}  // namespace miletus::pricing
