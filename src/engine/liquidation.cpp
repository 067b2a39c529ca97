// The plain liquidation: who fell below maintenance margin loses the open orders, then the
// positions slice by slice to the book, at no price that the account cannot bear. What nobody takes
// is closed against the other side; the insurance fund pays what the account cannot, as far as it
// holds.
#include "base/division.hpp"
#include "engine/engine.hpp"

#include <algorithm>

namespace miletus::engine {

using accounts::OpenOrder;
using accounts::Position;
using instruments::millionths;
using protocol::AccountState;
using protocol::BalanceReason;
using protocol::Parameter;
using protocol::RemovalReason;
using protocol::Side;

namespace {

constexpr Nanos between_slices{1'000'000'000};
constexpr std::int64_t slices = 10;        // a slice is the tenth part of a position
constexpr std::uint32_t failures_max = 5;  // then the book is not asked any more

}  // namespace

// ---- Watching ----

// Prices changed: every account is looked at, a bounded number with each command.
void Engine::watch() {
    watch_.start();
}

void Engine::watch_some() {
    for (std::uint32_t look = 0; look < limits_.sweep_per_command; ++look) {
        if (watch_.next >= accounts_.end()) {
            watch_ = {.next = watch_.again ? 1U : 0U, .again = false};
            return;
        }
        if (look_at(AccountId(watch_.next++))) {
            return;  // as much as one command may do
        }
    }
}

// Whether anything had to be done about it.
bool Engine::look_at(AccountId account) {
    if (accounts_.positions().oldest(account) == 0 ||
        accounts_.state(account) == AccountState::in_liquidation) {
        return false;
    }
    Distress& distress = distress_[account.value()];
    const bool is_short = risk_.above_initial(account) < Amount(0);
    if (!is_short) {
        distress.is_called = false;
        return false;
    }
    // Nobody is judged by prices that are not good.
    if (risk_.standing(account).worst_index != protocol::IndexState::good) {
        return false;
    }
    const bool was_called = distress.is_called;
    // Orders count as if they were filled: before positions are touched, those that add risk go.
    if (!distress.is_called) {
        call_margin(account);
    }
    const risk::Standing standing = risk_.standing(account);
    if (standing.equity() < standing.required().maintenance) {
        begin_liquidation(account);
        return true;
    }
    return !was_called;
}

// Orders that could add risk go; the account may go on closing.
void Engine::call_margin(AccountId account) {
    const risk::Standing standing = risk_.standing(account);
    distress_[account.value()].is_called = true;
    events_.emit(protocol::MarginCalled{.equity = standing.equity(),
                                        .initial = standing.set_aside(),
                                        .maintenance = standing.required().maintenance,
                                        .account = account});
    cancel_chosen(account, RemovalReason::margin, [this](const OpenOrder& order) {
        return order.is_waiting == 0 && !risk_.only_closes(order);
    });
}

// ---- Liquidating ----

void Engine::begin_liquidation(AccountId account) {
    const risk::Standing standing = risk_.standing(account);
    distress_[account.value()].after = accounts_.state(account);
    enter_account_state(account, AccountState::in_liquidation);
    events_.emit(protocol::LiquidationStarted{.equity = standing.equity(),
                                              .initial = standing.set_aside(),
                                              .maintenance = standing.required().maintenance,
                                              .account = account});
    distress_[account.value()].failures = 0;
    timers_.set(timer_of(account), now());
}

// One step a second.
void Engine::run_liquidation(AccountId account) {
    if (cancels_some(account)) {
        timers_.set(timer_of(account), now());
        return;
    }
    const risk::Standing standing = risk_.standing(account);
    if (standing.equity() >= standing.required().maintenance) {
        end_liquidation(account, distress_[account.value()].paid);
        return;
    }
    if (standing.worst_index != protocol::IndexState::good) {
        timers_.set(timer_of(account), now() + between_slices);
        return;
    }
    Distress& distress = distress_[account.value()];
    const std::uint32_t position = largest_position(account);
    if (position == 0 || distress.failures == failures_max ||
        risk_.liquidation_value(account) < Amount(0)) {
        take_over(account);
        return;
    }
    distress.failures = sell_slice(account, position) ? 0 : distress.failures + 1;
    timers_.set(timer_of(account), now() + between_slices);
}

// Whether any order was left to cancel.
bool Engine::cancels_some(AccountId account) {
    std::uint32_t canceled = 0;
    std::uint32_t slot = accounts_.oldest_order(account);
    for (; slot != 0 && canceled < limits_.sweep_per_command; ++canceled) {
        const std::uint32_t newer = accounts_.order(slot).newer;
        cancel(accounts_.id_of(slot), RemovalReason::liquidation);
        slot = newer;
    }
    return canceled != 0;
}

// The one that needs the most maintenance by itself, of those whose book is open; options that are
// held for their worth come last.
std::uint32_t Engine::largest_position(AccountId account) const {
    const accounts::Positions& positions = accounts_.positions();
    std::uint32_t largest = 0;
    Amount most(-1);
    for (std::uint32_t slot = positions.oldest(account); slot != 0; slot = positions[slot].next) {
        const Position& position = positions[slot];
        const auto state = instruments_.rules(position.instrument).state;
        const bool trades = state == protocol::InstrumentState::open ||
                            state == protocol::InstrumentState::reduce_only;
        if (position.is_held() && trades && risk_.alone(slot).maintenance > most) {
            most = risk_.alone(slot).maintenance;
            largest = slot;
        }
    }
    return largest;
}

// Whether any of it found a counterparty.
bool Engine::sell_slice(AccountId account, std::uint32_t slot) {
    const Position& position = accounts_.positions()[slot];
    const InstrumentId instrument = position.instrument;
    const std::int64_t held = magnitude(position.lots).value();
    const std::int64_t most = instruments_.rules(instrument).lots_max;
    const Lots lots(std::min(std::max(held / slices, std::int64_t{1}), most));
    const Side side = position.is_long() ? Side::sell : Side::buy;
    const Ticks limit = bearable_price(account, slot);
    events_.emit(protocol::LiquidationStep{.lots = lots,
                                           .limit = limit,
                                           .equity = risk_.standing(account).equity(),
                                           .account = account,
                                           .instrument = instrument,
                                           .side = side});
    const protocol::PlaceOrder slice{.header = {.account = account},
                                     .price = limit,
                                     .quantity = lots,
                                     .instrument = instrument,
                                     .side = side,
                                     .time_in_force = protocol::TimeInForce::immediate_or_cancel};
    const Wish wish{.order = {.instrument = instrument,
                              .account = account,
                              .side = side,
                              .time_in_force = protocol::TimeInForce::immediate_or_cancel,
                              .price = limit,
                              .quantity = lots,
                              .expires = {}},
                    .price = limit,
                    .lots_before = {},
                    .held_before = {}};
    catch_up(instrument, opposite(side));
    if (!matching_.admit(wish.order, now(), Makers::before_taking(*this))) {
        return false;
    }
    is_liquidating_ = true;
    put(slice, wish, {.position = slot, .hold_per_lot = {}, .change = {}}, {});
    is_liquidating_ = false;
    const Position& after = accounts_.positions()[slot];
    const bool is_same = after.account == account && after.instrument == instrument;
    const Lots sold = Lots(held) - (is_same ? magnitude(after.lots) : Lots(0));
    charge_liquidation_fee(account, instrument, sold);
    return sold != Lots(0);
}

// Its share of the account's worth, by maintenance, is what closing the position may cost; fees
// come out of it. At that price the fund is never needed. The tick on the account's side of it.
Ticks Engine::bearable_price(AccountId account, std::uint32_t slot) const {
    const Position& position = accounts_.positions()[slot];
    const instruments::Listing& listing = instruments_.listing(position.instrument);
    Amount all(0);
    for (std::uint32_t other = accounts_.positions().oldest(account); other != 0;
         other = accounts_.positions()[other].next) {
        all += risk_.alone(other).maintenance;
    }
    const Amount own = risk_.alone(slot).maintenance;
    const Amount worth = risk_.liquidation_value(account);
    const std::int64_t mark = prices_.mark_value(position.instrument).value();
    const std::int64_t lots = magnitude(position.lots).value();
    const Ticks near(floor_div(mark, listing.tick_value.value()));
    const std::int64_t share =
        all == Amount(0) ? mark * lots : share_floor(worth.value(), own.value(), all.value());
    const std::int64_t fee = clearing_.fee_bound(position.instrument, near).value();
    const std::int64_t room = std::max(floor_div(share, lots) - fee, std::int64_t{0});
    const std::int64_t tick = listing.tick_value.value();
    const Ticks low = listing.terms.price_low;
    const Ticks high = listing.terms.price_high;
    if (position.is_long()) {
        const Ticks limit(ceil_div(mark - room, tick));
        const Ticks band = instruments_.rules(position.instrument).band_low();
        return instruments_.rounded_up(position.instrument,
                                       std::clamp(std::max(limit, band), low, high));
    }
    const Ticks limit(floor_div(mark + room, tick));
    const Ticks band = instruments_.rules(position.instrument).band_high();
    return instruments_.rounded_down(position.instrument,
                                     std::clamp(std::min(limit, band), low, high));
}

// To the insurance fund; never more than is left, so that no fee makes a debt.
void Engine::charge_liquidation_fee(AccountId account, InstrumentId instrument, Lots lots) {
    const instruments::Listing& listing = instruments_.listing(instrument);
    const std::int64_t rate =
        parameters_.of(listing.underlying)
            .of(instruments::is_option(listing.kind) ? Parameter::option_liquidation_fee
                                                     : Parameter::future_liquidation_fee);
    const int128 worth = int128{prices_.index_value(instrument).value()} * lots.value();
    const int128 left = risk_.liquidation_value(account).value();
    pay_to_fund(account, Amount(ceil_div(std::min(worth * rate, left * millionths), millionths)));
}

// Without a fund nothing is paid.
void Engine::pay_to_fund(AccountId account, Amount amount) {
    const AccountId fund = accounts_.insurance();
    const AssetId asset = instruments_.settlement_asset();
    if (fund != accounts::operator_account && amount > Amount(0)) {
        move_money(account, asset, -amount, BalanceReason::insurance);
        move_money(fund, asset, amount, BalanceReason::insurance);
    }
}

// ---- Where the book is of no help ----

// One position a step.
void Engine::take_over(AccountId account) {
    Distress& distress = distress_[account.value()];
    distress.paid += pay_from_fund(account);
    const accounts::Positions& positions = accounts_.positions();
    for (std::uint32_t slot = positions.oldest(account); slot != 0; slot = positions[slot].next) {
        const bool is_paid_out = payouts_[positions[slot].instrument.value()].is_fixed;
        if (positions[slot].is_held() && !is_paid_out) {
            const Amount hole = std::max(-risk_.liquidation_value(account), Amount(0));
            reassign(slot, hole);
            if (hole != Amount(0)) {
                give_back(account, std::max(risk_.liquidation_value(account), Amount(0)));
            }
            timers_.set(timer_of(account), now());
            return;
        }
    }
    end_liquidation(account, distress.paid);
}

// What rounding made too much of others' help.
void Engine::give_back(AccountId account, Amount amount) {
    Amount& paid = distress_[account.value()].paid;
    pay_to_fund(account, amount);
    paid = std::max(paid - amount, Amount(0));
}

// What the account owes beyond all that it has, as far as the fund holds it.
Amount Engine::pay_from_fund(AccountId account) {
    const AccountId fund = accounts_.insurance();
    const AssetId asset = instruments_.settlement_asset();
    const Amount missing = std::max(-risk_.liquidation_value(account), Amount(0));
    const Amount held = fund != accounts::operator_account
                            ? std::max(accounts_.balance(fund, asset).total, Amount(0))
                            : Amount(0);
    const Amount paid = std::min(missing, held);
    if (paid > Amount(0)) {
        move_money(fund, asset, -paid, BalanceReason::insurance);
        move_money(account, asset, paid, BalanceReason::insurance);
    }
    return paid;
}

// Closes the position against all of the other side, in proportion, at its mark; where a loss is
// left that nobody paid, at a price that much better for the account, as far as prices go. What
// rounding makes too much of it is the fund's.
void Engine::reassign(std::uint32_t slot, Amount hole) {
    const accounts::Positions& positions = accounts_.positions();
    const Position leaving = positions[slot];
    const instruments::Listing& listing = instruments_.listing(leaving.instrument);
    const std::int64_t lots = magnitude(leaving.lots).value();
    const std::int64_t grid = listing.tick_value.value() / instruments::grid_steps;
    const Grid help(ceil_div(ceil_div(hole.value(), lots), grid));
    const Grid mark = prices_.mark(leaving.instrument);
    const Grid lowest(listing.terms.price_low.value() * instruments::grid_steps);
    const Grid price = leaving.is_long() ? mark + help : std::max(mark - help, lowest);
    const Lots others = positions.open_interest(leaving.instrument);
    std::int64_t left = lots;
    std::int64_t passed = 0;
    // Running shares, by account: rounding leaves no lot behind, and takes from nobody more than is
    // held.
    for (std::uint32_t at = 1; at < accounts_.end() && left != 0; ++at) {
        const std::uint32_t other = positions.find(AccountId(at), leaving.instrument);
        const Position& counterparty = positions[other];
        if (!counterparty.is_held() || counterparty.is_long() == leaving.is_long()) {
            continue;
        }
        passed += magnitude(counterparty.lots).value();
        const std::int64_t due = share_ceil(lots, passed, others.value()) - (lots - left);
        const Lots taken(std::min({due, left, magnitude(counterparty.lots).value()}));
        if (taken == Lots(0)) {
            continue;
        }
        left -= taken.value();
        events_.emit(
            protocol::PositionReassigned{.lots = taken,
                                         .price = price,
                                         .account = leaving.account,
                                         .counterparty = AccountId(at),
                                         .instrument = leaving.instrument,
                                         .side = leaving.is_long() ? Side::sell : Side::buy});
        clearing_.reassign(slot, other, taken, price);
        risk_.forget(leaving.account);
        risk_.forget(AccountId(at));
    }
    ASSERT(left == 0);
}

void Engine::end_liquidation(AccountId account, Amount paid_by_fund) {
    enter_account_state(account, distress_[account.value()].after);
    distress_[account.value()] = {};
    events_.emit(protocol::LiquidationEnded{.equity = risk_.standing(account).equity(),
                                            .paid_by_fund = paid_by_fund,
                                            .account = account});
}

}  // namespace miletus::engine
