// The functions against an oracle of 50 digits, and where they have no value.
#include "pricing/math/math.hpp"

#include "pricing/isa.hpp"
#include "pricing/oracle_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

const std::map<std::string, Function> functions{
    {"exp", Function::exp},
    {"log", Function::log},
    {"pow", Function::pow},
    {"sin", Function::sin},
    {"cos", Function::cos},
    {"normal_density", Function::normal_density},
    {"normal_distribution", Function::normal_distribution},
    {"normal_quantile", Function::normal_quantile},
    {"mills_ratio", Function::mills_ratio}};

TEST(Math, agrees_with_the_oracle) {
    constexpr double error_max = 8e-16;
    const std::vector<OracleRow> rows = read_oracle("tests/pricing/functions.rows", 1);
    std::map<std::string, double> worst;
    for (const OracleRow& row : rows) {
        ASSERT_EQ(row.numbers.size(), 3U);
        const std::string& name = row.words[0];
        const double right = row.numbers[2];
        const double value = value_of(functions.at(name), row.numbers[0], row.numbers[1]);
        worst[name] = std::max(worst[name], std::abs(value / right - 1));
        ASSERT_LE(std::abs(value - right), error_max * std::abs(right)) << row.line;
    }
    EXPECT_EQ(rows.size(), 6300U);
    EXPECT_LE(worst["exp"], 2.5e-16);
    EXPECT_LE(worst["log"], 2.5e-16);
    EXPECT_LE(worst["pow"], 2.5e-16);
}

bool is_same(double one, double other) {
    return std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other) ||
           (std::isnan(one) && std::isnan(other));
}

TEST(Math, says_where_a_function_has_no_value) {
    const auto gives = [](Function function, double x, double right, double y = 0.0) {
        const double value = value_of(function, x, y);
        EXPECT_TRUE(is_same(value, right)) << x << ": " << value << ", not " << right;
    };
    gives(Function::exp, 0.0, 1.0);
    gives(Function::exp, infinity, infinity);
    gives(Function::exp, -infinity, 0.0);
    gives(Function::exp, -750, 0.0);
    gives(Function::exp, 710, infinity);
    gives(Function::log, 0.0, -infinity);
    gives(Function::log, -0.0, -infinity);
    gives(Function::log, 1.0, 0.0);
    gives(Function::log, -1.0, no_number);
    gives(Function::log, infinity, infinity);
    gives(Function::pow, 0.0, 0.0, 2.0);
    gives(Function::pow, 0.0, infinity, -2.0);
    gives(Function::pow, 0.0, 1.0, 0.0);
    gives(Function::pow, -1.0, no_number, 2.0);
    gives(Function::pow, infinity, 0.0, -1.0);
    gives(Function::pow, 2.0, infinity, 5000.0);
    gives(Function::sin, 0.0, 0.0);
    gives(Function::sin, infinity, no_number);
    gives(Function::cos, 0x1p31, no_number);
    gives(Function::normal_density, infinity, 0.0);
    gives(Function::normal_distribution, 0.0, 0.5);
    gives(Function::normal_distribution, -infinity, 0.0);
    gives(Function::normal_distribution, infinity, 1.0);
    gives(Function::normal_quantile, 0.5, 0.0);
    gives(Function::normal_quantile, 0.0, -infinity);
    gives(Function::normal_quantile, 1.0, infinity);
    gives(Function::normal_quantile, 1.5, no_number);
    gives(Function::normal_quantile, -0.1, no_number);
    gives(Function::mills_ratio, infinity, 0.0);
    for (const auto& [name, function] : functions) {
        gives(function, no_number, no_number, 1.5);
    }
}

TEST(Math, refuses_columns_of_other_lengths) {
    const std::array<double, 3> x{1, 2, 3};
    const std::array<double, 2> y{1, 2};
    std::array<double, 3> out{7, 7, 7};
    EXPECT_FALSE(evaluate(Function::exp, x, {}, std::span(out).first(2)));
    EXPECT_FALSE(evaluate(Function::exp, x, y, out));
    EXPECT_FALSE(evaluate(Function::pow, x, y, out));
    EXPECT_FALSE(evaluate(Function::pow, x, {}, out));
    EXPECT_EQ(out, (std::array<double, 3>{7, 7, 7}));
    EXPECT_TRUE(evaluate(Function::pow, x, std::span(y).last(1), out));
    EXPECT_TRUE(evaluate(Function::exp, {}, {}, {}));
    EXPECT_EQ(out, (std::array<double, 3>{1, 4, 9}));
}

// Also the last few, which fill no vector.
TEST(Math, has_the_same_bits_in_every_kind_of_lanes) {
    std::vector<double> x;
    for (int at = 0; at < 1037; ++at) {
        x.push_back((at - 400) * 0.037 + 1e-3);
    }
    const Isa before = isa();
    for (const auto& [name, function] : functions) {
        std::vector<double> y(function == Function::pow ? x.size() : 0, 1.7);
        for (const Isa wanted : {Isa::scalar, Isa::avx2, Isa::avx512}) {
            if (!set_isa(wanted)) {
                continue;
            }
            std::vector<double> out(x.size());
            ASSERT_TRUE(evaluate(function, x, y, out));
            for (std::size_t at = 0; at < x.size(); ++at) {
                const double one = value_of(function, x[at], 1.7);
                ASSERT_EQ(std::bit_cast<std::uint64_t>(one), std::bit_cast<std::uint64_t>(out[at]))
                    << name << "(" << x[at] << ") by " << name_of(wanted);
            }
        }
    }
    EXPECT_TRUE(set_isa(before));
}

}  // namespace
}  // namespace miletus::pricing
