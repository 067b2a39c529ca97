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

// Divides again and again by the same number: to multiply by its reciprocal is several times
// quicker than to divide.
class Divisor {
  public:
    struct Divided {
        std::int64_t quotient;
        std::int64_t rest;
    };

    constexpr Divisor() = default;
    explicit constexpr Divisor(std::int64_t value) : value_(value) {
        ASSERT(value > 0);
        reciprocal_ /= static_cast<std::uint64_t>(value);
    }

    [[nodiscard]] constexpr std::int64_t value() const { return value_; }
    // Of what is not below zero. The reciprocal is short of the true one by less than one in 2^64,
    // and so what it yields by less than a half: one too few at most.
    [[nodiscard]] constexpr Divided divide(std::int64_t dividend) const {
        ASSERT(dividend >= 0);
        const int128 wide = int128{static_cast<std::uint64_t>(dividend)} * reciprocal_;
        const auto estimate = static_cast<std::int64_t>(wide >> 64U);
        const std::int64_t rest = dividend - estimate * value_;
        const bool is_short = rest >= value_;
        return {.quotient = estimate + static_cast<std::int64_t>(is_short),
                .rest = is_short ? rest - value_ : rest};
    }

  private:
    std::int64_t value_ = 1;
    std::uint64_t reciprocal_ = ~std::uint64_t{0};
};

}  // namespace miletus
