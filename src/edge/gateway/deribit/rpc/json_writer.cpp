// Numbers are written by their digits.
#include "edge/gateway/deribit/rpc/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <span>

namespace miletus::deribit {

namespace {

__extension__ typedef unsigned __int128 uint128;

// 128 bits have 39 digits; a point and a zero before it may come between.
constexpr std::size_t digits_max = 40;

// Digits from the last to the first, at the end of the buffer.
class Backwards {
  public:
    void put(char letter) {
        --begin_;
        letters_[begin_] = letter;
    }
    void put_digits(std::uint64_t value) {
        do {
            put(static_cast<char>('0' + static_cast<int>(value % 10)));
            value /= 10;
        } while (value != 0);
    }
    [[nodiscard]] std::string_view view() const {
        return std::string_view(letters_.data(), letters_.size()).substr(begin_);
    }

  private:
    std::array<char, 48> letters_;  // NOLINT: what is read was written before
    std::size_t begin_ = letters_.size();
};

// value / 10^decimals where both fit 64 bits: nearly always.
void put_small(Backwards& out, std::uint64_t value, std::uint32_t decimals) {
    while (decimals > 0 && value % 10 == 0 && value != 0) {
        value /= 10;
        --decimals;
    }
    if (value != 0 && decimals > 0) {
        for (; decimals > 0; --decimals, value /= 10) {
            out.put(static_cast<char>('0' + static_cast<int>(value % 10)));
        }
        out.put('.');
    }
    out.put_digits(value);
}

void put_large(Backwards& out, uint128 value, std::uint32_t decimals) {
    while (decimals > 0 && value % 10 == 0 && value != 0) {
        value /= 10;
        --decimals;
    }
    if (decimals > 0) {
        for (; decimals > 0; --decimals, value /= 10) {
            out.put(static_cast<char>('0' + static_cast<int>(value % 10)));
        }
        out.put('.');
    }
    do {
        out.put(static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
}

[[nodiscard]] constexpr bool needs_escape(char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == '"' || letter == '\\';
}

[[nodiscard]] constexpr char short_escape(char letter) {
    switch (letter) {
        case '\b':
            return 'b';
        case '\f':
            return 'f';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '"':
        case '\\':
            return letter;
        default:
            return 0;
    }
}

}  // namespace

void JsonWriter::key(std::string_view name) {
    separate();
    const std::size_t begin = out_->size();
    out_->resize(begin + name.size() + 3);
    const std::span<char> added = std::span(*out_).subspan(begin);
    added.front() = '"';
    std::ranges::copy(name, added.subspan(1).begin());
    added[name.size() + 1] = '"';
    added.back() = ':';
}

void JsonWriter::text(std::string_view value) {
    separate();
    out_->push_back('"');
    escape(value);
    out_->push_back('"');
}

void JsonWriter::escape(std::string_view value) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    while (!value.empty()) {
        std::size_t plain = 0;
        while (plain < value.size() && !needs_escape(value[plain])) {
            ++plain;
        }
        out_->append(value.substr(0, plain));
        value.remove_prefix(plain);
        if (value.empty()) {
            return;
        }
        const char letter = value.front();
        value.remove_prefix(1);
        out_->push_back('\\');
        if (const char escaped = short_escape(letter); escaped != 0) {
            out_->push_back(escaped);
            continue;
        }
        out_->append("u00");
        out_->push_back(hexadecimal[static_cast<unsigned char>(letter) / 16]);
        out_->push_back(hexadecimal[static_cast<unsigned char>(letter) % 16]);
    }
}

void JsonWriter::integer(std::int64_t value) {
    decimal(value, 0);
}

void JsonWriter::decimal(int128 value, std::uint32_t decimals) {
    separate();
    const bool is_negative = value < 0;
    const uint128 magnitude =
        is_negative ? 0 - static_cast<uint128>(value) : static_cast<uint128>(value);
    ASSERT(decimals <= digits_max);
    Backwards out;
    if (magnitude >> 64U == 0) {
        put_small(out, static_cast<std::uint64_t>(magnitude), decimals);
    } else {
        put_large(out, magnitude, decimals);
    }
    if (is_negative) {
        out.put('-');
    }
    out_->append(out.view());
}

void JsonWriter::real(double value, std::uint32_t digits) {
    if (!std::isfinite(value)) {
        null();
        return;
    }
    separate();
    // 309 digits before the point, and those behind it.
    std::array<char, 400> letters;  // NOLINT: what is read was written before
    const std::uint32_t kept = digits > digits_max ? digits_max : digits;
    const auto [end, error] = std::to_chars(letters.data(), std::to_address(letters.end()), value,
                                            std::chars_format::fixed, static_cast<int>(kept));
    ASSERT(error == std::errc());
    const auto length = static_cast<std::size_t>(std::distance(letters.data(), end));
    std::string_view text = std::string_view(letters.data(), letters.size()).substr(0, length);
    if (text.contains('.')) {
        text = text.substr(0, text.find_last_not_of('0') + 1);
        text.remove_suffix(text.back() == '.' ? 1 : 0);
    }
    out_->append(text == "-0" ? "0" : text);
}

void JsonWriter::boolean(bool value) {
    separate();
    out_->append(value ? "true" : "false");
}

void JsonWriter::null() {
    separate();
    out_->append("null");
}

void JsonWriter::raw(std::string_view json) {
    separate();
    out_->append(json);
}

}  // namespace miletus::deribit
