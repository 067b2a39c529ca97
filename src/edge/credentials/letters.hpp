// Letters: numbers, hexadecimal digits and base64 as text, and words between spaces. Shared by the
// parsers of this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace miletus::credentials {

// Decimal digits alone, no sign; empty where there are none, too many or others.
[[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t most);

// As many bytes as room has, exactly; false where the text is anything else.
[[nodiscard]] bool read_hex(std::string_view text, std::span<std::byte> room);

// With - and _, without = at the end.
[[nodiscard]] std::string base64url_of(std::span<const std::byte> bytes);
// With + and /; = at the end may be missing. Bits that stand for nothing must be zero.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// Takes the next word between spaces off the front; empty at the end.
[[nodiscard]] std::string_view next_word(std::string_view& text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
// Of ASCII; `lower` is in small letters.
[[nodiscard]] bool is_same_in_any_case(std::string_view text, std::string_view lower);

}  // namespace miletus::credentials
