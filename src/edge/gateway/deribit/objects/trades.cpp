// Trades, as anybody and as their sides see them, and orders.
#include "edge/gateway/deribit/objects/trades.hpp"

#include "edge/gateway/deribit/objects/words.hpp"

namespace miletus::deribit {

namespace {

using client_feed::Order;
using client_feed::OrderStage;
using client_feed::OwnTrade;
using market_data::Liquidated;
using market_data::price_decimals;
using market_data::TradeRecord;

std::string_view liquidation_word(Liquidated liquidated) {
    switch (liquidated) {
        case Liquidated::none:
            return "";
        case Liquidated::maker:
            return "M";
        case Liquidated::taker:
            return "T";
        case Liquidated::both:
            return "MT";
    }
    return "";
}

// The prices of a trade's moment, which its public record keeps.
void write_moment(JsonWriter& writer, const Listing& listing, const TradeRecord* record) {
    const TradeRecord none{};
    const TradeRecord& known = record == nullptr ? none : *record;
    writer.integer("tick_direction", static_cast<std::int64_t>(known.tick_direction));
    writer.decimal("index_price", known.index.value_or(IndexPrice(0)).value(), index_decimals);
    writer.decimal("mark_price", listing.price_of(known.mark.value_or(Grid(0))), price_decimals);
}

void write_volatility(JsonWriter& writer, const Markets& markets, const TradeRecord& record) {
    const std::optional<std::int64_t> volatility = markets.volatility_of(record);
    if (volatility.has_value()) {
        writer.decimal("iv", *volatility, market_data::volatility_decimals);
    }
}

// Trades of an instrument are numbered without a gap, so that the place follows from the number.
const TradeRecord* find_record(const Market& market, const OwnTrade& trade) {
    const market_data::Window<TradeRecord>& records = market.trades();
    if (records.is_empty() || trade.number < records[0].number) {
        return nullptr;
    }
    const std::uint64_t place = trade.number.value() - records[0].number.value();
    if (place >= records.size() || records[place].id() != trade_number(trade.id)) {
        return nullptr;
    }
    return &records[place];
}

void write_amounts(JsonWriter& writer, const Listing& listing, Lots lots) {
    writer.decimal("amount", listing.amount_of(lots), listing.base.decimals);
    writer.integer("contracts", lots.value());
}

void write_order_price(JsonWriter& writer, const Listing& listing, const Order& order) {
    if (order.order_type == protocol::OrderType::market) {
        writer.text("price", "market_price");
    } else {
        writer.decimal("price", listing.price_of(order.price), price_decimals);
    }
}

// Where the order came from: through this interface, and nobody else's algorithm.
void write_origin(JsonWriter& writer, bool is_reduce_only) {
    writer.boolean("reduce_only", is_reduce_only);
    writer.boolean("api", true);
    writer.boolean("web", false);
    writer.boolean("mmp", false);
    writer.boolean("risk_reducing", false);
}

void write_trigger(JsonWriter& writer, const Listing& listing, const Order& order) {
    const int128 price = listing.price_of(order.trigger_price);
    writer.text("trigger", trigger_word(order.reference));
    writer.decimal("trigger_price", price, price_decimals);
    writer.decimal("stop_price", price, price_decimals);
    writer.boolean("triggered", order.is_triggered);
}

void write_times(JsonWriter& writer, const Order& order) {
    writer.integer("creation_timestamp", milliseconds(order.created));
    writer.integer("last_update_timestamp", milliseconds(order.updated));
}

void write_order_of(JsonWriter& writer, const Listing& listing, const Order& order) {
    writer.begin_object();
    writer.text("order_id", order_id_text(listing.quote.name, order.id).view());
    writer.text("instrument_name", listing.instrument.name.view());
    writer.text("direction", side_word(order.side));
    write_amounts(writer, listing, order.quantity);
    write_order_price(writer, listing, order);
    writer.text("order_type", order_type_word(order));
    writer.text("order_state", stage_word(order.stage));
    writer.text("time_in_force", time_in_force_word(order.time_in_force));
    writer.text("label", readable_label(order.label).view());
    writer.decimal("filled_amount", listing.amount_of(order.filled), listing.base.decimals);
    writer.decimal("average_price", average_price(listing, order.cost, order.costed.value()),
                   price_decimals);
    const bool is_post_only = order.post_only != protocol::PostOnly::off;
    writer.boolean("post_only", is_post_only);
    if (is_post_only) {
        writer.boolean("reject_post_only", order.post_only == protocol::PostOnly::reject);
    }
    write_origin(writer, order.reduce_only);
    writer.boolean("replaced", order.is_replaced);
    writer.boolean("is_liquidation", order.is_liquidation);
    write_times(writer, order);
    writer.decimal("max_show", listing.amount_of(order.quantity), listing.base.decimals);
    if (order.has_trigger) {
        write_trigger(writer, listing, order);
    }
    if (order.stage == OrderStage::canceled && !cancel_reason_word(order).empty()) {
        writer.text("cancel_reason", cancel_reason_word(order));
    }
    writer.integer("user_id", order.account.value());
    writer.decimal("commission", order.fee.value(), listing.quote.decimals);
    writer.end_object();
}

void write_user_trade_of(JsonWriter& writer, const Markets& markets, const Listing& listing,
                         const OwnTrade& trade) {
    const TradeRecord* record = find_record(listing.market, trade);
    writer.begin_object();
    writer.text("trade_id", trade_id_text(listing.quote.name, trade_number(trade.id)).view());
    writer.integer("trade_seq", static_cast<std::int64_t>(trade.number.value()));
    writer.text("instrument_name", listing.instrument.name.view());
    writer.integer("timestamp", milliseconds(trade.time));
    writer.text("direction", side_word(trade.side));
    writer.decimal("price", listing.price_of(trade.price), price_decimals);
    write_amounts(writer, listing, trade.quantity);
    write_moment(writer, listing, record);
    writer.text("order_id", order_id_text(listing.quote.name, trade.order).view());
    writer.text("order_type", trade.order_type == protocol::OrderType::market ? "market" : "limit");
    writer.text("state", stage_word(trade.order_stage));
    writer.text("liquidity", trade.is_maker ? "M" : "T");
    writer.decimal("fee", trade.fee.value(), listing.quote.decimals);
    writer.text("fee_currency", listing.quote.name);
    if (!trade.label.view().empty()) {
        writer.text("label", readable_label(trade.label).view());
    }
    writer.boolean("self_trade", trade.is_with_itself);
    writer.boolean("post_only", trade.post_only != protocol::PostOnly::off);
    writer.boolean("reduce_only", trade.reduce_only);
    writer.boolean("mmp", false);
    writer.boolean("risk_reducing", false);
    writer.boolean("api", true);
    writer.decimal("profit_loss", trade.realised.value(), listing.quote.decimals);
    writer.null("matching_id");
    if (record != nullptr) {
        write_volatility(writer, markets, *record);
        if (record->forward.has_value()) {
            writer.decimal("underlying_price", *record->forward, price_decimals);
        }
        if (record->liquidated != Liquidated::none) {
            writer.text("liquidation", liquidation_word(record->liquidated));
        }
    }
    writer.integer("user_id", trade.account.value());
    writer.end_object();
}

}  // namespace

const Market* market_of(const Markets& markets, const Order& order) {
    return markets.find_at(order.instrument, order.created);
}

const Market* market_of(const Markets& markets, const OwnTrade& trade) {
    return markets.find_at(trade.instrument, trade.time);
}

void write_public_trade(JsonWriter& writer, const Markets& markets, const TradeRecord& trade) {
    const Market* market = markets.find_listing(trade.listing);
    if (market == nullptr) {
        writer.null();  // its instrument was forgotten meanwhile
        return;
    }
    const Listing listing = listing_of(markets, *market);
    writer.begin_object();
    writer.text("trade_id", trade_id_text(listing.quote.name, trade.id()).view());
    writer.integer("trade_seq", static_cast<std::int64_t>(trade.number.value()));
    writer.text("instrument_name", listing.instrument.name.view());
    writer.integer("timestamp", milliseconds(trade.time));
    writer.text("direction", side_word(trade.taker_side));
    writer.decimal("price", listing.price_of(trade.price), price_decimals);
    write_amounts(writer, listing, trade.lots);
    write_moment(writer, listing, &trade);
    write_volatility(writer, markets, trade);
    if (trade.liquidated != Liquidated::none) {
        writer.text("liquidation", liquidation_word(trade.liquidated));
    }
    writer.end_object();
}

void write_public_trades(JsonWriter& writer, const Markets& markets,
                         std::span<const TradeRecord> trades) {
    writer.begin_array();
    for (const TradeRecord& trade : trades) {
        if (markets.find_listing(trade.listing) != nullptr) {
            write_public_trade(writer, markets, trade);
        }
    }
    writer.end_array();
}

void write_user_trade(JsonWriter& writer, const Markets& markets, const OwnTrade& trade) {
    const Market* market = market_of(markets, trade);
    if (market == nullptr) {
        writer.null();
        return;
    }
    write_user_trade_of(writer, markets, listing_of(markets, *market), trade);
}

void write_order(JsonWriter& writer, const Markets& markets, const Order& order) {
    const Market* market = market_of(markets, order);
    if (market == nullptr) {
        writer.null();
        return;
    }
    write_order_of(writer, listing_of(markets, *market), order);
}

void write_trigger_order(JsonWriter& writer, const Markets& markets, const Order& order) {
    const Market* market = market_of(markets, order);
    if (market == nullptr) {
        writer.null();
        return;
    }
    const Listing listing = listing_of(markets, *market);
    const bool was_canceled = order.stage == OrderStage::canceled && !order.is_triggered;
    std::string_view state = order.is_triggered ? "triggered" : "new";
    if (was_canceled) {
        state = "cancelled";
    } else if (order.stage == OrderStage::rejected) {
        state = "rejected";
    }
    const IdText id = order_id_text(listing.quote.name, order.id);
    writer.begin_object();
    writer.integer("timestamp", milliseconds(order.created));
    writer.text("trigger", trigger_word(order.reference));
    writer.decimal("trigger_price", listing.price_of(order.trigger_price), price_decimals);
    writer.null("trigger_offset");
    writer.text("trigger_order_id", id.view());
    writer.text("order_id", id.view());
    writer.text("order_state", state);
    writer.text("instrument_name", listing.instrument.name.view());
    writer.text("request", was_canceled ? "trigger:cancel" : "trigger:order");
    writer.text("direction", side_word(order.side));
    write_order_price(writer, listing, order);
    writer.decimal("amount", listing.amount_of(order.quantity), listing.base.decimals);
    writer.integer("last_update_timestamp", milliseconds(order.updated));
    writer.boolean("reduce_only", order.reduce_only);
    writer.boolean("post_only", order.post_only != protocol::PostOnly::off);
    writer.text("order_type", order_type_word(order));
    writer.text("label", readable_label(order.label).view());
    writer.boolean("is_secondary_oto", false);
    writer.text("source", "api");
    writer.end_object();
}

}  // namespace miletus::deribit
