// Philox against the known answers of its authors' Random123, and the draws on top.
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <set>

namespace miletus {
namespace {

TEST(Prng, philox_gives_the_known_answers) {
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
              (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t ones = 0xffffffff;
    EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}),
              (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Prng, the_first_draw_of_seed_zero_is_the_first_half_of_the_first_block) {
    Prng prng(0);
    EXPECT_EQ(prng.next(), 0xe169c58d6627e8d5U);
}

TEST(Prng, a_seed_repeats_itself_and_no_other) {
    Prng first(7);
    Prng again(7);
    Prng other(std::uint64_t{7} << 32U);
    bool has_differed = false;
    for (int draw = 0; draw < 100; ++draw) {
        const std::uint64_t value = first.next();
        EXPECT_EQ(value, again.next());
        has_differed |= value != other.next();
    }
    EXPECT_TRUE(has_differed);
}

TEST(Prng, draws_below_a_bound_reach_every_value_and_no_other) {
    Prng prng(1);
    std::array<int, 7> seen{};
    for (int draw = 0; draw < 7000; ++draw) {
        ++seen.at(prng.below(7));
    }
    for (const int count : seen) {
        EXPECT_GT(count, 800);
        EXPECT_LT(count, 1200);
    }
    EXPECT_EQ(prng.below(1), 0U);
    static_cast<void>(prng.below(std::numeric_limits<std::uint64_t>::max()));
}

TEST(Prng, draws_between_include_both_ends) {
    Prng prng(2);
    std::set<std::int64_t> seen;
    for (int draw = 0; draw < 200; ++draw) {
        seen.insert(prng.between(-2, 1));
    }
    EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1}));
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(prng.between(least, least), least);
    EXPECT_EQ(prng.between(most, most), most);
    std::int64_t signs = 0;
    for (int draw = 0; draw < 100; ++draw) {
        signs += prng.between(least, most) < 0 ? 1 : 0;
    }
    EXPECT_GT(signs, 20);
    EXPECT_LT(signs, 80);
}

TEST(PrngDeathTest, an_empty_range_trips) {
    Prng prng(1);
    EXPECT_DEATH(static_cast<void>(prng.below(0)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(prng.between(1, 0)), "ASSERT");
}

TEST(Prng, one_chance_in_one_is_certain) {
    Prng prng(1);
    EXPECT_TRUE(prng.one_in(1));
}

}  // namespace
}  // namespace miletus
