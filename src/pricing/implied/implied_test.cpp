// Implied volatilities against an oracle of 50 digits, there and back, and prices that imply none.
#include "pricing/implied/implied.hpp"

#include "pricing/isa.hpp"
#include "pricing/oracle_test.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

TEST(Implied, agrees_with_the_oracle_as_closely_as_the_price_allows) {
    constexpr double error_max = 4e-15;
    const std::vector<OracleRow> rows = read_oracle("tests/pricing/implied.rows", 1);
    double worst = 0;
    for (const OracleRow& row : rows) {
        ASSERT_EQ(row.numbers.size(), 5U);
        const double price = row.numbers[0];
        const double forward = row.numbers[1];
        const double strike = row.numbers[2];
        const double right = row.numbers[3];
        const double condition = row.numbers[4];
        const ImpliedVol implied = implied_vol({.price = price,
                                                .forward = forward,
                                                .strike = strike,
                                                .time = 1,
                                                .kind = row.words[0] == "1" ? call : put});
        ASSERT_EQ(implied.status, Status::ok) << row.line;
        const double error = std::abs(implied.vol / right - 1) / std::max(1.0, condition);
        worst = std::max(worst, error);
        ASSERT_LE(error, error_max) << row.line << " " << implied.vol;
    }
    EXPECT_EQ(rows.size(), 6000U);
    RecordProperty("worst", in_short(worst));
}

TEST(Implied, is_the_volatility_that_a_price_was_made_of) {
    for (const std::int8_t kind : {call, put}) {
        for (double strike = 60; strike < 160; strike += 2.5) {
            for (const double vol : {0.1, 0.3, 0.55, 1.2, 3.0}) {
                const Forward option{.forward = 100,
                                     .strike = strike,
                                     .time = 0.2,
                                     .vol = vol,
                                     .discount = 0.97,
                                     .kind = kind};
                const Valuation value = value_of(option);
                const ImpliedVol implied = implied_vol({.price = value.price,
                                                        .forward = 100,
                                                        .strike = strike,
                                                        .time = 0.2,
                                                        .discount = 0.97,
                                                        .kind = kind});
                const double slack = 8e-14 / std::max(value.vega, 1e-12);  // of the price's digits
                if (implied.status == Status::ok) {
                    EXPECT_NEAR(implied.vol, vol, vol * 1e-14 + slack) << strike << " " << vol;
                } else {
                    EXPECT_GT(slack, 1e-3) << strike << " " << vol;
                }
            }
        }
    }
}

TEST(Implied, tells_why_a_price_implies_nothing) {
    const PricedForward good{.price = 5, .forward = 100, .strike = 110, .time = 1};
    EXPECT_EQ(implied_vol(good).status, Status::ok);
    const auto status_with = [&](double PricedForward::* field, double value) {
        PricedForward option = good;
        option.*field = value;
        const ImpliedVol implied = implied_vol(option);
        EXPECT_EQ(std::isnan(implied.vol), implied.status != Status::no_time_value);
        return implied.status;
    };
    EXPECT_EQ(status_with(&PricedForward::price, 0.0), Status::no_time_value);
    EXPECT_EQ(status_with(&PricedForward::price, -1.0), Status::below_intrinsic);
    EXPECT_EQ(status_with(&PricedForward::price, 100.0), Status::above_maximum);
    EXPECT_EQ(status_with(&PricedForward::price, infinity), Status::above_maximum);
    EXPECT_EQ(status_with(&PricedForward::price, no_number), Status::not_a_number);
    EXPECT_EQ(status_with(&PricedForward::forward, 200.0), Status::below_intrinsic);
    EXPECT_EQ(status_with(&PricedForward::forward, 0.0), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::strike, -1.0), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::strike, infinity), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::time, 0.0), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::time, no_number), Status::not_a_number);
    EXPECT_EQ(status_with(&PricedForward::discount, -1.0), Status::out_of_domain);
}

TEST(Implied, a_price_of_next_to_nothing_implies_nothing_or_what_it_was_made_of) {
    for (const double strike : {5.0, std::nextafter(5.0, 6.0), 5.1, 500.0}) {
        int none = 0;
        for (int exponent = 1; exponent <= 1074; ++exponent) {
            const double price = std::ldexp(1.0, -exponent);
            const ImpliedVol implied =
                implied_vol({.price = price, .forward = 5, .strike = strike, .time = 1});
            if (implied.status == Status::no_time_value) {
                EXPECT_EQ(implied.vol, 0.0);
                ++none;
                continue;
            }
            ASSERT_EQ(implied.status, Status::ok);
            const Valuation value =
                value_of(Forward{.forward = 5, .strike = strike, .time = 1, .vol = implied.vol});
            ASSERT_EQ(value.status, Status::ok) << price;
            ASSERT_NEAR(value.price / price, 1, 1e-11) << strike << " " << price;
        }
        EXPECT_EQ(none > 900, strike == 5.0) << strike;
        EXPECT_GT(none, 50) << strike;
    }
}

TEST(Implied, an_array_has_the_bits_of_its_options_one_by_one) {
    constexpr std::size_t count = 517;
    std::vector<double> price(count), forward(count), strike(count), time(count);
    std::vector<std::int8_t> kind(count);
    for (std::size_t at = 0; at < count; ++at) {
        const auto step = static_cast<double>(at);
        forward[at] = 100 + std::fmod(step * 3.1, 17.0);
        strike[at] = 60 + std::fmod(step * 7.7, 90.0);
        time[at] = at % 41 == 0 ? 0.0 : 0.002 + std::fmod(step * 0.013, 1.5);
        kind[at] = at % 2 == 0 ? call : put;
        price[at] = std::max(0.0, kind[at] * (forward[at] - strike[at])) +
                    std::exp(-std::fmod(step * 0.37, 30.0));
    }
    const std::array<double, 1> discount{1.0};
    const Isa before = isa();
    for (const Isa wanted : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (!set_isa(wanted)) {
            continue;
        }
        std::vector<double> vol(count);
        std::vector<std::uint8_t> status(count);
        ASSERT_TRUE(imply({.price = price,
                           .forward = forward,
                           .strike = strike,
                           .time = time,
                           .discount = discount,
                           .kind = kind},
                          vol, status));
        for (std::size_t at = 0; at < count; ++at) {
            const ImpliedVol one = implied_vol({.price = price[at],
                                                .forward = forward[at],
                                                .strike = strike[at],
                                                .time = time[at],
                                                .kind = kind[at]});
            ASSERT_EQ(std::bit_cast<std::uint64_t>(vol[at]), std::bit_cast<std::uint64_t>(one.vol))
                << at << " " << name_of(wanted);
            ASSERT_EQ(status[at], static_cast<std::uint8_t>(one.status)) << at;
        }
    }
    EXPECT_TRUE(set_isa(before));
}

TEST(Implied, columns_of_other_lengths_are_refused) {
    const std::array<double, 3> three{10, 10, 10};
    const std::array<double, 1> one{1};
    const std::array<std::int8_t, 1> kind{call};
    std::array<double, 4> vol{7, 7, 7, 7};
    EXPECT_FALSE(imply({.price = three,
                        .forward = three,
                        .strike = three,
                        .time = one,
                        .discount = one,
                        .kind = kind},
                       vol));
    EXPECT_EQ(vol[0], 7.0);
}

}  // namespace
}  // namespace miletus::pricing
