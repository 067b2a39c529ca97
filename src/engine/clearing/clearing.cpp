// Orders and what they hold; fills with their fees; what closing lots brings.
#include "engine/clearing/clearing.hpp"

#include "base/division.hpp"

#include <algorithm>

namespace miletus::clearing {

using accounts::OpenOrder;
using instruments::Listing;
using instruments::millionths;
using protocol::BalanceReason;
using protocol::Parameter;
using protocol::PositionReason;
using protocol::Side;

namespace {

// Values were checked to fit when the order was admitted, for all of its lots.
Amount amount_of(LotValue per_lot, std::int64_t lots) {
    const std::optional<Amount> amount = value_of(per_lot, Lots(lots));
    ASSERT(amount.has_value());
    return *amount;
}

// Which side an order takes is a coin's toss: a factor, where a branch would be foreseen half of
// the time.
template <class Unit>
Unit signed_by(Side side, Unit buys) {
    const std::int64_t sign = 1 - 2 * static_cast<std::int64_t>(side);
    return Unit(buys.value() * sign);
}

}  // namespace

Clearing::Clearing(const Limits& limits, const instruments::Instruments& instruments,
                   const instruments::ParameterBook& parameters, const prices::Prices& prices,
                   accounts::Accounts& accounts, protocol::EventWriter& events)
    : instruments_(instruments),
      parameters_(parameters),
      prices_(prices),
      accounts_(accounts),
      positions_(accounts.positions()),
      events_(events),
      lots_max_(limits.position_lots) {}

Result<std::uint32_t> Clearing::check_room(AccountId account, InstrumentId instrument, Side side,
                                           Lots more) const {
    const std::uint32_t slot = positions_.find(account, instrument);
    if (slot == 0 && positions_.is_full()) {
        return Refusal(Reject::positions_full);
    }
    // The most that this side could come to, if all of its orders fill and none of the other's; and
    // what that would be worth at the highest price. (Slot 0 has no lots.)
    const Position& position = positions_[slot];
    const Lots lots = positions_.open(slot, side) + signed_by(side, position.lots) + more;
    const int128 value = int128{lots.value()} * instruments_.listing(instrument).largest.value();
    if (lots > lots_max_ || value > value_max) {
        return Refusal(Reject::position_too_large);
    }
    return slot;
}

Result<void> Clearing::check_reduces(AccountId account, InstrumentId instrument, Side side,
                                     Lots more) const {
    const std::uint32_t slot = positions_.find(account, instrument);
    const Position& position = positions_[slot];
    const Lots wanted =
        position.open[static_cast<std::size_t>(side)] + positions_.reducing(slot, side) + more;
    if (wanted > position.closable(side)) {
        return Refusal(Reject::would_increase_position);
    }
    return {};
}

// ---- Open orders ----

void Clearing::open(OpenOrder& order) {
    if (order.position == 0) {
        order.position = positions_.add(order.account, order.instrument);
    }
    ++positions_.at(order.position).orders;
    change_open(order, Lots(order.left));
    hold_lots(order, order.left);
}

void Clearing::rehold(OpenOrder& order, Amount per_lot, std::uint32_t left) {
    release_lots(order, order.left);
    change_open(order, Lots(left) - Lots(order.left));
    order.hold_per_lot = per_lot;
    order.left = left;
    hold_lots(order, left);
}

void Clearing::unwind(OpenOrder& order, std::uint32_t lots) {
    ASSERT(lots <= order.left);
    release_lots(order, lots);
    change_open(order, -Lots(lots));
    order.left -= lots;
}

void Clearing::close(const OpenOrder& order) {
    ASSERT(order.left == 0);
    --positions_.at(order.position).orders;
    remove_if_empty(order.position);
}

void Clearing::remove_if_empty(std::uint32_t slot) {
    if (positions_[slot].orders == 0 && !positions_[slot].is_held()) {
        positions_.remove(slot);
    }
}

void Clearing::change_open(const OpenOrder& order, Lots change) {
    positions_.change_open(order.position, order.side, change, order.reduce_only != 0);
}

void Clearing::hold_lots(const OpenOrder& order, std::uint32_t lots) {
    accounts_.hold(order.account, instruments_.listing(order.instrument).quote,
                   amount_of(LotValue(order.hold_per_lot.value()), lots));
}

void Clearing::release_lots(const OpenOrder& order, std::uint32_t lots) {
    accounts_.release(order.account, instruments_.listing(order.instrument).quote,
                      amount_of(LotValue(order.hold_per_lot.value()), lots));
}

// ---- Fills ----

void Clearing::fill(OpenOrder& order, Ticks price, std::uint32_t lots, bool takes) {
    const Listing& listing = instruments_.listing(order.instrument);
    unwind(order, lots);
    order.filled += lots;
    const Amount value = amount_of(instruments::value_per_lot(listing.tick_value, price), lots);
    const Amount fee = charge_fee(order, value, lots, takes);
    const Turn turned{.lots = signed_by(order.side, Lots(lots)),
                      .value = signed_by(order.side, value)};
    const Amount realised = book_turn(order.position, turned);
    pay_fee(order.account, listing.quote, fee);
    emit_position(order.position, realised, fee, PositionReason::trade);
}

// What the order owes up to now, rounded up, less what it paid before: however its lots are
// filled, all of them cost the same. The carry is what was paid too much so far.
Amount Clearing::charge_fee(OpenOrder& order, Amount value, std::uint32_t lots, bool takes) {
    const Listing& listing = instruments_.listing(order.instrument);
    const instruments::Parameters& rates = parameters_.of(listing.underlying);
    const int128 traded = magnitude(value).value();
    int128 exact = 0;
    if (instruments::is_option(listing.kind)) {
        const int128 index = prices_.index_value(order.instrument).value();
        exact = std::min(index * lots * rates.of(Parameter::option_fee),
                         traded * rates.of(Parameter::option_fee_cap));
    } else {
        // A rebate is paid out of the same trade's fee.
        const std::int64_t taker = rates.of(Parameter::taker_fee);
        exact = traded * (takes ? taker : std::max(rates.of(Parameter::maker_fee), -taker));
    }
    exact -= order.fee_carry;
    const std::int64_t fee = ceil_div(exact, millionths);
    order.fee_carry = static_cast<std::uint32_t>(int128{fee} * millionths - exact) & 0xFFFFFU;
    return Amount(fee);
}

Amount Clearing::fee_bound(InstrumentId instrument, Ticks price) const {
    const Listing& listing = instruments_.listing(instrument);
    const instruments::Parameters& rates = parameters_.of(listing.underlying);
    const LotValue value = magnitude(instruments::value_per_lot(listing.tick_value, price));
    if (instruments::is_option(listing.kind)) {
        return Amount(
            std::min(share_ceil(prices_.index_value(instrument).value(),
                                rates.of(Parameter::option_fee), millionths),
                     share_ceil(value.value(), rates.of(Parameter::option_fee_cap), millionths)));
    }
    const std::int64_t rate =
        std::max(rates.of(Parameter::taker_fee), rates.of(Parameter::maker_fee));
    return Amount(share_ceil(value.value(), rate, millionths));
}

// An option's premium is paid at once, a future's result is the session's.
Amount Clearing::book_turn(std::uint32_t slot, Turn turned) {
    const Amount realised = turn(slot, turned);
    const Position& position = positions_[slot];
    const Listing& listing = instruments_.listing(position.instrument);
    if (instruments::is_option(listing.kind)) {
        pay(position.account, listing.quote, -turned.value, BalanceReason::trade);
    } else {
        accounts_.book(position.account, listing.quote, realised);
    }
    return realised;
}

// Returns what the lots that were closed brought. Their share of the cost is rounded down; what
// rounding moves stays within the account.
Amount Clearing::turn(std::uint32_t slot, Turn turned) {
    charge_funding(slot);
    Position& position = positions_.at(slot);
    const Lots held = position.lots;
    const bool closes = held != Lots(0) && (held < Lots(0)) != (turned.lots < Lots(0));
    if (!closes) {
        position.cost += turned.value;
        positions_.set_lots(slot, held + turned.lots);
        return Amount(0);
    }
    const std::int64_t lots = magnitude(turned.lots).value();
    const std::int64_t all = magnitude(held).value();
    const std::int64_t closed = std::min(lots, all);
    const Amount value(closed == lots ? turned.value.value()
                                      : share_floor(turned.value.value(), closed, lots));
    const Amount cost(closed == all ? position.cost.value()
                                    : share_floor(position.cost.value(), closed, all));
    position.cost += turned.value - value - cost;
    positions_.set_lots(slot, held + turned.lots);
    return -value - cost;
}

// Both sides take the same integers. What is no fill pays no fee.
void Clearing::reassign(std::uint32_t slot, std::uint32_t counterparty, Lots lots, Grid price) {
    const Listing& listing = instruments_.listing(positions_[slot].instrument);
    const bool is_long = positions_[slot].lots > Lots(0);
    const Amount value = amount_of(instruments::grid_value_per_lot(listing, price), lots.value());
    for (const std::uint32_t side : {slot, counterparty}) {
        const bool sells = (side == slot) == is_long;
        const Turn turned{.lots = sells ? -lots : lots, .value = sells ? -value : value};
        const Amount realised = book_turn(side, turned);
        emit_position(side, realised, Amount(0), PositionReason::reassignment);
    }
    remove_if_empty(slot);
    remove_if_empty(counterparty);
}

// Told with the position that it was paid for.
void Clearing::pay_fee(AccountId account, AssetId asset, Amount fee) {
    accounts_.pay(account, asset, -fee);
    accounts_.pay(accounts::operator_account, asset, fee);
}

void Clearing::pay(AccountId account, AssetId asset, Amount change, BalanceReason reason) {
    accounts_.pay(account, asset, change);
    emit_balance(account, asset, change, reason);
}

void Clearing::emit_balance(AccountId account, AssetId asset, Amount change, BalanceReason reason) {
    events_.emit([&](protocol::EventHeader header) {
        return protocol::BalanceChanged{.header = header,
                                        .change = change,
                                        .balance = accounts_.balance(account, asset).total,
                                        .account = account,
                                        .asset = asset,
                                        .reason = reason};
    });
}

void Clearing::emit_position(std::uint32_t slot, Amount realised, Amount fee,
                             PositionReason reason) {
    const Position& position = positions_[slot];
    events_.emit([&](protocol::EventHeader header) {
        return protocol::PositionChanged{.header = header,
                                         .lots = position.lots,
                                         .cost = position.cost,
                                         .realised = realised,
                                         .fee = fee,
                                         .account = position.account,
                                         .instrument = position.instrument,
                                         .reason = reason};
    });
}

}  // namespace miletus::clearing
