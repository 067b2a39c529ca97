// Holds, payments, positions.
#include "engine/clearing/clearing.hpp"

#include <algorithm>

namespace miletus::clearing {

using accounts::OpenOrder;
using instruments::Listing;
using protocol::Side;

namespace {

std::uint64_t hash_of(AccountId account, InstrumentId instrument) {
    return mixed((std::uint64_t{account.value()} << 32U) | instrument.value());
}

// Holds and payments were checked to fit when the order was admitted, for all of its lots.
Amount amount_of(Amount per_lot, std::uint32_t lots) {
    const std::optional<Amount> amount = value_of(LotValue(per_lot.value()), Lots(lots));
    ASSERT(amount.has_value());
    return *amount;
}

// The part of the collateral that closing some of the lots frees; the rest is rounded up, against
// the account.
Amount freed_share(Amount collateral, Lots closed, Lots all) {
    const int128 share = int128{collateral.value()} * closed.value() / all.value();
    const std::optional<std::int64_t> value = narrow(share);
    ASSERT(value.has_value());
    return Amount(*value);
}

// Which side an order takes is a coin's toss: an index or a factor, where a branch would be
// foreseen half of the time.
std::size_t at(Side side) {
    return static_cast<std::size_t>(side);
}
template <class Unit>
Unit signed_by(Side side, Unit buys) {
    const std::int64_t sign = 1 - 2 * static_cast<std::int64_t>(side);
    return Unit(buys.value() * sign);
}

template <class Unit>
Unit magnitude(Unit value) {
    return value < Unit(0) ? -value : value;
}

}  // namespace

Clearing::Clearing(const Limits& limits, const instruments::Instruments& instruments,
                   accounts::Accounts& accounts, protocol::EventWriter& events)
    : instruments_(instruments),
      accounts_(accounts),
      events_(events),
      positions_(limits.positions),
      by_account_(limits.positions),
      lists_(limits.accounts),
      lots_max_(limits.position_lots) {}

Result<std::uint32_t> Clearing::check_room(AccountId account, InstrumentId instrument, Side side,
                                           Lots more) const {
    const std::uint32_t slot = slot_of(account, instrument);
    if (slot == 0 && positions_.is_full()) {
        return Refusal(Reject::positions_full);
    }
    // The most that this side could come to, if all of its orders fill and none of the other's; and
    // the most that all fills to come could add to the cost, wherever in its range they trade.
    // (Slot 0 has neither lots nor cost.)
    const Position& position = positions_[slot];
    const Lots lots = position.open[at(side)] + signed_by(side, position.lots) + more;
    const Lots open = position.open[0] + position.open[1] + more;
    const int128 cost = int128{magnitude(position.cost).value()} +
                        int128{open.value()} * instruments_.listing(instrument).largest.value();
    if (lots > lots_max_ || cost > cost_max) {
        return Refusal(Reject::position_too_large);
    }
    return slot;
}

Result<void> Clearing::check_reduces(AccountId account, InstrumentId instrument, Side side,
                                     Lots more) const {
    const Position* position = find(account, instrument);
    const Lots held = position != nullptr ? position->lots : Lots(0);
    const bool is_opposite = side == Side::buy ? held < Lots(0) : held > Lots(0);
    if (!is_opposite) {
        return Refusal(Reject::would_increase_position);
    }
    if (position->open[at(side)] + more > magnitude(held)) {
        return Refusal(Reject::would_increase_position);
    }
    return {};
}

// ---- Open orders ----

void Clearing::open(OpenOrder& order) {
    if (order.position == 0) {
        order.position = add_position(order.account, order.instrument);
    }
    ++positions_[order.position].orders;
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
    Position& position = positions_[order.position];
    --position.orders;
    if (position.orders == 0 && position.lots == Lots(0)) {
        remove_position(order.position);
    }
}

// Slot 0 takes the writes where there is no neighbour.
std::uint32_t Clearing::add_position(AccountId account, InstrumentId instrument) {
    const std::uint32_t slot = positions_.allocate();
    List& list = lists_[account.value()];
    Position& position = positions_[slot];
    position = {};
    position.account = account;
    position.instrument = instrument;
    position.older = list.newest;
    positions_[list.newest].next = slot;
    list.newest = slot;
    list.oldest = list.oldest != 0 ? list.oldest : slot;
    by_account_.insert(hash_of(account, instrument), slot);
    ++count_;
    return slot;
}

void Clearing::remove_position(std::uint32_t slot) {
    const Position& position = positions_[slot];
    List& list = lists_[position.account.value()];
    positions_[position.older].next = position.next;
    positions_[position.next].older = position.older;
    list.oldest = position.older != 0 ? list.oldest : position.next;
    list.newest = position.next != 0 ? list.newest : position.older;
    by_account_.erase(hash_of(position.account, position.instrument), slot);
    positions_.release(slot);
    --count_;
}

void Clearing::change_open(const OpenOrder& order, Lots change) {
    positions_[order.position].open[at(order.side)] += change;
}

void Clearing::hold_lots(const OpenOrder& order, std::uint32_t lots) {
    const AssetId asset =
        instruments::held_asset(instruments_.listing(order.instrument), order.side);
    accounts_.hold(order.account, asset, amount_of(order.hold_per_lot, lots));
}

void Clearing::release_lots(const OpenOrder& order, std::uint32_t lots) {
    const AssetId asset =
        instruments::held_asset(instruments_.listing(order.instrument), order.side);
    accounts_.release(order.account, asset, amount_of(order.hold_per_lot, lots));
}

// ---- Fills ----

void Clearing::fill(OpenOrder& order, Ticks price, std::uint32_t lots) {
    Position& position = positions_[order.position];
    position.cost = position.lots != Lots(0) ? position.cost : Amount(0);
    unwind(order, lots);
    order.filled += lots;
    pay(order, position, price, lots);
    const Lots signed_lots = signed_by(order.side, Lots(lots));
    move_collateral(order, position, signed_lots);
    position.lots += signed_lots;
    emit_position(position);
}

void Clearing::pay(const OpenOrder& order, Position& position, Ticks price, std::uint32_t lots) {
    const Listing& listing = instruments_.listing(order.instrument);
    const LotValue per_lot = instruments::value_per_lot(listing.tick_value, price);
    const Amount value = amount_of(Amount(per_lot.value()), lots);
    const Amount change = -signed_by(order.side, value);
    accounts_.pay(order.account, listing.quote, change);
    position.cost -= change;
    events_.emit([&](protocol::EventHeader header) {
        return protocol::BalanceChanged{
            .header = header,
            .change = change,
            .balance = accounts_.balance(order.account, listing.quote).total,
            .account = order.account,
            .asset = listing.quote,
            .reason = protocol::BalanceReason::trade};
    });
}

// Lots that close the position free their share of its collateral; lots that open it add what their
// order held beyond the payment.
void Clearing::move_collateral(const OpenOrder& order, Position& position, Lots lots) {
    const bool closes = (lots < Lots(0)) != (position.lots < Lots(0)) && position.lots != Lots(0);
    const Lots closed = closes ? std::min(magnitude(lots), magnitude(position.lots)) : Lots(0);
    if (closed != Lots(0)) {
        release_collateral(position, closed);
    }
    const Lots opened = magnitude(lots) - closed;
    if (opened == Lots(0)) {
        return;
    }
    const Listing& listing = instruments_.listing(order.instrument);
    const Amount depth(listing.depth.value());
    const Amount per_lot = order.side == Side::buy ? depth : order.hold_per_lot - depth;
    const Amount added = amount_of(per_lot, static_cast<std::uint32_t>(opened.value()));
    accounts_.hold(order.account, instruments::held_asset(listing, order.side), added);
    position.collateral += added;
}

void Clearing::release_collateral(Position& position, Lots closed) {
    const Listing& listing = instruments_.listing(position.instrument);
    const Side side = position.lots > Lots(0) ? Side::buy : Side::sell;
    const Amount freed = freed_share(position.collateral, closed, magnitude(position.lots));
    accounts_.release(position.account, instruments::held_asset(listing, side), freed);
    position.collateral -= freed;
}

void Clearing::emit_position(const Position& position) {
    events_.emit([&](protocol::EventHeader header) {
        return protocol::PositionChanged{.header = header,
                                         .lots = position.lots,
                                         .cost = position.cost,
                                         .account = position.account,
                                         .instrument = position.instrument};
    });
}

// ---- Who has what ----

std::uint32_t Clearing::slot_of(AccountId account, InstrumentId instrument) const {
    return by_account_.find(hash_of(account, instrument), [&](std::uint32_t slot) {
        const Position& position = positions_[slot];
        return position.account == account && position.instrument == instrument;
    });
}

const Position* Clearing::find(AccountId account, InstrumentId instrument) const {
    const std::uint32_t slot = slot_of(account, instrument);
    return slot != 0 ? &positions_[slot] : nullptr;
}

}  // namespace miletus::clearing
