// Numbers as text, exactly: signs, points and exponents, and no floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace miletus::deribit {

// Whether this is a number as JSON writes it.
[[nodiscard]] bool is_json_number(std::string_view text);

// The number times 10^decimals. Empty where the text is no number, where digits would be lost, and
// where the result does not fit. More is understood than JSON allows: +1, 007, .5 and 5.
[[nodiscard]] std::optional<std::int64_t> scaled_number(std::string_view text,
                                                        std::uint32_t decimals);

// Whether the text is a number at all, of any size.
[[nodiscard]] bool is_number(std::string_view text);

}  // namespace miletus::deribit
