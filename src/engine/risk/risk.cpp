// The fully funded rule. Where an instrument's prices may be negative, both sides hold the depth
// below zero as well, since either may then have to pay it.
#include "engine/risk/risk.hpp"

#include <algorithm>
#include <array>

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

Result<Amount> future_hold(const instruments::Listing& listing,
                           const instruments::TradingRules& rules, Side side, Ticks price) {
    if (side == Side::sell && !rules.has_band) {
        return Refusal(Reject::no_price_band);
    }
    // By index: the side is nothing that a branch could foresee.
    const std::array<Ticks, 2> worst = {price, std::max(rules.band_high(), Ticks(0))};
    return value_with_depth(listing, worst[static_cast<std::size_t>(side)]);
}

Result<Amount> option_hold(const instruments::Listing& listing, Side side, Ticks price) {
    if (side == Side::buy) {
        return value_with_depth(listing, price);
    }
    const bool is_put = listing.kind == InstrumentKind::put;
    return is_put ? Amount(listing.strike_value.value()) : listing.terms.lot;
}

}  // namespace

Result<Hold> hold_of(const instruments::Listing& listing, const instruments::TradingRules& rules,
                     Side side, Ticks price) {
    const Amount per_lot =
        TRY(instruments::is_option(listing.kind) ? option_hold(listing, side, price)
                                                 : future_hold(listing, rules, side, price));
    return Hold{.asset = instruments::held_asset(listing, side), .per_lot = per_lot};
}

}  // namespace miletus::risk
