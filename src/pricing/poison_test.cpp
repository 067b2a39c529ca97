// Whatever the processor is set to, results have the same bits: each entry is called twice with the
// same inputs, once with sums rounded up, denormals flushed, and denormals taken for zero.
#include "pricing/digests_test.hpp"
#include "pricing/pricing.hpp"
#include "pricing/surface/surface_test.hpp"

#include <gtest/gtest.h>
#include <immintrin.h>

#include <array>
#include <vector>

namespace miletus::pricing {
namespace {

class Poison {
  public:
    Poison() : before_(_mm_getcsr()) { _mm_setcsr(0x1F80U | 0x4000U | 0x8000U | 0x0040U); }
    ~Poison() { _mm_setcsr(before_); }
    Poison(const Poison&) = delete;
    Poison& operator=(const Poison&) = delete;

  private:
    std::uint32_t before_;
};

// What a call digests of its results, as the processor is set usually and when it is poisoned. The
// call itself computes nothing.
template <class Call>
void expect_same(Call call) {
    const auto digest = [&] {
        Xxh3 hash;
        call(hash);
        return hex(hash.digest());
    };
    const std::string usual = digest();
    std::string poisoned;
    {
        const Poison poison;
        poisoned = digest();
    }
    EXPECT_EQ(poisoned, usual);
}

template <class Number>
void add(Xxh3& hash, const std::vector<Number>& numbers) {
    hash.update(std::as_bytes(std::span(numbers)));
}

void add(Xxh3& hash, double number) {
    hash.update(std::as_bytes(std::span(&number, 1)));
}

struct Columns {
    Columns() {
        Prng prng(3);
        for (int at = 0; at < 1003; ++at) {
            forward.push_back(between(prng, 50, 200));
            strike.push_back(between(prng, 50, 200));
            time.push_back(between(prng, 0.01, 2));
            vol.push_back(between(prng, 0.1, 1));
            discount.push_back(between(prng, 0.9, 1));
            units.push_back(between(prng, 1, 1e9));
            kind.push_back(prng.one_in(2) ? call : put);
        }
        price.resize(forward.size());
        greek.resize(forward.size());
    }
    [[nodiscard]] ForwardOptions options() const {
        return {.forward = forward,
                .strike = strike,
                .time = time,
                .vol = vol,
                .discount = discount,
                .kind = kind};
    }
    [[nodiscard]] PricedForwards priced() const {
        return {.price = price,
                .forward = forward,
                .strike = strike,
                .time = time,
                .discount = discount,
                .kind = kind};
    }
    std::vector<double> forward, strike, time, vol, discount, units, price, greek;
    std::vector<std::int8_t> kind;
};

TEST(Poison, changes_no_price_and_no_volatility) {
    Columns columns;
    const Conversions conversions{.agreed = std::span(columns.discount).first(1),
                                  .vol = std::span(columns.vol).first(1),
                                  .correlation = std::span(columns.discount).first(1)};
    const Results results{.price = columns.price, .theta = columns.greek};
    const auto expect_same_of = [&](auto call) {
        expect_same([&](Xxh3& hash) {
            EXPECT_TRUE(call());
            add(hash, columns.price);
            add(hash, columns.greek);
        });
    };
    const ForwardOptions options = columns.options();
    expect_same_of([&] { return price(options, {.price = columns.price}); });
    expect_same_of([&] { return price(options, results); });
    expect_same_of([&] { return price_bachelier(options, results); });
    expect_same_of(
        [&] { return price_displaced(options, std::span(columns.strike).first(1), results); });
    expect_same_of([&] { return price_coin(options, results); });
    expect_same_of([&] { return price_quanto(options, conversions, results); });
    expect_same_of([&] {
        const auto chain = Chain::of({.time = 0.7, .discount = 0.98}, columns.strike, columns.kind);
        return chain && chain->price(101.3, columns.vol, results);
    });
    ASSERT_TRUE(price(options, {.price = columns.price}));
    expect_same_of([&] { return imply(columns.priced(), columns.greek); });
    expect_same_of([&] { return imply_bachelier(columns.priced(), columns.greek); });
}

TEST(Poison, changes_no_entry_of_a_risk_array) {
    const Columns columns;
    std::vector<std::int64_t> entries(columns.forward.size() * usual_scenarios_count);
    std::vector<std::uint8_t> status(columns.forward.size());
    expect_same([&](Xxh3& hash) {
        const auto scenarios = usual_scenarios({.price_range = 0.16, .extended_factor = 0.7});
        EXPECT_EQ(risk_arrays(OptionLots{.forward = columns.forward,
                                         .strike = columns.strike,
                                         .time = columns.time,
                                         .vol = columns.vol,
                                         .discount = columns.discount,
                                         .units = columns.units,
                                         .kind = columns.kind},
                              scenarios, {}, {.entries = entries, .status = status}),
                  RiskFault::none);
        add(hash, entries);
        EXPECT_EQ(risk_arrays(LinearLots{.price = columns.forward, .units = columns.units},
                              scenarios, {.entries = entries, .status = status}),
                  RiskFault::none);
        add(hash, entries);
        for (const Scenario& scenario : scenarios) {
            add(hash, scenario.price_move);
            add(hash, scenario.weight);
        }
    });
}

TEST(Poison, changes_no_surface) {
    const std::vector<Quote> quotes = made_up_chain(4);
    expect_same([&](Xxh3& hash) {
        const auto fit = fit_surface(chain_of(quotes));
        ASSERT_TRUE(fit.has_value());
        for (const double time : {0.03, 0.2, 0.33, 0.7, 2.0}) {
            add(hash, fit->surface.forward(time));
            add(hash, fit->surface.vol(51234.5, time).vol);
            add(hash, fit->surface.price(51234.5, time, put));
            add(hash, fit->surface.total_variance(0.1, time));
        }
    });
}

TEST(Poison, changes_no_simulation) {
    constexpr std::array times{0.25, 0.5, 1.0};
    constexpr std::array assets{Asset{.spot = 100, .carry = 0.03, .vol = 0.4}};
    expect_same([&](Xxh3& hash) {
        for (const Generator generator : {Generator::philox, Generator::sobol}) {
            const Estimate told =
                estimate({.assets = assets,
                          .times = times,
                          .payoff = {.style = Style::arithmetic_asian, .kind = call, .strike = 103},
                          .discount = 0.97,
                          .generator = generator,
                          .seed = 5,
                          .paths = 5000,
                          .has_bridge = true,
                          .has_control = true});
            EXPECT_GT(told.value, 0);
            add(hash, told.value);
            add(hash, told.standard_error);
        }
    });
}

}  // namespace
}  // namespace miletus::pricing
