// A JSON text that is walked over once, with buffers that stay.
#pragma once

#include "base/annotations.hpp"

#include <immintrin.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace miletus::deribit {

// How many letters stand before the first quote or backslash: 16 are looked at in a few steps,
// which most names and values are over with. All, where fewer than that are left: behind a text of
// JSON there is padding.
[[nodiscard]] inline std::size_t letters_before_quote(std::string_view text) {
    constexpr std::size_t at_once = sizeof(__m128i);
    for (std::size_t count = 0; text.size() - count >= at_once; count += at_once) {
        std::array<char, at_once> letters;  // NOLINT: filled in the next line
        std::copy_n(text.substr(count).begin(), at_once, letters.begin());
        const auto some = std::bit_cast<__m128i>(letters);
        const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(some, _mm_set1_epi8('"')),
                                           _mm_cmpeq_epi8(some, _mm_set1_epi8('\\')));
        const auto places = static_cast<std::uint32_t>(_mm_movemask_epi8(found));
        if (places != 0) {
            return count + static_cast<std::size_t>(std::countr_zero(places));
        }
    }
    return text.size();
}

class JsonSource {
  public:
    // Copies the text. False where it is not even words of JSON, or not valid UTF-8. The document
    // lives until the next is opened.
    [[nodiscard]] bool open(std::string_view text, simdjson::ondemand::document& document);

    // A member's name and a text as they stand in the source, or unescaped where they must be;
    // until the next is opened. False where they cannot be.
    [[nodiscard]] bool take_key(simdjson::ondemand::field& field, std::string_view& key) const {
        return is_plain_at(field.key().raw(), key) ||
               field.unescaped_key().get(key) == simdjson::SUCCESS;
    }
    [[nodiscard]] bool take_text(simdjson::ondemand::value& value, std::string_view& text) const {
        return is_plain_at(value.raw_json_token().substr(1).data(), text)
                   ? value.get_raw_json_string().error() == simdjson::SUCCESS
                   : value.get_string().get(text) == simdjson::SUCCESS;
    }

  private:
    // What stands from there to the end of a text. False where something must be unescaped.
    [[nodiscard]] ALWAYS_INLINE bool is_plain_at(const char* begin, std::string_view& text) const {
        const std::string_view source = padded_;
        const std::string_view rest =
            source.substr(static_cast<std::size_t>(std::distance(source.data(), begin)));
        text = rest.substr(0, letters_before_quote(rest));
        return rest[text.size()] == '"';
    }

    simdjson::ondemand::parser parser_;
    std::string padded_;
};

// Whether nothing stands behind what was walked over.
[[nodiscard]] inline bool is_over(simdjson::ondemand::document& document) {
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

[[nodiscard]] constexpr bool is_json_space(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

// The token of a number or a text, without the space behind it.
[[nodiscard]] inline std::string_view token_of(simdjson::ondemand::value& value) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && is_json_space(token.back())) {
        token.remove_suffix(1);
    }
    return token;
}

}  // namespace miletus::deribit
