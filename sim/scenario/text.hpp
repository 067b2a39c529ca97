// Words, numbers and times, as scenarios write them.
#pragma once

#include "base/decimal.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::scenario {

// Split at spaces; `#` starts a comment.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view line);

// At every separator: parts may be empty.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view text);
// 2026-03-27, or 2026-03-27T08:00[:00]; UTC.
[[nodiscard]] std::optional<UnixNanos> time_of(std::string_view text);
// 90s, 15m, 8h, 2d, or 100ns.
[[nodiscard]] std::optional<Nanos> span_of(std::string_view text);

[[nodiscard]] std::string time_text(UnixNanos moment);

}  // namespace miletus::scenario
