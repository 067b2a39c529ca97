// Text to bytes and back, strictly.
#include "edge/credentials/letters.hpp"

#include <algorithm>
#include <array>

namespace miletus::credentials {

namespace {

constexpr std::string_view spaces = " \t";

std::optional<std::uint8_t> digit_of(char letter) {
    if (letter >= '0' && letter <= '9') {
        return static_cast<std::uint8_t>(letter - '0');
    }
    const char lower = letter >= 'A' && letter <= 'F' ? static_cast<char>(letter + 32) : letter;
    if (lower >= 'a' && lower <= 'f') {
        return static_cast<std::uint8_t>(lower - 'a' + 10);
    }
    return std::nullopt;
}

// Six bits.
std::optional<std::uint8_t> sextet_of(char letter) {
    if (letter >= 'A' && letter <= 'Z') {
        return static_cast<std::uint8_t>(letter - 'A');
    }
    if (letter >= 'a' && letter <= 'z') {
        return static_cast<std::uint8_t>(letter - 'a' + 26);
    }
    if (letter >= '0' && letter <= '9') {
        return static_cast<std::uint8_t>(letter - '0' + 52);
    }
    if (letter == '+' || letter == '/') {
        return letter == '+' ? 62 : 63;
    }
    return std::nullopt;
}

char lower_of(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
}

}  // namespace

std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t most) {
    constexpr std::size_t digits_max = 19;  // all of them fit
    if (text.empty() || text.size() > digits_max) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char letter : text) {
        if (letter < '0' || letter > '9') {
            return std::nullopt;
        }
        number = number * 10 + static_cast<std::uint64_t>(letter - '0');
    }
    return number <= most ? std::optional(number) : std::nullopt;
}

bool read_hex(std::string_view text, std::span<std::byte> room) {
    if (text.size() != room.size() * 2) {
        return false;
    }
    for (std::size_t place = 0; place < room.size(); ++place) {
        const std::optional<std::uint8_t> high = digit_of(text[place * 2]);
        const std::optional<std::uint8_t> low = digit_of(text[place * 2 + 1]);
        if (!high.has_value() || !low.has_value()) {
            return false;
        }
        room[place] = static_cast<std::byte>(*high << 4U | *low);
    }
    return true;
}

std::string base64url_of(std::span<const std::byte> bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    std::uint32_t bits = 0;
    std::uint32_t count = 0;
    for (const std::byte byte : bytes) {
        bits = bits << 8U | std::to_integer<std::uint32_t>(byte);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += digits[bits >> count & 63U];
        }
    }
    if (count > 0) {
        text += digits[bits << (6 - count) & 63U];
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    while (text.ends_with('=') && text.size() % 4 == 0) {
        const std::string_view shorter = text.substr(0, text.size() - 1);
        text = shorter.ends_with('=') ? shorter.substr(0, shorter.size() - 1) : shorter;
    }
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string bytes;
    std::uint32_t bits = 0;
    std::uint32_t count = 0;
    for (const char letter : text) {
        const std::optional<std::uint8_t> sextet = sextet_of(letter);
        if (!sextet.has_value()) {
            return std::nullopt;
        }
        bits = bits << 6U | *sextet;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 255U);
        }
    }
    const bool has_rest = (bits & ((1U << count) - 1)) != 0;
    return has_rest ? std::nullopt : std::optional(bytes);
}

std::string_view next_word(std::string_view& text) {
    const std::size_t start = std::min(text.find_first_not_of(spaces), text.size());
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(spaces));
    text.remove_prefix(word.size());
    return word;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    const std::size_t last = text.find_last_not_of(spaces);
    return last == std::string_view::npos ? text : text.substr(0, last + 1);
}

bool is_same_in_any_case(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, {}, lower_of);
}

}  // namespace miletus::credentials
