// Positions, by the engine's view of them and by the folds.
#include "edge/gateway/deribit/objects/balances.hpp"
#include "edge/gateway/deribit/objects/risk_sums.hpp"
#include "edge/gateway/deribit/objects/words.hpp"

namespace miletus::deribit {

namespace {

using market_data::price_decimals;
using protocol::PositionView;

std::string_view direction_word(Lots lots) {
    if (lots == Lots(0)) {
        return "zero";
    }
    return lots > Lots(0) ? "buy" : "sell";
}

// Cost over value: tick-lots, by the worth of a tick.
int128 entry_price(const Listing& listing, const PositionView& view) {
    const std::int64_t tick_value = listing.instrument.tick_value.value();
    if (view.lots == Lots(0) || tick_value == 0) {
        return 0;
    }
    // Both below zero where it is short: their ratio is a price.
    const bool is_short = view.lots < Lots(0);
    const int128 cost = is_short ? -int128{view.cost.value()} : int128{view.cost.value()};
    return average_price(listing, cost, int128{magnitude(view.lots).value()} * tick_value);
}

void write_risk(JsonWriter& writer, const Markets& markets, const Listing& listing, Lots lots) {
    const PositionRisk risk = risk_of(markets, listing, lots);
    writer.decimal("delta", risk.delta, risk_decimals);
    if (listing.instrument.is_option()) {
        writer.decimal("gamma", risk.gamma, risk_decimals);
        writer.decimal("vega", risk.vega, risk_decimals);
        writer.decimal("theta", risk.theta, risk_decimals);
    }
}

void write_results(JsonWriter& writer, const Listing& listing, const PositionView& view,
                   const client_feed::Position& session) {
    const std::uint32_t decimals = listing.quote.decimals;
    writer.decimal("floating_profit_loss", view.unrealised.value(), decimals);
    if (listing.instrument.is_option()) {
        writer.decimal("floating_profit_loss_usd", view.unrealised.value(), decimals);
    }
    writer.decimal("realized_profit_loss", session.realised.value(), decimals);
    if (listing.instrument.is_perpetual()) {
        writer.decimal("realized_funding", session.funding.value(), decimals);
    }
    writer.decimal("total_profit_loss", (view.unrealised + session.realised).value(), decimals);
    if (listing.instrument.is_perpetual()) {
        writer.decimal("interest_value", listing.market.funding().current(),
                       market_data::interest_decimals);
    }
}

// To the nearest.
std::int64_t leverage_of(int128 worth, Amount initial) {
    if (initial <= Amount(0)) {
        return 0;
    }
    return narrow((worth + initial.value() / 2) / initial.value()).value_or(0);
}

// What it would need by itself; what it shares with others, and with orders, is the account's.
void write_margins(JsonWriter& writer, const Listing& listing, const PositionView& view) {
    const std::uint32_t decimals = listing.quote.decimals;
    const int128 worth = worth_of(listing.instrument, magnitude(view.lots), view.mark);
    writer.decimal("initial_margin", view.initial.value(), decimals);
    writer.decimal("maintenance_margin", view.maintenance.value(), decimals);
    writer.integer("open_orders_margin", 0);
    writer.integer("leverage", leverage_of(worth, view.initial));
    writer.null("estimated_liquidation_price");
}

void write_position_of(JsonWriter& writer, const Markets& markets, const Listing& listing,
                       const PositionView& view, const client_feed::Position& session) {
    const int128 average = entry_price(listing, view);
    writer.begin_object();
    writer.text("instrument_name", listing.instrument.name.view());
    writer.text("kind", kind_word(listing.instrument));
    writer.text("direction", direction_word(view.lots));
    writer.decimal("size", listing.amount_of(view.lots), listing.base.decimals);
    writer.decimal("size_currency", listing.amount_of(view.lots), listing.base.decimals);
    writer.decimal("average_price", average, price_decimals);
    if (listing.instrument.is_option()) {
        writer.decimal("average_price_usd", average, price_decimals);
    }
    writer.decimal("mark_price", listing.price_of(view.mark), price_decimals);
    writer.decimal("index_price", listing.index().value_or(IndexPrice(0)).value(), index_decimals);
    const Grid settlement = listing.market.state().settlement.value_or(view.mark);
    writer.decimal("settlement_price", listing.price_of(settlement), price_decimals);
    write_risk(writer, markets, listing, view.lots);
    write_results(writer, listing, view, session);
    write_margins(writer, listing, view);
    writer.end_object();
}

}  // namespace

void write_position(JsonWriter& writer, const Markets& markets, const PositionView& view,
                    const client_feed::Position* session) {
    const Market* market = markets.find(view.instrument);
    if (market == nullptr) {
        writer.null();
        return;
    }
    const client_feed::Position none{};
    write_position_of(writer, markets, listing_of(markets, *market), view,
                      session == nullptr ? none : *session);
}

void write_no_position(JsonWriter& writer, const Markets& markets, const Market& market) {
    const PositionView view{.mark = market.state().mark.value_or(Grid(0)),
                            .instrument = market.instrument().instrument};
    write_position(writer, markets, view, nullptr);
}

PositionView view_of(const Markets& markets, const client_feed::Position& position) {
    PositionView view{
        .lots = position.lots, .cost = position.cost, .instrument = position.instrument};
    const Market* market = markets.find(position.instrument);
    if (market != nullptr) {
        view.mark = market->state().mark.value_or(Grid(0));
        const int128 worth = worth_of(market->instrument(), position.lots, view.mark);
        view.unrealised = Amount(narrow(worth - position.cost.value()).value_or(0));
    }
    return view;
}

}  // namespace miletus::deribit
