// By their digits.
#include "base/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <system_error>

namespace miletus {

namespace {

__extension__ typedef unsigned __int128 uint128;

std::string digits_of(uint128 value) {
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    std::ranges::reverse(digits);
    return digits;
}

}  // namespace

std::optional<std::int64_t> decimal_of(std::string_view text, std::uint32_t decimals) {
    const std::size_t point = text.find('.');
    std::string digits(text.substr(0, point));
    if (point != std::string_view::npos) {
        const std::string_view fraction = text.substr(point + 1);
        if (fraction.empty() || fraction.size() > decimals ||
            fraction.find_first_not_of("0123456789") != std::string_view::npos) {
            return std::nullopt;
        }
        digits += fraction;
        decimals -= static_cast<std::uint32_t>(fraction.size());
    }
    if (digits.find_first_of("0123456789") == std::string::npos) {
        return std::nullopt;
    }
    digits.append(decimals, '0');
    const bool has_plus = digits.starts_with('+');
    const std::string_view body = std::string_view(digits).substr(has_plus ? 1 : 0);
    if (has_plus && body.starts_with('-')) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(std::to_address(body.begin()), std::to_address(body.end()), value);
    if (error != std::errc() || end != std::to_address(body.end())) {
        return std::nullopt;
    }
    return value;
}

std::string decimal_text(int128 value, std::uint32_t decimals) {
    const bool is_negative = value < 0;
    const auto magnitude =
        is_negative ? 0 - static_cast<uint128>(value) : static_cast<uint128>(value);
    std::string digits = digits_of(magnitude);
    if (digits.size() <= decimals) {
        digits.insert(0, decimals + 1 - digits.size(), '0');
    }
    std::string fraction = digits.substr(digits.size() - decimals);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    std::string text = digits.substr(0, digits.size() - decimals);
    text += fraction.empty() ? "" : "." + fraction;
    return (is_negative ? "-" : "") + text;
}

}  // namespace miletus
