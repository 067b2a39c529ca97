// Every maker is asked before it trades: what becomes of those that may not, and of the takers that
// counted on them. For the fast books and the naive ones alike.
#include "engine/matching/matching.hpp"
#include "engine/matching/naive_matching.hpp"
#include "engine/matching/table_test.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace miletus::matching {
namespace {

using protocol::OrderReduced;
using protocol::OrderRemoved;
using protocol::RemainderCanceled;
using protocol::RemovalReason;
using protocol::SelfTrade;
using protocol::TimeInForce;
using protocol::Trade;

constexpr PriceRange ordinary{.low = 1, .high = 1000};

template <class Book>
class Gate : public testing::Test {};
using Books = testing::Types<Matching, NaiveMatching>;
TYPED_TEST_SUITE(Gate, Books);

TYPED_TEST(Gate, a_maker_that_may_not_trade_is_canceled_with_the_reason_and_the_next_one_trades) {
    Table<TypeParam> table(ordinary);
    const OrderId doubtful = table.sell({.account = 1, .price = 100, .quantity = 3});
    const OrderId second = table.sell({.account = 3, .price = 100, .quantity = 2});
    table.doubt(doubtful, RemovalReason::margin);
    table.buy({.account = 2, .price = 100, .quantity = 2});
    EXPECT_EQ(table.makers(), std::vector{second});
    const auto removed = table.template events<OrderRemoved>();
    ASSERT_EQ(removed.size(), 1U);
    EXPECT_EQ(removed[0].order, doubtful);
    EXPECT_EQ(removed[0].reason, RemovalReason::margin);
    EXPECT_EQ(removed[0].quantity, Lots(3));
    EXPECT_EQ(removed[0].level_total, Lots(2));
    EXPECT_EQ(table.best_ask(), std::nullopt);
    EXPECT_EQ(table.book().open_orders(table.instrument), 0U);
}

TYPED_TEST(Gate, a_level_of_doubtful_makers_is_passed_and_the_taker_rests_on_what_is_left) {
    Table<TypeParam> table(ordinary);
    for (int count = 0; count < 3; ++count) {
        table.doubt(table.sell({.account = 1, .price = 90}), RemovalReason::nothing_to_reduce);
    }
    table.buy({.account = 2, .price = 95, .quantity = 2});
    EXPECT_TRUE(table.makers().empty());
    EXPECT_EQ(table.template events<OrderRemoved>().size(), 3U);
    EXPECT_EQ(table.best_ask(), std::nullopt);
    EXPECT_EQ(table.best_bid(), 95);
}

TYPED_TEST(Gate, those_behind_the_last_one_taken_are_not_asked) {
    Table<TypeParam> table(ordinary);
    const OrderId first = table.sell({.account = 1, .price = 90});
    const OrderId second = table.sell({.account = 1, .price = 90});
    table.doubt(second, RemovalReason::margin);
    table.buy({.account = 2, .price = 90});
    EXPECT_EQ(table.makers(), std::vector{first});
    EXPECT_EQ(table.best_ask(), 90);
}

TYPED_TEST(Gate, fill_or_kill_counts_only_makers_that_may_trade) {
    Table<TypeParam> table(ordinary);
    const OrderId doubtful = table.sell({.account = 1, .price = 90, .quantity = 5});
    const OrderId good = table.sell({.account = 1, .price = 95, .quantity = 2});
    const Wish whole{
        .account = 2, .price = 95, .quantity = 3, .time_in_force = TimeInForce::fill_or_kill};
    EXPECT_EQ(table.refusal_of_buy(whole), Reject::none);
    table.doubt(doubtful, RemovalReason::margin);
    const Hash128 before = table.state();
    EXPECT_EQ(table.refusal_of_buy(whole), Reject::fill_or_kill_unfilled);
    EXPECT_EQ(table.state(), before);
    Wish smaller = whole;
    smaller.quantity = 2;
    table.buy(smaller);
    EXPECT_EQ(table.makers(), std::vector{good});
    EXPECT_TRUE(table.template events<RemainderCanceled>().empty());
}

TYPED_TEST(Gate, reach_is_the_worst_price_of_makers_that_may_trade) {
    Table<TypeParam> table(ordinary);
    const OrderId first = table.sell({.account = 1, .price = 90, .quantity = 2});
    table.sell({.account = 3, .price = 95, .quantity = 2});
    table.sell({.account = 1, .price = 99, .quantity = 2});
    const Wish two{.account = 2, .price = 100, .quantity = 2};
    const Wish four{.account = 2, .price = 100, .quantity = 4};
    EXPECT_EQ(table.reach_of_buy(two), 90);
    EXPECT_EQ(table.reach_of_buy(four), 95);
    table.doubt(first, RemovalReason::margin);
    EXPECT_EQ(table.reach_of_buy(two), 95);
    EXPECT_EQ(table.reach_of_buy(four), 99);
    EXPECT_EQ(table.reach_of_buy({.account = 2, .price = 98, .quantity = 4}), std::nullopt);
    EXPECT_EQ(table.reach_of_buy({.account = 2, .price = 100, .quantity = 5}), std::nullopt);
}

TYPED_TEST(Gate, reach_passes_over_what_is_overdue_and_over_own_orders_that_would_make_way) {
    Table<TypeParam> table(ordinary);
    table.sell(
        {.account = 1, .price = 90, .time_in_force = TimeInForce::good_til_time, .expires = 1010});
    table.sell({.account = 2, .price = 91});
    table.sell({.account = 3, .price = 92});
    table.wait(10);
    EXPECT_EQ(table.reach_of_buy({.account = 2, .self_trade = SelfTrade::cancel_maker}), 92);
    EXPECT_EQ(table.reach_of_buy({.account = 2, .self_trade = SelfTrade::cancel_taker}),
              std::nullopt);
    EXPECT_EQ(table.reach_of_buy({.account = 4}), 91);
}

TYPED_TEST(Gate, an_own_order_is_a_self_trade_whatever_else_speaks_against_it) {
    Table<TypeParam> table(ordinary);
    const OrderId own = table.sell({.account = 1, .price = 90});
    table.doubt(own, RemovalReason::margin);
    table.buy({.account = 5, .price = 90, .self_trade = SelfTrade::cancel_maker});
    ASSERT_EQ(table.template events<OrderRemoved>().size(), 1U);
    EXPECT_EQ(table.template events<OrderRemoved>()[0].reason, RemovalReason::self_trade);
}

TYPED_TEST(Gate, an_amended_order_asks_too) {
    Table<TypeParam> table(ordinary);
    const OrderId doubtful = table.sell({.account = 1, .price = 100});
    const OrderId good = table.sell({.account = 3, .price = 100});
    const OrderId bid = table.buy({.account = 2, .price = 50, .quantity = 1});
    table.doubt(doubtful, RemovalReason::nothing_to_reduce);
    EXPECT_EQ(table.amend(bid, 100, 2), Reject::none);
    EXPECT_EQ(table.makers(), std::vector{good});
    // The first removal is the amended order's own.
    const auto removed = table.template events<OrderRemoved>();
    ASSERT_EQ(removed.size(), 2U);
    EXPECT_EQ(removed[1].order, doubtful);
    EXPECT_EQ(removed[1].reason, RemovalReason::nothing_to_reduce);
    EXPECT_EQ(table.best_bid(), 100);
}

TYPED_TEST(Gate, a_maker_that_may_trade_less_is_cut_down_in_its_place) {
    Table<TypeParam> table(ordinary);
    const OrderId doubtful = table.sell({.account = 1, .price = 100, .quantity = 5});
    const OrderId second = table.sell({.account = 3, .price = 100, .quantity = 2});
    table.doubt(doubtful, RemovalReason::nothing_to_reduce, 3);
    EXPECT_EQ(table.reach_of_buy({.account = 2, .quantity = 5}), 100);
    EXPECT_EQ(table.reach_of_buy({.account = 2, .quantity = 6}), std::nullopt);
    table.buy({.account = 2, .price = 100, .quantity = 2});
    EXPECT_EQ(table.makers(), std::vector{doubtful});
    const auto reduced = table.template events<OrderReduced>();
    ASSERT_EQ(reduced.size(), 1U);
    EXPECT_EQ(reduced[0].order, doubtful);
    EXPECT_EQ(reduced[0].reason, RemovalReason::nothing_to_reduce);
    EXPECT_EQ(reduced[0].quantity, Lots(3));
    EXPECT_EQ(reduced[0].level_total, Lots(5));
    table.buy({.account = 2, .price = 100, .quantity = 2});
    EXPECT_EQ(table.makers(), (std::vector{doubtful, second}));
    EXPECT_TRUE(table.template events<OrderReduced>().empty());
}

TYPED_TEST(Gate, makers_that_may_not_trade_count_as_met) {
    Limits limits = table_limits();
    limits.fills_per_command = 2;
    Table<TypeParam> table(ordinary, limits);
    table.doubt(table.sell({.account = 1, .price = 90}), RemovalReason::margin);
    table.sell({.account = 1, .price = 90});
    table.sell({.account = 1, .price = 90});
    EXPECT_EQ(table.reach_of_buy({.account = 2, .quantity = 2}), std::nullopt);
    table.buy({.account = 2, .price = 90, .quantity = 2});
    EXPECT_EQ(table.makers().size(), 1U);
    ASSERT_EQ(table.template events<RemainderCanceled>().size(), 1U);
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].reason, RemovalReason::fill_limit);
}

}  // namespace
}  // namespace miletus::matching
