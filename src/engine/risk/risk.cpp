// The fully funded rule. Where an instrument's prices may be negative, both sides hold the depth
// below zero as well, since either may then have to pay it.
#include "engine/risk/risk.hpp"

#include <algorithm>

namespace miletus::risk {

using protocol::InstrumentKind;
using protocol::Side;

namespace {

Result<Amount> value_with_depth(const instruments::Listing& listing, Ticks price) {
    const LotValue value = instruments::value_per_lot(listing.tick_value, price);
    const std::optional<LotValue> sum = checked_sum(value, listing.depth);
    if (!sum) {
        return Refusal(Reject::hold_overflow);
    }
    return Amount(sum->value());
}

Result<Amount> sell_hold(const instruments::Listing& listing,
                         const instruments::TradingRules& rules) {
    if (listing.kind == InstrumentKind::put) {
        return Amount(listing.strike_value.value());
    }
    if (listing.kind == InstrumentKind::call) {
        return listing.terms.lot;
    }
    if (!rules.has_band) {
        return Refusal(Reject::no_price_band);
    }
    return value_with_depth(listing, std::max(rules.band_high(), Ticks(0)));
}

}  // namespace

Result<Hold> hold_of(const instruments::Listing& listing, const instruments::TradingRules& rules,
                     Side side, Ticks price) {
    const Amount per_lot =
        TRY(side == Side::buy ? value_with_depth(listing, price) : sell_hold(listing, rules));
    return Hold{.asset = instruments::held_asset(listing, side), .per_lot = per_lot};
}

}  // namespace miletus::risk
