// The few operations on single numbers that calibration needs everywhere.
#pragma once

#include <cstddef>

namespace miletus::pricing {

// Beyond any number that a calibration meets, and still finite when multiplied.
constexpr double beyond_all = 1e300;

inline double root(double x) {
    return __builtin_sqrt(x);
}

inline double size_of(double x) {
    return x < 0 ? -x : x;
}

inline double clamped(double low, double x, double high) {
    return x < low ? low : (high < x ? high : x);
}

inline double smaller_of(double x, double y) {
    return y < x ? y : x;
}

inline double larger_of(double x, double y) {
    return x < y ? y : x;
}

}  // namespace miletus::pricing
