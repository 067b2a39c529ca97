// Clearing: what open orders hold and count, what fills make of positions, and what a restored
// state must keep to.
#include "engine/clearing/clearing.hpp"

#include "base/byte_sink.hpp"
#include "engine/clearing/desk_test.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace miletus::clearing {
namespace {

using protocol::BalanceChanged;
using protocol::PositionChanged;
using protocol::PositionReason;

// ---- Open orders ----

TEST(Clearing, an_open_order_holds_its_lots_and_a_canceled_one_nothing) {
    Desk desk;
    OpenOrder order = desk.open(alice, desk.perpetual, Side::buy, 5, 700);
    EXPECT_EQ(desk.held(alice), 3500);
    EXPECT_EQ(desk.position(alice, desk.perpetual).open[0], Lots(5));
    EXPECT_EQ(desk.position(alice, desk.perpetual).orders, 1U);
    desk.clearing.unwind(order, 2);
    EXPECT_EQ(desk.held(alice), 2100);
    EXPECT_EQ(order.left, 3U);
    desk.cancel(order);
    EXPECT_EQ(desk.held(alice), 0);
    EXPECT_EQ(desk.slot(alice, desk.perpetual), 0U);
}

TEST(Clearing, an_amended_order_holds_the_new_in_place_of_the_old) {
    Desk desk;
    OpenOrder order = desk.open(alice, desk.perpetual, Side::sell, 5, 700);
    desk.clearing.rehold(order, Amount(100), 9);
    EXPECT_EQ(desk.held(alice), 900);
    EXPECT_EQ(order.left, 9U);
    EXPECT_EQ(desk.position(alice, desk.perpetual).open[1], Lots(9));
    EXPECT_EQ(desk.position(alice, desk.perpetual).open[0], Lots(0));
    desk.cancel(order);
    EXPECT_EQ(desk.held(alice), 0);
}

TEST(Clearing, a_fill_holds_its_lots_no_longer) {
    Desk desk;
    OpenOrder order = desk.open(alice, desk.perpetual, Side::buy, 5, 700);
    desk.fill(order, 200'000, 2, true);
    EXPECT_EQ(desk.held(alice), 3 * 700);
    EXPECT_EQ(order.filled, 2U);
    EXPECT_EQ(order.left, 3U);
    EXPECT_EQ(desk.position(alice, desk.perpetual).open[0], Lots(3));
    desk.cancel(order);
    EXPECT_EQ(desk.held(alice), 0);
    EXPECT_EQ(desk.position(alice, desk.perpetual).lots, Lots(2));
}

TEST(Clearing, a_position_goes_with_its_last_order_unless_it_is_held) {
    Desk desk;
    OpenOrder first = desk.open(alice, desk.perpetual, Side::buy, 1);
    OpenOrder second = desk.open(alice, desk.perpetual, Side::sell, 1);
    EXPECT_EQ(first.position, second.position);
    desk.cancel(first);
    EXPECT_NE(desk.slot(alice, desk.perpetual), 0U);
    desk.cancel(second);
    EXPECT_EQ(desk.slot(alice, desk.perpetual), 0U);
    desk.trade(alice, bob, desk.perpetual, 200'000, 1);
    EXPECT_NE(desk.slot(alice, desk.perpetual), 0U);
    desk.trade(bob, alice, desk.perpetual, 200'000, 1);
    EXPECT_EQ(desk.slot(alice, desk.perpetual), 0U);
}

// ---- Fills of futures ----

TEST(Clearing, opening_a_future_costs_nothing_but_its_cost_is_kept) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    EXPECT_EQ(desk.position(alice, desk.perpetual).lots, Lots(3));
    EXPECT_EQ(desk.position(alice, desk.perpetual).cost, Amount(3 * 200'000 * tick));
    EXPECT_EQ(desk.position(bob, desk.perpetual).lots, Lots(-3));
    EXPECT_EQ(desk.position(bob, desk.perpetual).cost, Amount(-3 * 200'000 * tick));
    for (const AccountId account : {alice, bob, house}) {
        EXPECT_EQ(desk.paid(account), 0);
        EXPECT_EQ(desk.session(account), 0);
    }
    desk.trade(alice, bob, desk.perpetual, 100'000, 1);
    EXPECT_EQ(desk.position(alice, desk.perpetual).cost, Amount(700'000 * tick));
}

TEST(Clearing, closing_a_part_books_its_share_of_the_cost_rounded_down_and_the_last_lot_the_rest) {
    Desk desk;
    desk.free_of_fees();
    // 500 * (1 + 1 + 2) for three lots: two thirds of a unit are left over each time.
    desk.trade(alice, bob, desk.perpetual, 1, 2);
    desk.trade(alice, bob, desk.perpetual, 2, 1);
    EXPECT_EQ(desk.position(alice, desk.perpetual).cost, Amount(2000));
    desk.trade(bob, alice, desk.perpetual, 3, 1);
    EXPECT_EQ(desk.session(alice), 1500 - 666);
    EXPECT_EQ(desk.position(alice, desk.perpetual).cost, Amount(2000 - 666));
    // The short's cost is below zero: down is away from zero.
    EXPECT_EQ(desk.session(bob), 667 - 1500);
    EXPECT_EQ(desk.position(bob, desk.perpetual).cost, Amount(667 - 2000));
    desk.trade(bob, alice, desk.perpetual, 3, 2);
    EXPECT_EQ(desk.session(alice), 3 * 1500 - 2000);
    EXPECT_EQ(desk.session(bob), 2000 - 3 * 1500);
    EXPECT_EQ(desk.paid(alice), 0);
}

TEST(Clearing, a_fill_that_flips_closes_all_and_opens_the_rest_at_its_own_price) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 10, 2);
    desk.trade(bob, alice, desk.perpetual, 13, 5);
    EXPECT_EQ(desk.session(alice), 2 * (13 - 10) * tick);
    EXPECT_EQ(desk.position(alice, desk.perpetual).lots, Lots(-3));
    EXPECT_EQ(desk.position(alice, desk.perpetual).cost, Amount(-3 * 13 * tick));
    EXPECT_EQ(desk.session(bob), -2 * (13 - 10) * tick);
    EXPECT_EQ(desk.position(bob, desk.perpetual).lots, Lots(3));
}

TEST(Clearing, prices_below_zero_turn_who_is_owed) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.future, -10, 2);
    EXPECT_EQ(desk.position(alice, desk.future).cost, Amount(-2 * 10 * tick));
    desk.trade(bob, alice, desk.future, -25, 1);
    EXPECT_EQ(desk.session(alice), -15 * tick);
    EXPECT_EQ(desk.session(bob), 15 * tick);
}

// ---- Fills of options ----

TEST(Clearing, an_options_premium_is_paid_at_once) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.call, 400, 3);
    EXPECT_EQ(desk.paid(alice), -3 * 400 * tick);
    EXPECT_EQ(desk.paid(bob), 3 * 400 * tick);
    EXPECT_EQ(desk.session(alice), 0);
    EXPECT_EQ(desk.position(alice, desk.call).cost, Amount(3 * 400 * tick));
    // What closing brought is told, but paid by the premium alone.
    desk.market.begin();
    desk.trade(bob, alice, desk.call, 500, 1);
    EXPECT_EQ(desk.paid(alice), (500 - 3 * 400) * tick);
    EXPECT_EQ(desk.session(alice), 0);
    const auto changes = desk.told<PositionChanged>();
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].account, alice);
    EXPECT_EQ(changes[0].realised, Amount(100 * tick));
    EXPECT_EQ(changes[1].realised, Amount(-100 * tick));
}

TEST(Clearing, each_fill_tells_its_position_and_an_option_its_balance) {
    Desk desk;
    desk.market.begin();
    OpenOrder order = desk.open(alice, desk.call, Side::buy, 3);
    desk.fill(order, 400, 3, true);
    const auto balances = desk.told<BalanceChanged>();
    ASSERT_EQ(balances.size(), 1U);
    EXPECT_EQ(balances[0].change, Amount(-3 * 400 * tick));
    // The fee comes after it, and is told with the position.
    EXPECT_EQ(balances[0].balance, Amount(rich - 3 * 400 * tick));
    EXPECT_EQ(desk.paid(alice), -3 * 400 * tick - desk.paid(house));
    EXPECT_EQ(balances[0].reason, protocol::BalanceReason::trade);
    const auto positions = desk.told<PositionChanged>();
    ASSERT_EQ(positions.size(), 1U);
    EXPECT_EQ(positions[0].lots, Lots(3));
    EXPECT_EQ(positions[0].cost, Amount(3 * 400 * tick));
    EXPECT_EQ(positions[0].fee, Amount(desk.paid(house)));
    EXPECT_EQ(positions[0].account, alice);
    EXPECT_EQ(positions[0].instrument, desk.call);
    EXPECT_EQ(positions[0].reason, PositionReason::trade);
}

// ---- Room ----

TEST(Clearing, positions_are_reserved_from_the_first_order_and_freed_with_the_last) {
    Limits limits = few();
    limits.positions = 2;
    Desk desk(limits);
    OpenOrder first = desk.open(alice, desk.perpetual, Side::buy, 1);
    OpenOrder second = desk.open(alice, desk.future, Side::buy, 1);
    EXPECT_EQ(desk.clearing.check_room(bob, desk.future, Side::buy, Lots(1)).error(),
              Reject::positions_full);
    EXPECT_EQ(*desk.clearing.check_room(alice, desk.future, Side::buy, Lots(1)), second.position);
    desk.cancel(first);
    EXPECT_EQ(*desk.clearing.check_room(bob, desk.future, Side::buy, Lots(1)), 0U);
    desk.cancel(second);
}

TEST(Clearing, a_position_and_all_orders_of_a_side_stay_within_the_bound) {
    Limits limits = few();
    limits.position_lots = 20;
    Desk desk(limits);
    const auto room = [&](Side side, std::int64_t lots) {
        return desk.clearing.check_room(alice, desk.perpetual, side, Lots(lots)).error();
    };
    EXPECT_EQ(room(Side::buy, 20), Reject::none);
    EXPECT_EQ(room(Side::buy, 21), Reject::position_too_large);
    desk.trade(alice, bob, desk.perpetual, 1, 5);
    OpenOrder buy = desk.open(alice, desk.perpetual, Side::buy, 4);
    OpenOrder sell = desk.open(alice, desk.perpetual, Side::sell, 3);
    EXPECT_EQ(room(Side::buy, 11), Reject::none);
    EXPECT_EQ(room(Side::buy, 12), Reject::position_too_large);
    EXPECT_EQ(room(Side::sell, 22), Reject::none);
    EXPECT_EQ(room(Side::sell, 23), Reject::position_too_large);
    desk.cancel(buy);
    desk.cancel(sell);
}

TEST(Clearing, what_its_orders_could_make_of_a_position_stays_within_the_bound) {
    Limits limits = few();
    limits.position_lots = std::numeric_limits<std::int64_t>::max() / 4;
    Desk desk(limits);
    const std::int64_t most = value_max / (1'000'000 * tick);
    const auto room = [&](AccountId account, Side side, std::int64_t lots) {
        return desk.clearing.check_room(account, desk.perpetual, side, Lots(lots)).error();
    };
    EXPECT_EQ(room(alice, Side::buy, most), Reject::none);
    EXPECT_EQ(room(alice, Side::buy, most + 1), Reject::position_too_large);
    desk.trade(alice, bob, desk.perpetual, 1'000'000, 10);
    EXPECT_EQ(room(alice, Side::buy, most - 10), Reject::none);
    EXPECT_EQ(room(alice, Side::buy, most - 9), Reject::position_too_large);
    EXPECT_EQ(room(alice, Side::sell, most + 10), Reject::none);
    EXPECT_EQ(room(alice, Side::sell, most + 11), Reject::position_too_large);
    OpenOrder order = desk.open(alice, desk.perpetual, Side::buy, 7);
    EXPECT_EQ(room(alice, Side::buy, most - 17), Reject::none);
    EXPECT_EQ(room(alice, Side::buy, most - 16), Reject::position_too_large);
    EXPECT_EQ(room(alice, Side::sell, most + 10), Reject::none);
    desk.cancel(order);
}

TEST(Clearing, only_lots_that_shrink_the_position_reduce_it) {
    Desk desk;
    const auto reduces = [&](AccountId account, Side side, std::int64_t lots) {
        return desk.clearing.check_reduces(account, desk.perpetual, side, Lots(lots)).has_value();
    };
    EXPECT_FALSE(reduces(alice, Side::buy, 1));
    EXPECT_FALSE(reduces(alice, Side::sell, 1));
    desk.trade(alice, bob, desk.perpetual, 1, 5);
    EXPECT_TRUE(reduces(alice, Side::sell, 5));
    EXPECT_FALSE(reduces(alice, Side::sell, 6));
    EXPECT_FALSE(reduces(alice, Side::buy, 1));
    EXPECT_TRUE(reduces(bob, Side::buy, 5));
    EXPECT_FALSE(reduces(bob, Side::sell, 1));
    OpenOrder open = desk.open(alice, desk.perpetual, Side::sell, 3);
    EXPECT_TRUE(reduces(alice, Side::sell, 2));
    EXPECT_FALSE(reduces(alice, Side::sell, 3));
    desk.cancel(open);
}

TEST(Clearing, orders_that_only_reduce_are_counted_apart) {
    Desk desk;
    desk.trade(alice, bob, desk.perpetual, 1, 5);
    const std::uint32_t slot = desk.slot(alice, desk.perpetual);
    const auto open = [&](std::uint32_t lots) {
        OpenOrder order{};
        order.left = lots;
        order.account = alice;
        order.instrument = desk.perpetual;
        order.side = Side::sell;
        order.is_open = 1;
        order.reduce_only = 1;
        order.position = slot;
        desk.clearing.open(order);
        return order;
    };
    OpenOrder one = open(5);
    OpenOrder another = open(4);
    const accounts::Positions& positions = desk.accounts.positions();
    EXPECT_EQ(positions[slot].open[1], Lots(0));
    EXPECT_EQ(positions.reducing(slot, Side::sell), Lots(9));
    EXPECT_EQ(positions.open(slot, Side::sell), Lots(5));
    EXPECT_FALSE(desk.clearing.check_reduces(alice, desk.perpetual, Side::sell, Lots(1)));
    desk.clearing.rehold(another, Amount(0), 2);
    EXPECT_EQ(positions.reducing(slot, Side::sell), Lots(7));
    desk.fill(one, 1, 3, false);
    EXPECT_EQ(positions.reducing(slot, Side::sell), Lots(4));
    EXPECT_EQ(positions.open(slot, Side::sell), Lots(2));
    desk.cancel(one);
    EXPECT_TRUE(positions[slot].has_reducing);
    desk.cancel(another);
    EXPECT_FALSE(positions[slot].has_reducing);
    OpenOrder paid = desk.open(bob, desk.perpetual, Side::buy, 3);
    desk.fill(paid, 1, 3, true);
}

TEST(Clearing, what_no_fill_paid_for_is_not_conserved) {
    Desk desk;
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    ASSERT_TRUE(desk.is_conserved());
    desk.accounts.positions().at(desk.slot(alice, desk.perpetual)).cost += Amount(1);
    EXPECT_FALSE(desk.is_conserved());
    desk.accounts.book(alice, usdc, Amount(1));
    EXPECT_TRUE(desk.is_conserved());
    desk.accounts.pay(house, usdc, Amount(-1));
    EXPECT_FALSE(desk.is_conserved());
    desk.accounts.pay(bob, usdc, Amount(1));
    EXPECT_TRUE(desk.is_conserved());
}

// ---- Restored ----

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> added) override {
        all.insert(all.end(), added.begin(), added.end());
    }
};

// Restores the positions of one desk at another, which has orders of its own; says what was wrong.
std::string restored(const Desk& from, Desk& into, bool with_orders) {
    Bytes bytes;
    {
        StateEncoder encoder(bytes);
        from.accounts.positions().encode(encoder);
    }
    StateDecoder decoder(bytes.all);
    into.clearing.decode_positions(decoder);
    if (with_orders && decoder.is_sound()) {
        into.clearing.relate_orders(decoder);
    }
    into.is_sound = decoder.is_sound();
    return std::string(decoder.fault());
}

void remember(Desk& desk, std::uint32_t slot, AccountId account, InstrumentId instrument, Side side,
              std::uint32_t lots) {
    OpenOrder& order = desk.accounts.order(slot);
    order.account = account;
    order.instrument = instrument;
    order.side = side;
    order.left = lots;
    desk.accounts.remember(slot, {});
}

TEST(Clearing, restored_positions_are_found_again_by_their_orders) {
    Desk desk;
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    OpenOrder order = desk.open(alice, desk.perpetual, Side::sell, 2);
    OpenOrder another = desk.open(alice, desk.future, Side::buy, 4);
    Desk other;
    remember(other, 3, alice, desk.perpetual, Side::sell, 2);
    remember(other, 1, alice, desk.future, Side::buy, 4);
    EXPECT_EQ(restored(desk, other, true), "");
    EXPECT_EQ(other.accounts.order(3).position, other.slot(alice, desk.perpetual));
    EXPECT_EQ(other.accounts.order(1).position, other.slot(alice, desk.future));
    EXPECT_EQ(other.position(alice, desk.perpetual).lots, Lots(3));
    desk.cancel(order);
    desk.cancel(another);
}

TEST(Clearing, positions_that_count_other_orders_than_there_are_are_not_restored) {
    Desk desk;
    OpenOrder order = desk.open(alice, desk.perpetual, Side::sell, 2);
    const auto fault_with = [&](Side side, std::uint32_t lots) {
        Desk other;
        remember(other, 1, alice, desk.perpetual, side, lots);
        return restored(desk, other, true);
    };
    EXPECT_EQ(fault_with(Side::sell, 2), "");
    EXPECT_EQ(fault_with(Side::sell, 1), "a position counts other orders than there are");
    EXPECT_EQ(fault_with(Side::buy, 2), "a position counts other orders than there are");
    Desk reducing;
    remember(reducing, 1, alice, desk.perpetual, Side::sell, 2);
    reducing.accounts.order(1).reduce_only = 1;
    EXPECT_EQ(restored(desk, reducing, true), "a position counts other orders than there are");
    Desk none;
    EXPECT_EQ(restored(desk, none, true), "a position counts other orders than there are");
    Desk elsewhere;
    remember(elsewhere, 1, alice, desk.future, Side::sell, 2);
    EXPECT_EQ(restored(desk, elsewhere, true), "an order has no position");
    desk.cancel(order);
}

TEST(Clearing, positions_that_cannot_be_are_not_restored) {
    const auto fault_of = [](auto change) {
        Desk desk;
        desk.trade(alice, bob, desk.perpetual, 200'000, 3);
        const std::uint32_t slot = desk.slot(alice, desk.perpetual);
        const Position before = desk.accounts.positions()[slot];
        change(desk.accounts.positions().at(slot));
        Desk other;
        const std::string fault = restored(desk, other, false);
        desk.accounts.positions().at(slot) = before;
        return fault;
    };
    EXPECT_EQ(fault_of([](Position&) {}), "");
    EXPECT_EQ(fault_of([](Position& position) { position.lots = Lots(2001); }),
              "limits.position_lots is too small");
    EXPECT_EQ(fault_of([](Position& position) { position.lots = Lots(0); }),
              "a position cannot be");
    EXPECT_EQ(fault_of([](Position& position) { position.open[0] = Lots(1998); }),
              "limits.position_lots is too small");
    EXPECT_EQ(fault_of([](Position& position) { position.open[1] = Lots(-1); }),
              "a position cannot be");
    EXPECT_EQ(fault_of([](Position& position) { position.cost = Amount(-cost_max - 1); }),
              "a position cannot be");
}

}  // namespace
}  // namespace miletus::clearing
