// By their digits: a whole number without zeros at its end, and a power of ten.
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
    [[nodiscard]] bool is_at_digit() const { return !is_done() && is_digit(text_.front()); }
    [[nodiscard]] bool take(char letter) {
        if (is_done() || text_.front() != letter) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] int take_digit() {
        const int digit = text_.front() - '0';
        text_.remove_prefix(1);
        return digit;
    }
    // How many.
    std::size_t skip_digits() {
        std::size_t count = 0;
        for (; is_at_digit(); ++count) {
            text_.remove_prefix(1);
        }
        return count;
    }

  private:
    std::string_view text_;
};

// Beyond this, no number but zero fits.
constexpr std::int64_t power_max = 100'000;

struct Number {
    bool is_negative = false;
    bool is_too_long = false;  // more digits than 64 bits hold
    std::uint64_t digits = 0;  // without zeros at the end
    std::int64_t power = 0;    // of ten
};

// Adds digits one by one. Zeros are kept back until another digit follows.
class Digits {
  public:
    void add(int digit) {
        ++kept_back_;
        if (digit == 0) {
            return;
        }
        for (; kept_back_ > 0 && !is_too_long_; --kept_back_) {
            is_too_long_ = __builtin_mul_overflow(value_, 10U, &value_);
        }
        is_too_long_ |= __builtin_add_overflow(value_, static_cast<std::uint64_t>(digit), &value_);
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }
    [[nodiscard]] bool is_too_long() const { return is_too_long_; }
    [[nodiscard]] std::int64_t zeros() const { return kept_back_; }

  private:
    std::uint64_t value_ = 0;
    std::int64_t kept_back_ = 0;
    bool is_too_long_ = false;
};

std::optional<std::int64_t> exponent_of(Scanner& scanner) {
    const bool is_negative = scanner.take('-');
    const bool has_plus = !is_negative && scanner.take('+');
    static_cast<void>(has_plus);
    if (!scanner.is_at_digit()) {
        return std::nullopt;
    }
    std::int64_t exponent = 0;
    while (scanner.is_at_digit()) {
        const int digit = scanner.take_digit();
        exponent = exponent >= power_max ? power_max : exponent * 10 + digit;
    }
    return is_negative ? -exponent : exponent;
}

std::optional<Number> number_of(std::string_view text) {
    Scanner scanner(text);
    Number number{.is_negative = scanner.take('-')};
    if (!number.is_negative && scanner.take('+') && scanner.is_done()) {
        return std::nullopt;
    }
    Digits digits;
    std::size_t count = 0;
    std::int64_t behind_point = 0;
    for (; scanner.is_at_digit(); ++count) {
        digits.add(scanner.take_digit());
    }
    if (scanner.take('.')) {
        for (; scanner.is_at_digit(); ++count, ++behind_point) {
            digits.add(scanner.take_digit());
        }
    }
    std::int64_t exponent = 0;
    if (count > 0 && (scanner.take('e') || scanner.take('E'))) {
        const std::optional<std::int64_t> written = exponent_of(scanner);
        if (!written.has_value()) {
            return std::nullopt;
        }
        exponent = *written;
    }
    if (count == 0 || !scanner.is_done()) {
        return std::nullopt;
    }
    number.digits = digits.value();
    number.is_too_long = digits.is_too_long();
    number.power = digits.zeros() - behind_point + exponent;
    return number;
}

}  // namespace

bool is_json_number(std::string_view text) {
    Scanner scanner(text);
    const bool is_negative = scanner.take('-');
    static_cast<void>(is_negative);
    if (!scanner.take('0') && scanner.skip_digits() == 0) {
        return false;
    }
    if (scanner.take('.') && scanner.skip_digits() == 0) {
        return false;
    }
    if (scanner.take('e') || scanner.take('E')) {
        const bool has_sign = scanner.take('-') || scanner.take('+');
        static_cast<void>(has_sign);
        if (scanner.skip_digits() == 0) {
            return false;
        }
    }
    return scanner.is_done();
}

bool is_number(std::string_view text) {
    return number_of(text).has_value();
}

std::optional<std::int64_t> scaled_number(std::string_view text, std::uint32_t decimals) {
    const std::optional<Number> number = number_of(text);
    if (!number.has_value() || number->is_too_long) {
        return std::nullopt;
    }
    std::uint64_t magnitude = number->digits;
    if (magnitude == 0) {
        return 0;
    }
    const std::int64_t power = number->power + decimals;
    if (power < 0) {
        return std::nullopt;  // the last digit is no zero, and would be lost
    }
    for (std::int64_t step = 0; step < power; ++step) {
        if (__builtin_mul_overflow(magnitude, 10U, &magnitude)) {
            return std::nullopt;
        }
    }
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (magnitude > most + (number->is_negative ? 1 : 0)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(number->is_negative ? 0 - magnitude : magnitude);
}

}  // namespace miletus::deribit
