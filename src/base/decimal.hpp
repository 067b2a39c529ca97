// Decimals: integers as text with a point, and back, exactly: a number of smallest units and how
// many digits stand behind the point. No floating point.
#pragma once

#include "base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace miletus {

// "0.25" with 4 decimals is 2500; empty where digits would be lost.
[[nodiscard]] std::optional<std::int64_t> decimal_of(std::string_view text, std::uint32_t decimals);

// 2500 with 4 decimals is "0.25": zeros at the end are left out.
[[nodiscard]] std::string decimal_text(int128 value, std::uint32_t decimals);

}  // namespace miletus
