// Words that clients may write in capitals too.
#pragma once

#include <algorithm>
#include <string_view>

namespace miletus::deribit {

[[nodiscard]] constexpr char small(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// The word is in small letters.
[[nodiscard]] constexpr bool is_word(std::string_view text, std::string_view word) {
    return std::ranges::equal(text, word, {}, small);
}

}  // namespace miletus::deribit
