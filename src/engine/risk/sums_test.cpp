// The sums that Risk keeps for each account are, after whatever happened, what they would be from
// scratch.
#include "base/prng.hpp"
#include "engine/risk/desk_test.hpp"
#include "engine/risk/risk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace miletus::risk {
namespace {

class Stream {
  public:
    explicit Stream(std::uint64_t seed) : prng_(seed) {
        desk_.market.set(Parameter::funding_damp, 0);
        desk_.market.set(Parameter::future_slope, 5000);
        for (const AccountId account : {alice, annex, bob}) {
            desk_.deposit(account, prng_.between(50, 500) * usd);
        }
    }

    void step() {
        switch (prng_.below(12)) {
            case 0:
            case 1:
            case 2:
            case 3:
                place();
                break;
            case 4:
            case 5:
                fill();
                break;
            case 6:
                cancel();
                break;
            case 7:
                move_prices();
                break;
            case 8:
                desk_.deposit(some_account(), prng_.between(1, coin / 1000), btc);
                break;
            case 9:
                move_cash();
                break;
            case 10:
                desk_.hold(some_account(), some_instrument(), prng_.between(-9, 9),
                           prng_.between(0, 300'000));
                break;
            default:
                change_parameter();
        }
    }

    // A sum that nobody asked for stays as old as it is: so only some are asked for.
    void check() {
        desk_.risk.check_invariants();
        for (const AccountId account : {alice, annex, bob}) {
            if (prng_.one_in(2)) {
                desk_.expect_fresh(account);
                check_payouts(account);
            }
        }
    }

    std::uint32_t accepted = 0;
    std::uint32_t refused = 0;

  private:
    [[nodiscard]] AccountId some_account() {
        return AccountId(static_cast<std::uint32_t>(prng_.between(1, 3)));
    }
    [[nodiscard]] InstrumentId some_instrument() {
        return InstrumentId(static_cast<std::uint32_t>(prng_.below(6)));
    }

    void place() {
        const InstrumentId instrument = some_instrument();
        const std::int64_t price =
            desk_.is_option(instrument) ? prng_.between(0, 2000) : prng_.between(150'000, 250'000);
        const RestingOrder order =
            desk_.order(some_account(), instrument, prng_.one_in(2) ? Side::buy : Side::sell,
                        prng_.between(1, 9), price);
        if (orders_.size() < 12) {
            const bool passes = desk_.place(order) == Reject::none;
            accepted += passes ? 1U : 0U;
            refused += passes ? 0U : 1U;
            if (passes) {
                orders_.push_back(order);
            }
        }
    }

    // The whole order fills, at its price: all at once, as clearing does it.
    void fill() {
        if (orders_.empty()) {
            return;
        }
        const std::size_t which = prng_.below(orders_.size());
        const RestingOrder order = orders_[which];
        orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(which));
        const std::uint32_t slot = desk_.slot(order.account, order.instrument);
        desk_.risk.leave(slot);
        accounts::Position& position = desk_.accounts.positions().at(slot);
        const std::int64_t sign = order.side == Side::buy ? 1 : -1;
        const Amount value(sign * order.lots * order.price * tick);
        position.open.at(static_cast<std::size_t>(order.side)) -= Lots(order.lots);
        --position.orders;
        desk_.accounts.release(order.account, usdc, Amount(order.hold));
        desk_.accounts.positions().set_lots(slot, position.lots + Lots(sign * order.lots));
        if (desk_.is_option(order.instrument)) {
            desk_.accounts.pay(order.account, usdc, -value);
        }
        position.cost += value;
        if (!position.is_held()) {
            desk_.accounts.book(order.account, usdc, -position.cost);
            position.cost = Amount(0);
        }
        desk_.risk.join(slot);
        if (!position.is_held() && position.orders == 0) {
            desk_.accounts.positions().remove(slot);
        }
    }

    void cancel() {
        if (!orders_.empty()) {
            const std::size_t which = prng_.below(orders_.size());
            desk_.cancel(orders_[which]);
            orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(which));
        }
    }

    void move_prices() {
        desk_.market.set_index(prng_.between(90'000 * usd, 110'000 * usd));
        if (prng_.one_in(2)) {
            const Ticks book(prng_.between(190'000, 210'000));
            desk_.market.pass(prng_.between(1, 5), book, book);
        }
        if (prng_.one_in(2)) {
            desk_.mark_options(prng_.between(0, 3000) * tick);
        }
    }

    // Between two accounts, settled or not.
    void move_cash() {
        const AccountId from = some_account();
        const AccountId to = some_account();
        const Amount amount(prng_.between(1, 20 * usd));
        if (prng_.one_in(3)) {
            desk_.accounts.settle(from, usdc);
        } else if (prng_.one_in(2)) {
            desk_.accounts.pay(from, usdc, -amount);
            desk_.accounts.pay(to, usdc, amount);
        } else {
            desk_.accounts.book(from, usdc, -amount);
            desk_.accounts.book(to, usdc, amount);
        }
    }

    void change_parameter() {
        constexpr std::array rates = {Parameter::future_initial,     Parameter::future_maintenance,
                                      Parameter::option_initial,     Parameter::option_maintenance,
                                      Parameter::collateral_haircut, Parameter::future_slope};
        desk_.market.set(rates.at(prng_.below(rates.size())), prng_.between(1, 100'000));
        desk_.risk.forget_all();
    }

    // What may be withdrawn passes, and not a unit more; and gains stay behind it.
    void check_payouts(AccountId account) const {
        const Amount most = desk_.risk.withdrawable(account);
        const Risk& risk = desk_.risk;
        if (most > Amount(0)) {
            ASSERT_TRUE(risk.check_payout(account, usdc, most).has_value());
            const Standing now = risk.standing(account);
            ASSERT_GE(now.equity() - now.held - now.required().initial - most,
                      std::max(now.session + now.unrealised, Amount(0)));
        }
        ASSERT_FALSE(risk.check_payout(account, usdc, most + Amount(1)).has_value());
    }

    Desk desk_;
    Prng prng_;
    std::vector<RestingOrder> orders_;
};

TEST(RiskSums, are_after_any_stream_what_they_are_from_scratch) {
    std::uint32_t accepted = 0;
    std::uint32_t refused = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Stream stream(seed);
        for (int step = 0; step < 300; ++step) {
            stream.step();
            stream.check();
            ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << ", step " << step;
        }
        accepted += stream.accepted;
        refused += stream.refused;
    }
    EXPECT_GT(accepted, 200U);
    EXPECT_GT(refused, 200U);
}

// A delivery and a reassignment take a position away without leave() and join(): the sum of the
// owner's other account kept the higher rate.
TEST(RiskSums, a_position_that_is_gone_is_forgotten_by_the_owners_other_accounts_too) {
    Desk desk;
    desk.deposit(annex, 1000 * usd);
    desk.hold(alice, desk.future, 500, 200'000);
    desk.hold(annex, desk.future, 10, 200'000);
    desk.expect_fresh(annex);
    desk.risk.forget(alice);
    accounts::Positions& positions = desk.accounts.positions();
    const std::uint32_t slot = desk.slot(alice, desk.future);
    positions.set_lots(slot, Lots(0));
    positions.at(slot).cost = Amount(0);
    positions.remove(slot);
    desk.risk.check_invariants();
    desk.expect_fresh(annex);
}

// Two sums cut down to what nobody has cannot be told apart any more.
TEST(RiskSums, requirements_that_fit_no_integer_are_taken_anew) {
    Desk desk;
    desk.deposit(alice, 100 * usd);
    desk.expect_fresh(alice);
    constexpr std::int64_t huge = std::int64_t{1} << 53U;
    desk.hold(alice, desk.options[0], -huge / 1000, 0);
    desk.hold(alice, desk.options[2], -huge / 1000, 0);
    EXPECT_EQ(desk.place(desk.order(alice, desk.perpetual, Side::buy, 1, 200'000)),
              Reject::margin_insufficient);
    desk.hold(alice, desk.options[0], 0, 0);
    desk.hold(alice, desk.options[2], 0, 0);
    desk.expect_fresh(alice);
}

}  // namespace
}  // namespace miletus::risk
