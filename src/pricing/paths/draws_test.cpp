// What paths draw: Philox against its known answers, normal draws and powers of two against the
// functions that they stand for.
#include "base/prng.hpp"
#include "pricing/lanes/four.hpp"
#include "pricing/lanes/one.hpp"
#include "pricing/lanes/pair.hpp"
#include "pricing/math/math.hpp"
#include "pricing/paths/normal.hpp"
#include "pricing/paths/philox.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace miletus::pricing {
namespace {

using lanes::One;

PhiloxCounter drawn_by_one(const PhiloxCounter& counter, const PhiloxKey& key) {
    const std::uint64_t seed = std::uint64_t{key[1]} << 32U | key[0];
    const PhiloxPaths<One> paths(seed, One::word(counter[0]), counter[3]);
    const PhiloxWords<One> words = paths.at(philox_step(seed, counter[1], counter[2]));
    return {
        static_cast<std::uint32_t>(words.high.v >> 32U), static_cast<std::uint32_t>(words.high.v),
        static_cast<std::uint32_t>(words.low.v >> 32U), static_cast<std::uint32_t>(words.low.v)};
}

// kat_vectors of Random123 (D. E. Shaw Research), philox4x32 with 10 rounds.
TEST(Draws, of_philox_are_its_known_answers) {
    EXPECT_EQ(drawn_by_one({0, 0, 0, 0}, {0, 0}),
              (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(
        drawn_by_one({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
        (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(
        drawn_by_one({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
        (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Draws, of_philox_are_those_of_the_plain_generator) {
    Prng prng(5);
    for (int count = 0; count < 10'000; ++count) {
        const std::uint64_t first = prng.next();
        const std::uint64_t second = prng.next();
        const std::uint64_t seed = prng.next();
        const PhiloxCounter counter{
            static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(first >> 32U),
            static_cast<std::uint32_t>(second), static_cast<std::uint32_t>(second >> 32U)};
        const PhiloxKey key{static_cast<std::uint32_t>(seed),
                            static_cast<std::uint32_t>(seed >> 32U)};
        ASSERT_EQ(drawn_by_one(counter, key), philox(counter, key));
    }
}

TEST(Draws, are_the_same_in_every_lane) {
    using Lanes = lanes::Pair<lanes::Four>;
    constexpr std::uint64_t seed = 99;
    const PhiloxPaths<Lanes> paths(seed, Lanes::lane_numbers() + Lanes::word(1000), 0);
    const PhiloxStep step = philox_step(seed, 0, 17);
    std::array<double, Lanes::width> all{};
    Lanes::store(all.data(), normal_of<Lanes>(paths.at(step).high));
    for (std::size_t lane = 0; lane < all.size(); ++lane) {
        const PhiloxPaths<One> path(seed, One::word(1000 + lane), 0);
        const double alone = normal_of<One>(path.at(step).high).v;
        EXPECT_EQ(std::bit_cast<std::uint64_t>(all[lane]), std::bit_cast<std::uint64_t>(alone));
    }
}

// The share that lies farther out, on both sides.
double draw_of_share(double share, bool is_negative) {
    const auto fraction = static_cast<std::uint64_t>(std::ldexp(share, 52));
    return normal_of<One>(One::word(fraction | std::uint64_t{is_negative} << 63U)).v;
}

TEST(Draws, are_quantiles_of_the_normal_distribution) {
    double worst = 0;
    const auto check = [&](double share) {
        const double exact = std::floor(std::ldexp(share, 52));
        const double odd = exact + (std::fmod(exact, 2) == 0 ? 1 : 0);
        const double right = -value_of(Function::normal_quantile, std::ldexp(odd, -53));
        worst = std::max(worst, std::abs(draw_of_share(share, false) - right));
        EXPECT_EQ(draw_of_share(share, true), -draw_of_share(share, false));
    };
    for (int at = 1; at < 100'000; ++at) {
        check(at / 100'000.0);
    }
    for (double share = 0.5; share > 0x1p-52; share *= 0.97) {
        check(share);
    }
    EXPECT_LE(worst, 1e-13);
    EXPECT_NEAR(draw_of_share(0, false), 8.2095, 1e-4);
    EXPECT_LE(draw_of_share(0, false), normal_draw_max);
}

TEST(Draws, have_the_moments_of_the_normal_distribution) {
    constexpr int count = 1'000'000;
    Prng prng(11);
    std::array<double, 5> moments{};
    for (int at = 0; at < count; ++at) {
        const double draw = normal_of<One>(One::word(prng.next())).v;
        double power = 1;
        for (double& moment : moments) {
            moment += power / count;
            power *= draw;
        }
    }
    // Four standard errors of each: the variance of Z^k is E[Z^2k] - E[Z^k]^2.
    EXPECT_NEAR(moments[1], 0, 4 * std::sqrt(1.0 / count));
    EXPECT_NEAR(moments[2], 1, 4 * std::sqrt(2.0 / count));
    EXPECT_NEAR(moments[3], 0, 4 * std::sqrt(15.0 / count));
    EXPECT_NEAR(moments[4], 3, 4 * std::sqrt(96.0 / count));
}

TEST(Draws, powers_of_two_are_within_a_few_units_in_the_last_place) {
    for (double x = -16'000; x <= 16'000; x += 0.37) {
        const double right = std::exp2(x / 16);
        EXPECT_NEAR(growth(One::real(x)).v / right, 1, 1.2e-14);
    }
    EXPECT_EQ(growth(One::real(0.0)).v, 1.0);
    EXPECT_EQ(growth(One::real(16.0)).v, 2.0);
}

}  // namespace
}  // namespace miletus::pricing
