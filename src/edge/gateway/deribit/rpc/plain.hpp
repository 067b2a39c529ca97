// Which letters stand for themselves in a text of JSON, eight at a time.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace miletus::deribit {

[[nodiscard]] constexpr bool is_plain(char letter) {
    return static_cast<unsigned char>(letter) >= 0x20 && letter != '"' && letter != '\\';
}

// How many at its begin.
[[nodiscard]] inline std::size_t plain_letters(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr std::size_t at_once = sizeof(ones);
    std::size_t count = 0;
    for (; text.size() - count >= at_once; count += at_once) {
        std::array<char, at_once> letters;  // NOLINT: filled in the next line
        std::copy_n(text.substr(count).begin(), at_once, letters.begin());
        const auto eight = std::bit_cast<std::uint64_t>(letters);
        const std::uint64_t quotes = eight ^ ones * '"';
        const std::uint64_t backslashes = eight ^ ones * '\\';
        // The highest bit of a byte that fell below zero, since it was less than what was taken
        // away. It may mark letters behind one that is marked rightly.
        const std::uint64_t marked =
            (((eight - ones * 0x20) & ~eight) | ((quotes - ones) & ~quotes) |
             ((backslashes - ones) & ~backslashes)) &
            ones * 0x80;
        if (marked != 0) {
            static_assert(std::endian::native == std::endian::little);
            constexpr int bits_of_a_letter = 8;
            return count + static_cast<std::size_t>(std::countr_zero(marked) / bits_of_a_letter);
        }
    }
    while (count < text.size() && is_plain(text[count])) {
        ++count;
    }
    return count;
}

}  // namespace miletus::deribit
