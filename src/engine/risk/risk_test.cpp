// Risk: what an account is worth and needs, what it may place, take out and be held for.
#include "engine/risk/risk.hpp"

#include "base/prng.hpp"
#include "engine/risk/desk_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace miletus::risk {
namespace {

// ---- What it is worth, and needs ----

TEST(Risk, equity_is_cash_and_session_and_what_futures_would_bring) {
    Desk desk;
    desk.deposit(alice, 1000 * usd);
    desk.accounts.book(alice, usdc, Amount(-30 * usd));
    desk.hold(alice, desk.perpetual, 3, 190'000);
    const Standing now = desk.risk.standing(alice);
    EXPECT_EQ(now.cash, Amount(1000 * usd));
    EXPECT_EQ(now.session, Amount(-30 * usd));
    EXPECT_EQ(now.unrealised, Amount(3 * 10'000 * tick));
    EXPECT_EQ(now.equity(), Amount(970 * usd + 15 * usd));
    EXPECT_EQ(now.collateral, Amount(0));
}

TEST(Risk, an_option_is_worth_nothing_before_it_is_sold_but_all_of_its_mark_in_a_liquidation) {
    Desk desk;
    desk.deposit(alice, 1000 * usd);
    desk.hold(alice, desk.options[0], 3, 100);
    desk.hold(alice, desk.options[2], -2, 100);
    EXPECT_EQ(desk.risk.standing(alice).equity(), Amount(1000 * usd));
    EXPECT_EQ(desk.risk.liquidation_value(alice), Amount(1000 * usd + (3 - 2) * 400 * tick));
}

TEST(Risk, funding_that_is_due_counts_though_it_is_not_charged) {
    Desk desk;
    desk.market.set(Parameter::funding_damp, 0);
    desk.risk.forget_all();
    desk.deposit(alice, 1000 * usd);
    desk.hold(alice, desk.perpetual, 3, 200'000);
    for (int second = 0; second < 20; ++second) {
        desk.market.set_index(100'000 * usd);
        desk.market.pass(1, Ticks(201'000), Ticks(201'000));
    }
    const std::int64_t paid = desk.market.prices.funding(desk.perpetual).value();
    ASSERT_GT(paid, 0);
    EXPECT_EQ(desk.risk.standing(alice).session, Amount(-3 * paid));
    desk.expect_fresh(alice);
}

TEST(Risk, coins_count_at_their_index_less_the_haircut_rounded_down) {
    Desk desk;
    desk.deposit(alice, coin + 1, btc);
    EXPECT_EQ(desk.risk.standing(alice).collateral, Amount(95'000 * usd));
    desk.deposit(alice, 18, btc);
    // 0.95 of 100'000'019 is 95'000'018.05 of a coin's units, at a thousandth of a cent each.
    EXPECT_EQ(desk.risk.standing(alice).collateral, Amount(95'000 * usd + 18'000));
    desk.market.set_index(50'000 * usd);
    EXPECT_EQ(desk.risk.standing(alice).collateral, Amount(47'500 * usd + 9'000));
    desk.market.set(Parameter::collateral_haircut, 1'000'000);
    desk.risk.forget_all();
    EXPECT_EQ(desk.risk.standing(alice).collateral, Amount(0));
}

TEST(Risk, negative_cash_is_borne_by_coins_until_they_fall) {
    Desk desk;
    desk.deposit(alice, coin, btc);
    desk.deposit(alice, 1);
    desk.accounts.pay(alice, usdc, Amount(-60'000 * usd - 1));
    desk.accounts.pay(bob, usdc, Amount(60'000 * usd));
    EXPECT_EQ(desk.risk.standing(alice).equity(), Amount(35'000 * usd));
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::buy, 10, 200'000)), Reject::none);
    desk.market.set_index(63'000 * usd);
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::buy, 1, 100'000)),
              Reject::margin_insufficient);
    EXPECT_LT(desk.risk.above_maintenance(alice), Amount(0));
}

TEST(Risk, rates_rise_with_what_the_owners_other_accounts_hold) {
    Desk desk;
    desk.market.set(Parameter::future_slope, 10'000);
    desk.risk.forget_all();
    desk.hold(alice, desk.perpetual, 1000, 200'000);
    const Requirement before = desk.risk.standing(alice).required();
    desk.hold(bob, desk.perpetual, -1000, 200'000);
    EXPECT_EQ(desk.risk.standing(alice).required(), before);
    desk.expect_fresh(alice);
    desk.hold(annex, desk.perpetual, -1000, 200'000);
    EXPECT_GT(desk.risk.standing(alice).required().initial, before.initial);
    desk.expect_fresh(alice);
}

TEST(Risk, a_position_alone_needs_what_it_would_without_its_group) {
    Desk desk;
    desk.hold(alice, desk.options[0], -2, 100);
    const Requirement naked = desk.risk.standing(alice).required();
    desk.hold(alice, desk.options[1], 2, 100);
    const Requirement spread = desk.risk.standing(alice).required();
    EXPECT_LT(spread.initial, naked.initial);
    EXPECT_EQ(desk.risk.alone(desk.slot(alice, desk.options[0])), naked);
    EXPECT_EQ(desk.risk.alone(desk.slot(alice, desk.options[1])), Requirement{});
}

TEST(Risk, the_worst_index_is_the_least_reliable_that_a_position_depends_on) {
    Desk desk;
    EXPECT_EQ(desk.risk.standing(alice).worst_index, protocol::IndexState::good);
    desk.hold(alice, desk.perpetual, 1, 200'000);
    desk.market.lose_sources();
    EXPECT_NE(desk.risk.standing(alice).worst_index, protocol::IndexState::good);
    EXPECT_EQ(desk.risk.standing(bob).worst_index, protocol::IndexState::good);
}

// ---- What orders hold ----

TEST(Risk, an_order_holds_what_its_price_is_worse_than_the_mark) {
    Desk desk;
    const auto hold = [&](InstrumentId instrument, Side side, std::int64_t price) {
        return desk.risk.hold_of(instrument, side, Ticks(price)).value();
    };
    EXPECT_EQ(hold(desk.perpetual, Side::buy, 200'007), 7 * tick);
    EXPECT_EQ(hold(desk.perpetual, Side::buy, 199'993), 0);
    EXPECT_EQ(hold(desk.perpetual, Side::sell, 199'993), 7 * tick);
    EXPECT_EQ(hold(desk.perpetual, Side::sell, 200'007), 0);
    EXPECT_EQ(hold(desk.options[0], Side::buy, 7), 7 * tick);
    EXPECT_EQ(hold(desk.options[0], Side::sell, 7), 0);
}

TEST(Risk, an_order_only_closes_where_it_is_no_larger_than_what_it_is_against) {
    Desk desk;
    desk.hold(alice, desk.perpetual, 3, 200'000);
    accounts::OpenOrder order{};
    order.position = desk.slot(alice, desk.perpetual);
    const auto closes = [&](Side side, std::uint32_t left) {
        order.side = side;
        order.left = left;
        return desk.risk.only_closes(order);
    };
    EXPECT_TRUE(closes(Side::sell, 3));
    EXPECT_FALSE(closes(Side::sell, 4));
    EXPECT_FALSE(closes(Side::buy, 1));
    desk.hold(alice, desk.perpetual, -3, 200'000);
    EXPECT_TRUE(closes(Side::buy, 3));
    EXPECT_FALSE(closes(Side::sell, 1));
    // It will be cut down.
    order.reduce_only = 1;
    EXPECT_TRUE(closes(Side::buy, 4));
    EXPECT_FALSE(closes(Side::sell, 1));
}

// ---- What it may place ----

// A lot of the index is worth 100 USDC, and needs two in a hundred of that, and a little for size.
TEST(Risk, an_order_is_taken_up_to_the_last_unit_of_initial_margin) {
    Desk desk;
    const RestingOrder order = desk.order(alice, desk.perpetual, Side::buy, 10, 200'000);
    const Standing with = desk.risk.standing_with(desk.proposal(order));
    const std::int64_t needed = with.required().initial.value();
    EXPECT_EQ(needed, 20'000'500);  // of 1,000 USDC 2 %, and 50 ppm for a hundredth of a coin
    desk.deposit(alice, needed - 1);
    EXPECT_EQ(desk.place(order), Reject::margin_insufficient);
    desk.deposit(alice, 1);
    EXPECT_EQ(desk.place(order), Reject::none);
    EXPECT_EQ(desk.risk.above_initial(alice), Amount(0));
    desk.expect_fresh(alice);
    // The other side costs nothing more, until it is the worse one.
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::sell, 10, 200'000)), Reject::none);
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::sell, 1, 200'000)),
              Reject::margin_insufficient);
}

TEST(Risk, what_an_amended_order_held_before_is_free_for_it) {
    Desk desk;
    desk.deposit(alice, 100 * usd);
    RestingOrder order = desk.order(alice, desk.options[0], Side::buy, 1, 200);
    ASSERT_EQ(order.hold, 100'000);
    order.hold = 100 * usd;
    EXPECT_EQ(desk.place(order), Reject::none);
    Proposal again = desk.proposal(order);
    again.lots = Lots(0);
    EXPECT_EQ(desk.risk.check_order(again).error(), Reject::margin_insufficient);
    again.holds_not = Amount(100 * usd);
    EXPECT_TRUE(desk.risk.check_order(again).has_value());
    again.hold = Amount(100 * usd + 1);
    EXPECT_EQ(desk.risk.check_order(again).error(), Reject::margin_insufficient);
}

TEST(Risk, below_initial_margin_only_what_makes_the_account_safer_is_taken) {
    Desk desk;
    desk.hold(alice, desk.perpetual, 10, 200'000);
    const auto sell = [&](std::int64_t lots, std::int64_t hold) {
        Proposal proposal =
            desk.proposal(desk.order(alice, desk.perpetual, Side::sell, lots, 200'000));
        proposal.hold = Amount(hold);
        return desk.risk.check_order(proposal).error();
    };
    // Ten lots need ten USDC of maintenance and five hundred millionths of a thousandth; nine nine.
    const std::int64_t freed = 10 * usd + 500 - 9 * usd - 405;
    EXPECT_EQ(sell(1, 0), Reject::none);
    EXPECT_EQ(sell(1, freed), Reject::none);
    EXPECT_EQ(sell(1, freed + 1), Reject::margin_insufficient);
    EXPECT_EQ(sell(10, 10 * usd + 500), Reject::none);
    EXPECT_EQ(sell(11, 0), Reject::margin_insufficient);
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::buy, 1, 200'000)),
              Reject::margin_insufficient);
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::sell, 6, 200'000)), Reject::none);
    EXPECT_EQ(sell(5, 0), Reject::margin_insufficient);
    EXPECT_EQ(sell(4, 0), Reject::none);
}

TEST(Risk, orders_that_only_reduce_need_no_more_than_what_they_reduce) {
    Desk desk;
    const InstrumentId option = desk.options[0];
    desk.hold(alice, desk.perpetual, 10, 200'000);
    desk.hold(alice, option, 10, 200);
    const Requirement held = desk.risk.standing(alice).required();
    for (const InstrumentId instrument : {desk.perpetual, option}) {
        Proposal all = desk.proposal(desk.order(alice, instrument, Side::sell, 10, 200'000));
        all.reduces = true;
        for (int count = 0; count < 3; ++count) {
            const Result<Requirement> change = desk.risk.check_order(all);
            ASSERT_TRUE(change.has_value());
            desk.risk.add(alice, *change);
            desk.accounts.positions().change_open(all.position, Side::sell, Lots(10), true);
            desk.expect_fresh(alice);
        }
        EXPECT_EQ(desk.risk.standing(alice).required(), held);
        // What may do more is short of all that it sells, once the others have closed what is held.
        all.reduces = false;
        EXPECT_EQ(desk.risk.check_order(all).error(), Reject::margin_insufficient);
        EXPECT_GT(desk.risk.standing_with(all).required().initial, Amount(0));
        accounts::OpenOrder order{};
        order.account = alice;
        order.instrument = instrument;
        order.position = all.position;
        order.side = Side::sell;
        order.left = 10;
        order.reduce_only = 1;
        for (int count = 0; count < 3; ++count) {
            desk.risk.unwind(order, Lots(10));
            desk.accounts.positions().change_open(all.position, Side::sell, Lots(-10), true);
            desk.expect_fresh(alice);
        }
        EXPECT_EQ(desk.risk.standing(alice).required(), held);
    }
}

TEST(Risk, an_order_that_only_reduces_is_taken_whatever_else_is_open) {
    Desk desk;
    desk.hold(alice, desk.perpetual, 10, 200'000);
    ASSERT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::sell, 10, 200'000)), Reject::none);
    Proposal all = desk.proposal(desk.order(alice, desk.perpetual, Side::sell, 10, 200'000));
    EXPECT_EQ(desk.risk.check_order(all).error(), Reject::margin_insufficient);
    all.reduces = true;
    EXPECT_EQ(desk.risk.check_order(all).error(), Reject::none);
    all.lots = Lots(11);
    EXPECT_EQ(desk.risk.check_order(all).error(), Reject::margin_insufficient);
}

TEST(Risk, selling_the_leg_that_bounds_a_spreads_loss_makes_nobody_safer) {
    Desk desk;
    // Of a short call alone 15 USDC, where ten are the most that the spread can lose.
    desk.market.set(Parameter::option_maintenance, 150'000);
    desk.risk.forget_all();
    desk.hold(alice, desk.options[0], -2, 100);
    desk.hold(alice, desk.options[1], 2, 100);
    EXPECT_EQ(desk.place(desk.order(alice, desk.options[1], Side::sell, 1, 400)),
              Reject::margin_insufficient);
    EXPECT_EQ(desk.place(desk.order(alice, desk.options[0], Side::buy, 1, 1)), Reject::none);
}

// Maintenance does not see the long leg, but initial margin does.
TEST(Risk, selling_a_leg_that_only_initial_margin_counts_makes_nobody_safer) {
    Desk desk;
    desk.market.set(Parameter::option_initial, 150'000);
    desk.market.set(Parameter::option_maintenance, 10'000);
    desk.risk.forget_all();
    desk.hold(alice, desk.options[0], -2, 100);
    desk.hold(alice, desk.options[1], 2, 100);
    EXPECT_EQ(desk.place(desk.order(alice, desk.options[1], Side::sell, 1, 400)),
              Reject::margin_insufficient);
}

// ---- What it may take out ----

TEST(Risk, gains_are_not_paid_out_before_they_are_settled) {
    Desk desk;
    desk.deposit(alice, 100 * usd);
    const auto refusal = [&](std::int64_t amount) {
        return desk.risk.check_payout(alice, usdc, Amount(amount)).error();
    };
    desk.accounts.book(alice, usdc, Amount(50 * usd));
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(100 * usd));
    EXPECT_EQ(refusal(100 * usd), Reject::none);
    EXPECT_EQ(refusal(100 * usd + 1), Reject::insufficient_balance);
    // Ten lots need 20 USDC: of the cash, since what they won is not settled.
    desk.hold(alice, desk.perpetual, 10, 190'000);
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(80 * usd - 500));
    EXPECT_EQ(refusal(80 * usd - 500), Reject::none);
    EXPECT_EQ(refusal(80 * usd - 499), Reject::result_not_settled);
    EXPECT_EQ(desk.accounts.settle(alice, usdc), Amount(50 * usd));
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(130 * usd - 500));
}

TEST(Risk, losses_are_taken_off_at_once) {
    Desk desk;
    desk.deposit(alice, 100 * usd);
    desk.accounts.book(alice, usdc, Amount(-30 * usd));
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(70 * usd));
    EXPECT_EQ(desk.risk.check_payout(alice, usdc, Amount(70 * usd + 1)).error(),
              Reject::insufficient_balance);
    // What one position lost another's gain makes up for.
    desk.hold(alice, desk.perpetual, 1, 160'000);
    EXPECT_EQ(desk.risk.standing(alice).unrealised, Amount(20 * usd));
    const std::int64_t margin = desk.risk.standing(alice).required().initial.value();
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(90 * usd - margin));
    desk.accounts.book(alice, usdc, Amount(-170 * usd));
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(0));
}

TEST(Risk, what_orders_hold_stays) {
    Desk desk;
    desk.deposit(alice, 100 * usd);
    EXPECT_EQ(desk.place(desk.order(alice, desk.options[0], Side::buy, 10, 4000)), Reject::none);
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(80 * usd));
    EXPECT_EQ(desk.risk.check_payout(alice, usdc, Amount(80 * usd + 1)).error(),
              Reject::insufficient_balance);
}

TEST(Risk, coins_are_paid_out_as_far_as_they_are_not_needed) {
    Desk desk;
    desk.deposit(alice, coin, btc);
    const auto refusal = [&](std::int64_t amount) {
        return desk.risk.check_payout(alice, btc, Amount(amount)).error();
    };
    EXPECT_EQ(refusal(coin), Reject::none);
    EXPECT_EQ(refusal(coin + 1), Reject::insufficient_balance);
    desk.deposit(bob, 50'000 * usd);
    desk.accounts.pay(alice, usdc, Amount(-47'500 * usd));
    EXPECT_EQ(refusal(coin / 2), Reject::none);
    EXPECT_EQ(refusal(coin / 2 + 2), Reject::insufficient_balance);
    EXPECT_EQ(desk.risk.check_payout(alice, usdc, Amount(1)).error(), Reject::insufficient_balance);
    EXPECT_EQ(desk.risk.withdrawable(alice), Amount(0));
    // Where gains are all that stands behind the coins, they have to wait.
    desk.accounts.book(alice, usdc, Amount(10'000 * usd));
    EXPECT_EQ(refusal(coin / 2 + 2), Reject::result_not_settled);
}

TEST(Risk, coins_that_count_for_nothing_are_free_whatever_the_account_owes) {
    Desk desk;
    desk.market.set(Parameter::collateral_haircut, 1'000'000);
    desk.risk.forget_all();
    desk.deposit(alice, coin, btc);
    desk.deposit(bob, 100 * usd);
    desk.accounts.pay(alice, usdc, Amount(-10 * usd));
    EXPECT_TRUE(desk.risk.check_payout(alice, btc, Amount(coin)).has_value());
}

}  // namespace
}  // namespace miletus::risk
