// SVI and SSVI: what went in comes out, and what has arbitrage is told and mended.
#include "pricing/surface/surface_test.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace miletus::pricing {
namespace {

struct Points {
    std::vector<double> k, w, weight;
    [[nodiscard]] VariancePoints columns() const {
        return {.log_moneyness = k, .variance = w, .weight = weight};
    }
};

Points points_of(const Svi& slice, double reach, int count = 40) {
    Points points;
    for (int at = 0; at < count; ++at) {
        points.k.push_back(-reach + 2 * reach * at / (count - 1));
        points.w.push_back(total_variance(slice, points.k.back()));
        points.weight.push_back(1 + at % 3);
    }
    return points;
}

// Axel Vogt's, in Gatheral and Jacquier, Arbitrage-free SVI volatility surfaces (2014), example
// 3.1.
constexpr Svi vogt{.a = -0.0410, .b = 0.1331, .rho = 0.3060, .m = 0.3586, .sigma = 0.4153};

TEST(Svi, finds_the_numbers_that_made_a_slice) {
    Prng prng(11);
    for (int count = 0; count < 200; ++count) {
        const double width = between(prng, 0.05, 0.5);
        const Svi slice{.a = between(prng, 0.001, 0.02),
                        .b = between(prng, 0.02, 0.15),
                        .rho = between(prng, -0.7, 0.5),
                        .m = between(prng, -0.2, 0.2),
                        .sigma = width};
        const double reach = 4 * width + 0.3;
        if (!butterflies(slice, 4 * reach).is_free()) {
            continue;
        }
        const SviFit fit = fit_svi(points_of(slice, reach).columns());
        ASSERT_EQ(fit.status, CurveStatus::ok) << count;
        EXPECT_LT(fit.rms, 1e-7);
        EXPECT_NEAR(fit.slice.a, slice.a, 1e-5) << count;
        EXPECT_NEAR(fit.slice.b, slice.b, 1e-5) << count;
        EXPECT_NEAR(fit.slice.rho, slice.rho, 1e-4) << count;
        EXPECT_NEAR(fit.slice.m, slice.m, 1e-4) << count;
        EXPECT_NEAR(fit.slice.sigma, slice.sigma, 1e-4) << count;
    }
}

TEST(Svi, fits_noisy_points_better_than_what_made_them) {
    Prng prng(5);
    const Svi slice{.a = 0.01, .b = 0.09, .rho = -0.35, .m = 0.02, .sigma = 0.13};
    Points points = points_of(slice, 0.6);
    double squares = 0;
    double weights = 0;
    for (std::size_t at = 0; at < points.w.size(); ++at) {
        const double noise = between(prng, -0.001, 0.001);
        points.w[at] += noise;
        squares += points.weight[at] * noise * noise;
        weights += points.weight[at];
    }
    const SviFit fit = fit_svi(points.columns());
    EXPECT_EQ(fit.status, CurveStatus::ok);
    EXPECT_LT(fit.rms, std::sqrt(squares / weights));
}

TEST(Svi, has_the_butterfly_that_axel_vogt_found) {
    const ButterflyReport report = butterflies(vogt, 1.5);
    EXPECT_FALSE(report.is_free());
    EXPECT_NEAR(report.least_g, -0.033, 0.001);
    EXPECT_NEAR(report.log_moneyness, 0.88, 0.05);
    EXPECT_LT(durrleman(vogt, 0.88), 0);
}

TEST(Svi, mends_a_slice_with_butterflies) {
    const SviFit fit = fit_svi(points_of(vogt, 1.5).columns());
    EXPECT_EQ(fit.status, CurveStatus::drawn_to_no_arbitrage);
    const ButterflyReport report = butterflies(fit.slice, 6);
    EXPECT_TRUE(report.is_free()) << report.least_g << " at " << report.log_moneyness;
    for (double k = -8; k <= 8; k += 0.001) {
        ASSERT_GE(durrleman(fit.slice, k), 0) << k;
    }
}

TEST(Svi, has_no_arbitrage_whatever_the_points_are) {
    Prng prng(17);
    for (int count = 0; count < 60; ++count) {
        Points points;
        const double level = between(prng, 1e-5, 0.5);
        for (int at = 0; at < 12; ++at) {
            points.k.push_back(between(prng, -1, 1));
            points.w.push_back(level * between(prng, 0.1, 4));
            points.weight.push_back(between(prng, 0, 5));
        }
        const SviFit fit = fit_svi(points.columns());
        EXPECT_TRUE(butterflies(fit.slice, 4).is_free()) << count;
    }
}

TEST(Svi, tells_which_points_it_cannot_fit) {
    Points points = points_of(vogt, 1, 4);
    EXPECT_EQ(fit_svi(points.columns()).status, CurveStatus::too_few_points);
    EXPECT_EQ(fit_svi({}).status, CurveStatus::too_few_points);
    points = points_of(vogt, 1);
    points.k.pop_back();
    EXPECT_EQ(fit_svi(points.columns()).status, CurveStatus::mismatched);
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(), -1.0}) {
        points = points_of(vogt, 1);
        points.w[3] = bad;
        EXPECT_EQ(fit_svi(points.columns()).status, CurveStatus::not_a_number) << bad;
    }
    points = points_of(vogt, 1);
    points.k.assign(points.k.size(), 0.1);
    EXPECT_EQ(fit_svi(points.columns()).status, CurveStatus::same_strike);
    points.weight.assign(points.k.size(), 0.0);
    EXPECT_EQ(fit_svi(points.columns()).status, CurveStatus::too_few_points);
    EXPECT_EQ(sentence(CurveStatus::mismatched), "columns of different lengths");
}

TEST(Svi, evaluates_columns_as_it_does_one) {
    const std::vector<double> k{-2, -0.3, 0, 0.1, 5};
    std::vector<double> w(k.size());
    ASSERT_TRUE(total_variance(vogt, k, w));
    for (std::size_t at = 0; at < k.size(); ++at) {
        EXPECT_EQ(w[at], total_variance(vogt, k[at]));
        const double x = k[at] - vogt.m;
        const double root = std::sqrt(x * x + vogt.sigma * vogt.sigma);
        EXPECT_NEAR(w[at], vogt.a + vogt.b * (vogt.rho * x + root), 1e-14);
    }
    w.pop_back();
    EXPECT_FALSE(total_variance(vogt, k, w));
}

struct Expiries {
    std::vector<Points> points;
    [[nodiscard]] std::vector<VariancePoints> columns() const {
        std::vector<VariancePoints> all;
        for (const Points& expiry : points) {
            all.push_back(expiry.columns());
        }
        return all;
    }
};

Expiries expiries_of(const Ssvi& surface) {
    Expiries expiries;
    for (const double theta : surface.theta) {
        expiries.points.push_back(points_of(slice_of(surface, theta), 3 * std::sqrt(theta)));
    }
    return expiries;
}

TEST(Ssvi, finds_the_numbers_that_made_a_surface) {
    const Ssvi surface{
        .rho = -0.3, .eta = 1.1, .gamma = 0.35, .theta = {0.002, 0.005, 0.011, 0.03, 0.1, 0.4}};
    const SsviFit fit = fit_ssvi(expiries_of(surface).columns());
    ASSERT_EQ(fit.status, CurveStatus::ok);
    EXPECT_NEAR(fit.surface.rho, surface.rho, 1e-9);
    EXPECT_NEAR(fit.surface.eta, surface.eta, 1e-9);
    EXPECT_NEAR(fit.surface.gamma, surface.gamma, 1e-9);
    for (std::size_t at = 0; at < surface.theta.size(); ++at) {
        EXPECT_NEAR(fit.surface.theta[at], surface.theta[at], 1e-9);
    }
}

// Smiles too steep, and variances that fall: the best that has no arbitrage is taken.
TEST(Ssvi, stays_where_no_arbitrage_is_proven) {
    Prng prng(23);
    for (int count = 0; count < 30; ++count) {
        Expiries expiries;
        for (int expiry = 0; expiry < 6; ++expiry) {
            Points points;
            const double level = between(prng, 0.001, 0.2);
            for (int at = 0; at < 10; ++at) {
                points.k.push_back(between(prng, -0.5, 0.5));
                points.w.push_back(level + between(prng, 0, 2) * std::abs(points.k.back()));
                points.weight.push_back(1);
            }
            expiries.points.push_back(points);
        }
        const SsviFit fit = fit_ssvi(expiries.columns());
        ASSERT_EQ(fit.status, CurveStatus::ok);
        EXPECT_LE(fit.surface.eta * (1 + std::abs(fit.surface.rho)), 2 + 1e-12);
        EXPECT_GT(fit.surface.gamma, 0);
        EXPECT_LE(fit.surface.gamma, 0.5);
        for (std::size_t at = 0; at < 6; ++at) {
            const Svi slice = slice_of(fit.surface, fit.surface.theta[at]);
            const double allowed = -1e-12;
            EXPECT_GE(butterflies(slice, 5).least_g, allowed);
            for (double k = -3; at > 0 && k <= 3; k += 0.05) {
                const Svi before = slice_of(fit.surface, fit.surface.theta[at - 1]);
                EXPECT_GE(total_variance(slice, k), total_variance(before, k) - 1e-13);
            }
        }
    }
}

TEST(Ssvi, tells_which_points_it_cannot_fit) {
    EXPECT_EQ(fit_ssvi({}).status, CurveStatus::too_few_points);
    Expiries expiries;
    expiries.points.push_back(points_of(vogt, 1));
    expiries.points[0].weight[0] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(fit_ssvi(expiries.columns()).status, CurveStatus::not_a_number);
}

}  // namespace
}  // namespace miletus::pricing
