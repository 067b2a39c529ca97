// Numbers as text, exactly: signs, points and exponents, and no floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace miletus::deribit {

// digits * 10^power.
struct Number {
    std::uint64_t digits = 0;
    std::int64_t power = 0;
    bool is_negative = false;
    bool is_too_long = false;  // more digits than 64 bits hold: the others say nothing
    bool is_json = false;      // as JSON writes it
};

// A number of any size. More is understood than JSON allows: +1, 007, .5 and 5.
[[nodiscard]] std::optional<Number> number_in(std::string_view text);

// The number times 10^decimals. Empty where digits would be lost, and where the result does not
// fit.
[[nodiscard]] std::optional<std::int64_t> scaled(const Number& number, std::uint32_t decimals);

// The same of a text; empty too where that is no number.
[[nodiscard]] std::optional<std::int64_t> scaled_number(std::string_view text,
                                                        std::uint32_t decimals);

[[nodiscard]] bool is_number(std::string_view text);
// Whether this is a number as JSON writes it.
[[nodiscard]] bool is_json_number(std::string_view text);

}  // namespace miletus::deribit
