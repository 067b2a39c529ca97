// Grids of strikes. The ends were computed in Python from K = S exp(v²/2 ± 1.2816 v), v = σ√T.
#include "edge/listing/strikes.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace miletus::listing {
namespace {

constexpr std::int64_t one = millionths;
constexpr std::int64_t hour = 3'600'000'000'000;

struct Case {
    double index;
    std::int64_t hours;
    double volatility;
    double step_min = 0.01;
};

GridTerms terms_of(const Case& given) {
    return {.volatility = std::llround(given.volatility * one),
            .delta = Rate(100'000),
            .step_min = IndexPrice(std::llround(given.step_min * one)),
            .strikes_aimed = 12};
}

std::vector<IndexPrice> grid_of(const Case& given) {
    return strike_grid(IndexPrice(std::llround(given.index * one)), Nanos(given.hours * hour),
                       terms_of(given));
}

std::string text(IndexPrice price) {
    std::string digits = std::to_string(static_cast<double>(price.value()) / one);
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits.back() == '.' ? digits.substr(0, digits.size() - 1) : digits;
}

// "first .. last by step", of each stretch with steps of its own.
std::string shape(const Case& given) {
    const std::vector<IndexPrice> grid = grid_of(given);
    std::string shape;
    for (std::size_t first = 0; first + 1 < grid.size();) {
        const IndexPrice step = grid[first + 1] - grid[first];
        std::size_t last = first + 1;
        while (last + 1 < grid.size() && grid[last + 1] - grid[last] == step) {
            ++last;
        }
        shape += (shape.empty() ? "" : ", ") + text(grid[first]) + " .. " + text(grid[last]) +
                 " by " + text(step);
        first = last + 1;
    }
    return shape;
}

TEST(Strikes, lie_on_a_ladder_that_suits_price_and_time) {
    // 96,102.5 to 104,158.2 is to be covered.
    EXPECT_EQ(shape({.index = 100'000, .hours = 24, .volatility = 0.6}), "96000 .. 104500 by 500");
    // 93,404.4 to 107,378.6.
    EXPECT_EQ(shape({.index = 100'000, .hours = 3 * 24, .volatility = 0.6}),
              "93000 .. 108000 by 1000");
    // 90,209.7 to 111,620.8.
    EXPECT_EQ(shape({.index = 100'000, .hours = 7 * 24, .volatility = 0.6}),
              "90000 .. 112000 by 1000");
    // 81,411.7 to 126,521.3.
    EXPECT_EQ(shape({.index = 100'000, .hours = 30 * 24, .volatility = 0.6}),
              "80000 .. 127500 by 2500");
    // 55,492.0 to 258,294.7.
    EXPECT_EQ(shape({.index = 100'000, .hours = 365 * 24, .volatility = 0.6}),
              "50000 .. 200000 by 10000, 225000 .. 275000 by 25000");
    // 3,806.67 to 4,209.63.
    EXPECT_EQ(shape({.index = 4000, .hours = 24, .volatility = 0.75}), "3800 .. 4225 by 25");
    // 60,519.0 to 65,913.0.
    EXPECT_EQ(shape({.index = 63'123.45, .hours = 48, .volatility = 0.45}),
              "60500 .. 66000 by 250");
    // 0.42951 to 0.59117.
    EXPECT_EQ(shape({.index = 0.5, .hours = 7 * 24, .volatility = 0.9}), "0.42 .. 0.6 by 0.01");
}

TEST(Strikes, are_never_closer_than_the_least_step) {
    // 99,184 to 100,825: three multiples of 500, which are too few, and nothing smaller than 250.
    EXPECT_EQ(shape({.index = 100'000, .hours = 1, .volatility = 0.6, .step_min = 250}),
              "99000 .. 101000 by 250");
    EXPECT_EQ(shape({.index = 100'100, .hours = 1, .volatility = 0.01, .step_min = 250}),
              "100000 .. 100250 by 250");
}

TEST(Strikes, of_the_largest_and_smallest_prices_there_may_be_stay_in_bounds) {
    for (const double index : {0.000'001, 0.01, 999'999'999.0}) {
        for (const double volatility : {0.01, 1.0}) {
            const Case given{
                .index = index, .hours = 400 * 24, .volatility = volatility, .step_min = 0.000'001};
            const std::vector<IndexPrice> grid = grid_of(given);
            EXPECT_FALSE(grid.empty()) << index << " " << volatility;
            EXPECT_LT(grid.size(), 100U);
            for (const IndexPrice strike : grid) {
                EXPECT_GT(strike, IndexPrice(0));
                EXPECT_LT(strike, strike_limit);
            }
        }
    }
}

double naive_delta(const Case& given, IndexPrice strike) {
    const double years = static_cast<double>(given.hours) / (24 * 365);
    const double deviation = given.volatility * std::sqrt(years);
    const double price = static_cast<double>(strike.value()) / one;
    const double d1 = std::log(given.index / price) / deviation + deviation / 2;
    return std::erfc(-d1 / std::sqrt(2.0)) / 2;
}

TEST(Strikes, cover_the_deltas_with_one_to_spare_on_each_side_whatever_comes) {
    Prng random(1);
    for (int round = 0; round < 300; ++round) {
        const Case given{.index = static_cast<double>(random.between(1'000, 300'000'000)) / 1000,
                         .hours = random.between(1, 9000),
                         .volatility = static_cast<double>(random.between(20, 200)) / 100,
                         .step_min = 0.001};
        const std::vector<IndexPrice> grid = grid_of(given);
        ASSERT_GE(grid.size(), 12U);
        // Some hundredfold is to be covered at most.
        ASSERT_LE(grid.size(), given.volatility > 1 ? 100U : 60U);
        EXPECT_GT(naive_delta(given, grid.front()), 0.9 - 1e-6);
        EXPECT_LT(naive_delta(given, grid[1]), 0.9 + 1e-6);
        EXPECT_LT(naive_delta(given, grid.back()), 0.1 + 1e-6);
        EXPECT_GT(naive_delta(given, grid[grid.size() - 2]), 0.1 - 1e-6);
    }
}

TEST(Strikes, have_round_steps) {
    for (const std::int64_t step : {1LL, 2LL, 5LL, 10LL, 20LL, 25LL, 50LL, 250'000'000LL}) {
        EXPECT_TRUE(is_round_step(IndexPrice(step))) << step;
    }
    for (const std::int64_t step : {0LL, -1LL, 3LL, 4LL, 15LL, 30LL, 125LL, 251'000'000LL}) {
        EXPECT_FALSE(is_round_step(IndexPrice(step))) << step;
    }
}

}  // namespace
}  // namespace miletus::listing
