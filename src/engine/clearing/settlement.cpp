// What time does to positions: funding, the end of a session, expiry.
#include "base/division.hpp"
#include "engine/clearing/clearing.hpp"

#include <algorithm>

namespace miletus::clearing {

using instruments::Listing;
using instruments::millionths;
using protocol::BalanceReason;
using protocol::Parameter;
using protocol::PositionReason;

// A long pays what its instrument's funding rose by since it was last charged.
void Clearing::charge_funding(std::uint32_t slot) {
    Position& position = positions_.at(slot);
    const LotValue funding = prices_.funding(position.instrument);
    const LotValue since = funding - position.funding;
    position.funding = funding;
    if (since == LotValue(0) || !position.is_held()) [[likely]] {
        return;
    }
    const AssetId asset = instruments_.listing(position.instrument).quote;
    const Amount change = -exact_amount(int128{position.lots.value()} * since.value());
    accounts_.book(position.account, asset, change);
    events_.emit(
        protocol::ResultBooked{.change = change,
                               .session = accounts_.balance(position.account, asset).session,
                               .account = position.account,
                               .instrument = position.instrument,
                               .asset = asset,
                               .reason = protocol::ResultReason::funding});
}

Amount Clearing::result_at(const Position& position, LotValue value) const {
    return exact_amount(int128{position.lots.value()} * value.value() - position.cost.value());
}

void Clearing::settle_position(std::uint32_t slot) {
    Position& position = positions_.at(slot);
    const Listing& listing = instruments_.listing(position.instrument);
    if (instruments::is_option(listing.kind) || !position.is_held()) {
        return;
    }
    charge_funding(slot);
    const Amount result = result_at(position, prices_.mark_value(position.instrument));
    if (result == Amount(0)) {
        return;
    }
    accounts_.book(position.account, listing.quote, result);
    position.cost += result;
    emit_position(slot, result, Amount(0), PositionReason::settlement);
}

bool Clearing::settle_account(AccountId account, AssetId asset) {
    const Amount paid = accounts_.settle(account, asset);
    if (paid != Amount(0)) {
        emit_balance(account, asset, paid, BalanceReason::settlement);
    }
    return paid != Amount(0);
}

// ---- Expiry ----

// Of options in ppm of the index, and never more than a share of what they pay.
Amount Clearing::delivery_fee(const Position& position, LotValue payoff) const {
    const Listing& listing = instruments_.listing(position.instrument);
    const instruments::Parameters& rates = parameters_.of(listing.underlying);
    const int128 lots = position.is_long() ? position.lots.value() : -position.lots.value();
    const int128 paid = lots * (payoff < LotValue(0) ? -payoff : payoff).value();
    if (!instruments::is_option(listing.kind)) {
        return Amount(ceil_div(paid * rates.of(Parameter::future_delivery_fee), millionths));
    }
    const int128 index = lots * prices_.index_value(position.instrument).value();
    return Amount(ceil_div(std::min(index * rates.of(Parameter::option_delivery_fee),
                                    paid * rates.of(Parameter::option_fee_cap)),
                           millionths));
}

void Clearing::deliver(std::uint32_t slot, Grid price) {
    Position& position = positions_.at(slot);
    const Listing& listing = instruments_.listing(position.instrument);
    const LotValue payoff = instruments::grid_value_per_lot(listing, price);
    charge_funding(slot);
    const Amount value = exact_amount(int128{position.lots.value()} * payoff.value());
    const Amount result = value - position.cost;
    const Amount fee = delivery_fee(position, payoff);
    const Amount paid = instruments::is_option(listing.kind) ? value : result;
    position.cost = Amount(0);
    positions_.set_lots(slot, Lots(0));
    pay(position.account, listing.quote, paid, BalanceReason::delivery);
    pay_fee(position.account, listing.quote, fee);
    emit_position(slot, result, fee, PositionReason::delivery);
    remove_if_empty(slot);
}

}  // namespace miletus::clearing
