// Surfaces of chains that tests make up: between bids and asks, without arbitrage, whatever some
// quotes say.
#include "pricing/surface/surface_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace miletus::pricing {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t count_of(const SurfaceFit& fit, QuoteStatus status) {
    return static_cast<std::size_t>(std::ranges::count(fit.quotes, status, &QuoteReport::status));
}

TEST(Surface, lies_between_bids_and_asks) {
    const std::vector<Quote> quotes = made_up_chain(1);
    const auto fit = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value());
    ASSERT_EQ(fit->expiries.size(), made_up_times.size());
    for (const ExpiryReport& expiry : fit->expiries) {
        EXPECT_TRUE(expiry.is_fitted);
        EXPECT_GE(expiry.inside, expiry.marks_inside) << expiry.time;
        EXPECT_TRUE(expiry.arbitrage.is_free()) << expiry.time;
        EXPECT_NEAR(expiry.forward.forward / made_up_forward(expiry.time), 1, 2e-3);
        EXPECT_LT(expiry.price_rms, 1);
    }
    for (std::size_t at = 0; at < quotes.size(); ++at) {
        const QuoteReport& report = fit->quotes[at];
        if (report.status == QuoteStatus::used) {
            EXPECT_TRUE(report.is_inside) << at;
            EXPECT_LE(quotes[at].bid, report.fitted);
            EXPECT_LE(report.fitted, quotes[at].ask);
            EXPECT_EQ(fit->expiries[report.expiry].time, quotes[at].time);
        }
    }
}

TEST(Surface, is_near_the_volatilities_that_made_the_chain) {
    const auto fit = fit_surface(chain_of(made_up_chain(1)));
    ASSERT_TRUE(fit.has_value());
    for (const double time : made_up_times) {
        for (const double steps : {-1.5, -0.7, 0.0, 0.7, 1.5}) {
            const double k = steps * std::sqrt(0.36 * time);
            const double wanted = std::sqrt(total_variance(made_up_slice(time), k) / time);
            const SurfaceValue value = fit->surface.vol(made_up_forward(time) * std::exp(k), time);
            EXPECT_EQ(value.status, Status::ok);
            EXPECT_NEAR(value.vol, wanted, 0.02) << time << " " << k;
        }
    }
    EXPECT_NEAR(fit->ssvi.surface.rho, -0.25, 0.05);
}

// What exercise brings, butterflies and calendars, over moneyness and times, expiries included.
void expect_no_arbitrage(const Surface& surface) {
    const double first = surface.slices().front().terms().time;
    const double last = surface.slices().back().terms().time;
    std::vector<double> before;
    for (double time = 0.3 * first; time < 1.7 * last; time *= 1.13) {
        std::vector<double> calls;
        std::vector<double> variances;
        constexpr double step = 0.01;
        for (double moneyness = 0.3; moneyness < 2.5; moneyness += step) {
            const double k = std::log(moneyness);
            variances.push_back(surface.total_variance(k, time));
            calls.push_back(value_of(Forward{.forward = 1,
                                             .strike = moneyness,
                                             .time = 1,
                                             .vol = std::sqrt(variances.back())})
                                .price);
            ASSERT_GE(calls.back(), std::max(0.0, 1 - moneyness) - 1e-14);
        }
        for (std::size_t at = 1; at + 1 < calls.size(); ++at) {
            ASSERT_LE(calls[at], calls[at - 1] + 1e-14);
            ASSERT_GE(calls[at - 1] - 2 * calls[at] + calls[at + 1], -1e-13) << time << " " << at;
        }
        for (std::size_t at = 0; at < before.size(); ++at) {
            ASSERT_GE(calls[at], before[at] - 1e-13) << time << " " << at;
        }
        before = calls;
    }
}

TEST(Surface, has_no_arbitrage_at_any_time) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const auto fit = fit_surface(chain_of(made_up_chain(seed)));
        ASSERT_TRUE(fit.has_value());
        expect_no_arbitrage(fit->surface);
    }
}

// Expiries that contradict each other: the later one asks less than the earlier one bids.
TEST(Surface, has_no_arbitrage_where_quotes_have) {
    std::vector<Quote> quotes = made_up_chain(4);
    for (Quote& quote : quotes) {
        if (quote.time == 0.5) {
            const bool is_call = quote.kind == call;
            const double forward = made_up_forward(quote.time);
            const double worth = is_call ? 1 - quote.strike / forward : quote.strike / forward - 1;
            const double intrinsic = std::max(0.0, worth);
            quote.bid = intrinsic + 0.3 * (quote.bid - intrinsic);
            quote.ask = intrinsic + 0.3 * (quote.ask - intrinsic);
        }
    }
    const auto fit = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value());
    EXPECT_LT(fit->expiries[3].inside, fit->expiries[3].quotes[0]);
    for (const ExpiryReport& expiry : fit->expiries) {
        EXPECT_TRUE(expiry.arbitrage.is_free()) << expiry.arbitrage.least_calendar;
    }
    expect_no_arbitrage(fit->surface);
}

TEST(Surface, slices_are_densities_of_one_mean_in_convex_order) {
    const auto fit = fit_surface(chain_of(made_up_chain(2)));
    ASSERT_TRUE(fit.has_value());
    const Slice* before = nullptr;
    for (const Slice& slice : fit->surface.slices()) {
        double mass = 0;
        double mean = 0;
        for (std::size_t at = 0; at < slice.nodes().size(); ++at) {
            ASSERT_GE(slice.weights()[at], 0);
            mass += slice.weights()[at];
            mean += slice.weights()[at] * slice.nodes()[at];
        }
        EXPECT_NEAR(mass, 1, 1e-13);
        EXPECT_NEAR(mean, 1, 1e-13);
        if (before != nullptr) {
            EXPECT_GE(slice.terms().deviation, before->terms().deviation);
            for (double moneyness = 0.05; moneyness < 8; moneyness *= 1.01) {
                ASSERT_GE(slice.bare_call(moneyness), before->bare_call(moneyness) - 1e-13);
            }
        }
        before = &slice;
    }
}

TEST(Surface, total_variance_grows_with_time_and_meets_the_expiries) {
    const auto fit = fit_surface(chain_of(made_up_chain(1)));
    ASSERT_TRUE(fit.has_value());
    const Surface& surface = fit->surface;
    for (const double k : {-0.8, -0.3, 0.0, 0.2, 0.9}) {
        double before = 0;
        for (double time = 0.002; time < 2.5; time *= 1.05) {
            const double variance = surface.total_variance(k, time);
            ASSERT_GT(variance, before) << k << " " << time;
            before = variance;
        }
        for (const double time : made_up_times) {
            if (std::abs(k) > 4 * std::sqrt(0.36 * time)) {
                continue;  // hardly any price is left there
            }
            const double at = surface.total_variance(k, time);
            EXPECT_NEAR(surface.total_variance(k, time * (1 - 1e-9)) / at, 1, 1e-6);
            EXPECT_NEAR(surface.total_variance(k, time * (1 + 1e-9)) / at, 1, 1e-6);
        }
    }
    // At the money it is a line from expiry to expiry, and before the first from nothing.
    const double from = surface.total_variance(0, 0.25);
    const double to = surface.total_variance(0, 0.5);
    EXPECT_NEAR(surface.total_variance(0, 0.4), from + 0.6 * (to - from), 1e-12);
    EXPECT_NEAR(surface.total_variance(0.1, 0.01), 0.5 * surface.total_variance(0.1, 0.02), 1e-12);
}

TEST(Surface, tells_volatilities_of_arrays_as_of_one) {
    const auto fit = fit_surface(chain_of(made_up_chain(1)));
    ASSERT_TRUE(fit.has_value());
    std::vector<double> strikes;
    std::vector<double> times;
    for (int at = 0; at < 200; ++at) {
        strikes.push_back(10'000 + 700.0 * at);
        times.push_back(0.01 + 0.01 * (at % 150));
    }
    strikes[7] = nan;
    strikes[8] = -1;
    times[9] = nan;
    times[10] = 0;
    std::vector<double> vols(strikes.size());
    std::vector<std::uint8_t> status(strikes.size());
    ASSERT_TRUE(fit->surface.vol({.strike = strikes, .time = times}, vols, status));
    for (std::size_t at = 0; at < strikes.size(); ++at) {
        const SurfaceValue one = fit->surface.vol(strikes[at], times[at]);
        EXPECT_EQ(status[at], static_cast<std::uint8_t>(one.status));
        EXPECT_EQ(std::isnan(vols[at]), one.status != Status::ok);
        EXPECT_TRUE(std::isnan(vols[at]) || vols[at] == one.vol);
        EXPECT_EQ(one.status == Status::ok, at < 7 || at > 10);
    }
    EXPECT_FALSE(fit->surface.vol({.strike = strikes, .time = times}, std::span(vols).first(3)));
    const std::vector<double> moment{0.3};
    EXPECT_TRUE(fit->surface.vol({.strike = strikes, .time = moment}, vols));
    EXPECT_EQ(vols[0], fit->surface.vol(strikes[0], 0.3).vol);
}

TEST(Surface, prices_calls_and_puts_alike) {
    const auto fit = fit_surface(chain_of(made_up_chain(1)));
    ASSERT_TRUE(fit.has_value());
    for (const double strike : {20'000.0, 48'000.0, 90'000.0}) {
        const double forward = fit->surface.forward(0.4);
        const double difference =
            fit->surface.price(strike, 0.4, call) - fit->surface.price(strike, 0.4, put);
        EXPECT_NEAR(difference, forward - strike, 1e-9 * forward);
    }
    EXPECT_TRUE(std::isnan(fit->surface.price(-1, 0.4, call)));
    EXPECT_EQ(Surface().vol(100, 1).status, Status::out_of_domain);
    EXPECT_TRUE(std::isnan(Surface().total_variance(0, 1)));
}

TEST(Surface, holds_volatility_where_no_price_is_left) {
    const auto fit = fit_surface(chain_of(made_up_chain(1)));
    ASSERT_TRUE(fit.has_value());
    for (const double strike : {1e-40, 1e-3, 1e9, 1e45}) {
        for (const double time : {1e-6, 0.02, 0.3, 900.0}) {
            const SurfaceValue value = fit->surface.vol(strike, time);
            EXPECT_EQ(value.status, Status::ok);
            EXPECT_GT(value.vol, 0) << strike << " " << time;
            EXPECT_LT(value.vol, 20) << strike << " " << time;
        }
    }
}

TEST(Surface, does_not_depend_on_the_order_of_quotes) {
    std::vector<Quote> quotes = made_up_chain(3);
    const auto fit = fit_surface(chain_of(quotes));
    Prng prng(8);
    for (std::size_t at = quotes.size(); at > 1; --at) {
        std::swap(quotes[at - 1], quotes[prng.next() % at]);
    }
    const auto shuffled = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value() && shuffled.has_value());
    for (const double k : {-0.5, 0.0, 0.4}) {
        EXPECT_EQ(fit->surface.total_variance(k, 0.3), shuffled->surface.total_variance(k, 0.3));
    }
}

TEST(Surface, settled_in_cash_is_the_one_settled_in_coin) {
    std::vector<Quote> quotes = made_up_chain(1);
    const auto coin = fit_surface(chain_of(quotes));
    ASSERT_TRUE(coin.has_value());
    constexpr double discount = 0.98;
    for (Quote& quote : quotes) {
        const double unit = discount * made_up_forward(quote.time);
        quote.bid *= unit;
        quote.ask *= unit;
    }
    QuotedChain chain = chain_of(quotes);
    chain.settlement = Settlement::cash;
    for (const double given : {discount, 0.0}) {
        chain.discount = given;
        const auto cash = fit_surface(chain);
        ASSERT_TRUE(cash.has_value());
        for (const ExpiryReport& expiry : cash->expiries) {
            EXPECT_NEAR(expiry.forward.discount, discount, given == 0 ? 0.02 : 0);
            EXPECT_NEAR(expiry.forward.forward / made_up_forward(expiry.time), 1, 3e-3);
        }
        EXPECT_NEAR(cash->surface.total_variance(0, 0.3), coin->surface.total_variance(0, 0.3),
                    0.01 * coin->surface.total_variance(0, 0.3));
    }
}

// Each kind of bad quote, and that the fit of the others stays as it was.
TEST(Surface, tells_bad_quotes_apart_and_is_not_moved_by_them) {
    const std::vector<Quote> good = made_up_chain(1);
    const auto clean = fit_surface(chain_of(good));
    ASSERT_TRUE(clean.has_value());
    const double forward = made_up_forward(0.25);
    const auto bad = [&](double strike, double bid, double ask) {
        return Quote{.time = 0.25, .strike = strike, .kind = call, .bid = bid, .ask = ask};
    };
    struct Case {
        QuoteStatus status;
        Quote quote;
    };
    std::vector<Case> cases{
        {QuoteStatus::no_side, bad(50'123, 0, 0)},
        {QuoteStatus::one_sided, bad(50'124, 0.08, 0)},
        {QuoteStatus::one_sided, bad(50'125, 0, 0.3)},
        {QuoteStatus::crossed, bad(50'126, 0.2, 0.1)},
        {QuoteStatus::zero_width, bad(50'127, 0.5, 0.5)},
        {QuoteStatus::stale, bad(50'128, 0.3, 0.31)},
        {QuoteStatus::below_intrinsic, bad(30'000, 0.2, 0.25)},
        {QuoteStatus::above_maximum, bad(50'129, 1.01, 1.2)},
        {QuoteStatus::not_a_number, bad(50'130, nan, 0.2)},
        {QuoteStatus::not_a_number, bad(nan, 0.1, 0.2)},
        {QuoteStatus::out_of_domain, bad(-5, 0.1, 0.2)},
        {QuoteStatus::out_of_domain, bad(50'131, -0.1, 0.2)},
        {QuoteStatus::out_of_domain, bad(50'132, 0.1, std::numeric_limits<double>::infinity())},
        {QuoteStatus::expired, bad(50'133, 0.1, 0.2)},
        {QuoteStatus::expired, bad(50'134, 0.1, 0.2)},
        {QuoteStatus::duplicate, good[2]},
        {QuoteStatus::out_of_domain, bad(50'135, 0.1, 0.2)},
        {QuoteStatus::too_few, bad(forward, 0.1, 0.2)},
    };
    cases[5].quote.age = 61;
    cases[13].quote.time = 0;
    cases[14].quote.time = -1;
    cases[15].quote.bid += 0.5 * (cases[15].quote.ask - cases[15].quote.bid);
    cases[15].quote.age = 30;
    cases[16].quote.kind = 7;
    cases[17].quote.time = 0.3;
    std::vector<Quote> quotes = good;
    for (const Case& each : cases) {
        quotes.push_back(each.quote);
    }
    const auto fit = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value());
    for (std::size_t at = 0; at < cases.size(); ++at) {
        EXPECT_EQ(sentence(fit->quotes[good.size() + at].status), sentence(cases[at].status)) << at;
    }
    for (std::size_t at = 0; at < good.size(); ++at) {
        EXPECT_EQ(fit->quotes[at].status, clean->quotes[at].status);
        EXPECT_EQ(fit->quotes[at].fitted, clean->quotes[at].fitted);
    }
    EXPECT_FALSE(fit->expiries[3].is_fitted);
    EXPECT_EQ(count_of(*fit, QuoteStatus::too_few), 1);
}

TEST(Surface, takes_the_youngest_of_the_same_quotes) {
    std::vector<Quote> quotes = made_up_chain(1);
    Quote older = quotes[10];
    quotes[10].age = 1;
    older.age = 5;
    quotes.insert(quotes.begin(), older);
    const auto fit = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value());
    EXPECT_EQ(fit->quotes[0].status, QuoteStatus::duplicate);
    EXPECT_EQ(fit->quotes[11].status, QuoteStatus::used);
}

// A put of a quarter year that is bid at more than its strike.
TEST(Surface, tells_a_put_that_costs_more_than_it_can_bring) {
    std::vector<Quote> quotes = made_up_chain(1);
    quotes.push_back({.time = 0.25, .strike = 20'000, .kind = put, .bid = 0.5, .ask = 0.6});
    const auto fit = fit_surface(chain_of(quotes));
    ASSERT_TRUE(fit.has_value());
    EXPECT_EQ(fit->quotes.back().status, QuoteStatus::above_maximum);
}

TEST(Surface, names_what_it_cannot_fit) {
    const auto empty = fit_surface({});
    ASSERT_FALSE(empty.has_value());
    EXPECT_EQ(empty.error(), FitError::empty_chain);
    EXPECT_EQ(sentence(empty.error()), "the chain has no quotes");
    const std::vector<Quote> useless{{.time = 0.1, .strike = 100, .kind = call, .bid = 0.1}};
    const auto none = fit_surface(chain_of(useless));
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error(), FitError::no_usable_quote);
    const std::vector<Quote> lonely{
        {.time = 0.1, .strike = 100, .kind = call, .bid = 0.1, .ask = 0.2}};
    const auto few = fit_surface(chain_of(lonely));
    ASSERT_FALSE(few.has_value());
    EXPECT_EQ(few.error(), FitError::no_usable_quote);
}

}  // namespace
}  // namespace miletus::pricing
