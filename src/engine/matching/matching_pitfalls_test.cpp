// The faults that other engines are known for, each as a test of its name, for the fast books and
// the naive ones alike.
#include "engine/matching/matching.hpp"
#include "engine/matching/naive_matching.hpp"
#include "engine/matching/table_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace miletus::matching {
namespace {

using protocol::OrderReduced;
using protocol::OrderRemoved;
using protocol::OrderRested;
using protocol::OrderType;
using protocol::PostOnly;
using protocol::RemainderCanceled;
using protocol::RemovalReason;
using protocol::SelfTrade;
using protocol::Side;
using protocol::TimeInForce;
using protocol::Trade;

constexpr PriceRange ordinary{.low = 1, .high = 1000};
constexpr auto fill_or_kill = TimeInForce::fill_or_kill;
constexpr auto immediate = TimeInForce::immediate_or_cancel;

template <class Book>
class Pitfalls : public testing::Test {};
using Books = testing::Types<Matching, NaiveMatching>;
TYPED_TEST_SUITE(Pitfalls, Books);

TYPED_TEST(Pitfalls, fifo_survives_cancel_of_head_and_middle) {
    Table<TypeParam> table(ordinary);
    std::vector<OrderId> queue;
    for (int order = 0; order < 5; ++order) {
        queue.push_back(table.buy({.account = 1}));
    }
    table.cancel(queue[2]);
    table.cancel(queue[0]);
    table.sell({.account = 2, .quantity = 3});
    EXPECT_EQ(table.makers(), (std::vector{queue[1], queue[3], queue[4]}));
}

TYPED_TEST(Pitfalls, fifo_survives_cancel_of_the_tail) {
    Table<TypeParam> table(ordinary);
    const OrderId first = table.buy({.account = 1});
    const OrderId second = table.buy({.account = 1});
    table.cancel(second);
    const OrderId third = table.buy({.account = 3});
    table.sell({.account = 2, .quantity = 2});
    EXPECT_EQ(table.makers(), (std::vector{first, third}));
}

TYPED_TEST(Pitfalls, trade_price_is_the_makers) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .price = 100});
    table.buy({.account = 2, .price = 130});
    ASSERT_EQ(table.template events<Trade>().size(), 1U);
    EXPECT_EQ(table.template events<Trade>()[0].price, Ticks(100));
    table.buy({.account = 1, .price = 90});
    table.sell({.account = 2, .price = 50});
    ASSERT_EQ(table.template events<Trade>().size(), 1U);
    EXPECT_EQ(table.template events<Trade>()[0].price, Ticks(90));
}

TYPED_TEST(Pitfalls, better_prices_trade_before_older_orders) {
    Table<TypeParam> table(ordinary);
    const OrderId old_but_dear = table.sell({.account = 1, .price = 102});
    const OrderId cheap = table.sell({.account = 1, .price = 101});
    table.buy({.account = 2, .price = 102, .quantity = 2});
    EXPECT_EQ(table.makers(), (std::vector{cheap, old_but_dear}));
}

TYPED_TEST(Pitfalls, no_phantom_best_after_cancel) {
    Table<TypeParam> table(ordinary);
    const OrderId best = table.buy({.price = 500});
    const OrderId next = table.buy({.price = 20});
    table.cancel(best);
    EXPECT_EQ(table.best_bid(), 20);
    table.cancel(next);
    EXPECT_EQ(table.best_bid(), std::nullopt);
    table.sell({.account = 2, .price = 1});
    EXPECT_TRUE(table.makers().empty());
    EXPECT_EQ(table.best_ask(), 1);
}

TYPED_TEST(Pitfalls, no_phantom_best_after_a_sweep) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .price = 100});
    table.sell({.account = 1, .price = 900});
    table.buy({.account = 2, .price = 100});
    EXPECT_EQ(table.best_ask(), 900);
    table.buy({.account = 2, .price = 900});
    EXPECT_EQ(table.best_ask(), std::nullopt);
}

TYPED_TEST(Pitfalls, stale_cancel_is_refused) {
    Table<TypeParam> table(ordinary);
    const OrderId canceled = table.buy({.account = 1});
    table.cancel(canceled);
    EXPECT_EQ(table.refusal_to_find(canceled, 1), Reject::unknown_order);
    const OrderId filled = table.buy({.account = 1});
    EXPECT_EQ(filled.slot(), canceled.slot());
    EXPECT_EQ(table.refusal_to_find(canceled, 1), Reject::unknown_order);
    table.sell({.account = 2});
    EXPECT_EQ(table.refusal_to_find(filled, 1), Reject::unknown_order);
}

TYPED_TEST(Pitfalls, ids_that_were_never_given_are_unknown) {
    Table<TypeParam> table(ordinary);
    const OrderId order = table.buy({.account = 1});
    for (const OrderId forged : {OrderId(0, 0), OrderId(order.slot(), 1), OrderId(2, 0),
                                 OrderId(64, 0), OrderId(65, 0), OrderId(~std::uint64_t{0})}) {
        EXPECT_EQ(table.refusal_to_find(forged, 1), Reject::unknown_order);
    }
    EXPECT_EQ(table.refusal_to_find(order, 1), Reject::none);
}

TYPED_TEST(Pitfalls, an_order_is_found_by_its_account_only) {
    Table<TypeParam> table(ordinary);
    const OrderId order = table.buy({.account = 1});
    EXPECT_EQ(table.refusal_to_find(order, 2), Reject::not_your_order);
    EXPECT_EQ(table.refusal_to_find(order, 5), Reject::not_your_order);
}

TYPED_TEST(Pitfalls, amend_that_crosses_trades_instead_of_resting_crossed) {
    Table<TypeParam> table(ordinary);
    const OrderId ask = table.sell({.account = 1, .price = 110, .quantity = 3});
    const OrderId bid = table.buy({.account = 2, .price = 90, .quantity = 5});
    EXPECT_EQ(table.amend(bid, 115, 5), Reject::none);
    ASSERT_EQ(table.makers(), std::vector{ask});
    EXPECT_EQ(table.template events<Trade>()[0].taker, bid);
    EXPECT_EQ(table.template events<Trade>()[0].price, Ticks(110));
    EXPECT_EQ(table.best_ask(), std::nullopt);
    EXPECT_EQ(table.best_bid(), 115);
    EXPECT_EQ(table.book().find(bid, AccountId(2))->left, Lots(2));
}

TYPED_TEST(Pitfalls, an_amended_order_keeps_its_id_and_its_count) {
    Table<TypeParam> table(ordinary);
    const OrderId order = table.buy({.account = 1, .quantity = 5});
    EXPECT_EQ(table.amend(order, 120, 9), Reject::none);
    EXPECT_EQ(table.book().find(order, AccountId(1))->left, Lots(9));
    EXPECT_EQ(table.book().open_orders_of(AccountId(1)), 1U);
    EXPECT_EQ(table.book().open_orders(table.instrument), 1U);
    ASSERT_EQ(table.template events<OrderRemoved>().size(), 1U);
    EXPECT_EQ(table.template events<OrderRemoved>()[0].reason, RemovalReason::amended);
    EXPECT_EQ(table.template events<OrderRested>().size(), 1U);
}

TYPED_TEST(Pitfalls, a_refused_amendment_leaves_the_order_in_its_place) {
    Table<TypeParam> table(ordinary);
    const OrderId first = table.buy({.account = 1, .quantity = 2});
    table.buy({.account = 2, .quantity = 2});
    const Hash128 before = table.state();
    EXPECT_EQ(table.amend(first, 5000, 2), Reject::price_out_of_range);
    EXPECT_EQ(table.amend(first, 100, 0), Reject::quantity_not_positive);
    EXPECT_EQ(table.amend(first, 100, 2), Reject::nothing_to_change);
    EXPECT_EQ(table.state(), before);
    table.sell({.account = 3});
    EXPECT_EQ(table.makers(), std::vector{first});
}

TYPED_TEST(Pitfalls, reduction_keeps_place_any_other_amendment_loses_it) {
    struct Case {
        std::int64_t price;
        std::int64_t left;
        bool keeps;
    };
    for (const Case change : {Case{100, 4, true}, Case{100, 6, false}, Case{101, 5, false}}) {
        Table<TypeParam> table(ordinary);
        const OrderId amended = table.buy({.account = 1, .quantity = 5});
        const OrderId rival = table.buy({.account = 2, .quantity = 5});
        EXPECT_EQ(table.amend(amended, change.price, change.left), Reject::none);
        if (change.price != 100) {
            EXPECT_EQ(table.amend(amended, 100, change.left), Reject::none);
        }
        table.sell({.account = 3});
        EXPECT_EQ(table.makers(), std::vector{change.keeps ? amended : rival});
    }
}

TYPED_TEST(Pitfalls, a_reduction_that_keeps_its_place_is_one_event) {
    Table<TypeParam> table(ordinary);
    const OrderId order = table.buy({.account = 1, .quantity = 5});
    table.buy({.account = 2, .quantity = 7});
    EXPECT_EQ(table.amend(order, 100, 2), Reject::none);
    ASSERT_EQ(table.template events<OrderReduced>().size(), 1U);
    const OrderReduced reduced = table.template events<OrderReduced>()[0];
    EXPECT_EQ(reduced.quantity, Lots(2));
    EXPECT_EQ(reduced.level_total, Lots(9));
    EXPECT_EQ(reduced.reason, RemovalReason::client);
    EXPECT_TRUE(table.template events<OrderRemoved>().empty());
}

TYPED_TEST(Pitfalls, id_is_not_reused_after_fill) {
    Table<TypeParam> table(ordinary);
    std::set<OrderId> ids;
    for (int round = 0; round < 50; ++round) {
        EXPECT_TRUE(ids.insert(table.buy({.account = 1})).second);
        EXPECT_TRUE(ids.insert(table.sell({.account = 2})).second);
    }
}

TYPED_TEST(Pitfalls, ioc_residual_does_not_rest) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .quantity = 2});
    const OrderId taker = table.buy({.account = 2, .quantity = 5, .time_in_force = immediate});
    EXPECT_EQ(table.best_bid(), std::nullopt);
    EXPECT_EQ(table.refusal_to_find(taker, 2), Reject::unknown_order);
    ASSERT_EQ(table.template events<RemainderCanceled>().size(), 1U);
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].quantity, Lots(3));
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].reason, RemovalReason::immediate);
}

TYPED_TEST(Pitfalls, slot_is_freed_on_cancel) {
    Limits limits = table_limits();
    limits.orders = 2;
    Table<TypeParam> table(ordinary, limits);
    table.buy({.account = 1});
    for (int round = 0; round < 100; ++round) {
        const OrderId order = table.buy({.account = 2});
        EXPECT_EQ(table.refusal_of_buy({.account = 3}), Reject::order_slots_full);
        table.cancel(order);
    }
    EXPECT_EQ(table.refusal_of_buy({.account = 3}), Reject::none);
}

TYPED_TEST(Pitfalls, slot_is_freed_by_fills_and_by_orders_that_never_rest) {
    Limits limits = table_limits();
    limits.orders = 2;
    Table<TypeParam> table(ordinary, limits);
    for (int round = 0; round < 100; ++round) {
        table.buy({.account = 1});
        table.sell({.account = 2});
        table.sell({.account = 2, .time_in_force = immediate});
    }
    EXPECT_EQ(table.book().open_orders(table.instrument), 0U);
}

TYPED_TEST(Pitfalls, a_refused_order_takes_no_slot) {
    Table<TypeParam> table(ordinary);
    const OrderId promised = table.book().next_order_id();
    EXPECT_EQ(table.refusal_of_buy({.quantity = 3, .time_in_force = fill_or_kill}),
              Reject::fill_or_kill_unfilled);
    EXPECT_EQ(table.buy({}), promised);
}

TYPED_TEST(Pitfalls, level_page_is_freed_with_its_last_order) {
    Limits limits = table_limits();
    limits.level_pages = 1;
    Table<TypeParam> table(ordinary, limits);
    for (int round = 0; round < 10; ++round) {
        const OrderId order = table.buy({.price = 900 - 90 * round});
        EXPECT_EQ(table.refusal_of_sell({.account = 2, .price = 950}), Reject::level_pages_full);
        table.cancel(order);
    }
    table.sell({.account = 2, .price = 950});
}

TYPED_TEST(Pitfalls, expired_order_never_matches_swept_or_not) {
    for (const bool is_swept : {false, true}) {
        Table<TypeParam> table(ordinary);
        const OrderId mortal = table.sell(
            {.account = 1, .time_in_force = TimeInForce::good_til_time, .expires = 1010});
        const OrderId lasting = table.sell({.account = 1});
        table.wait(10);
        if (is_swept) {
            table.sweep_expired(Side::sell);
        }
        EXPECT_EQ(
            table.refusal_of_buy({.account = 2, .quantity = 2, .time_in_force = fill_or_kill}),
            Reject::fill_or_kill_unfilled);
        table.buy({.account = 2, .quantity = 1});
        EXPECT_EQ(table.makers(), std::vector{lasting});
        EXPECT_EQ(table.refusal_to_find(mortal, 1), Reject::unknown_order);
    }
}

TYPED_TEST(Pitfalls, an_order_lives_until_the_nanosecond_before_its_expiry) {
    Table<TypeParam> table(ordinary);
    const OrderId mortal = table.sell({.account = 1,
                                       .quantity = 2,
                                       .time_in_force = TimeInForce::good_til_time,
                                       .expires = 1010});
    table.wait(9);
    table.sweep_expired(Side::sell);
    table.buy({.account = 2, .quantity = 1});
    EXPECT_EQ(table.makers(), std::vector{mortal});
    table.wait(1);
    table.sweep_expired(Side::sell);
    ASSERT_EQ(table.template events<OrderRemoved>().size(), 1U);
    EXPECT_EQ(table.template events<OrderRemoved>()[0].reason, RemovalReason::expired);
    EXPECT_EQ(table.refusal_of_sell({.time_in_force = TimeInForce::good_til_time, .expires = 1010}),
              Reject::order_expiry_not_in_future);
}

TYPED_TEST(Pitfalls, a_sweep_of_expired_orders_is_bounded_like_any_command) {
    Limits limits = table_limits();
    limits.fills_per_command = 2;
    Table<TypeParam> table(ordinary, limits);
    for (int order = 0; order < 5; ++order) {
        table.sell({.account = 1, .time_in_force = TimeInForce::good_til_time, .expires = 1010});
    }
    table.wait(10);
    for (const std::size_t swept : {2U, 2U, 1U, 0U}) {
        table.sweep_expired(Side::sell);
        EXPECT_EQ(table.template events<OrderRemoved>().size(), swept);
    }
}

TYPED_TEST(Pitfalls, multi_level_fok_is_atomic) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1, .price = 100, .quantity = 2});
    table.sell({.account = 1, .price = 101, .quantity = 2});
    table.sell({.account = 1, .price = 103, .quantity = 2});
    const Hash128 before = table.state();
    const Wish five{.account = 2, .price = 102, .quantity = 5, .time_in_force = fill_or_kill};
    EXPECT_EQ(table.refusal_of_buy(five), Reject::fill_or_kill_unfilled);
    EXPECT_EQ(table.state(), before);
    table.buy({.account = 2, .price = 103, .quantity = 5, .time_in_force = fill_or_kill});
    EXPECT_EQ(table.makers().size(), 3U);
    EXPECT_TRUE(table.template events<RemainderCanceled>().empty());
    EXPECT_EQ(table.best_ask(), 103);
}

TYPED_TEST(Pitfalls, fok_counts_the_work_of_a_command) {
    Limits limits = table_limits();
    limits.fills_per_command = 2;
    Table<TypeParam> table(ordinary, limits);
    for (int order = 0; order < 3; ++order) {
        table.sell({.account = 1});
    }
    EXPECT_EQ(table.refusal_of_buy({.account = 2, .quantity = 3, .time_in_force = fill_or_kill}),
              Reject::fill_or_kill_unfilled);
    table.buy({.account = 2, .quantity = 2, .time_in_force = fill_or_kill});
    EXPECT_EQ(table.makers().size(), 2U);
}

TYPED_TEST(Pitfalls, fok_does_not_count_its_owners_orders) {
    for (const SelfTrade mode : {SelfTrade::cancel_taker, SelfTrade::cancel_maker,
                                 SelfTrade::cancel_both, SelfTrade::decrement}) {
        Table<TypeParam> table(ordinary);
        table.sell({.account = 5, .quantity = 3});
        const OrderId other = table.sell({.account = 2, .quantity = 3});
        const Wish three{
            .account = 1, .quantity = 3, .time_in_force = fill_or_kill, .self_trade = mode};
        if (mode != SelfTrade::cancel_maker) {
            EXPECT_EQ(table.refusal_of_buy(three), Reject::fill_or_kill_unfilled);
            continue;
        }
        table.buy(three);
        EXPECT_EQ(table.makers(), std::vector{other});
    }
}

TYPED_TEST(Pitfalls, self_trade_scan_order_is_by_price_and_time) {
    Table<TypeParam> table(ordinary);
    const OrderId dear = table.sell({.account = 1, .price = 102});
    const OrderId first = table.sell({.account = 5, .price = 101});
    const OrderId second = table.sell({.account = 1, .price = 101});
    const OrderId cheap = table.sell({.account = 5, .price = 100});
    table.buy({.account = 1, .price = 102, .quantity = 9, .self_trade = SelfTrade::cancel_maker});
    std::vector<OrderId> removed;
    for (const OrderRemoved& event : table.template events<OrderRemoved>()) {
        EXPECT_EQ(event.reason, RemovalReason::self_trade);
        removed.push_back(event.order);
    }
    EXPECT_EQ(removed, (std::vector{cheap, first, second, dear}));
    EXPECT_EQ(table.best_bid(), 102);
}

TYPED_TEST(Pitfalls, self_trades_are_judged_by_owner_not_by_account) {
    Table<TypeParam> table(ordinary);
    table.sell({.account = 1});
    table.buy({.account = 5});
    EXPECT_TRUE(table.makers().empty());
    EXPECT_EQ(table.best_ask(), 100);
    EXPECT_EQ(table.best_bid(), std::nullopt);
}

TYPED_TEST(Pitfalls, cancel_taker_stops_behind_the_fills_before_it) {
    Table<TypeParam> table(ordinary);
    const OrderId other = table.sell({.account = 2});
    const OrderId own = table.sell({.account = 1});
    table.buy({.account = 1, .quantity = 5});
    EXPECT_EQ(table.makers(), std::vector{other});
    ASSERT_EQ(table.template events<RemainderCanceled>().size(), 1U);
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].quantity, Lots(4));
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].reason, RemovalReason::self_trade);
    EXPECT_EQ(table.refusal_to_find(own, 1), Reject::none);
}

TYPED_TEST(Pitfalls, cancel_both_takes_both) {
    Table<TypeParam> table(ordinary);
    const OrderId own = table.sell({.account = 1});
    const OrderId spared = table.sell({.account = 1});
    table.buy({.account = 1, .quantity = 5, .self_trade = SelfTrade::cancel_both});
    EXPECT_EQ(table.refusal_to_find(own, 1), Reject::unknown_order);
    EXPECT_EQ(table.refusal_to_find(spared, 1), Reject::none);
    EXPECT_EQ(table.best_bid(), std::nullopt);
}

TYPED_TEST(Pitfalls, decrement_leaves_no_hidden_reserve) {
    Table<TypeParam> table(ordinary);
    const OrderId own = table.sell({.account = 1, .quantity = 5});
    table.buy({.account = 1, .quantity = 3, .self_trade = SelfTrade::decrement});
    EXPECT_EQ(table.book().find(own, AccountId(1))->left, Lots(2));
    ASSERT_EQ(table.template events<OrderReduced>().size(), 1U);
    EXPECT_EQ(table.template events<OrderReduced>()[0].level_total, Lots(2));
    EXPECT_EQ(table.best_bid(), std::nullopt);
    table.buy({.account = 1, .quantity = 4, .self_trade = SelfTrade::decrement});
    EXPECT_EQ(table.refusal_to_find(own, 1), Reject::unknown_order);
    EXPECT_EQ(table.best_ask(), std::nullopt);
    EXPECT_EQ(table.best_bid(), 100);
    table.sell({.account = 2, .quantity = 9});
    ASSERT_EQ(table.template events<Trade>().size(), 1U);
    EXPECT_EQ(table.template events<Trade>()[0].quantity, Lots(2));
}

TYPED_TEST(Pitfalls, what_a_command_may_not_finish_does_not_rest_crossed) {
    Limits limits = table_limits();
    limits.fills_per_command = 2;
    Table<TypeParam> table(ordinary, limits);
    for (int order = 0; order < 3; ++order) {
        table.sell({.account = 1});
    }
    table.buy({.account = 2, .quantity = 9});
    EXPECT_EQ(table.makers().size(), 2U);
    EXPECT_EQ(table.best_bid(), std::nullopt);
    EXPECT_EQ(table.best_ask(), 100);
    ASSERT_EQ(table.template events<RemainderCanceled>().size(), 1U);
    EXPECT_EQ(table.template events<RemainderCanceled>()[0].reason, RemovalReason::fill_limit);
}

}  // namespace
}  // namespace miletus::matching
