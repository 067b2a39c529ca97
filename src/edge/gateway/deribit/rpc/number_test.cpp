// Numbers in every notation, against what they are.
#include "edge/gateway/deribit/rpc/number.hpp"

#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <regex>
#include <string>
#include <tuple>
#include <vector>

namespace miletus::deribit {
namespace {

using Case = std::tuple<std::string, std::uint32_t, std::optional<std::int64_t>>;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

TEST(Number, digits_without_end_do_not_reach_as_far_as_exponents) {
    const std::string zeros(100'000, '0');
    EXPECT_EQ(scaled_number("1" + zeros + "e-100000", 0), 1);
    EXPECT_EQ(scaled_number("1" + zeros + "e-1000000", 0), std::nullopt);
    EXPECT_EQ(scaled_number("0." + zeros + "1e100001", 0), 1);
    EXPECT_EQ(scaled_number("0." + zeros + "1e1000000", 0), std::nullopt);
}

TEST(Number, is_exact_at_its_edges) {
    const std::vector<Case> cases{
        {"0", 0, 0},
        {"-0", 8, 0},
        {"10", 0, 10},
        {"10", 3, 10'000},
        {"0.00000001", 8, 1},
        {"1e-8", 8, 1},
        {"1E-8", 8, 1},
        {"1e-8", 7, std::nullopt},
        {"1e-4", 4, 1},
        {"1e5", 0, 100'000},
        {"1e+5", 0, 100'000},
        {"1.50", 1, 15},
        {"1.50", 0, std::nullopt},
        {"15e-1", 1, 15},
        {"100e-2", 0, 1},
        {"42500.0", 2, 4'250'000},
        {"0.1", 18, 100'000'000'000'000'000},
        {"9223372036854775807", 0, most},
        {"9223372036854775808", 0, std::nullopt},
        {"-9223372036854775808", 0, least},
        {"-9223372036854775809", 0, std::nullopt},
        {"92233720368.54775807", 8, most},
        {"92233720368.54775808", 8, std::nullopt},
        {"18446744073709551616", 0, std::nullopt},
        {"100000000000000000000000000000000000000000000e-44", 0, 1},
        {"0.000000000000000000000000000000000000001e39", 0, 1},
        {"0e999999999999999999", 0, 0},
        {"1e999999999999999999", 0, std::nullopt},
        {"1e-999999999999999999", 0, std::nullopt},
        {"1.0000000000000000000000000000000000000000000001", 46, std::nullopt},
        {"+1", 0, 1},
        {"007", 0, 7},
        {".5", 1, 5},
        {"5.", 0, 5},
    };
    for (const auto& [text, decimals, expected] : cases) {
        EXPECT_EQ(scaled_number(text, decimals), expected) << text << " with " << decimals;
    }
}

TEST(Number, nothing_else_is_one) {
    for (const std::string text :
         {"",    "-",        "+",    ".",     "e5",    "1e",           "1e+",   "1e-",
          "--1", "+-1",      "-+1",  "1.2.3", "1 ",    " 1",           "nan",   "NaN",
          "inf", "Infinity", "0x10", "1,5",   "1_000", "market_price", "1e5.5", "1e5e5",
          "1d5"}) {
        EXPECT_EQ(scaled_number(text, 8), std::nullopt) << text;
        EXPECT_FALSE(is_number(text)) << text;
    }
}

TEST(Number, of_json_has_neither_plus_nor_needless_zeros) {
    for (const std::string text : {"0", "-0", "10", "1.5", "1e5", "1E-5", "-1.5e+10", "0.0"}) {
        EXPECT_TRUE(is_json_number(text)) << text;
    }
    for (const std::string text :
         {"", "-", "+1", ".5", "5.", "1e", "1.e5", "nan", "1 ", "0x1", "truth"}) {
        EXPECT_FALSE(is_json_number(text)) << text;
    }
    EXPECT_FALSE(is_json_number("01"));
    EXPECT_FALSE(is_json_number("-01"));
}

// By rewriting the text: the point moves to where the exponent puts it, and what is left of the
// fraction is zeros.
std::optional<std::int64_t> slowly_scaled(const std::string& sign, std::string digits,
                                          std::int64_t point, std::uint32_t decimals) {
    digits = std::string(100, '0') + digits + std::string(100, '0');
    const auto end = static_cast<std::size_t>(point + 100 + decimals);
    if (digits.find_first_not_of('0', end) != std::string::npos) {
        return std::nullopt;
    }
    const std::string whole = digits.substr(0, end);
    return decimal_of(sign + whole.substr(std::min(whole.find_first_not_of('0'), end - 1)), 0);
}

TEST(Number, in_any_notation_is_what_rewriting_makes_of_it) {
    const std::regex json("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?");
    std::uint64_t seed = 11;
    const auto next = [&seed](std::uint64_t bound) {
        seed = seed * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return (seed >> 33U) % bound;
    };
    for (int turn = 0; turn < 20'000; ++turn) {
        const std::string sign = next(3) == 0 ? "-" : "";
        std::string digits;
        for (std::uint64_t left = next(24) + 1; left > 0; --left) {
            digits.push_back(static_cast<char>('0' + next(next(2) == 0 ? 1 : 10)));
        }
        const std::size_t whole = next(digits.size() + 1);
        const auto exponent = static_cast<std::int64_t>(next(41)) - 20;
        const auto decimals = static_cast<std::uint32_t>(next(12));
        const bool has_point = whole != digits.size() || next(4) == 0;
        const std::string text = sign + digits.substr(0, whole) + (has_point ? "." : "") +
                                 digits.substr(whole) + "e" + std::to_string(exponent);
        EXPECT_EQ(
            scaled_number(text, decimals),
            slowly_scaled(sign, digits, static_cast<std::int64_t>(whole) + exponent, decimals))
            << text << " with " << decimals;
        EXPECT_EQ(is_json_number(text), std::regex_match(text, json)) << text;
    }
}

// Where both understand the text, they must agree.
TEST(Number, without_exponent_is_what_the_base_reads) {
    std::uint64_t seed = 7;
    const auto next = [&seed](std::uint64_t bound) {
        seed = seed * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return (seed >> 33U) % bound;
    };
    for (int turn = 0; turn < 20'000; ++turn) {
        std::string text = next(2) == 0 ? "-" : "";
        for (std::uint64_t left = next(20) + 1; left > 0; --left) {
            text.push_back(static_cast<char>('0' + next(next(2) == 0 ? 1 : 10)));
        }
        if (next(2) == 0) {
            text.insert(text.size() - next(text.size() / 2 + 1), ".");
        }
        if (text.find_first_of("0123456789") > text.find('.')) {
            continue;
        }
        const auto decimals = static_cast<std::uint32_t>(next(12));
        const std::optional<std::int64_t> expected = decimal_of(text, decimals);
        if (expected.has_value()) {
            EXPECT_EQ(scaled_number(text, decimals), expected) << text << " with " << decimals;
        }
    }
}

}  // namespace
}  // namespace miletus::deribit
