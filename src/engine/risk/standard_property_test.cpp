// What holds for standard margin whatever the portfolio: nothing that protects costs, nothing that
// exposes is free, and no subset of open orders needs more than was asked for all of them.
#include "base/prng.hpp"
#include "engine/risk/standard_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace miletus::risk {
namespace {

using instruments::Parameters;
using protocol::Parameter;

constexpr std::array option_parameters = {
    Parameter::option_initial, Parameter::option_initial_floor, Parameter::option_maintenance};
constexpr std::array future_parameters = {Parameter::future_initial, Parameter::future_maintenance,
                                          Parameter::future_slope};

void expect_at_most(const Requirement& smaller, const Requirement& larger) {
    EXPECT_LE(smaller.initial, larger.initial);
    EXPECT_LE(smaller.maintenance, larger.maintenance);
}

// ---- Random portfolios ----

Parameters draw_parameters(Prng& prng) {
    Parameters parameters;
    for (const Parameter parameter : option_parameters) {
        parameters.set(parameter, prng.between(1, prng.one_in(8) ? 1'000'000 : 200'000));
    }
    for (const Parameter parameter : future_parameters) {
        parameters.set(parameter, prng.between(1, prng.one_in(8) ? 1'000'000 : 50'000));
    }
    parameters.set(Parameter::future_slope, prng.one_in(4) ? 0 : prng.between(0, 500));
    return parameters;
}

// Few strikes, so that legs meet; a few far ones, so that either rule binds.
Option draw_option(Prng& prng) {
    Option option;
    option.is_put = prng.one_in(2);
    option.strike = 100 * prng.between(prng.one_in(8) ? 1 : 80, prng.one_in(8) ? 999 : 120);
    option.lots = prng.between(-12, 12);
    option.sells = prng.one_in(2) ? prng.between(0, 12) : 0;
    option.mark = LotValue(prng.between(0, 300) * dollar + prng.between(0, 999'999));
    option.lot = prng.one_in(4) ? hundredth : tenth;
    return option;
}

struct Portfolio {
    Parameters parameters;
    std::int64_t index = 0;
    std::vector<Option> options;

    [[nodiscard]] Requirement needs() const { return needed(legs_of(options, index), parameters); }
    [[nodiscard]] Requirement needs_without_offset() const;
    // At a price of the coin in dollars: what is paid less what is received, before premiums.
    [[nodiscard]] std::int64_t payment_at(std::int64_t price) const;
    [[nodiscard]] std::int64_t largest_payment() const;
};

Portfolio draw_portfolio(Prng& prng) {
    Portfolio portfolio{
        .parameters = draw_parameters(prng), .index = prng.between(8000, 12'000), .options = {}};
    for (auto count = prng.between(1, 8); count != 0; --count) {
        portfolio.options.push_back(draw_option(prng));
    }
    return portfolio;
}

// A call more than all others together, at a price that never comes, takes the bound off losses;
// its own requirement is known.
Requirement Portfolio::needs_without_offset() const {
    Portfolio naked = *this;
    std::int64_t lots = 1;
    for (const Option& option : options) {
        lots += std::abs(option.lots) + option.sells;
    }
    const Option extra{.strike = 500'000'000, .lots = -lots};
    naked.options.push_back(extra);
    Portfolio alone = *this;
    alone.options = {extra};
    const Requirement all = naked.needs();
    const Requirement one = alone.needs();
    return {.initial = all.initial - one.initial, .maintenance = all.maintenance - one.maintenance};
}

std::int64_t Portfolio::payment_at(std::int64_t price) const {
    std::int64_t sum = 0;
    for (const Option& option : options) {
        const std::int64_t depth = option.is_put ? option.strike - price : price - option.strike;
        const std::int64_t lot_value =
            value_of_lot(std::max<std::int64_t>(depth, 0), option.lot).value();
        sum -= (option.lots - option.sells) * lot_value;
    }
    return sum;
}

std::int64_t Portfolio::largest_payment() const {
    std::int64_t largest = payment_at(0);
    for (const Option& option : options) {
        largest = std::max(largest, payment_at(option.strike));
    }
    return largest;
}

template <class Check>
void for_portfolios(std::uint64_t count, Check check) {
    for (std::uint64_t seed = 0; seed < count && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Prng prng(seed);
        Portfolio portfolio = draw_portfolio(prng);
        check(prng, std::move(portfolio));
    }
}

Option& any_of(Prng& prng, std::vector<Option>& options) {
    return options[prng.below(options.size())];
}

// ---- Options ----

TEST(StandardMarginProperties, initial_is_never_below_maintenance_nor_maintenance_below_zero) {
    for_portfolios(20'000, [](Prng&, const Portfolio& portfolio) {
        const Requirement requirement = portfolio.needs();
        EXPECT_GE(requirement.initial, requirement.maintenance);
        EXPECT_GE(requirement.maintenance, Amount(0));
    });
}

TEST(StandardMarginProperties, larger_parameters_never_need_less) {
    for_portfolios(20'000, [](Prng& prng, Portfolio portfolio) {
        const Requirement before = portfolio.needs();
        const Parameter parameter = option_parameters[prng.below(option_parameters.size())];
        const std::int64_t value = portfolio.parameters.of(parameter);
        portfolio.parameters.set(parameter, prng.between(value, 1'000'000));
        expect_at_most(before, portfolio.needs());
    });
}

TEST(StandardMarginProperties, larger_marks_never_need_less) {
    for_portfolios(20'000, [](Prng& prng, Portfolio portfolio) {
        const Requirement before = portfolio.needs();
        any_of(prng, portfolio.options).mark += LotValue(prng.between(0, 500 * dollar));
        expect_at_most(before, portfolio.needs());
    });
}

TEST(StandardMarginProperties, a_long_leg_more_never_needs_more) {
    for_portfolios(20'000, [](Prng& prng, Portfolio portfolio) {
        const Requirement before = portfolio.needs();
        if (prng.one_in(2)) {
            any_of(prng, portfolio.options).lots += prng.between(1, 20);
        } else {
            Option option = draw_option(prng);
            option.lots = prng.between(1, 20);
            option.sells = 0;
            portfolio.options.push_back(option);
        }
        expect_at_most(portfolio.needs(), before);
    });
}

TEST(StandardMarginProperties, more_open_sells_never_need_less) {
    for_portfolios(20'000, [](Prng& prng, Portfolio portfolio) {
        const Requirement before = portfolio.needs();
        any_of(prng, portfolio.options).sells += prng.between(1, 20);
        expect_at_most(before, portfolio.needs());
    });
}

TEST(StandardMarginProperties, a_larger_multiple_of_a_portfolio_never_needs_less) {
    for_portfolios(20'000, [](Prng& prng, Portfolio portfolio) {
        const Requirement before = portfolio.needs();
        const std::int64_t multiple = prng.between(2, 1'000'000);
        for (Option& option : portfolio.options) {
            option.lots *= multiple;
            option.sells *= multiple;
        }
        expect_at_most(before, portfolio.needs());
    });
}

TEST(StandardMarginProperties, the_order_of_legs_never_matters) {
    for_portfolios(5000, [](Prng& prng, Portfolio portfolio) {
        const Requirement before = portfolio.needs();
        std::swap(any_of(prng, portfolio.options), portfolio.options.front());
        EXPECT_EQ(portfolio.needs(), before);
    });
}

// Whatever the coin is worth at expiry, strikes or between.
TEST(StandardMarginProperties, a_requirement_below_the_isolated_sum_covers_every_payment) {
    std::uint64_t offsets = 0;
    for_portfolios(20'000, [&](Prng& prng, const Portfolio& portfolio) {
        const Requirement requirement = portfolio.needs();
        const Requirement isolated = portfolio.needs_without_offset();
        expect_at_most(requirement, isolated);
        if (requirement.initial == isolated.initial) {
            return;
        }
        ++offsets;
        EXPECT_EQ(requirement.initial,
                  Amount(std::max<std::int64_t>(0, portfolio.largest_payment())));
        for (int draw = 0; draw < 8; ++draw) {
            const std::int64_t price = prng.between(0, prng.one_in(4) ? 100'000'000 : 20'000);
            EXPECT_GE(requirement.initial, Amount(portfolio.payment_at(price)));
        }
    });
    EXPECT_GT(offsets, 2000U);
}

// ---- Open orders ----

struct Order {
    std::size_t leg = 0;
    std::int64_t lots = 0;  // negative sells
    Amount premium;         // of a buy, paid; a sell's only helps and is not counted
};

std::vector<Order> draw_orders(Prng& prng, std::size_t legs) {
    std::vector<Order> orders;
    for (auto count = prng.between(1, 7); count != 0; --count) {
        const bool is_buy = prng.one_in(2);
        const std::int64_t lots = prng.between(1, 9);
        orders.push_back({.leg = prng.below(legs),
                          .lots = is_buy ? lots : -lots,
                          .premium = Amount(is_buy ? lots * prng.between(0, 100) * dollar : 0)});
    }
    return orders;
}

// What the account must have once exactly these orders filled.
Requirement needed_after(Portfolio portfolio, const std::vector<Order>& orders,
                         std::uint64_t subset) {
    Amount paid;
    for (std::size_t at = 0; at < orders.size(); ++at) {
        if ((subset >> at & 1U) != 0) {
            portfolio.options[orders[at].leg].lots += orders[at].lots;
            paid += orders[at].premium;
        }
    }
    return portfolio.needs() + Requirement{.initial = paid, .maintenance = paid};
}

TEST(StandardMarginProperties, no_subset_of_fills_needs_more_than_all_sells_and_all_premiums) {
    for_portfolios(3000, [](Prng& prng, Portfolio portfolio) {
        for (Option& option : portfolio.options) {
            option.sells = 0;
        }
        const std::vector<Order> orders = draw_orders(prng, portfolio.options.size());
        Portfolio open = portfolio;
        Amount premiums;
        for (const Order& order : orders) {
            open.options[order.leg].sells += std::max<std::int64_t>(-order.lots, 0);
            premiums += order.premium;
        }
        const Requirement asked =
            open.needs() + Requirement{.initial = premiums, .maintenance = premiums};
        for (std::uint64_t subset = 0; subset < std::uint64_t{1} << orders.size(); ++subset) {
            expect_at_most(needed_after(portfolio, orders, subset), asked);
        }
    });
}

// ---- What traders build ----

// Strikes rise by these steps from a random one; lots of calls, or of puts, by strike.
struct Shape {
    const char* name;
    std::vector<std::int64_t> calls;
    std::vector<std::int64_t> puts;
};

const std::array<Shape, 9> shapes = {{
    {.name = "vertical", .calls = {1, -1}, .puts = {}},
    {.name = "vertical of puts", .calls = {}, .puts = {1, -1}},
    {.name = "butterfly", .calls = {1, -2, 1}, .puts = {}},
    {.name = "butterfly of puts", .calls = {}, .puts = {1, -2, 1}},
    {.name = "condor", .calls = {1, -1, -1, 1}, .puts = {}},
    {.name = "condor of puts", .calls = {}, .puts = {1, -1, -1, 1}},
    {.name = "iron condor", .calls = {0, 0, -1, 1}, .puts = {1, -1, 0, 0}},
    {.name = "iron butterfly", .calls = {0, -1, 1}, .puts = {1, -1, 0}},
    {.name = "box", .calls = {1, -1}, .puts = {-1, 1}},
}};

std::vector<Option> built(const Shape& shape, std::int64_t lowest, std::int64_t step,
                          std::int64_t lots) {
    std::vector<Option> options;
    for (std::size_t at = 0; at < shape.calls.size(); ++at) {
        options.push_back({.strike = lowest + static_cast<std::int64_t>(at) * step,
                           .lots = shape.calls[at] * lots});
    }
    for (std::size_t at = 0; at < shape.puts.size(); ++at) {
        options.push_back({.is_put = true,
                           .strike = lowest + static_cast<std::int64_t>(at) * step,
                           .lots = shape.puts[at] * lots});
    }
    return options;
}

// In all of these no more than one step is ever paid for each lot, on either side.
TEST(StandardMarginProperties, spreads_butterflies_condors_and_boxes_need_one_step_at_most) {
    for_portfolios(2000, [](Prng& prng, Portfolio portfolio) {
        const std::int64_t step = prng.between(1, 3000);
        const std::int64_t lots = prng.one_in(2) ? prng.between(1, 50) : -prng.between(1, 50);
        const LotValue mark(prng.between(0, 1000 * dollar));
        const Amount width = *value_of(value_of_lot(step, tenth), Lots(std::abs(lots)));
        for (const Shape& shape : shapes) {
            SCOPED_TRACE(shape.name);
            portfolio.options = built(shape, prng.between(1, 20'000), step, lots);
            for (Option& option : portfolio.options) {
                option.mark = mark;
            }
            EXPECT_LE(portfolio.needs().initial, width);
        }
    });
}

// A long call and a short put of one strike are the coin bought at it.
TEST(StandardMarginProperties, a_synthetic_future_needs_its_strike_at_most) {
    for_portfolios(2000, [](Prng& prng, Portfolio portfolio) {
        const std::int64_t strike = prng.between(1, 20'000);
        const std::int64_t lots = prng.between(1, 50);
        portfolio.options = {{.strike = strike, .lots = lots},
                             {.is_put = true, .strike = strike, .lots = -lots}};
        EXPECT_LE(portfolio.needs().initial, *value_of(value_of_lot(strike, tenth), Lots(lots)));
    });
}

// ---- Futures ----

struct Future {
    Parameters parameters;
    FutureTerms terms;
    Lots lots;
    Amount others;

    [[nodiscard]] Requirement needs() const { return of_future(terms, lots, others, parameters); }
};

template <class Check>
void for_futures(Check check) {
    for (std::uint64_t seed = 0; seed < 20'000 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Prng prng(seed);
        const std::int64_t magnitude = std::int64_t{1} << prng.below(24);
        Future future{.parameters = draw_parameters(prng),
                      .terms = {.notional = LotValue(prng.between(0, 100 * dollar)),
                                .lot = Amount(prng.between(1, 100'000)),
                                .coin = Divisor(prng.one_in(2) ? bitcoin : dollar)},
                      .lots = Lots(prng.between(0, magnitude)),
                      .others = Amount(prng.one_in(2) ? 0 : prng.between(0, 1000 * bitcoin))};
        check(prng, future);
    }
}

TEST(StandardMarginProperties, a_future_needs_between_nothing_and_its_notional) {
    for_futures([](Prng&, const Future& future) {
        const Requirement requirement = future.needs();
        EXPECT_GE(requirement.initial, requirement.maintenance);
        EXPECT_GE(requirement.maintenance, Amount(0));
        EXPECT_LE(requirement.initial, *value_of(future.terms.notional, future.lots));
    });
}

TEST(StandardMarginProperties, more_of_anything_never_lets_a_future_need_less) {
    for_futures([](Prng& prng, const Future& future) {
        std::array<Future, 4> larger = {future, future, future, future};
        larger[0].lots += Lots(prng.between(0, 1'000'000));
        larger[1].others += Amount(prng.between(0, 1000 * bitcoin));
        larger[2].terms.notional += LotValue(prng.between(0, 100 * dollar));
        const Parameter parameter = future_parameters[prng.below(future_parameters.size())];
        larger[3].parameters.set(parameter,
                                 prng.between(future.parameters.of(parameter), 1'000'000));
        for (const Future& changed : larger) {
            expect_at_most(future.needs(), changed.needs());
        }
    });
}

// Each account of the owner pays the rate of all that the owner has: only rounding differs.
TEST(StandardMarginProperties, spreading_a_future_over_accounts_of_an_owner_saves_nothing) {
    for_futures([](Prng& prng, Future whole) {
        whole.others = Amount(0);
        const std::int64_t units = whole.terms.lot.value();
        std::array<Future, 2> parts = {whole, whole};
        parts[0].lots = Lots(prng.between(0, whole.lots.value()));
        parts[1].lots = whole.lots - parts[0].lots;
        parts[0].others = Amount(parts[1].lots.value() * units);
        parts[1].others = Amount(parts[0].lots.value() * units);
        const Requirement sum = parts[0].needs() + parts[1].needs();
        const Requirement together = whole.needs();
        expect_at_most(together, sum);
        expect_at_most(sum, together + Requirement{.initial = Amount(1), .maintenance = Amount(1)});
    });
}

TEST(StandardMarginProperties, finer_base_units_need_the_same) {
    for_futures([](Prng&, const Future& future) {
        Future finer = future;
        const std::int64_t factor = 1'000'000'000'000 / future.terms.coin.value();
        finer.terms.coin = Divisor(future.terms.coin.value() * factor);
        finer.terms.lot = Amount(future.terms.lot.value() * factor);
        finer.others = Amount(future.others.value() * factor);
        EXPECT_EQ(future.needs(), finer.needs());
    });
}

TEST(StandardMarginProperties, no_subset_of_fills_makes_a_larger_future_than_the_worse_side) {
    for_futures([](Prng& prng, const Future& future) {
        const std::vector<Order> orders = draw_orders(prng, 1);
        const Lots held(prng.between(-20, 20));
        Lots buys;
        Lots sells;
        for (const Order& order : orders) {
            (order.lots > 0 ? buys : sells) += Lots(std::abs(order.lots));
        }
        const auto needed_for = [&](Lots lots) {
            return of_future(future.terms, lots, future.others, future.parameters);
        };
        const Requirement asked = needed_for(worse_side(held, buys, sells));
        for (std::uint64_t subset = 0; subset < std::uint64_t{1} << orders.size(); ++subset) {
            Lots lots = held;
            for (std::size_t at = 0; at < orders.size(); ++at) {
                lots += Lots((subset >> at & 1U) != 0 ? orders[at].lots : 0);
            }
            expect_at_most(needed_for(lots < Lots(0) ? -lots : lots), asked);
        }
    });
}

}  // namespace
}  // namespace miletus::risk
