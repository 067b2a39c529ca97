// Sums over positions.
#include "edge/gateway/deribit/objects/risk_sums.hpp"

#include <algorithm>

namespace miletus::deribit {

namespace {

// To another number of decimals, to the nearest.
int128 rescaled(int128 value, std::uint32_t from, std::uint32_t to) {
    for (; from < to; ++from) {
        value *= 10;
    }
    int128 divisor = 1;
    for (; from > to; --from) {
        divisor *= 10;
    }
    const int128 half = value < 0 ? -(divisor / 2) : divisor / 2;
    return (value + half) / divisor;
}

}  // namespace

PositionRisk risk_of(const Markets& markets, const Listing& listing, Lots lots) {
    const int128 amount = listing.amount_of(lots);
    if (!listing.instrument.is_option()) {
        return {.delta = rescaled(amount, listing.base.decimals, risk_decimals)};
    }
    const auto values = markets.option_values(listing.market);
    if (!values.has_value()) {
        return {};
    }
    const auto times = [&](std::int64_t greek) {
        return rescaled(amount * greek, listing.base.decimals + market_data::greek_decimals,
                        risk_decimals);
    };
    return {.delta = times(values->greeks.delta),
            .gamma = times(values->greeks.gamma),
            .vega = times(values->greeks.vega),
            .theta = times(values->greeks.theta)};
}

int128 worth_of(const market_data::Instrument& instrument, Lots lots, Grid mark) {
    return int128{mark.value()} * instrument.tick_value.value() / 10 * lots.value();
}

RiskSums::RiskSums(const Markets& markets, const client_feed::Accounts& accounts,
                   AccountId account) {
    accounts.visit_positions(account, [&](const client_feed::Position& position) {
        if (position.is_held()) {
            add(markets, position);
        }
        return true;
    });
}

RiskSums::OfIndex RiskSums::total() const {
    OfIndex sum;
    for (const OfIndex& each : by_index_) {
        sum.options_delta += each.options_delta;
        sum.gamma += each.gamma;
        sum.vega += each.vega;
        sum.theta += each.theta;
        sum.delta += each.delta;
    }
    return sum;
}

void RiskSums::add(const Markets& markets, const client_feed::Position& position) {
    const Market* market = markets.find(position.instrument);
    if (market == nullptr) {
        return;
    }
    const Listing listing = listing_of(markets, *market);
    const PositionRisk risk = risk_of(markets, listing, position.lots);
    OfIndex& sum = of(listing.instrument.underlying);
    sum.delta += risk.delta;
    delta_value_ += risk.delta * listing.index().value_or(IndexPrice(0)).value();
    if (listing.instrument.is_option()) {
        sum.options_delta += risk.delta;
        sum.gamma += risk.gamma;
        sum.vega += risk.vega;
        sum.theta += risk.theta;
        const int128 worth =
            worth_of(listing.instrument, position.lots, market->state().mark.value_or(Grid(0)));
        options_value_ += Amount(narrow(worth).value_or(0));
        options_result_ += Amount(narrow(worth - position.cost.value()).value_or(0));
    }
}

RiskSums::OfIndex& RiskSums::of(UnderlyingId underlying) {
    const auto found = std::ranges::find(by_index_, underlying, &OfIndex::underlying);
    if (found != by_index_.end()) {
        return *found;
    }
    by_index_.push_back({.underlying = underlying});
    return by_index_.back();
}

}  // namespace miletus::deribit
