// Division that rounds towards minus infinity, for what may be below zero. Quotients of 64 bits are
// several times faster than those of 128, and nearly all values fit.
#pragma once

#include "base/units.hpp"

#include <cstdint>

namespace miletus::prices {

constexpr std::int64_t millionths = 1'000'000;
constexpr std::int64_t billionths = 1'000'000'000;

// `by` is above zero.
[[nodiscard]] constexpr std::int64_t floor_ratio(std::int64_t value, std::int64_t by) {
    return value / by - static_cast<std::int64_t>(value % by < 0);
}

// The same of a product that may be wider; the quotient fits, or it is a bug.
[[nodiscard]] constexpr std::int64_t floor_ratio_wide(int128 value, int128 by) {
    if (static_cast<std::int64_t>(value) == value && static_cast<std::int64_t>(by) == by)
        [[likely]] {
        return floor_ratio(static_cast<std::int64_t>(value), static_cast<std::int64_t>(by));
    }
    const int128 quotient = value / by - static_cast<int128>(value % by < 0);
    ASSERT(static_cast<std::int64_t>(quotient) == quotient);
    return static_cast<std::int64_t>(quotient);
}

// So many millionths of a value that is not below zero, floored.
[[nodiscard]] constexpr std::int64_t part_of(std::int64_t value, std::int64_t parts) {
    return floor_ratio_wide(int128{value} * parts, millionths);
}

// The whole second that a moment lies in.
[[nodiscard]] constexpr std::int64_t second_of(UnixNanos moment) {
    return floor_ratio(moment.value(), billionths);
}

}  // namespace miletus::prices
