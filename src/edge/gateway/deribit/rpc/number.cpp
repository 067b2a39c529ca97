// By their digits: a whole number and a power of ten.
#include "edge/gateway/deribit/rpc/number.hpp"

#include <cstddef>
#include <limits>

namespace miletus::deribit {

namespace {

[[nodiscard]] constexpr bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

// Takes letters off the front of a text.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] bool is_done() const { return text_.empty(); }
    [[nodiscard]] bool is_at(char letter) const { return text_.starts_with(letter); }
    [[nodiscard]] bool take(char letter) {
        if (is_done() || text_.front() != letter) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }
    // Calls visit(digit) for each that follows.
    template <class Visit>
    void take_digits(Visit visit) {
        for (; !text_.empty() && is_digit(text_.front()); text_.remove_prefix(1)) {
            visit(static_cast<unsigned>(text_.front() - '0'));
        }
    }

  private:
    std::string_view text_;
};

// So far no digits of a message reach: beyond this, no number but zero fits.
constexpr std::int64_t power_max = std::int64_t{1} << 40U;

// Adds digits one by one, as long as they fit; zeros behind those are counted.
class Digits {
  public:
    void add(unsigned digit) {
        ++count_;
        if (value_ < value_max) {
            value_ = value_ * 10 + digit;
        } else if (digit == 0) {
            ++zeros_;
        } else {
            is_too_long_ |= zeros_ > 0 || __builtin_mul_overflow(value_, 10U, &value_) ||
                            __builtin_add_overflow(value_, digit, &value_);
        }
    }
    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] std::uint64_t value() const { return value_; }
    [[nodiscard]] bool is_too_long() const { return is_too_long_; }
    [[nodiscard]] std::int64_t zeros() const { return zeros_; }

  private:
    // Below this, any digit fits behind.
    static constexpr std::uint64_t value_max = std::numeric_limits<std::uint64_t>::max() / 10;

    std::uint64_t value_ = 0;
    std::int64_t count_ = 0;
    std::int64_t zeros_ = 0;
    bool is_too_long_ = false;
};

std::optional<std::int64_t> exponent_of(Scanner& scanner) {
    const bool is_negative = scanner.take('-');
    const bool has_plus = !is_negative && scanner.take('+');
    static_cast<void>(has_plus);
    std::optional<std::int64_t> exponent;
    scanner.take_digits([&exponent](unsigned digit) {
        const std::int64_t before = exponent.value_or(0);
        exponent = before >= power_max ? power_max : before * 10 + digit;
    });
    return is_negative && exponent.has_value() ? -*exponent : exponent;
}

}  // namespace

std::optional<Number> number_in(std::string_view text) {
    Scanner scanner(text);
    Number number{.is_negative = scanner.take('-')};
    const bool has_plus = !number.is_negative && scanner.take('+');
    const bool has_zero = scanner.is_at('0');
    Digits digits;
    const auto add = [&digits](unsigned digit) {
        digits.add(digit);
    };
    scanner.take_digits(add);
    const std::int64_t whole = digits.count();
    const bool has_point = scanner.take('.');
    if (has_point) {
        scanner.take_digits(add);
    }
    const std::int64_t behind_point = digits.count() - whole;
    std::int64_t exponent = 0;
    if (digits.count() > 0 && (scanner.take('e') || scanner.take('E'))) {
        const std::optional<std::int64_t> written = exponent_of(scanner);
        if (!written.has_value()) {
            return std::nullopt;
        }
        exponent = *written;
    }
    if (digits.count() == 0 || !scanner.is_done()) {
        return std::nullopt;
    }
    number.digits = digits.value();
    number.power = digits.zeros() - behind_point + exponent;
    number.is_too_long = digits.is_too_long();
    number.is_json =
        !has_plus && whole > 0 && (!has_zero || whole == 1) && (!has_point || behind_point > 0);
    return number;
}

std::optional<std::int64_t> scaled(const Number& number, std::uint32_t decimals) {
    if (number.is_too_long) {
        return std::nullopt;
    }
    std::uint64_t magnitude = number.digits;
    if (magnitude == 0) {
        return 0;
    }
    std::int64_t power = number.power + decimals;
    for (; power < 0; ++power) {
        if (magnitude % 10 != 0) {
            return std::nullopt;
        }
        magnitude /= 10;
    }
    for (; power > 0; --power) {
        if (__builtin_mul_overflow(magnitude, 10U, &magnitude)) {
            return std::nullopt;
        }
    }
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (magnitude > most + (number.is_negative ? 1 : 0)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(number.is_negative ? 0 - magnitude : magnitude);
}

std::optional<std::int64_t> scaled_number(std::string_view text, std::uint32_t decimals) {
    const std::optional<Number> number = number_in(text);
    return number.has_value() ? scaled(*number, decimals) : std::nullopt;
}

bool is_number(std::string_view text) {
    return number_in(text).has_value();
}

bool is_json_number(std::string_view text) {
    const std::optional<Number> number = number_in(text);
    return number.has_value() && number->is_json;
}

}  // namespace miletus::deribit
