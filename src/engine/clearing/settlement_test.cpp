// What time does to positions: funding, the end of a session, expiry; and what happens where no
// book makes the price.
#include "engine/clearing/clearing.hpp"
#include "engine/clearing/desk_test.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace miletus::clearing {
namespace {

using protocol::BalanceChanged;
using protocol::Parameter;
using protocol::PositionChanged;
using protocol::PositionReason;
using protocol::ResultBooked;

// The book stands above the index for a while: longs pay. Returns what one lot has paid.
std::int64_t let_longs_pay(Desk& desk) {
    const LotValue before = desk.market.prices.funding(desk.perpetual);
    desk.market.set(Parameter::funding_damp, 0);
    for (int second = 0; second < 20; ++second) {
        desk.market.set_index(100'000 * dollar);
        desk.market.pass(1, Ticks(201'000), Ticks(201'000));
    }
    return (desk.market.prices.funding(desk.perpetual) - before).value();
}

// ---- Funding ----

TEST(Funding, longs_pay_what_shorts_receive_when_they_are_charged) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    const std::int64_t paid = let_longs_pay(desk);
    ASSERT_GT(paid, 0);
    EXPECT_TRUE(desk.is_conserved());
    EXPECT_EQ(desk.session(alice), 0);
    desk.clearing.charge_funding(desk.slot(alice, desk.perpetual));
    EXPECT_TRUE(desk.is_conserved());
    EXPECT_EQ(desk.session(alice), -3 * paid);
    const auto booked = desk.told<ResultBooked>();
    ASSERT_EQ(booked.size(), 1U);
    EXPECT_EQ(booked[0].change, Amount(-3 * paid));
    EXPECT_EQ(booked[0].session, Amount(-3 * paid));
    EXPECT_EQ(booked[0].account, alice);
    EXPECT_EQ(booked[0].reason, protocol::ResultReason::funding);
    // Once is all.
    desk.clearing.charge_funding(desk.slot(alice, desk.perpetual));
    EXPECT_EQ(desk.session(alice), -3 * paid);
    desk.clearing.charge_funding(desk.slot(bob, desk.perpetual));
    EXPECT_EQ(desk.session(bob), 3 * paid);
    EXPECT_EQ(desk.paid(alice), 0);
}

TEST(Funding, a_fill_charges_the_lots_that_were_held_and_not_those_that_come) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    const std::int64_t paid = let_longs_pay(desk);
    desk.trade(carol, alice, desk.perpetual, 200'000, 5);
    EXPECT_EQ(desk.session(alice), -3 * paid);
    EXPECT_EQ(desk.session(carol), 0);
    EXPECT_EQ(desk.position(carol, desk.perpetual).funding,
              desk.market.prices.funding(desk.perpetual));
    EXPECT_EQ(desk.session(bob), 0);
}

TEST(Funding, a_position_that_only_orders_keep_owes_none) {
    Desk desk;
    desk.free_of_fees();
    OpenOrder order = desk.open(alice, desk.perpetual, Side::buy, 3);
    static_cast<void>(let_longs_pay(desk));
    desk.fill(order, 200'000, 3, true);
    EXPECT_EQ(desk.session(alice), 0);
    OpenOrder other = desk.open(bob, desk.perpetual, Side::sell, 3);
    desk.fill(other, 200'000, 3, false);
    EXPECT_TRUE(desk.is_conserved());
}

// ---- Sessions ----

TEST(Settlement, a_positions_result_up_to_its_mark_becomes_the_sessions) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 199'000, 3);
    desk.market.begin();
    desk.clearing.settle_position(desk.slot(alice, desk.perpetual));
    EXPECT_EQ(desk.session(alice), 3 * 1000 * tick);
    EXPECT_EQ(desk.position(alice, desk.perpetual).cost, Amount(3 * 200'000 * tick));
    EXPECT_EQ(desk.paid(alice), 0);
    EXPECT_TRUE(desk.is_conserved());
    const auto changes = desk.told<PositionChanged>();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].realised, Amount(3 * 1000 * tick));
    EXPECT_EQ(changes[0].reason, PositionReason::settlement);
    // At the same mark there is nothing more to say.
    desk.clearing.settle_position(desk.slot(alice, desk.perpetual));
    EXPECT_EQ(desk.told<PositionChanged>().size(), 1U);
    desk.clearing.settle_position(desk.slot(bob, desk.perpetual));
    EXPECT_EQ(desk.session(bob), -3 * 1000 * tick);
}

TEST(Settlement, funding_that_is_due_is_charged_with_it) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    const std::int64_t paid = let_longs_pay(desk);
    const std::int64_t mark = desk.market.prices.mark_value(desk.perpetual).value();
    desk.clearing.settle_position(desk.slot(alice, desk.perpetual));
    EXPECT_EQ(desk.session(alice), 3 * (mark - 200'000 * tick) - 3 * paid);
    EXPECT_TRUE(desk.is_conserved());
}

TEST(Settlement, options_have_no_session) {
    Desk desk;
    desk.trade(alice, bob, desk.call, 400, 3);
    desk.market.mark_option(desk.call, LotValue(900 * tick));
    desk.clearing.settle_position(desk.slot(alice, desk.call));
    EXPECT_EQ(desk.session(alice), 0);
    EXPECT_EQ(desk.position(alice, desk.call).cost, Amount(3 * 400 * tick));
}

TEST(Settlement, an_account_is_paid_what_its_session_brought_and_told_so) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.perpetual, 10, 2);
    desk.trade(bob, alice, desk.perpetual, 13, 2);
    desk.market.begin();
    EXPECT_FALSE(desk.clearing.settle_account(carol, usdc));
    EXPECT_TRUE(desk.clearing.settle_account(alice, usdc));
    EXPECT_EQ(desk.paid(alice), 6 * tick);
    EXPECT_EQ(desk.session(alice), 0);
    EXPECT_TRUE(desk.is_conserved());
    EXPECT_FALSE(desk.clearing.settle_account(alice, usdc));
    EXPECT_TRUE(desk.clearing.settle_account(bob, usdc));
    EXPECT_EQ(desk.paid(bob), -6 * tick);
    const auto balances = desk.told<BalanceChanged>();
    ASSERT_EQ(balances.size(), 2U);
    EXPECT_EQ(balances[0].change, Amount(6 * tick));
    EXPECT_EQ(balances[0].balance, Amount(rich + 6 * tick));
    EXPECT_EQ(balances[0].reason, protocol::BalanceReason::settlement);
}

// ---- Expiry ----

TEST(Delivery, a_future_pays_the_way_from_its_cost_to_the_price) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.future, 150'000, 3);
    const Grid price(1'500'001);  // a tenth of a tick above
    desk.market.begin();
    EXPECT_TRUE(desk.is_conserved(desk.future, std::nullopt));
    desk.clearing.deliver(desk.slot(alice, desk.future), price);
    EXPECT_EQ(desk.paid(alice), 3 * tick / 10);
    EXPECT_EQ(desk.slot(alice, desk.future), 0U);
    EXPECT_TRUE(desk.is_conserved(desk.future, price));
    EXPECT_FALSE(desk.is_conserved());
    const auto changes = desk.told<PositionChanged>();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].lots, Lots(0));
    EXPECT_EQ(changes[0].cost, Amount(0));
    EXPECT_EQ(changes[0].realised, Amount(3 * tick / 10));
    EXPECT_EQ(changes[0].reason, PositionReason::delivery);
    desk.clearing.deliver(desk.slot(bob, desk.future), price);
    EXPECT_EQ(desk.paid(bob), -3 * tick / 10);
    EXPECT_TRUE(desk.is_conserved());
    EXPECT_EQ(desk.accounts.positions().open_interest(desk.future), Lots(0));
}

TEST(Delivery, a_future_pays_a_fee_of_the_value_it_is_delivered_at) {
    Desk desk;
    desk.free_of_fees();
    desk.market.set(Parameter::future_delivery_fee, 250);
    desk.trade(alice, bob, desk.future, 200'000, 3);
    desk.clearing.deliver(desk.slot(alice, desk.future), Grid(-2'000'000));
    // Value and fee: three lots of 100 USDC, of which 250 ppm.
    EXPECT_EQ(desk.paid(alice), -2 * 300 * dollar - 75'000);
    EXPECT_EQ(desk.paid(house), 75'000);
    desk.clearing.deliver(desk.slot(bob, desk.future), Grid(-2'000'000));
    EXPECT_EQ(desk.paid(bob), 2 * 300 * dollar - 75'000);
    EXPECT_TRUE(desk.is_conserved());
}

TEST(Delivery, an_option_pays_its_payoff_and_its_premium_is_gone) {
    Desk desk;
    desk.free_of_fees();
    for (const InstrumentId option : {desk.call, desk.put}) {
        const std::int64_t before = desk.paid(alice);
        desk.trade(alice, bob, option, 400, 3);
        desk.market.begin();
        desk.clearing.deliver(desk.slot(alice, option), Grid(7'001));
        EXPECT_EQ(desk.paid(alice) - before, 3 * 7'001 * tick / 10 - 3 * 400 * tick);
        EXPECT_TRUE(desk.is_conserved(option, Grid(7'001)));
        const auto changes = desk.told<PositionChanged>();
        ASSERT_EQ(changes.size(), 1U);
        EXPECT_EQ(changes[0].realised, Amount(3 * 7'001 * tick / 10 - 3 * 400 * tick));
        desk.clearing.deliver(desk.slot(bob, option), Grid(7'001));
        EXPECT_EQ(desk.paid(alice), -desk.paid(bob));
        EXPECT_TRUE(desk.is_conserved());
    }
    EXPECT_EQ(desk.session(alice), 0);
}

TEST(Delivery, an_option_pays_a_fee_of_the_index_but_no_more_than_a_share_of_its_payoff) {
    Desk desk;
    desk.free_of_fees();
    desk.market.set(Parameter::option_delivery_fee, 150);
    const auto fee_at = [&](Grid payoff) {
        desk.trade(alice, bob, desk.call, 0, 3);
        const std::int64_t before = desk.paid(house);
        desk.clearing.deliver(desk.slot(alice, desk.call), payoff);
        const std::int64_t fee = desk.paid(house) - before;
        desk.clearing.deliver(desk.slot(bob, desk.call), payoff);
        EXPECT_EQ(desk.paid(house) - before, 2 * fee);
        return fee;
    };
    // Of three lots of 100 USDC, 150 ppm; the cap of an eighth bites below 2,400 tenths.
    EXPECT_EQ(fee_at(Grid(100'000)), 45'000);
    EXPECT_EQ(fee_at(Grid(2'400)), 45'000);
    EXPECT_EQ(fee_at(Grid(2'399)), 44'982);  // an eighth of 359,850, rounded up
    EXPECT_EQ(fee_at(Grid(0)), 0);
}

TEST(Delivery, a_position_with_orders_stays_until_they_are_gone) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.future, 200'000, 3);
    OpenOrder order = desk.open(alice, desk.future, Side::sell, 1);
    desk.clearing.deliver(desk.slot(alice, desk.future), Grid(2'000'000));
    EXPECT_FALSE(desk.position(alice, desk.future).is_held());
    EXPECT_NE(desk.slot(alice, desk.future), 0U);
    desk.cancel(order);
    EXPECT_EQ(desk.slot(alice, desk.future), 0U);
    desk.clearing.deliver(desk.slot(bob, desk.future), Grid(2'000'000));
}

// ---- What no book made ----

TEST(Reassignment, one_side_closes_against_the_other_at_the_same_price_and_without_fees) {
    Desk desk;
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    const std::int64_t fees = desk.paid(house);
    const std::int64_t fee_of_alice = desk.paid(alice);
    desk.market.begin();
    // The short leaves; whoever is named first says which way the lots go.
    desk.clearing.reassign(desk.slot(bob, desk.perpetual), desk.slot(alice, desk.perpetual),
                           Lots(2), Grid(2'000'007));
    EXPECT_EQ(desk.session(alice), 2 * 7 * tick / 10);
    EXPECT_EQ(desk.session(bob), -2 * 7 * tick / 10);
    EXPECT_EQ(desk.position(alice, desk.perpetual).lots, Lots(1));
    EXPECT_EQ(desk.position(bob, desk.perpetual).lots, Lots(-1));
    EXPECT_EQ(desk.paid(house), fees);
    EXPECT_EQ(desk.paid(alice), fee_of_alice);
    EXPECT_TRUE(desk.is_conserved());
    const auto changes = desk.told<PositionChanged>();
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].account, bob);
    EXPECT_EQ(changes[0].reason, PositionReason::reassignment);
    EXPECT_EQ(changes[0].fee, Amount(0));
    desk.clearing.reassign(desk.slot(alice, desk.perpetual), desk.slot(bob, desk.perpetual),
                           Lots(1), Grid(2'000'000));
    EXPECT_EQ(desk.slot(alice, desk.perpetual), 0U);
    EXPECT_EQ(desk.slot(bob, desk.perpetual), 0U);
    EXPECT_TRUE(desk.is_conserved());
}

TEST(Reassignment, of_an_option_is_paid_at_once) {
    Desk desk;
    desk.free_of_fees();
    desk.trade(alice, bob, desk.call, 400, 3);
    desk.clearing.reassign(desk.slot(bob, desk.call), desk.slot(alice, desk.call), Lots(3),
                           Grid(5'001));
    EXPECT_EQ(desk.paid(alice), 3 * (5'001 - 4'000) * tick / 10);
    EXPECT_EQ(desk.paid(bob), -3 * (5'001 - 4'000) * tick / 10);
    EXPECT_EQ(desk.session(alice), 0);
    EXPECT_EQ(desk.slot(alice, desk.call), 0U);
}

TEST(Reassignment, an_order_keeps_the_position_that_it_closed) {
    Desk desk;
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    OpenOrder order = desk.open(alice, desk.perpetual, Side::sell, 1, 50);
    desk.clearing.reassign(desk.slot(bob, desk.perpetual), desk.slot(alice, desk.perpetual),
                           Lots(3), Grid(2'000'000));
    EXPECT_EQ(order.position, desk.slot(alice, desk.perpetual));
    EXPECT_EQ(desk.slot(bob, desk.perpetual), 0U);
    EXPECT_EQ(desk.held(alice), 50);
    desk.cancel(order);
}

}  // namespace
}  // namespace miletus::clearing
