// Division that says where it rounds: down, or up, whatever the signs. Products are taken in 128
// bits; where they fit 64, the division is a quick one.
#pragma once

#include "base/assert.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <optional>

namespace miletus {

[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    const bool has_rest = quotient * divisor != dividend;
    return quotient - static_cast<std::int64_t>(has_rest && ((dividend < 0) != (divisor < 0)));
}

[[nodiscard]] constexpr std::int64_t ceil_div(std::int64_t dividend, std::int64_t divisor) {
    return -floor_div(-dividend, divisor);
}

// A quotient that no i64 holds trips an ASSERT: callers bound what they divide.
[[nodiscard]] constexpr std::int64_t floor_div(int128 dividend, int128 divisor) {
    const int128 quotient = dividend / divisor;
    const bool has_rest = quotient * divisor != dividend;
    const bool is_below = has_rest && ((dividend < 0) != (divisor < 0));
    const std::optional<std::int64_t> rounded = narrow(quotient - static_cast<int128>(is_below));
    ASSERT(rounded.has_value());
    return *rounded;
}
[[nodiscard]] constexpr std::int64_t floor_div(int128 dividend, std::int64_t divisor) {
    if (const std::optional<std::int64_t> small = narrow(dividend)) [[likely]] {
        return floor_div(*small, divisor);
    }
    return floor_div(dividend, int128{divisor});
}

[[nodiscard]] constexpr std::int64_t ceil_div(int128 dividend, std::int64_t divisor) {
    return -floor_div(-dividend, divisor);
}

// value * part / whole.
[[nodiscard]] constexpr std::int64_t share_floor(std::int64_t value, std::int64_t part,
                                                 std::int64_t whole) {
    return floor_div(int128{value} * part, whole);
}
[[nodiscard]] constexpr std::int64_t share_ceil(std::int64_t value, std::int64_t part,
                                                std::int64_t whole) {
    return ceil_div(int128{value} * part, whole);
}

}  // namespace miletus
