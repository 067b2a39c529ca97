// What simulations come to against closed forms and published values, within four standard errors.
#include "pricing/paths/paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double errors_max = 4;

std::vector<double> even_times(std::size_t count, double last) {
    std::vector<double> times;
    for (std::size_t at = 1; at <= count; ++at) {
        times.push_back(last * static_cast<double>(at) / static_cast<double>(count));
    }
    return times;
}

double normal(double x) {
    return std::erfc(-x / std::numbers::sqrt2) / 2;
}

// Not discounted.
double black(double forward, double strike, double deviation, double sign) {
    const double d1 = std::log(forward / strike) / deviation + deviation / 2;
    return sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - deviation)));
}

void expect_near(const Estimate& estimate, double right, double tolerance = 0) {
    ASSERT_EQ(estimate.status, PathStatus::ok);
    EXPECT_GT(estimate.standard_error, 0);
    EXPECT_LE(std::abs(estimate.value - right), errors_max * estimate.standard_error + tolerance)
        << estimate.value << " +- " << estimate.standard_error << ", not " << right;
}

// ---- European ----

TEST(Paths, price_european_options_as_black_does) {
    const Asset asset{.spot = 100, .carry = 0.03, .vol = 0.4};
    const std::vector<double> times = even_times(5, 1.5);
    const double forward = 100 * std::exp(0.045);
    const double deviation = 0.4 * std::sqrt(1.5);
    for (const Generator generator : {Generator::philox, Generator::sobol}) {
        for (const bool is_antithetic : {false, true}) {
            for (const bool has_control : {false, true}) {
                for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                    const double strike = 60 + 20 * static_cast<double>(seed);
                    const bool is_call = seed % 2 == 0;
                    const Estimate estimated =
                        estimate({.assets = {&asset, 1},
                                  .times = times,
                                  .payoff = {.kind = static_cast<std::int8_t>(is_call ? 1 : -1),
                                             .strike = strike},
                                  .discount = 0.95,
                                  .generator = generator,
                                  .seed = seed,
                                  .paths = 30'000,
                                  .has_bridge = seed % 3 == 0,
                                  .is_antithetic = is_antithetic,
                                  .has_control = has_control});
                    expect_near(estimated,
                                0.95 * black(forward, strike, deviation, is_call ? 1 : -1));
                }
            }
        }
    }
}

TEST(Paths, keep_parity_between_calls_and_puts) {
    const Asset asset{.spot = 100, .carry = -0.02, .vol = 0.6};
    const std::vector<double> times = even_times(3, 1);
    Simulation simulation{.assets = {&asset, 1},
                          .times = times,
                          .payoff = {.kind = 1, .strike = 110},
                          .paths = 20'000,
                          .has_control = true};
    const Estimate calls = estimate(simulation);
    simulation.payoff.kind = -1;
    const Estimate puts = estimate(simulation);
    // On the same paths, with the asset as control, the difference is the forward's to rounding.
    EXPECT_NEAR(calls.value - puts.value, 100 * std::exp(-0.02) - 110, 1e-9);
    EXPECT_NEAR(calls.standard_error, puts.standard_error, 1e-9);
    EXPECT_NEAR(calls.control_coefficient - puts.control_coefficient, 1, 1e-9);
}

TEST(Paths, without_volatility_have_no_error) {
    const Asset asset{.spot = 100, .carry = 0.05, .vol = 0};
    const std::vector<double> times{0.0, 0.5, 2.0};
    const double forward = 100 * std::exp(0.1);
    const double average = 100 * (1 + std::exp(0.025) + std::exp(0.1)) / 3;
    const auto value = [&](Style style) {
        const Estimate estimated = estimate(
            {.assets = {&asset, 1},
             .times = times,
             .payoff = {.style = style, .strike = 95, .barrier = 150, .is_continuous = true},
             .paths = 3000,
             .has_control = true});
        EXPECT_EQ(estimated.status, PathStatus::ok);
        EXPECT_NEAR(estimated.standard_error, 0, 1e-13);
        return estimated.value;
    };
    EXPECT_NEAR(value(Style::european), forward - 95, 1e-11);
    EXPECT_NEAR(value(Style::barrier), forward - 95, 1e-11);
    EXPECT_NEAR(value(Style::arithmetic_asian), average - 95, 1e-11);
}

// ---- Asian ----

// Clewlow and Strickland, Implementing Derivatives Models (1998), pp. 118-123: 5.3425606635.
TEST(Paths, price_a_published_geometric_asian_option) {
    const Asset asset{.spot = 100, .carry = 0.03, .vol = 0.2};
    const std::vector<double> times = even_times(10, 1);
    for (const Generator generator : {Generator::philox, Generator::sobol}) {
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            expect_near(estimate({.assets = {&asset, 1},
                                  .times = times,
                                  .payoff = {.style = Style::geometric_asian, .strike = 100},
                                  .discount = std::exp(-0.06),
                                  .generator = generator,
                                  .seed = seed,
                                  .paths = 40'000,
                                  .has_bridge = true,
                                  .has_control = seed != 0}),
                        5.3425606635);
        }
    }
}

struct AsianCase {
    std::size_t fixings;
    double price;
};

// Levy, in Clewlow and Strickland (editors), Exotic Options: The State of the Art (1997): puts on
// 90 struck at 87, averaged from now on over eleven months.
TEST(Paths, price_published_arithmetic_asian_options) {
    constexpr std::array cases{AsianCase{2, 1.3942835683},  AsianCase{4, 1.5852442983},
                               AsianCase{8, 1.66970673},    AsianCase{12, 1.6980019214},
                               AsianCase{26, 1.7255070456}, AsianCase{52, 1.7401553533}};
    constexpr double last = 11.0 / 12.0;
    // The published ones are simulated themselves.
    constexpr double published_error = 0.005;
    const Asset asset{.spot = 90, .carry = 0.025 - 0.06, .vol = 0.13};
    for (const AsianCase& each : cases) {
        std::vector<double> times = even_times(each.fixings - 1, last);
        times.insert(times.begin(), 0.0);
        for (const Generator generator : {Generator::philox, Generator::sobol}) {
            const Estimate estimated =
                estimate({.assets = {&asset, 1},
                          .times = times,
                          .payoff = {.style = Style::arithmetic_asian, .kind = -1, .strike = 87},
                          .discount = std::exp(-0.025 * last),
                          .generator = generator,
                          .paths = 1 << 15,
                          .has_bridge = generator == Generator::sobol,
                          .has_control = true});
            expect_near(estimated, each.price, published_error);
            EXPECT_LE(estimated.standard_error, 0.001);
        }
    }
}

// ---- Barriers ----

// Broadie, Glasserman and Kou, "A continuity correction for discrete barrier options",
// Mathematical Finance 7 (1997): a call on 100 struck at 100 for 0.2 years, watched 50 times.
TEST(Paths, price_published_barrier_options) {
    struct Case {
        double barrier;
        double continuous;
        double discrete;
    };
    constexpr std::array cases{Case{85, 6.308, 6.322}, Case{91, 5.808, 5.977},
                               Case{95, 4.398, 4.907}, Case{99, 1.171, 2.337}};
    constexpr double rounding = 0.001;
    const Asset asset{.spot = 100, .carry = 0.1, .vol = 0.3};
    const std::vector<double> times = even_times(50, 0.2);
    for (const Case& each : cases) {
        Simulation simulation{.assets = {&asset, 1},
                              .times = times,
                              .payoff = {.style = Style::barrier,
                                         .strike = 100,
                                         .barrier_kind = BarrierKind::down_and_out,
                                         .barrier = each.barrier},
                              .discount = std::exp(-0.02),
                              .paths = 1 << 17,
                              .is_antithetic = true,
                              .has_control = true};
        expect_near(estimate(simulation), each.discrete, rounding);
        simulation.payoff.is_continuous = true;
        expect_near(estimate(simulation), each.continuous, rounding);
    }
}

// A down-and-out call watched all the time, its barrier below its strike, by reflection.
double down_and_out_call(const Asset& asset, double strike, double barrier, double time) {
    const double deviation = asset.vol * std::sqrt(time);
    const double growth = std::exp(asset.carry * time);
    const double power =
        std::pow(barrier / asset.spot, 2 * asset.carry / (asset.vol * asset.vol) - 1);
    return black(asset.spot * growth, strike, deviation, 1) -
           power * black(barrier * barrier / asset.spot * growth, strike, deviation, 1);
}

TEST(Paths, watch_barriers_between_times_as_reflection_does) {
    const Asset asset{.spot = 100, .carry = 0.04, .vol = 0.35};
    const std::vector<double> times{0.1, 0.3, 0.31, 0.8};
    for (const double barrier : {70.0, 90.0, 97.0}) {
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            const bool is_out = seed != 1;
            const double out = down_and_out_call(asset, 100, barrier, 0.8);
            const double plain = black(100 * std::exp(0.032), 100, 0.35 * std::sqrt(0.8), 1);
            expect_near(estimate({.assets = {&asset, 1},
                                  .times = times,
                                  .payoff = {.style = Style::barrier,
                                             .strike = 100,
                                             .barrier_kind = is_out ? BarrierKind::down_and_out
                                                                    : BarrierKind::down_and_in,
                                             .barrier = barrier,
                                             .is_continuous = true},
                                  .seed = seed,
                                  .paths = 40'000,
                                  .has_control = true}),
                        is_out ? out : plain - out);
        }
    }
}

// Watched at times, a barrier acts as one watched always would 0.5826 deviations of a step farther
// out (Broadie, Glasserman and Kou).
TEST(Paths, watch_barriers_at_times_as_a_shifted_barrier_is_watched_always) {
    const Asset asset{.spot = 100, .carry = 0.02, .vol = 0.4};
    constexpr std::size_t watched = 100;
    const std::vector<double> times = even_times(watched, 1);
    const double shift = std::exp(-0.5826 * 0.4 / std::sqrt(static_cast<double>(watched)));
    for (const double barrier : {70.0, 80.0, 90.0}) {
        expect_near(estimate({.assets = {&asset, 1},
                              .times = times,
                              .payoff = {.style = Style::barrier,
                                         .strike = 100,
                                         .barrier_kind = BarrierKind::down_and_out,
                                         .barrier = barrier},
                              .paths = 1 << 16,
                              .has_control = true}),
                    down_and_out_call(asset, 100, barrier * shift, 1), 0.01);
    }
}

TEST(Paths, knocked_in_and_out_are_together_the_plain_option) {
    const Asset asset{.spot = 100, .carry = 0, .vol = 0.5};
    const std::vector<double> times = even_times(12, 1);
    for (const bool is_continuous : {false, true}) {
        for (const bool is_up : {false, true}) {
            const auto value = [&](BarrierKind kind) {
                return estimate({.assets = {&asset, 1},
                                 .times = times,
                                 .payoff = {.style = Style::barrier,
                                            .kind = -1,
                                            .strike = 105,
                                            .barrier_kind = kind,
                                            .barrier = is_up ? 125.0 : 80.0,
                                            .is_continuous = is_continuous},
                                 .paths = 5000})
                    .value;
            };
            const double out = value(is_up ? BarrierKind::up_and_out : BarrierKind::down_and_out);
            const double in = value(is_up ? BarrierKind::up_and_in : BarrierKind::down_and_in);
            const double plain = estimate({.assets = {&asset, 1},
                                           .times = times,
                                           .payoff = {.kind = -1, .strike = 105},
                                           .paths = 5000})
                                     .value;
            EXPECT_GT(out, 0);
            EXPECT_GT(in, 0);
            EXPECT_NEAR(out + in, plain, 1e-10);
        }
    }
}

TEST(Paths, beyond_a_barrier_from_the_start_are_knocked_where_it_is_always_watched) {
    const Asset asset{.spot = 100, .carry = 0, .vol = 0.5};
    const std::vector<double> times{1.0};
    const auto value = [&](bool is_continuous) {
        return estimate({.assets = {&asset, 1},
                         .times = times,
                         .payoff = {.style = Style::barrier,
                                    .strike = 50,
                                    .barrier_kind = BarrierKind::up_and_out,
                                    .barrier = 90,
                                    .is_continuous = is_continuous},
                         .paths = 5000})
            .value;
    };
    EXPECT_GT(value(false), 1);
    EXPECT_EQ(value(true), 0);
}

// ---- Baskets ----

// Margrabe, "The value of an option to exchange one asset for another", Journal of Finance 33
// (1978).
TEST(Paths, price_exchanges_of_one_asset_for_another_as_margrabe_does) {
    const std::array assets{Asset{.spot = 100, .carry = 0.01, .vol = 0.3},
                            Asset{.spot = 90, .carry = 0.03, .vol = 0.5}};
    const std::array weights{1.0, -1.0};
    const std::vector<double> times = even_times(2, 2);
    for (const double correlation : {-0.7, 0.0, 0.9}) {
        const std::array matrix{1.0, correlation, correlation, 1.0};
        const double variance = 0.09 + 0.25 - 2 * correlation * 0.3 * 0.5;
        const double right =
            black(100 * std::exp(0.02), 90 * std::exp(0.06), std::sqrt(2 * variance), 1);
        for (const Generator generator : {Generator::philox, Generator::sobol}) {
            expect_near(estimate({.assets = assets,
                                  .correlation = matrix,
                                  .times = times,
                                  .payoff = {.style = Style::basket, .weights = weights},
                                  .generator = generator,
                                  .paths = 60'000,
                                  .has_bridge = true,
                                  .has_control = true}),
                        right);
        }
    }
}

TEST(Paths, of_one_asset_in_a_basket_are_those_of_the_asset) {
    const Asset asset{.spot = 100, .carry = 0.03, .vol = 0.4};
    const std::array weights{1.0};
    const std::vector<double> times = even_times(4, 1);
    Simulation simulation{.assets = {&asset, 1},
                          .times = times,
                          .payoff = {.style = Style::european, .strike = 105},
                          .seed = 3,
                          .paths = 10'000};
    const Estimate alone = estimate(simulation);
    simulation.payoff.style = Style::basket;
    simulation.payoff.weights = weights;
    const Estimate basket = estimate(simulation);
    EXPECT_NEAR(alone.value, basket.value, 1e-12);
    EXPECT_NEAR(alone.standard_error, basket.standard_error, 1e-12);
}

TEST(Paths, of_assets_that_hardly_differ_are_those_of_one) {
    constexpr std::size_t count = 16;
    const std::vector<Asset> assets(count, {.spot = 100, .carry = 0.03, .vol = 0.4});
    const std::vector<double> weights(count, 1.0 / count);
    std::vector<double> matrix(count * count, 1 - 1e-9);
    for (std::size_t at = 0; at < count; ++at) {
        matrix[at * count + at] = 1;
    }
    const std::vector<double> times{0.5, 1.0};
    const Estimate basket =
        estimate({.assets = assets,
                  .correlation = matrix,
                  .times = times,
                  .payoff = {.style = Style::basket, .strike = 105, .weights = weights},
                  .paths = 30'000,
                  .has_control = true});
    expect_near(basket, black(100 * std::exp(0.03), 105, 0.4, 1), 1e-3);
}

// Independent assets of equal weight: variances of the sum add up.
TEST(Paths, of_a_basket_struck_at_nothing_are_worth_its_forward) {
    const std::vector<Asset> assets{{.spot = 100, .carry = 0.05, .vol = 0.2},
                                    {.spot = 50, .carry = 0.0, .vol = 0.8},
                                    {.spot = 20, .carry = -0.1, .vol = 0.5}};
    const std::array weights{1.0, 2.0, 5.0};
    const std::vector<double> times{1.0};
    const double forward = 100 * std::exp(0.05) + 100 + 100 * std::exp(-0.1);
    const Estimate plain = estimate({.assets = assets,
                                     .times = times,
                                     .payoff = {.style = Style::basket, .weights = weights},
                                     .paths = 100'000});
    expect_near(plain, forward);
    double variance = 0;
    for (std::size_t at = 0; at < assets.size(); ++at) {
        const double stake = weights[at] * assets[at].spot * std::exp(assets[at].carry);
        variance += stake * stake * std::expm1(assets[at].vol * assets[at].vol);
    }
    EXPECT_NEAR(plain.standard_error / std::sqrt(variance / 100'000), 1, 0.05);
}

}  // namespace
}  // namespace miletus::pricing
