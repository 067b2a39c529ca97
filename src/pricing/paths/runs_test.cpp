// How simulations run: blocks and threads, variances that theory foretells, what is refused.
#include "base/prng.hpp"
#include "host/shares.hpp"
#include "pricing/isa.hpp"
#include "pricing/paths/paths.hpp"
#include "pricing/paths/sobol.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr Asset asset{.spot = 100, .carry = 0.03, .vol = 0.4};
const std::vector<double> quarters{0.25, 0.5, 0.75, 1.0};

Simulation asian(Generator generator) {
    return {.assets = {&asset, 1},
            .times = quarters,
            .payoff = {.style = Style::arithmetic_asian, .strike = 100},
            .generator = generator,
            .seed = 42,
            .paths = 40'000,
            .shifts = 8,
            .has_bridge = generator == Generator::sobol,
            .has_control = true};
}

bool is_same(double one, double other) {
    return std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other);
}

// ---- Blocks and threads ----

TEST(Runs, come_to_the_same_bits_on_any_number_of_threads) {
    for (const Generator generator : {Generator::philox, Generator::sobol}) {
        const Simulation simulation = asian(generator);
        const Paths paths(simulation);
        const Estimate alone = estimate(simulation);
        for (const std::size_t threads : {1U, 2U, 7U}) {
            std::vector<BlockSum> sums(paths.blocks());
            host::share_out(sums.size(), 1, threads, [&](host::Share share) {
                EXPECT_TRUE(
                    paths.run(share.first, std::span(sums).subspan(share.first, share.count)));
            });
            const Estimate estimated = paths.estimate(sums);
            EXPECT_TRUE(is_same(estimated.value, alone.value));
            EXPECT_TRUE(is_same(estimated.standard_error, alone.standard_error));
            EXPECT_EQ(estimated.paths, alone.paths);
        }
    }
}

TEST(Runs, know_nothing_of_other_blocks) {
    const Paths paths(asian(Generator::sobol));
    ASSERT_EQ(paths.blocks(), 40U);
    std::vector<BlockSum> all(paths.blocks());
    ASSERT_TRUE(paths.run(0, all));
    for (std::uint64_t block = paths.blocks(); block-- > 0;) {
        BlockSum one;
        ASSERT_TRUE(paths.run(block, {&one, 1}));
        EXPECT_EQ(one, all[block]);
    }
    EXPECT_EQ(paths.samples_of(4), 5000U - 4 * block_samples);
    EXPECT_EQ(paths.samples_of(40), 0U);
    BlockSum beyond;
    EXPECT_FALSE(paths.run(40, {&beyond, 1}));
    EXPECT_TRUE(paths.run(40, {}));
    EXPECT_FALSE(paths.run(std::numeric_limits<std::uint64_t>::max(), {&beyond, 1}));
}

TEST(Runs, are_told_apart_by_their_seed) {
    Simulation simulation = asian(Generator::philox);
    const double first = estimate(simulation).value;
    simulation.seed = 43;
    EXPECT_NE(first, estimate(simulation).value);
    simulation.seed = 42 | std::uint64_t{1} << 63U;
    EXPECT_NE(first, estimate(simulation).value);
}

TEST(Runs, of_more_paths_go_on_where_fewer_ended) {
    Simulation simulation = asian(Generator::philox);
    std::vector<BlockSum> few(2);
    ASSERT_TRUE(Paths(simulation).run(0, few));
    simulation.paths = 1 << 20;
    std::vector<BlockSum> many(2);
    ASSERT_TRUE(Paths(simulation).run(0, many));
    EXPECT_EQ(few, many);
}

TEST(Runs, want_the_sums_of_all_blocks) {
    const Paths paths(asian(Generator::philox));
    std::vector<BlockSum> sums(paths.blocks());
    EXPECT_EQ(paths.estimate(sums).status, PathStatus::missing_blocks);
    ASSERT_TRUE(paths.run(0, sums));
    EXPECT_EQ(paths.estimate(sums).status, PathStatus::ok);
    EXPECT_EQ(paths.estimate(std::span(sums).first(3)).status, PathStatus::missing_blocks);
    sums.push_back(sums.back());
    const Estimate estimated = paths.estimate(sums);
    EXPECT_EQ(estimated.status, PathStatus::missing_blocks);
    EXPECT_TRUE(std::isnan(estimated.value));
}

// ---- Sums ----

TEST(Sums, of_blocks_are_those_of_all_their_values) {
    Prng prng(8);
    std::vector<double> values(3000);
    std::vector<double> controls(3000);
    for (std::size_t at = 0; at < values.size(); ++at) {
        values[at] = 1e6 + static_cast<double>(prng.below(1000)) * 1e-3;
        controls[at] = values[at] * values[at] * 1e-6;
    }
    BlockTree tree;
    for (std::size_t first = 0; first < values.size(); first += 700) {
        const std::size_t count = std::min<std::size_t>(700, values.size() - first);
        tree.add(sum_of(std::span(values).subspan(first, count),
                        std::span(controls).subspan(first, count)));
    }
    const auto count = static_cast<double>(values.size());
    const double mean =
        1e6 + std::accumulate(values.begin(), values.end(), 0.0, [](double sum, double value) {
                  return sum + (value - 1e6);
              }) / count;
    const double control_mean = std::accumulate(controls.begin(), controls.end(), 0.0) / count;
    double squares = 0;
    double products = 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
        squares += (values[at] - mean) * (values[at] - mean);
        products += (values[at] - mean) * (controls[at] - control_mean);
    }
    const BlockSum sum = tree.sum();
    EXPECT_EQ(sum.samples, values.size());
    EXPECT_NEAR(sum.mean / mean, 1, 1e-15);
    EXPECT_NEAR(sum.squares / squares, 1, 1e-9);
    EXPECT_NEAR(sum.products / products, 1, 1e-9);
    EXPECT_EQ(sum_of({}).samples, 0U);
    EXPECT_EQ(sum_of(std::span(values).first(1025)).samples, 0U);
    EXPECT_EQ(sum_of(std::span(values).first(5), std::span(controls).first(4)).samples, 0U);
}

// ---- Variances ----

double normal(double x) {
    return std::erfc(-x / std::numbers::sqrt2) / 2;
}

// Of a call's payoff P on a log-normal S: its mean and variance, and the covariance of P and S.
struct Moments {
    double mean;
    double variance;
    double covariance;
    double asset_variance;
};

Moments moments_of(double forward, double strike, double deviation) {
    const double d2 = std::log(forward / strike) / deviation - deviation / 2;
    const double second = forward * forward * std::exp(deviation * deviation);
    const double in_the_money = normal(d2);
    const double asset_part = forward * normal(d2 + deviation);
    const double square_part = second * normal(d2 + 2 * deviation);
    const double mean = asset_part - strike * in_the_money;
    const double square = square_part - 2 * strike * asset_part + strike * strike * in_the_money;
    return {.mean = mean,
            .variance = square - mean * mean,
            .covariance = square_part - strike * asset_part - forward * mean,
            .asset_variance = second - forward * forward};
}

// The error of one sample.
double deviation_of(const Simulation& simulation) {
    const Estimate estimated = estimate(simulation);
    const double samples =
        static_cast<double>(estimated.paths) / (simulation.is_antithetic ? 2 : 1);
    return estimated.standard_error * std::sqrt(samples);
}

TEST(Variances, are_those_of_theory) {
    constexpr double strike = 110;  // above the median, so that mirrored paths never both pay
    const Moments moments = moments_of(100 * std::exp(0.03), strike, 0.4);
    Simulation simulation{
        .assets = {&asset, 1}, .times = quarters, .payoff = {.strike = strike}, .paths = 1 << 19};
    constexpr double tolerance = 0.01;
    EXPECT_NEAR(deviation_of(simulation) / std::sqrt(moments.variance), 1, tolerance);
    simulation.has_control = true;
    const double left =
        moments.variance - moments.covariance * moments.covariance / moments.asset_variance;
    EXPECT_NEAR(deviation_of(simulation) / std::sqrt(left), 1, tolerance);
    EXPECT_NEAR(estimate(simulation).control_coefficient,
                moments.covariance / moments.asset_variance, tolerance);
    simulation.has_control = false;
    simulation.is_antithetic = true;
    // Half the variance of one, less half the square of the mean, which is minus their covariance.
    const double mirrored = (moments.variance - moments.mean * moments.mean) / 2;
    EXPECT_NEAR(deviation_of(simulation) / std::sqrt(mirrored), 1, tolerance);
}

TEST(Variances, fall_a_thousandfold_by_the_geometric_average) {
    Simulation simulation = asian(Generator::philox);
    const double with_control = deviation_of(simulation);
    simulation.has_control = false;
    const double ratio = deviation_of(simulation) / with_control;
    EXPECT_GT(ratio * ratio, 250);
}

// Random paths would have an eighth of the error after sixty-four times as many.
TEST(Variances, fall_faster_with_points_than_with_random_paths) {
    Simulation simulation = asian(Generator::sobol);
    simulation.has_control = false;
    simulation.shifts = 32;
    simulation.paths = simulation.shifts * (std::uint64_t{1} << 8U);
    const double few = estimate(simulation).standard_error;
    simulation.paths = simulation.shifts * (std::uint64_t{1} << 14U);
    const double many = estimate(simulation).standard_error;
    EXPECT_GT(few / many, 24);
}

// ---- Stored paths ----

TEST(StoredPaths, are_those_that_run) {
    for (const bool is_antithetic : {false, true}) {
        Simulation simulation = asian(Generator::philox);
        simulation.is_antithetic = is_antithetic;
        const Paths paths(simulation);
        std::vector<double> prices(paths.stored_size());
        std::vector<double> payoffs(block_samples);
        ASSERT_TRUE(paths.store(3, prices));
        ASSERT_TRUE(paths.payoffs(3, payoffs));
        const StoredPaths stored(prices, 1, paths.paths_at_once());
        const auto payoff = [&](std::size_t path) {
            double sum = 0;
            for (std::size_t time = 0; time < quarters.size(); ++time) {
                sum += stored.price(path, time);
            }
            return std::max(sum / 4 - 100, 0.0);
        };
        for (std::size_t sample = 0; sample < block_samples; ++sample) {
            const double mirrored = is_antithetic ? payoff(block_samples + sample) : payoff(sample);
            ASSERT_NEAR((payoff(sample) + mirrored) / 2, payoffs[sample], 1e-11);
        }
        EXPECT_FALSE(paths.store(paths.blocks(), prices));
        EXPECT_FALSE(paths.store(0, std::span(prices).first(7)));
        EXPECT_FALSE(paths.payoffs(0, std::span(payoffs).first(7)));
    }
}

TEST(StoredPaths, are_sobol_points_under_the_shift_of_their_replicate) {
    const Asset plain{.spot = 1, .carry = 0.5, .vol = 1};
    const Paths paths({.assets = {&plain, 1},
                       .times = quarters,
                       .payoff = {.style = Style::own},
                       .generator = Generator::sobol,
                       .seed = 77,
                       .paths = 6 * block_samples,
                       .shifts = 2});
    const std::vector<std::uint32_t> directions = sobol_directions(quarters.size());
    std::vector<double> prices(paths.stored_size());
    for (std::uint64_t block = 0; block < paths.blocks(); ++block) {
        ASSERT_TRUE(paths.store(block, prices));
        const StoredPaths stored(prices, 1, block_samples);
        for (std::size_t path = 0; path < block_samples; ++path) {
            const auto number = static_cast<std::uint32_t>(block % 3 * block_samples + path);
            for (std::uint32_t time = 0; time < quarters.size(); ++time) {
                std::uint64_t fraction = 0;
                for (std::uint32_t bit = 0; bit < sobol_bits; ++bit) {
                    const bool is_set = ((number ^ number >> 1U) >> bit & 1U) != 0;
                    fraction ^= is_set ? directions[bit * quarters.size() + time] : 0;
                }
                fraction = fraction << 20U ^
                           digital_shift(77, static_cast<std::uint32_t>(block / 3), time);
                const double before = time == 0 ? 1 : stored.price(path, time - 1);
                const double draw = 2 * std::log(stored.price(path, time) / before);
                ASSERT_NEAR(normal(draw), static_cast<double>(fraction) * 0x1p-52, 1e-12);
            }
        }
    }
}

TEST(StoredPaths, serve_payoffs_of_the_callers_own) {
    Simulation simulation = asian(Generator::sobol);
    simulation.has_control = false;
    simulation.is_antithetic = true;
    const Estimate usual = estimate(simulation);
    EXPECT_FALSE(
        Paths(simulation).run_own(0, {}, {}, [](const auto&, std::size_t) { return 0.0; }));
    simulation.payoff = {.style = Style::own};
    const Paths paths(simulation);
    std::vector<double> room(paths.stored_size());
    std::vector<BlockSum> sums(paths.blocks());
    const auto average = [](const StoredPaths& stored, std::size_t path) {
        double sum = 0;
        for (std::size_t time = 0; time < 4; ++time) {
            sum += stored.price(path, time);
        }
        return std::max(sum / 4 - 100, 0.0);
    };
    ASSERT_TRUE(paths.run_own(0, sums, room, average));
    const Estimate own = paths.estimate(sums);
    EXPECT_NEAR(own.value, usual.value, 1e-12);
    EXPECT_NEAR(own.standard_error, usual.standard_error, 1e-12);
    EXPECT_FALSE(paths.run_own(0, sums, std::span(room).first(5), average));
    EXPECT_FALSE(paths.run(0, sums));
    EXPECT_EQ(estimate(simulation).status, PathStatus::missing_blocks);
    const auto absurd = [](const StoredPaths&, std::size_t path) {
        return path == 99 ? std::numeric_limits<double>::infinity() : 1.0;
    };
    ASSERT_TRUE(paths.run_own(0, sums, room, absurd));
    EXPECT_EQ(paths.estimate(sums).status, PathStatus::not_a_number);
}

TEST(StoredPaths, of_several_assets_have_their_correlations) {
    const std::array assets{Asset{.spot = 1, .vol = 0.2}, Asset{.spot = 2, .vol = 0.5},
                            Asset{.spot = 3, .vol = 0.3}};
    const std::array matrix{1.0, 0.6, -0.3, 0.6, 1.0, 0.2, -0.3, 0.2, 1.0};
    const std::vector<double> times{0.3, 1.0};
    for (const bool has_bridge : {false, true}) {
        const Paths paths({.assets = assets,
                           .correlation = matrix,
                           .times = times,
                           .payoff = {.style = Style::own},
                           .paths = 1 << 16,
                           .has_bridge = has_bridge});
        std::vector<double> prices(paths.stored_size());
        std::array<double, 9> sums{};
        for (std::uint64_t block = 0; block < paths.blocks(); ++block) {
            ASSERT_TRUE(paths.store(block, prices));
            const StoredPaths stored(prices, 3, block_samples);
            for (std::size_t path = 0; path < block_samples; ++path) {
                for (std::size_t at = 0; at < 9; ++at) {
                    const auto motion = [&](std::size_t of) {
                        const double vol = assets[of].vol;
                        const double level =
                            std::log(stored.price(path, 1, of) / stored.price(path, 0, of));
                        return (level + 0.5 * vol * vol * 0.7) / (vol * std::sqrt(0.7));
                    };
                    sums[at] += motion(at / 3) * motion(at % 3);
                }
            }
        }
        for (std::size_t at = 0; at < 9; ++at) {
            EXPECT_NEAR(sums[at] / (1 << 16), matrix[at], 4 * std::sqrt(2.0 / (1 << 16)));
        }
    }
}

// ---- Refusals ----

PathStatus status_with(const std::function<void(Simulation&)>& change) {
    Simulation simulation = asian(Generator::philox);
    simulation.has_control = false;
    change(simulation);
    const Paths paths(simulation);
    const Estimate estimated = paths.status() == PathStatus::ok ? Estimate{} : estimate(simulation);
    EXPECT_EQ(estimated.status, paths.status());
    EXPECT_EQ(paths.status() == PathStatus::ok, paths.blocks() != 0);
    EXPECT_EQ(paths.status() == PathStatus::ok, !std::isnan(estimated.value));
    EXPECT_NE(sentence(paths.status()), "?");
    return paths.status();
}

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double subnormal = std::numeric_limits<double>::denorm_min();

TEST(Refusals, are_named_for_numbers) {
    for (const double bad : {no_number, infinity, -infinity, -1.0, 0.0, subnormal}) {
        const PathStatus expected =
            std::isnan(bad) ? PathStatus::not_a_number : PathStatus::out_of_domain;
        const Asset odd{.spot = bad, .carry = 0, .vol = 0.2};
        EXPECT_EQ(status_with([&](Simulation& s) { s.assets = {&odd, 1}; }), expected);
        EXPECT_EQ(status_with([&](Simulation& s) { s.discount = bad; }), expected);
        EXPECT_EQ(status_with([&](Simulation& s) {
                      s.payoff.style = Style::barrier;
                      s.payoff.barrier = bad;
                  }),
                  expected);
    }
    for (const double bad : {no_number, infinity, -infinity, 1e51}) {
        const PathStatus expected =
            std::isnan(bad) ? PathStatus::not_a_number : PathStatus::out_of_domain;
        const Asset odd_carry{.spot = 100, .carry = bad, .vol = 0.2};
        const Asset odd_vol{.spot = 100, .carry = 0, .vol = bad};
        EXPECT_EQ(status_with([&](Simulation& s) { s.assets = {&odd_carry, 1}; }), expected);
        EXPECT_EQ(status_with([&](Simulation& s) { s.assets = {&odd_vol, 1}; }), expected);
        EXPECT_EQ(status_with([&](Simulation& s) { s.payoff.strike = bad; }), expected);
        EXPECT_EQ(status_with([&](Simulation& s) {
                      s.payoff.style = Style::basket;
                      s.payoff.weights = {&bad, 1};
                  }),
                  expected);
    }
    const Asset negative_vol{.spot = 100, .carry = 0, .vol = -0.2};
    EXPECT_EQ(status_with([&](Simulation& s) { s.assets = {&negative_vol, 1}; }),
              PathStatus::out_of_domain);
    EXPECT_EQ(status_with([](Simulation& s) { s.payoff.kind = 0; }), PathStatus::out_of_domain);
    EXPECT_EQ(status_with([](Simulation& s) {
                  s.payoff.style = Style::own;
                  s.has_control = true;
              }),
              PathStatus::out_of_domain);
    EXPECT_EQ(status_with([](Simulation& s) { s.payoff.style = static_cast<Style>(9); }),
              PathStatus::out_of_domain);
    EXPECT_EQ(status_with([](Simulation& s) { s.generator = static_cast<Generator>(9); }),
              PathStatus::out_of_domain);
}

TEST(Refusals, are_named_for_times) {
    const auto status_of = [](std::vector<double> times) {
        return status_with([&](Simulation& s) { s.times = times; });
    };
    EXPECT_EQ(status_of({}), PathStatus::lengths_differ);
    EXPECT_EQ(status_of({0.0}), PathStatus::ok);
    EXPECT_EQ(status_of({1.0, 0.5}), PathStatus::unsorted_times);
    EXPECT_EQ(status_of({0.5, 0.5}), PathStatus::unsorted_times);
    EXPECT_EQ(status_of({-0.5, 0.5}), PathStatus::unsorted_times);
    EXPECT_EQ(status_of({0.5, no_number}), PathStatus::not_a_number);
    EXPECT_EQ(status_of({0.5, infinity}), PathStatus::out_of_domain);
    EXPECT_EQ(status_of({subnormal, 1e-300, 1.0}), PathStatus::ok);
    std::vector<double> many(path_dimensions_max + 1);
    std::iota(many.begin(), many.end(), 1.0);
    for (double& time : many) {
        time *= 1e-4;
    }
    EXPECT_EQ(status_of(many), PathStatus::too_many_dimensions);
    many.resize(path_dimensions_max);
    EXPECT_EQ(status_of(many), PathStatus::ok);
    EXPECT_EQ(status_with([&](Simulation& s) {
                  s.times = std::span(many).first(1025);
                  s.generator = Generator::sobol;
              }),
              PathStatus::too_many_dimensions);
    EXPECT_EQ(status_with([&](Simulation& s) {
                  s.times = std::span(many).first(1024);
                  s.generator = Generator::sobol;
              }),
              PathStatus::ok);
}

TEST(Refusals, are_named_for_counts) {
    EXPECT_EQ(status_with([](Simulation& s) { s.paths = 0; }), PathStatus::too_few_paths);
    EXPECT_EQ(status_with([](Simulation& s) { s.paths = 1; }), PathStatus::too_few_paths);
    EXPECT_EQ(status_with([](Simulation& s) { s.paths = 2; }), PathStatus::ok);
    EXPECT_EQ(status_with([](Simulation& s) {
                  s.paths = 2;
                  s.is_antithetic = true;
              }),
              PathStatus::too_few_paths);
    EXPECT_EQ(status_with([](Simulation& s) { s.paths = paths_max + 1; }),
              PathStatus::too_many_paths);
    const auto with_shifts = [](std::uint32_t shifts, std::uint64_t paths) {
        return status_with([&](Simulation& s) {
            s.generator = Generator::sobol;
            s.shifts = shifts;
            s.paths = paths;
        });
    };
    EXPECT_EQ(with_shifts(0, 1000), PathStatus::too_few_shifts);
    EXPECT_EQ(with_shifts(1, 1000), PathStatus::too_few_shifts);
    EXPECT_EQ(with_shifts(2, 1), PathStatus::ok);
    EXPECT_EQ(with_shifts(65'537, 1000), PathStatus::too_many_paths);
    EXPECT_EQ(with_shifts(2, std::uint64_t{1} << 33U), PathStatus::too_many_paths);
}

TEST(Refusals, are_named_for_assets_and_correlations) {
    const std::vector<Asset> assets(17, asset);
    const std::vector<double> weights(17, 1.0);
    const auto status_of = [&](std::size_t count, std::vector<double> correlation) {
        return status_with([&](Simulation& s) {
            s.assets = std::span(assets).first(count);
            s.payoff.style = Style::basket;
            s.payoff.weights = std::span(weights).first(count);
            s.correlation = correlation;
        });
    };
    EXPECT_EQ(status_of(0, {}), PathStatus::lengths_differ);
    EXPECT_EQ(status_of(16, {}), PathStatus::ok);
    EXPECT_EQ(status_of(17, {}), PathStatus::too_many_dimensions);
    EXPECT_EQ(status_of(2, {1, 0.5, 0.5, 1}), PathStatus::ok);
    EXPECT_EQ(status_of(2, {1, 0.5, 0.5}), PathStatus::lengths_differ);
    EXPECT_EQ(status_of(2, {1, 0.5, 0.4, 1}), PathStatus::not_positive_definite);
    EXPECT_EQ(status_of(2, {1, 1, 1, 1}), PathStatus::not_positive_definite);
    EXPECT_EQ(status_of(2, {1, 1.5, 1.5, 1}), PathStatus::not_positive_definite);
    EXPECT_EQ(status_of(2, {2, 0.5, 0.5, 1}), PathStatus::not_positive_definite);
    EXPECT_EQ(status_of(2, {1, infinity, infinity, 1}), PathStatus::not_positive_definite);
    EXPECT_EQ(status_of(2, {1, no_number, no_number, 1}), PathStatus::not_a_number);
    EXPECT_EQ(status_of(3, {1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1}),
              PathStatus::not_positive_definite);
    EXPECT_EQ(status_with([&](Simulation& s) { s.assets = std::span(assets).first(2); }),
              PathStatus::lengths_differ);
    EXPECT_EQ(status_with([&](Simulation& s) { s.payoff.style = Style::basket; }),
              PathStatus::lengths_differ);
}

// Held at e^199 of its spot, where a price is still a number.
TEST(Refusals, are_not_needed_for_paths_that_go_too_far) {
    const Asset wild{.spot = 1, .carry = 0, .vol = 10};
    const Estimate estimated = estimate({.assets = {&wild, 1},
                                         .times = quarters,
                                         .payoff = {.style = Style::arithmetic_asian, .strike = 1},
                                         .paths = 100'000});
    EXPECT_EQ(estimated.status, PathStatus::ok);
    EXPECT_TRUE(std::isfinite(estimated.value));
    EXPECT_TRUE(std::isfinite(estimated.standard_error));
}

}  // namespace
}  // namespace miletus::pricing
