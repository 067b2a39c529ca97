// Instruments, currencies and indexes.
#include "edge/gateway/deribit/objects/instruments.hpp"

#include "edge/gateway/deribit/objects/words.hpp"

namespace miletus::deribit {

namespace {

// What this interface says of one that never expires: the first moment of the year 3000.
constexpr std::int64_t no_expiry_ms = 32'503'708'800'000;

void write_currencies_of(JsonWriter& writer, const Listing& listing) {
    writer.text("base_currency", listing.base.name);
    writer.text("quote_currency", listing.quote.name);
    writer.text("counter_currency", listing.quote.name);
    writer.text("settlement_currency", listing.quote.name);
    writer.text("settlement_period", settlement_period_word(listing.instrument));
    writer.text("instrument_type", "linear");
    if (!listing.instrument.is_option()) {
        writer.text("future_type", "linear");
    }
    writer.text("price_index", index_name_of(listing.underlying).view());
}

void write_sizes(JsonWriter& writer, const Listing& listing) {
    const market_data::Instrument& instrument = listing.instrument;
    writer.decimal("contract_size", listing.amount_of(Lots(1)), listing.base.decimals);
    writer.decimal("min_trade_amount", listing.amount_of(Lots(1)), listing.base.decimals);
    writer.decimal("tick_size", listing.price_of(Ticks(1)), market_data::price_decimals);
    writer.key("tick_size_steps");
    writer.begin_array();
    for (const protocol::TickStep& step : instrument.tick_steps()) {
        writer.begin_object();
        writer.decimal("above_price", listing.price_of(step.from), market_data::price_decimals);
        writer.decimal("tick_size", listing.price_of(step.multiple), market_data::price_decimals);
        writer.end_object();
    }
    writer.end_array();
}

std::string_view long_name_of(std::string_view ticker) {
    struct Known {
        std::string_view ticker;
        std::string_view name;
    };
    constexpr std::array<Known, 7> known{{{"BTC", "Bitcoin"},
                                          {"ETH", "Ethereum"},
                                          {"SOL", "Solana"},
                                          {"XRP", "XRP"},
                                          {"USDC", "USD Coin"},
                                          {"USDT", "Tether USD"},
                                          {"EURR", "EURR"}}};
    for (const Known& each : known) {
        if (each.ticker == ticker) {
            return each.name;
        }
    }
    return ticker;
}

}  // namespace

void write_instrument(JsonWriter& writer, const Markets& markets, const Market& market) {
    const Listing listing = listing_of(markets, market);
    const market_data::Instrument& instrument = listing.instrument;
    writer.begin_object();
    writer.text("instrument_name", instrument.name.view());
    writer.integer("instrument_id", instrument.instrument.value());
    writer.text("kind", kind_word(instrument));
    write_currencies_of(writer, listing);
    write_sizes(writer, listing);
    writer.integer("expiration_timestamp",
                   instrument.is_perpetual() ? no_expiry_ms : milliseconds(instrument.expiry));
    writer.integer("creation_timestamp", milliseconds(instrument.created));
    writer.boolean("is_active", instrument.is_alive());
    writer.text("state", state_word(instrument.state));
    if (instrument.is_option()) {
        writer.decimal("strike", instrument.strike.value(), index_decimals);
        writer.text("option_type",
                    instrument.kind == protocol::InstrumentKind::call ? "call" : "put");
    }
    const market_data::Fees fees = markets.fees_of(instrument);
    writer.decimal("maker_commission", fees.maker.value(), rate_decimals);
    writer.decimal("taker_commission", fees.taker.value(), rate_decimals);
    writer.end_object();
}

void write_instrument_state(JsonWriter& writer, const market_data::LifeChange& change) {
    writer.begin_object();
    writer.integer("timestamp", milliseconds(change.time));
    writer.text("state", life_word(change.step));
    writer.text("instrument_name", change.name.view());
    writer.end_object();
}

void write_currency(JsonWriter& writer, const market_data::Asset& asset) {
    const std::string_view name = asset.name.view();
    writer.begin_object();
    writer.text("currency", name);
    writer.text("currency_long", long_name_of(name));
    writer.text("coin_type", name);
    writer.integer("decimals", asset.decimals);
    writer.integer("withdrawal_fee", 0);
    writer.integer("min_withdrawal_fee", 0);
    writer.integer("min_confirmations", 1);
    writer.boolean("in_cross_collateral_pool", true);
    writer.key("withdrawal_priorities");
    writer.begin_array();
    writer.end_array();
    writer.integer("network_fee", 0);
    writer.text("network_currency", name);
    writer.integer("apr", 0);
    writer.end_object();
}

void write_index(JsonWriter& writer, const market_data::Underlying& underlying) {
    writer.begin_object();
    writer.integer("timestamp", milliseconds(underlying.index_time));
    writer.text("index_name", index_name_of(&underlying).view());
    writer.decimal("price", underlying.index.value_or(IndexPrice(0)).value(), index_decimals);
    writer.end_object();
}

void write_index_price(JsonWriter& writer, const Markets& markets,
                       const market_data::Underlying& underlying) {
    const std::int64_t index = underlying.index.value_or(IndexPrice(0)).value();
    const auto delivery = markets.estimated_delivery(underlying.underlying);
    writer.begin_object();
    writer.decimal("index_price", index, index_decimals);
    writer.decimal("estimated_delivery_price",
                   delivery.has_value() ? delivery->price.value() : index, index_decimals);
    writer.end_object();
}

void write_index_statistics(JsonWriter& writer, const Markets& markets,
                            const market_data::Underlying& underlying) {
    const auto statistics =
        markets.index_statistics(underlying.underlying).value_or(market_data::IndexStatistics{});
    writer.begin_object();
    writer.decimal("high24h", statistics.high.value(), index_decimals);
    writer.decimal("low24h", statistics.low.value(), index_decimals);
    writer.decimal("change24h", statistics.change, market_data::change_decimals);
    writer.boolean("high_volatility", false);
    writer.text("index_name", index_name_of(&underlying).view());
    writer.end_object();
}

void write_expiration_price(JsonWriter& writer, const Markets& markets,
                            const market_data::Underlying& underlying) {
    const auto delivery = markets.estimated_delivery(underlying.underlying);
    writer.begin_object();
    writer.integer("seconds", delivery.has_value() ? delivery->seconds : 0);
    writer.decimal("price",
                   delivery.has_value() ? delivery->price.value()
                                        : underlying.index.value_or(IndexPrice(0)).value(),
                   index_decimals);
    writer.boolean("is_estimated", delivery.has_value() && delivery->is_estimated);
    writer.end_object();
}

void write_platform_state(JsonWriter& writer, const Markets& markets) {
    writer.begin_object();
    writer.boolean("maintenance", markets.venue_state() != protocol::VenueState::normal);
    writer.end_object();
}

void write_public_methods_state(JsonWriter& writer) {
    writer.begin_object();
    writer.boolean("allow_unauthenticated_public_requests", true);
    writer.end_object();
}

void write_status(JsonWriter& writer, const Markets& markets) {
    const bool is_locked = markets.venue_state() != protocol::VenueState::normal;
    writer.begin_object();
    writer.text("locked", is_locked ? "true" : "false");
    writer.key("locked_indices");
    writer.begin_array();
    if (is_locked) {
        for (const market_data::Underlying& underlying : markets.underlyings()) {
            if (!underlying.name.view().empty()) {
                writer.text(index_name_of(&underlying).view());
            }
        }
    }
    writer.end_array();
    writer.end_object();
}

}  // namespace miletus::deribit
