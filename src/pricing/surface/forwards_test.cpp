// Forwards by parity: the right one in spite of quotes that are wrong, and what is done without.
#include "pricing/surface/forwards.hpp"

#include "pricing/surface/surface_test.hpp"

#include <gtest/gtest.h>

namespace miletus::pricing {
namespace {

std::vector<ParityPair> pairs_of(double forward, double discount, Settlement settlement) {
    Prng prng(3);
    std::vector<ParityPair> pairs;
    for (double strike = 80; strike <= 120; strike += 2) {
        const double worth =
            settlement == Settlement::coin ? 1 - strike / forward : discount * (forward - strike);
        const double width = settlement == Settlement::coin ? 0.002 : 0.2;
        pairs.push_back({.strike = strike,
                         .difference = worth + between(prng, -0.3, 0.3) * width,
                         .half_width = width});
    }
    return pairs;
}

TEST(Forwards, are_found_in_spite_of_outliers) {
    for (const Settlement settlement : {Settlement::coin, Settlement::cash}) {
        std::vector<ParityPair> pairs = pairs_of(103, 1, settlement);
        const ForwardEstimate clean = forward_by_parity(pairs, settlement, 1);
        EXPECT_NEAR(clean.forward, 103, 0.1);
        for (const std::size_t at : {2U, 9U, 15U, 18U}) {
            pairs[at].difference += settlement == Settlement::coin ? 0.2 : 25;
        }
        const ForwardEstimate estimate = forward_by_parity(pairs, settlement, 1);
        EXPECT_EQ(estimate.source, ForwardSource::parity);
        EXPECT_NEAR(estimate.forward, 103, 0.1);
        EXPECT_EQ(estimate.pairs, 21);
        EXPECT_EQ(estimate.agreeing, 17);
        EXPECT_LT(estimate.least, 103);
        EXPECT_GT(estimate.most, 103);
        EXPECT_GT(estimate.error, 0);
        EXPECT_LT(estimate.error, 0.2);
    }
}

TEST(Forwards, come_with_the_discount_where_it_is_asked_for) {
    std::vector<ParityPair> pairs = pairs_of(103, 0.97, Settlement::cash);
    pairs[4].difference += 40;
    const ForwardEstimate estimate = forward_by_parity(pairs, Settlement::cash, 0);
    EXPECT_NEAR(estimate.forward, 103, 0.15);
    EXPECT_NEAR(estimate.discount, 0.97, 0.005);
}

TEST(Forwards, do_not_come_from_two_pairs) {
    std::vector<ParityPair> pairs = pairs_of(103, 1, Settlement::coin);
    pairs.resize(2);
    const ForwardEstimate estimate = forward_by_parity(pairs, Settlement::coin, 1);
    EXPECT_EQ(estimate.source, ForwardSource::none);
    EXPECT_EQ(estimate.pairs, 2);
}

// A chain without the puts of one expiry.
SurfaceFit fit_without_puts(double time, double listed) {
    std::vector<Quote> quotes;
    for (Quote quote : made_up_chain(1)) {
        quote.forward = quote.time == time ? listed : 0;
        if (quote.time != time || quote.kind == call) {
            quotes.push_back(quote);
        }
    }
    const auto fit = fit_surface(chain_of(quotes));
    EXPECT_TRUE(fit.has_value());
    return *fit;
}

TEST(Forwards, are_the_listed_ones_where_there_are_no_pairs) {
    const SurfaceFit fit = fit_without_puts(0.25, made_up_forward(0.25));
    EXPECT_EQ(fit.expiries[2].forward.source, ForwardSource::listed);
    EXPECT_EQ(fit.expiries[2].forward.forward, made_up_forward(0.25));
    EXPECT_TRUE(fit.expiries[2].is_fitted);
}

TEST(Forwards, follow_the_carry_of_other_expiries_where_none_is_listed) {
    for (const std::size_t at : {0U, 2U, 4U}) {
        const double time = made_up_times[at];
        const SurfaceFit fit = fit_without_puts(time, 0);
        EXPECT_EQ(fit.expiries[at].forward.source, ForwardSource::carry);
        EXPECT_NEAR(fit.expiries[at].forward.forward / made_up_forward(time), 1, 2e-3) << time;
    }
}

TEST(Forwards, are_the_index_where_nothing_else_is_known) {
    std::vector<Quote> quotes;
    for (const Quote& quote : made_up_chain(1)) {
        if (quote.kind == call) {
            quotes.push_back(quote);
        }
    }
    const auto fit = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value());
    EXPECT_EQ(fit->expiries[0].forward.source, ForwardSource::spot);
    EXPECT_NEAR(fit->expiries[0].forward.forward, made_up_spot, 1e-9 * made_up_spot);
    QuotedChain unknown = chain_of(quotes);
    unknown.spot = 0;
    const auto none = fit_surface(unknown);
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error(), FitError::no_forward);
}

TEST(Forwards, lie_on_lines_of_equal_carry_between_moments) {
    const std::vector<ForwardPoint> points{{0, 1.0}, {1, 1.1}, {3, 1.5}};
    EXPECT_EQ(log_forward_at(points, -1), 1.0);
    EXPECT_NEAR(log_forward_at(points, 0.5), 1.05, 1e-15);
    EXPECT_NEAR(log_forward_at(points, 2), 1.3, 1e-15);
    EXPECT_NEAR(log_forward_at(points, 4), 1.7, 1e-15);
    EXPECT_EQ(log_forward_at(std::span(points).first(1), 7), 1.0);
}

}  // namespace
}  // namespace miletus::pricing
