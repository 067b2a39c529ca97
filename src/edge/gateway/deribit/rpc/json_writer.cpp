// Numbers are written by their digits.
#include "edge/gateway/deribit/rpc/json_writer.hpp"

#include "edge/gateway/deribit/rpc/plain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <span>

namespace miletus::deribit {

namespace {

__extension__ typedef unsigned __int128 uint128;

// 128 bits have 39 digits; a sign, a point and a zero before it may come between.
constexpr std::size_t digits_max = 40;
constexpr std::size_t number_max = digits_max + 3;

constexpr std::array<std::uint64_t, 20> powers = [] {
    std::array<std::uint64_t, 20> made{1};
    for (std::size_t power = 1; power < made.size(); ++power) {
        made[power] = made[power - 1] * 10;
    }
    return made;
}();

// Letters from the left, into a room that has enough of it.
class Forwards {
  public:
    explicit Forwards(std::span<char> room) : room_(room) {}

    void put(char letter) {
        room_.front() = letter;
        room_ = room_.subspan(1);
    }
    template <class Integer>
    void put_number(Integer value) {
        const auto written = std::to_chars(room_.data(), std::to_address(room_.end()), value);
        room_ = room_.last(
            static_cast<std::size_t>(std::distance(written.ptr, std::to_address(room_.end()))));
    }
    // Of so many digits, without the zeros at its end.
    void put_fraction(std::uint64_t value, std::uint32_t digits) {
        const std::span<char> letters = room_.first(digits);
        std::size_t kept = 0;
        for (std::size_t place = digits; place > 0; --place, value /= 10) {
            const auto digit = static_cast<int>(value % 10);
            letters[place - 1] = static_cast<char>('0' + digit);
            kept = kept == 0 && digit != 0 ? place : kept;
        }
        room_ = room_.subspan(kept);
    }
    [[nodiscard]] std::size_t left() const { return room_.size(); }

  private:
    std::span<char> room_;
};

// value / 10^decimals where it fits 64 bits: nearly always.
void put_small(Forwards& out, std::uint64_t value, std::uint32_t decimals) {
    const std::uint64_t unit = powers[decimals];
    out.put_number(value / unit);
    if (value % unit != 0) {
        out.put('.');
        out.put_fraction(value % unit, decimals);
    }
}

void put_large(Forwards& out, uint128 value, std::uint32_t decimals) {
    std::array<char, digits_max + 1> digits{};
    std::size_t begin = digits.size();
    std::size_t end = digits.size();
    for (; begin > 0 && (value != 0 || digits.size() - begin <= decimals); value /= 10) {
        --begin;
        digits[begin] = static_cast<char>('0' + static_cast<int>(value % 10));
    }
    const std::size_t point = digits.size() - decimals;
    while (end > point && digits[end - 1] == '0') {
        --end;
    }
    for (std::size_t place = begin; place < end; ++place) {
        if (place == point) {
            out.put('.');
        }
        out.put(digits[place]);
    }
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

// Longer texts go past the room.
constexpr std::size_t gathered_max = 64;

// Apart: where the compiler knows how few letters there are at most, it moves them by an
// instruction that is slow to begin.
[[gnu::noinline]] void append(std::string& out, std::string_view text) {
    out.append(text);
}

}  // namespace

void JsonWriter::hand_over() {
    append(*out_, std::string_view(room_.data(), room_.size()).substr(0, used_));
}

void JsonWriter::open(char bracket) {
    next(1).front() = bracket;
    is_comma_due_ = false;
    ++depth_;
}

void JsonWriter::close(char bracket) {
    ASSERT(depth_ > 0);
    --depth_;
    is_comma_due_ = false;
    next(1).front() = bracket;
    end();
}

ALWAYS_INLINE void JsonWriter::put(std::string_view json) {
    const std::span<char> letters = next(json.size());
    std::copy(json.begin(), json.end(), letters.begin());
    end();
}

void JsonWriter::text(std::string_view value) {
    if (value.size() > gathered_max || plain_letters(value) < value.size()) {
        next(1).front() = '"';
        put_escaped(value);
        is_comma_due_ = false;
        put("\"");
        return;
    }
    const std::span<char> letters = next(value.size() + 2);
    letters.front() = '"';
    std::copy(value.begin(), value.end(), letters.subspan(1).begin());
    letters.back() = '"';
    end();
}

void JsonWriter::put_escaped(std::string_view value) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    flush();
    while (!value.empty()) {
        const std::size_t plain = plain_letters(value);
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
    Forwards out(next(number_max));
    out.put_number(value);
    end(out.left());
}

void JsonWriter::decimal(int128 value, std::uint32_t decimals) {
    ASSERT(decimals <= digits_max);
    Forwards out(next(number_max));
    const bool is_negative = value < 0;
    const uint128 magnitude =
        is_negative ? 0 - static_cast<uint128>(value) : static_cast<uint128>(value);
    if (is_negative) {
        out.put('-');
    }
    if (magnitude >> 64U == 0 && decimals < powers.size()) {
        put_small(out, static_cast<std::uint64_t>(magnitude), decimals);
    } else {
        put_large(out, magnitude, decimals);
    }
    end(out.left());
}

void JsonWriter::real(double value, std::uint32_t digits) {
    if (!std::isfinite(value)) {
        null();
        return;
    }
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
    raw(text == "-0" ? "0" : text);
}

void JsonWriter::boolean(bool value) {
    if (value) {
        put("true");
    } else {
        put("false");
    }
}

void JsonWriter::null() {
    put("null");
}

void JsonWriter::raw(std::string_view json) {
    if (json.size() <= gathered_max) {
        put(json);
        return;
    }
    static_cast<void>(next(0));
    flush();
    out_->append(json);
    end();
}

}  // namespace miletus::deribit
