// What prices do to orders: signs, bands, post-only, pre-opening, and how far apart levels may lie.
// For the fast books and the naive ones alike.
#include "engine/matching/matching.hpp"
#include "engine/matching/naive_matching.hpp"
#include "engine/matching/table_test.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace miletus::matching {
namespace {

using protocol::InstrumentState;
using protocol::OrderType;
using protocol::PostOnly;
using protocol::RemainderCanceled;
using protocol::Side;
using protocol::TimeInForce;
using protocol::Trade;

constexpr PriceRange ordinary{.low = 1, .high = 1000};

template <class Book>
class Prices : public testing::Test {};
using Books = testing::Types<Matching, NaiveMatching>;
TYPED_TEST_SUITE(Prices, Books);

TYPED_TEST(Prices, signed_prices_at_zero_and_below) {
    Table<TypeParam> table({.low = -100, .high = 100});
    const OrderId zero = table.sell({.account = 1, .price = 0});
    const OrderId below = table.sell({.account = 1, .price = -1});
    const OrderId lowest = table.sell({.account = 1, .price = -100});
    EXPECT_EQ(table.best_ask(), -100);
    table.buy({.account = 2, .price = 0, .quantity = 4});
    EXPECT_EQ(table.makers(), (std::vector{lowest, below, zero}));
    EXPECT_EQ(table.template events<Trade>()[1].price, Ticks(-1));
    EXPECT_EQ(table.best_bid(), 0);
    table.buy({.account = 2, .price = -50});
    table.sell({.account = 1, .price = -60, .quantity = 2});
    EXPECT_EQ(table.template events<Trade>()[0].price, Ticks(0));
    EXPECT_EQ(table.template events<Trade>()[1].price, Ticks(-50));
}

TYPED_TEST(Prices, both_ends_of_the_range_are_prices) {
    Table<TypeParam> table({.low = -70, .high = 70});
    table.buy({.account = 1, .price = -70});
    table.sell({.account = 1, .price = 70});
    EXPECT_EQ(table.best_bid(), -70);
    EXPECT_EQ(table.best_ask(), 70);
    EXPECT_EQ(table.refusal_of_buy({.price = -71}), Reject::price_out_of_range);
    EXPECT_EQ(table.refusal_of_sell({.price = 71}), Reject::price_out_of_range);
    EXPECT_EQ(table.refusal_of_sell({.price = std::numeric_limits<std::int64_t>::min()}),
              Reject::price_out_of_range);
}

TYPED_TEST(Prices, a_range_of_one_price_is_a_book) {
    Table<TypeParam> table({.low = 7, .high = 7});
    table.buy({.account = 1, .price = 7, .quantity = 2});
    table.sell({.account = 2, .price = 7});
    EXPECT_EQ(table.makers().size(), 1U);
    EXPECT_EQ(table.best_bid(), 7);
}

TYPED_TEST(Prices, the_next_level_is_found_across_a_desert) {
    constexpr std::int64_t width = (1 << 20) - 1;
    Table<TypeParam> table({.low = 0, .high = width});
    std::vector<OrderId> makers;
    for (const std::int64_t price :
         {std::int64_t{0}, std::int64_t{63}, std::int64_t{64}, std::int64_t{4095},
          std::int64_t{4096}, std::int64_t{262'143}, std::int64_t{262'144}, width}) {
        makers.push_back(table.sell({.account = 1, .price = price}));
    }
    table.buy({.account = 2, .price = width, .quantity = 8});
    EXPECT_EQ(table.makers(), makers);
    EXPECT_EQ(table.best_ask(), std::nullopt);
}

TYPED_TEST(Prices, levels_are_seen_best_first_with_their_totals) {
    Table<TypeParam> table(ordinary);
    table.buy({.account = 1, .price = 100, .quantity = 2});
    table.buy({.account = 2, .price = 100, .quantity = 3});
    table.buy({.account = 1, .price = 300, .quantity = 7});
    std::vector<std::int64_t> seen;
    table.book().visit_levels(table.instrument, Side::buy, 5, [&](const auto& level) {
        seen.insert(seen.end(), {level.price.value(), level.total.value()});
    });
    EXPECT_EQ(seen, (std::vector<std::int64_t>{300, 7, 100, 5}));
    table.book().visit_levels(table.instrument, Side::buy, 1,
                              [](const auto& level) { EXPECT_EQ(level.price, Ticks(300)); });
    table.book().visit_levels(table.instrument, Side::buy, 0, [](const auto&) { FAIL(); });
}

TYPED_TEST(Prices, a_market_order_goes_as_far_as_the_band) {
    Table<TypeParam> table(ordinary);
    const Wish market{.account = 2, .price = 0, .quantity = 9, .order_type = OrderType::market};
    table.set_band(50, 110);
    const OrderId inside = table.sell({.account = 1, .price = 110});
    table.sell({.account = 1, .price = 111});
    table.buy(market);
    EXPECT_EQ(table.makers(), std::vector{inside});
    ASSERT_EQ(table.template events<RemainderCanceled>().size(), 1U);
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].quantity, Lots(8));
    EXPECT_EQ(table.best_bid(), std::nullopt);
    Wish priced = market;
    priced.price = 100;
    EXPECT_EQ(table.refusal_of_buy(priced), Reject::price_not_allowed);
}

TYPED_TEST(Prices, without_a_band_a_market_order_goes_as_far_as_the_range) {
    Table<TypeParam> table(ordinary);
    const OrderId bid = table.buy({.account = 1, .price = ordinary.low});
    const OrderId ask = table.sell({.account = 1, .price = ordinary.high});
    const Wish market{.account = 2, .price = 0, .quantity = 1, .order_type = OrderType::market};
    table.buy(market);
    EXPECT_EQ(table.makers(), std::vector{ask});
    table.sell(market);
    EXPECT_EQ(table.makers(), std::vector{bid});
}

TYPED_TEST(Prices, a_market_order_goes_no_further_than_its_worst_price) {
    Table<TypeParam> table(ordinary);
    table.set_band(50, 150);
    Wish market{.account = 2, .price = 0, .quantity = 9, .order_type = OrderType::market};
    const OrderId near = table.sell({.account = 1, .price = 101});
    const OrderId far = table.sell({.account = 1, .price = 140});
    table.sell({.account = 1, .price = 151});
    market.worst = 139;
    table.buy(market);
    EXPECT_EQ(table.makers(), std::vector{near});
    // Where the band ends before that, it goes no further than the band.
    market.worst = 200;
    table.buy(market);
    EXPECT_EQ(table.makers(), std::vector{far});
    const OrderId bid = table.buy({.account = 1, .price = 60});
    table.buy({.account = 1, .price = 49});
    market.worst = 61;
    table.sell(market);
    EXPECT_TRUE(table.makers().empty());
    market.worst = 2;
    table.sell(market);
    EXPECT_EQ(table.makers(), std::vector{bid});
}

TYPED_TEST(Prices, the_band_stops_what_is_worse_for_its_owner_only) {
    Table<TypeParam> table(ordinary);
    table.set_band(90, 110);
    EXPECT_EQ(table.refusal_of_buy({.price = 111}), Reject::price_outside_band);
    EXPECT_EQ(table.refusal_of_sell({.price = 89}), Reject::price_outside_band);
    EXPECT_EQ(table.refusal_of_buy({.price = 1}), Reject::none);
    EXPECT_EQ(table.refusal_of_sell({.price = 1000}), Reject::none);
}

TYPED_TEST(Prices, a_reduction_in_place_needs_no_band) {
    Table<TypeParam> table(ordinary);
    const OrderId order = table.buy({.account = 1, .price = 200, .quantity = 5});
    table.set_band(90, 110);
    EXPECT_EQ(table.amend(order, 200, 6), Reject::price_outside_band);
    EXPECT_EQ(table.amend(order, 200, 4), Reject::none);
}

TYPED_TEST(Prices, a_post_only_order_never_takes) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .price = 100});
    EXPECT_EQ(table.refusal_of_buy({.account = 2, .price = 100, .post_only = PostOnly::reject}),
              Reject::post_only_would_take);
    table.buy({.account = 2, .price = 105, .post_only = PostOnly::reprice});
    EXPECT_TRUE(table.makers().empty());
    EXPECT_EQ(table.best_bid(), 99);
    table.sell({.account = 3, .price = 90, .post_only = PostOnly::reprice});
    EXPECT_TRUE(table.makers().empty());
    EXPECT_EQ(table.best_ask(), 100);
}

TYPED_TEST(Prices, a_post_only_order_does_not_take_when_amended_either) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .price = 100});
    const OrderId strict = table.buy({.account = 2, .price = 50, .post_only = PostOnly::reject});
    const OrderId flexible = table.buy({.account = 2, .price = 50, .post_only = PostOnly::reprice});
    EXPECT_EQ(table.amend(strict, 100, 1), Reject::post_only_would_take);
    EXPECT_EQ(table.amend(flexible, 100, 1), Reject::none);
    EXPECT_EQ(table.best_bid(), 99);
}

TYPED_TEST(Prices, a_post_only_order_with_no_price_left_is_refused) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .price = 1});
    EXPECT_EQ(table.refusal_of_buy({.account = 2, .price = 5, .post_only = PostOnly::reprice}),
              Reject::reprice_out_of_range);
}

TYPED_TEST(Prices, nothing_trades_before_the_opening) {
    Table<TypeParam> table(ordinary);
    table.enter(InstrumentState::pre_open);
    const OrderId bid = table.buy({.account = 1, .price = 90});
    table.sell({.account = 2, .price = 100});
    EXPECT_EQ(table.refusal_of_buy({.account = 3, .price = 100}), Reject::would_cross_pre_open);
    EXPECT_EQ(table.amend(bid, 100, 1), Reject::would_cross_pre_open);
    EXPECT_EQ(
        table.refusal_of_buy({.account = 3, .time_in_force = TimeInForce::immediate_or_cancel}),
        Reject::instrument_not_open);
    EXPECT_EQ(table.book().last_trade(table.instrument), TradeNumber(0));
}

TYPED_TEST(Prices, a_halted_book_takes_cancels_only) {
    Table<TypeParam> table(ordinary);
    const OrderId order = table.buy({.account = 1, .quantity = 5});
    table.enter(InstrumentState::halted);
    EXPECT_EQ(table.refusal_of_buy({}), Reject::instrument_not_open);
    EXPECT_EQ(table.amend(order, 100, 1), Reject::instrument_not_open);
    EXPECT_EQ(table.book().any_order(table.instrument), order);
    table.cancel(order);
    EXPECT_EQ(table.book().open_orders(table.instrument), 0U);
}

TYPED_TEST(Prices, trade_numbers_are_gapless) {
    Table<TypeParam> table(ordinary);
    for (std::uint64_t number = 1; number <= 6; number += 2) {
        table.sell({.account = 1});
        table.sell({.account = 2});
        table.buy({.account = 3, .quantity = 2});
        EXPECT_EQ(table.template events<Trade>()[0].number, TradeNumber(number));
        EXPECT_EQ(table.template events<Trade>()[1].number, TradeNumber(number + 1));
    }
    EXPECT_EQ(table.book().last_trade(table.instrument), TradeNumber(6));
}

}  // namespace
}  // namespace miletus::matching
