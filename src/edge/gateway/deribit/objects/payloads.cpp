// What channels tell.
#include "edge/gateway/deribit/objects/payloads.hpp"

#include "edge/gateway/deribit/objects/objects.hpp"

namespace miletus::deribit {

using client_feed::Accounts;
using client_feed::Order;
using client_feed::OwnTrade;
using client_feed::Position;
using market_data::Underlying;

Subject subject_of(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::book:
        case ChannelKind::grouped_book:
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

void write_of_market(JsonWriter& writer, ChannelKind kind, const Markets& markets,
                     const Market& market) {
    if (kind == ChannelKind::perpetual) {
        write_funding_now(writer, markets, market);
    } else if (kind == ChannelKind::quote) {
        write_quote(writer, markets, market);
    } else {
        ASSERT(kind == ChannelKind::ticker);
        write_ticker(writer, markets, market);
    }
}

void write_of_index(JsonWriter& writer, ChannelKind kind, const Markets& markets,
                    const Underlying& underlying) {
    if (kind == ChannelKind::price_statistics) {
        write_index_statistics(writer, markets, underlying);
    } else if (kind == ChannelKind::estimated_expiration_price) {
        write_expiration_price(writer, markets, underlying);
    } else if (kind == ChannelKind::mark_prices) {
        write_option_marks(writer, markets, underlying.underlying);
    } else {
        ASSERT(kind == ChannelKind::price_index);
        write_index(writer, underlying);
    }
}

void write_of_venue(JsonWriter& writer, ChannelKind kind, const Markets& markets) {
    if (kind == ChannelKind::public_methods_state) {
        write_public_methods_state(writer);
    } else {
        ASSERT(kind == ChannelKind::platform_state);
        write_platform_state(writer, markets);
    }
}

namespace {

// Those of a list that are wanted.
template <class IsWanted>
void write_some_orders(JsonWriter& writer, const Markets& markets, std::span<const Order> orders,
                       IsWanted is_wanted) {
    writer.begin_array();
    for (const Order& order : orders) {
        if (is_wanted(order)) {
            write_order(writer, markets, order);
        }
    }
    writer.end_array();
}

template <class IsWanted>
void write_some_trades(JsonWriter& writer, const Markets& markets, std::span<const OwnTrade> trades,
                       IsWanted is_wanted) {
    writer.begin_array();
    for (const OwnTrade& trade : trades) {
        if (is_wanted(trade)) {
            write_user_trade(writer, markets, trade);
        }
    }
    writer.end_array();
}

// One that is flat makes room for others, maybe before it is told.
void write_changed_position(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                            const UserChanges& changes) {
    const InstrumentId instrument = changes.market.instrument().instrument;
    const Position* position = accounts.find_position(changes.account, instrument);
    if (position == nullptr) {
        write_no_position(writer, markets, changes.market);
    } else {
        write_position(writer, markets, view_of(markets, *position), position);
    }
}

}  // namespace

void write_orders(JsonWriter& writer, const Markets& markets, std::span<const Order> orders) {
    write_some_orders(writer, markets, orders, [](const Order&) { return true; });
}

void write_user_trades(JsonWriter& writer, const Markets& markets,
                       std::span<const OwnTrade> trades) {
    write_some_trades(writer, markets, trades, [](const OwnTrade&) { return true; });
}

void write_user_changes(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                        const UserChanges& changes) {
    const auto is_its = [&](const auto& record) {
        return market_of(markets, record) == &changes.market;
    };
    writer.begin_object();
    writer.text("instrument_name", changes.market.instrument().name.view());
    writer.key("trades");
    write_some_trades(writer, markets, changes.trades, is_its);
    writer.key("orders");
    write_some_orders(writer, markets, changes.orders, is_its);
    writer.key("positions");
    writer.begin_array();
    // Nothing is held of what is archived, and its number may be another's.
    const InstrumentId instrument = changes.market.instrument().instrument;
    if (changes.has_position && markets.find(instrument) == &changes.market) {
        write_changed_position(writer, markets, accounts, changes);
    }
    writer.end_array();
    writer.end_object();
}

void write_order_and_trades(JsonWriter& writer, const Markets& markets, const Order& order,
                            std::span<const OwnTrade> trades) {
    writer.begin_object();
    writer.key("order");
    write_order(writer, markets, order);
    writer.key("trades");
    write_user_trades(writer, markets, trades);
    writer.end_object();
}

}  // namespace miletus::deribit
