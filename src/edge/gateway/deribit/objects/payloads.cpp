// Channels and what they tell.
#include "edge/gateway/deribit/objects/payloads.hpp"

#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/objects/questions.hpp"

namespace miletus::deribit {

namespace {

using client_feed::Accounts;
using market_data::Candle;
using market_data::Underlying;

bool write_candle_now(JsonWriter& writer, const Channel& channel, const Markets& markets,
                      const Market& market) {
    const std::optional<Candle> candle =
        market.candles().at(resolution_of(channel.resolution), markets.now());
    if (candle.has_value()) {
        write_candle(writer, markets, market, *candle);
    }
    return candle.has_value();
}

// Of one instrument.
bool write_of_market(JsonWriter& writer, const Channel& channel, const Markets& markets,
                     const Market& market) {
    if (channel.kind == ChannelKind::candles) {
        return write_candle_now(writer, channel, markets, market);
    }
    if (channel.kind == ChannelKind::perpetual) {
        if (market.instrument().is_perpetual()) {
            write_funding_now(writer, markets, market);
        }
        return market.instrument().is_perpetual();
    }
    if (channel.kind == ChannelKind::book) {
        write_book_snapshot(writer, markets, market, market.book().change_id());
    } else if (channel.kind == ChannelKind::incremental_ticker) {
        write_ticker_snapshot(writer, markets, market, markets.ticker(market));
    } else if (channel.kind == ChannelKind::quote) {
        write_quote(writer, markets, market);
    } else {
        write_ticker(writer, markets, market);
    }
    return true;
}

void write_of_index(JsonWriter& writer, const Channel& channel, const Markets& markets,
                    const Underlying& underlying) {
    if (channel.kind == ChannelKind::price_statistics) {
        write_index_statistics(writer, markets, underlying);
    } else if (channel.kind == ChannelKind::estimated_expiration_price) {
        write_expiration_price(writer, markets, underlying);
    } else if (channel.kind == ChannelKind::mark_prices) {
        write_option_marks(writer, markets, underlying.underlying);
    } else {
        write_index(writer, underlying);
    }
}

enum class Subject : std::uint8_t { market, index, venue, event };

Subject subject_of(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::book:
        case ChannelKind::ticker:
        case ChannelKind::incremental_ticker:
        case ChannelKind::quote:
        case ChannelKind::candles:
        case ChannelKind::perpetual:
            return Subject::market;
        case ChannelKind::price_index:
        case ChannelKind::price_statistics:
        case ChannelKind::estimated_expiration_price:
        case ChannelKind::mark_prices:
            return Subject::index;
        case ChannelKind::platform_state:
        case ChannelKind::public_methods_state:
            return Subject::venue;
        case ChannelKind::grouped_book:
        case ChannelKind::trades:
        case ChannelKind::trades_by_kind:
        case ChannelKind::price_ranking:
        case ChannelKind::volatility_index:
        case ChannelKind::instrument_state:
        case ChannelKind::announcements:
        case ChannelKind::user_orders:
        case ChannelKind::user_orders_by_kind:
        case ChannelKind::user_trades:
        case ChannelKind::user_trades_by_kind:
        case ChannelKind::user_changes:
        case ChannelKind::user_changes_by_kind:
        case ChannelKind::user_portfolio:
        case ChannelKind::user_lock:
        case ChannelKind::user_mmp_trigger:
        case ChannelKind::user_access_log:
        case ChannelKind::user_combo_trades:
        case ChannelKind::block_trade_confirmations:
            return Subject::event;
    }
    return Subject::event;
}

}  // namespace

bool is_about(const Channel& channel, const Markets& markets, const Market& market) {
    if (!channel.instrument_name.empty()) {
        return channel.instrument_name == market.instrument().name.view();
    }
    const auto currency = currency_named(markets, channel.currency);
    return currency.has_value() && currency->has(markets, market.instrument()) &&
           is_of_kind(market.instrument(), channel.instrument_kind);
}

bool is_told_at_any_time(ChannelKind kind) {
    return subject_of(kind) != Subject::event;
}

bool write_now(JsonWriter& writer, const Channel& channel, const Markets& markets) {
    switch (subject_of(channel.kind)) {
        case Subject::market: {
            const Market* market = markets.find(channel.instrument_name);
            return market != nullptr && write_of_market(writer, channel, markets, *market);
        }
        case Subject::index: {
            const Underlying* underlying = markets.underlying(channel.index_name);
            if (underlying != nullptr) {
                write_of_index(writer, channel, markets, *underlying);
            }
            return underlying != nullptr;
        }
        case Subject::venue:
            if (channel.kind == ChannelKind::platform_state) {
                write_platform_state(writer, markets);
            } else {
                write_public_methods_state(writer);
            }
            return true;
        case Subject::event:
            return false;
    }
    return false;
}

void write_orders(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                  std::span<const OrderId> orders) {
    writer.begin_array();
    for (const OrderId id : orders) {
        const client_feed::Order* order = accounts.find_order(id);
        if (order != nullptr) {
            write_order(writer, markets, *order);
        }
    }
    writer.end_array();
}

void write_user_trades(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                       std::span<const std::uint32_t> places) {
    writer.begin_array();
    for (const std::uint32_t place : places) {
        write_user_trade(writer, markets, accounts.trade(place));
    }
    writer.end_array();
}

void write_user_changes(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                        const UserChanges& changes) {
    const Market* market = markets.find(changes.instrument);
    writer.begin_object();
    writer.text("instrument_name", market == nullptr ? "" : market->instrument().name.view());
    writer.key("trades");
    write_user_trades(writer, markets, accounts, changes.trades);
    writer.key("orders");
    write_orders(writer, markets, accounts, changes.orders);
    writer.key("positions");
    writer.begin_array();
    const client_feed::Position* position =
        changes.has_position ? accounts.find_position(changes.account, changes.instrument)
                             : nullptr;
    if (position != nullptr && market != nullptr) {
        write_position(writer, markets, view_of(markets, *position), position);
    } else if (changes.has_position && market != nullptr) {
        write_no_position(writer, markets, *market);
    }
    writer.end_array();
    writer.end_object();
}

void write_order_and_trades(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                            const client_feed::Order& order,
                            std::span<const std::uint32_t> trades) {
    writer.begin_object();
    writer.key("order");
    write_order(writer, markets, order);
    writer.key("trades");
    write_user_trades(writer, markets, accounts, trades);
    writer.end_object();
}

}  // namespace miletus::deribit
