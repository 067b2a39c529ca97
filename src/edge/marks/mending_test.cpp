// Whatever was fitted, what comes out has no arbitrage; what had none comes out as it was.
#include "edge/marks/mending.hpp"

#include "base/prng.hpp"
#include "edge/marks/event_stream_test.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace miletus::marks {
namespace {

using pricing::Svi;

FittedSmile fitted_at(std::int64_t days, const Svi& svi) {
    return {.expiry = start + Nanos(days * day), .forward = IndexPrice(coin), .svi = svi};
}

Svi smile_of_days(double days, double vol = 0.5) {
    const pricing::Ssvi surface{.rho = -0.3, .eta = 0.8, .gamma = 0.5, .theta = {}};
    return slice_of(surface, vol * vol * days / 365);
}

double at_the_money(const Svi& svi) {
    return total_variance(svi, 0.0);
}

TEST(Mending, leaves_what_has_no_arbitrage) {
    const std::vector<FittedSmile> fitted{fitted_at(1, smile_of_days(1)),
                                          fitted_at(7, smile_of_days(7)),
                                          fitted_at(30, smile_of_days(30))};
    const MendedSurface surface = mended(fitted, start);
    EXPECT_EQ(surface.mended, 0U);
    EXPECT_EQ(surface.dropped, 0U);
    ASSERT_EQ(surface.smiles.size(), 3U);
    for (std::size_t at = 0; at < 3; ++at) {
        EXPECT_EQ(surface.smiles[at],
                  smile_of(fitted[at].expiry, fitted[at].forward, fitted[at].svi));
    }
}

// A week that is nervous before a calm month: total variance may not fall.
TEST(Mending, lifts_what_falls_with_time) {
    const std::vector<FittedSmile> fitted{fitted_at(7, smile_of_days(7, 1.0)),
                                          fitted_at(10, smile_of_days(10, 0.7)),
                                          fitted_at(30, smile_of_days(30, 0.6))};
    const MendedSurface surface = mended(fitted, start);
    ASSERT_EQ(surface.smiles.size(), 3U);
    EXPECT_EQ(surface.mended, 1U);
    EXPECT_TRUE(check_surface(surface.smiles, start).is_free());
    const double before = at_the_money(svi_of(surface.smiles[0]));
    const double lifted = at_the_money(svi_of(surface.smiles[1]));
    EXPECT_GE(lifted, before);
    EXPECT_LT(lifted, 1.02 * before);
}

// Lower at the money only, or only in one wing: the other places stay as they were, nearly.
TEST(Mending, changes_little_where_smiles_cross_in_a_wing) {
    Svi later = smile_of_days(8);
    later.rho = -0.8;
    const std::vector<FittedSmile> fitted{fitted_at(7, smile_of_days(7)), fitted_at(8, later)};
    ASSERT_GT(pricing::calendar_gap(fitted[0].svi, later), 1e-4);
    const MendedSurface surface = mended(fitted, start);
    ASSERT_EQ(surface.smiles.size(), 2U);
    EXPECT_TRUE(check_surface(surface.smiles, start).is_free());
    const double own = at_the_money(later);
    EXPECT_NEAR(at_the_money(svi_of(surface.smiles[1])), own, 0.15 * own);
}

// Axel Vogt's, which has a butterfly, in Gatheral and Jacquier, Arbitrage-free SVI volatility
// surfaces (2014), example 3.1; and one so steep that no fit comes near it.
TEST(Mending, saves_what_has_butterflies) {
    const Svi vogt{.a = -0.0410, .b = 0.1331, .rho = 0.3060, .m = 0.3586, .sigma = 0.4153};
    const Svi steep{.a = 0.01, .b = 3, .rho = 0.9, .m = 0, .sigma = 1e-3};
    for (const Svi& svi : {vogt, steep}) {
        const std::vector<FittedSmile> fitted{fitted_at(365, svi)};
        const MendedSurface surface = mended(fitted, start);
        ASSERT_EQ(surface.smiles.size(), 1U);
        EXPECT_TRUE(check_surface(surface.smiles, start).is_free());
        EXPECT_NEAR(at_the_money(svi_of(surface.smiles[0])), at_the_money(svi),
                    0.05 * at_the_money(svi));
    }
}

TEST(Mending, drops_what_is_no_smile) {
    const std::vector<FittedSmile> fitted{
        fitted_at(7, smile_of_days(7)), fitted_at(8, {.a = 1e9, .b = 0, .rho = 0, .m = 0}),
        fitted_at(9, {.a = std::numeric_limits<double>::quiet_NaN()}),
        fitted_at(31, smile_of_days(31))};
    const MendedSurface surface = mended(fitted, start);
    EXPECT_EQ(surface.dropped, 2U);
    ASSERT_EQ(surface.smiles.size(), 2U);
    EXPECT_EQ(surface.smiles[1].expiry, fitted[3].expiry);
    EXPECT_TRUE(mended({}, start).smiles.empty());
    EXPECT_TRUE(mended(std::span(fitted).first(1), fitted[0].expiry).smiles.empty());
}

TEST(Mending, takes_no_more_smiles_than_a_surface_has) {
    std::vector<FittedSmile> fitted;
    for (std::int64_t days = 1; days <= 70; ++days) {
        fitted.push_back(fitted_at(days, smile_of_days(static_cast<double>(days))));
    }
    EXPECT_EQ(mended(fitted, start).smiles.size(), pricing::smiles_max);
}

TEST(Mending, makes_a_surface_of_any_smiles) {
    Prng prng(7);
    const auto share = [&prng](double low, double high) {
        return low + (high - low) * static_cast<double>(prng.below(1'000'000)) * 1e-6;
    };
    std::uint32_t smiles = 0;
    std::uint32_t dropped = 0;
    for (int count = 0; count < 200; ++count) {
        std::vector<FittedSmile> fitted;
        for (std::int64_t days = 1; days <= 6; ++days) {
            Svi svi = smile_of_days(static_cast<double>(days), share(0.2, 1.2));
            svi.rho = share(-0.9, 0.9);
            svi.m += share(-0.05, 0.05);
            svi.sigma *= share(0.5, 2);
            fitted.push_back(fitted_at(days, svi));
        }
        const MendedSurface surface = mended(fitted, start);
        ASSERT_TRUE(check_surface(surface.smiles, start).is_free()) << count;
        smiles += static_cast<std::uint32_t>(surface.smiles.size());
        dropped += surface.dropped;
    }
    EXPECT_EQ(smiles + dropped, 1200U);
    EXPECT_EQ(dropped, 0U);
}

}  // namespace
}  // namespace miletus::marks
