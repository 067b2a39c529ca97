// Which surfaces are taken, and by what name the others are refused.
#include "pricing/marks/made_up_smiles_test.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace miletus::pricing {
namespace {

constexpr std::int64_t one = 1'000'000'000'000;
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

// The first smile of a surface after a change.
template <class Change>
SurfaceVerdict verdict_after(Change change) {
    std::vector<Smile> smiles = made_up_smiles();
    change(smiles);
    return check_surface(smiles, made_up_now);
}

TEST(Smiles, of_a_surface_without_arbitrage_are_taken) {
    EXPECT_TRUE(check_surface(made_up_smiles(), made_up_now).is_free());
    EXPECT_TRUE(check_surface(made_up_smiles(0.05), made_up_now).is_free());
    EXPECT_TRUE(check_surface(made_up_smiles(3), made_up_now).is_free());
    // One volatility for all.
    std::vector<Smile> flat;
    for (std::int64_t days = 1; days <= 64; ++days) {
        flat.push_back({.expiry = after(days * day_nanos),
                        .forward = made_up_index,
                        .a = days * 684'931'506,
                        .sigma = one});
    }
    EXPECT_TRUE(check_surface(flat, made_up_now).is_free());
    flat.push_back(flat.back());
    EXPECT_EQ(check_surface(flat, made_up_now).fault, SurfaceFault::too_many_smiles);
}

TEST(Smiles, that_do_not_rise_from_now_on_are_refused) {
    EXPECT_EQ(check_surface({}, made_up_now).fault, SurfaceFault::no_smile);
    const auto late = verdict_after([](auto& smiles) { smiles[0].expiry = made_up_now; });
    EXPECT_EQ(late.fault, SurfaceFault::expiry_not_ahead);
    const auto twice = verdict_after([](auto& smiles) { smiles[2].expiry = smiles[1].expiry; });
    EXPECT_EQ(twice.fault, SurfaceFault::expiry_not_rising);
    EXPECT_EQ(twice.smile, 2U);
}

TEST(Smiles, with_forwards_that_no_asset_has_are_refused) {
    for (const std::int64_t forward :
         {std::int64_t{0}, std::int64_t{-1}, least, smile_price_max + 1, most}) {
        const auto verdict =
            verdict_after([&](auto& smiles) { smiles[3].forward = IndexPrice(forward); });
        EXPECT_EQ(verdict.fault, SurfaceFault::forward_out_of_range) << forward;
        EXPECT_EQ(verdict.smile, 3U);
    }
}

TEST(Smiles, with_numbers_out_of_range_are_refused) {
    using Member = std::int64_t Smile::*;
    struct Bad {
        Member member;
        std::vector<std::int64_t> values;
    };
    const std::vector<Bad> all{{&Smile::a, {100 * one + 1, -100 * one - 1, least, most}},
                               {&Smile::b, {-1, 100 * one + 1, least, most}},
                               {&Smile::rho, {one, -one, least, most}},
                               {&Smile::m, {10 * one + 1, -10 * one - 1, least, most}},
                               {&Smile::sigma, {0, -1, 100 * one + 1, least, most}}};
    for (const auto& [member, values] : all) {
        for (const std::int64_t value : values) {
            const auto verdict = verdict_after([&](auto& smiles) { smiles[4].*member = value; });
            EXPECT_EQ(verdict.fault, SurfaceFault::parameter_out_of_range) << value;
            EXPECT_EQ(verdict.smile, 4U);
        }
    }
}

TEST(Smiles, whose_variance_is_not_positive_are_refused) {
    const auto negative = verdict_after([](auto& smiles) { smiles[0].a = -one; });
    EXPECT_EQ(negative.fault, SurfaceFault::variance_not_positive);
    const auto nothing = verdict_after([](auto& smiles) {
        smiles[0].a = 0;
        smiles[0].b = 0;
    });
    EXPECT_EQ(nothing.fault, SurfaceFault::variance_not_positive);
}

// Axel Vogt's, in Gatheral and Jacquier, Arbitrage-free SVI volatility surfaces (2014), example
// 3.1; and a wing that Lee's bound forbids.
TEST(Smiles, with_butterflies_are_refused) {
    const Svi vogt{.a = -0.0410, .b = 0.1331, .rho = 0.3060, .m = 0.3586, .sigma = 0.4153};
    const auto smile = smile_of(after(365 * day_nanos), made_up_index, vogt);
    ASSERT_TRUE(smile.has_value());
    EXPECT_EQ(check_surface({&*smile, 1}, made_up_now).fault, SurfaceFault::butterfly);
    const auto steep = verdict_after([](auto& smiles) {
        smiles[4].b = 3 * one;
        smiles[4].sigma = one;
    });
    EXPECT_EQ(steep.fault, SurfaceFault::butterfly);
}

TEST(Smiles, whose_variance_falls_with_time_are_refused) {
    for (const std::size_t at : {1U, 2U, 3U, 4U}) {
        const auto verdict = verdict_after([&](auto& smiles) {
            const Smile later = smiles[at];
            smiles[at] = smiles[at - 1];
            smiles[at].expiry = later.expiry;
            smiles[at].a -= 10;
        });
        EXPECT_EQ(verdict.fault, SurfaceFault::calendar) << at;
        EXPECT_EQ(verdict.smile, at);
    }
    const auto equal = verdict_after([](auto& smiles) {
        smiles[1] = smiles[0];
        smiles[1].expiry = smiles[1].expiry + Nanos(1);
    });
    EXPECT_TRUE(equal.is_free());
}

// Higher at the money and on the left, lower on the right.
TEST(Smiles, that_cross_in_a_wing_are_refused) {
    const std::vector<Smile> smiles{{.expiry = after(7 * day_nanos),
                                     .forward = made_up_index,
                                     .a = one / 100,
                                     .b = one / 20,
                                     .sigma = one / 10},
                                    {.expiry = after(8 * day_nanos),
                                     .forward = made_up_index,
                                     .a = one / 80,
                                     .b = one / 20,
                                     .rho = -one / 2,
                                     .sigma = one / 10}};
    const Svi earlier = svi_of(smiles[0]);
    const Svi later = svi_of(smiles[1]);
    EXPECT_GT(total_variance(later, 0), total_variance(earlier, 0));
    EXPECT_GT(calendar_gap(earlier, later), 0.01);
    EXPECT_EQ(check_surface(smiles, made_up_now).fault, SurfaceFault::calendar);
    EXPECT_EQ(calendar_gap(later, later), 0);
    EXPECT_NEAR(calendar_reach(later), 6 * std::sqrt(total_variance(later, 0)), 1e-12);
}

// Lower where it bends only, which lies between two points of any even grid.
TEST(Smiles, that_cross_where_one_bends_have_a_gap) {
    const Svi flat{.a = 0.01, .b = 0, .rho = 0, .m = 0, .sigma = 1};
    const Svi bent{.a = 0.0095, .b = 0.5, .rho = 0, .m = 0.2137, .sigma = 1e-4};
    EXPECT_NEAR(calendar_gap(flat, bent), 0.01 - 0.0095 - 0.5e-4, 1e-12);
    EXPECT_GT(calendar_gap(bent, flat), 0.1);
}

TEST(Smiles, come_back_from_whole_numbers_as_near_as_these_are) {
    const Svi slice{.a = 0.0123, .b = 0.087, .rho = -0.41, .m = -0.03, .sigma = 0.17};
    const auto smile = smile_of(after(day_nanos), made_up_index, slice);
    ASSERT_TRUE(smile.has_value());
    EXPECT_EQ(smile->rho, -410'000'000'000);
    EXPECT_NEAR(svi_of(*smile).a, slice.a, 1e-12);
    EXPECT_NEAR(svi_of(*smile).sigma, slice.sigma, 1e-12);
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(), -1e300, 101.0}) {
        Svi other = slice;
        other.b = bad;
        EXPECT_FALSE(smile_of(after(day_nanos), made_up_index, other).has_value()) << bad;
    }
}

TEST(Smiles, count_years_of_365_days) {
    EXPECT_EQ(years_between(made_up_now, after(365 * day_nanos)), 1.0);
    EXPECT_EQ(years_between(made_up_now, made_up_now), 0.0);
    EXPECT_EQ(years_between(after(1), made_up_now), 0.0);
    EXPECT_EQ(years_between(UnixNanos(most), UnixNanos(least)), 0.0);
    EXPECT_GT(years_between(UnixNanos(least), UnixNanos(most)), 292.0);
}

TEST(Smiles, have_a_sentence_for_each_fault) {
    std::set<std::string_view> sentences;
    for (std::uint8_t fault = 0; fault <= static_cast<std::uint8_t>(SurfaceFault::calendar);
         ++fault) {
        sentences.insert(sentence(SurfaceFault{fault}));
    }
    EXPECT_EQ(sentences.size(), 10U);
    EXPECT_FALSE(sentences.contains("?"));
}

}  // namespace
}  // namespace miletus::pricing
