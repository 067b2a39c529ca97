// Numbers that books print, to the digits that they print.
#include "pricing/pricing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace miletus::pricing {
namespace {

constexpr double four_digits = 5e-5;
constexpr double three_digits = 5e-4;
constexpr double two_digits = 5e-3;
constexpr double one_digit = 5e-2;

// ---- Haug, The Complete Guide to Option Pricing Formulas, 2nd edition ----

TEST(Published, haug_generalized_black_scholes_merton) {
    const Spot option{.spot = 75,
                      .strike = 70,
                      .time = 0.5,
                      .vol = 0.35,
                      .rate = 0.1,
                      .yield = 0.05,
                      .kind = put};
    EXPECT_NEAR(value_of(option).price, 4.0870, four_digits);
}

TEST(Published, haug_garman_and_kohlhagen) {
    const Spot option{
        .spot = 1.56, .strike = 1.60, .time = 0.5, .vol = 0.12, .rate = 0.06, .yield = 0.08};
    EXPECT_NEAR(value_of(option).price, 0.0291, four_digits);
}

TEST(Published, haug_greeks) {
    const Forward future{
        .forward = 105, .strike = 100, .time = 0.5, .vol = 0.36, .discount = std::exp(-0.1 * 0.5)};
    Forward other = future;
    other.kind = put;
    EXPECT_NEAR(value_of(future).delta, 0.5946, four_digits);
    EXPECT_NEAR(value_of(other).delta, -0.3566, four_digits);
    EXPECT_NEAR(
        value_of(Spot{.spot = 55, .strike = 60, .time = 0.75, .vol = 0.3, .rate = 0.1}).gamma,
        0.0278, four_digits);
    EXPECT_NEAR(value_of(Spot{.spot = 430,
                              .strike = 405,
                              .time = 1.0 / 12,
                              .vol = 0.2,
                              .rate = 0.07,
                              .yield = 0.05,
                              .kind = put})
                    .theta,
                -31.1924, four_digits);
    EXPECT_NEAR(value_of(Spot{.spot = 72, .strike = 75, .time = 1, .vol = 0.19, .rate = 0.09}).rho,
                38.7325, four_digits);
    EXPECT_NEAR(value_of(Forward{.forward = 90,
                                 .strike = 130,
                                 .time = 0.75,
                                 .vol = 0.28,
                                 .discount = std::exp(-0.05 * 0.75)})
                    .volga,
                92.3444, four_digits);
    EXPECT_NEAR(value_of(Forward{.forward = 105,
                                 .strike = 90,
                                 .time = 0.25,
                                 .vol = 0.24,
                                 .discount = std::exp(-0.14 * 0.25),
                                 .kind = put})
                    .charm,
                0.3700, four_digits);
}

// An index of 100 that yields 4 %, where money costs 5 %; paid where it costs 8 %.
TEST(Published, haug_quanto) {
    const Forward option{.forward = 100 * std::exp((0.05 - 0.04) * 0.5),
                         .strike = 105,
                         .time = 0.5,
                         .vol = 0.2,
                         .discount = std::exp(-0.08 * 0.5)};
    EXPECT_NEAR(quanto_value(option, {.agreed = 1.5, .vol = 0.1, .correlation = 0.3}).price, 5.3280,
                four_digits);
}

// ---- Hull, Options, Futures, and Other Derivatives ----

TEST(Published, hull_black_scholes_merton) {
    Spot option{.spot = 42, .strike = 40, .time = 0.5, .vol = 0.2, .rate = 0.1};
    EXPECT_NEAR(value_of(option).price, 4.76, two_digits);
    option.kind = put;
    EXPECT_NEAR(value_of(option).price, 0.81, two_digits);
    EXPECT_NEAR(value_of(Spot{.spot = 930,
                              .strike = 900,
                              .time = 2.0 / 12,
                              .vol = 0.2,
                              .rate = 0.08,
                              .yield = 0.03})
                    .price,
                51.83, two_digits);
}

TEST(Published, hull_black) {
    const Forward option{.forward = 20,
                         .strike = 20,
                         .time = 4.0 / 12,
                         .vol = 0.25,
                         .discount = std::exp(-0.09 * 4 / 12),
                         .kind = put};
    EXPECT_NEAR(value_of(option).price, 1.12, two_digits);
}

TEST(Published, hull_greeks) {
    const Valuation value =
        value_of(Spot{.spot = 49, .strike = 50, .time = 0.3846, .vol = 0.2, .rate = 0.05});
    EXPECT_NEAR(value.price, 2.40, two_digits);
    EXPECT_NEAR(value.delta, 0.522, three_digits);
    EXPECT_NEAR(value.gamma, 0.066, three_digits);
    EXPECT_NEAR(value.vega, 12.1, one_digit);
    EXPECT_NEAR(value.theta, -4.31, two_digits);
    EXPECT_NEAR(value.rho, 8.91, two_digits);
}

TEST(Published, hull_implied_volatility) {
    const double growth = std::exp(0.1 * 0.25);
    const ImpliedVol implied = implied_vol({.price = 1.875,
                                            .forward = 21 * growth,
                                            .strike = 20,
                                            .time = 0.25,
                                            .discount = 1 / growth});
    EXPECT_NEAR(implied.vol, 0.235, three_digits);
}

}  // namespace
}  // namespace miletus::pricing
