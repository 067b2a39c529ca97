// Topic: one channel that somebody listens to: what it is about, who listens, and what it has
// gathered since it told something.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "edge/market_data/market_data.hpp"
#include "edge/web/web.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace miletus::deribit {

template <class Value>
void add_once(std::vector<Value>& values, const Value& value) {
    if (std::ranges::find(values, value) == values.end()) {
        values.push_back(value);
    }
}

struct Listener {
    web::ConnectionId connection{};
    std::string label;  // that private/subscribe gave; told with everything
};

struct Topic {
    ChannelKind kind{};
    std::string name;   // as it is told
    AccountId account;  // whose, of a private one
    // ---- What it is about ----
    std::uint64_t listing = 0;  // a market's own: numbers and names are given again
    std::optional<UnderlyingId> underlying{};
    CurrencyChoice currency;
    choices::Kind instrument_kind = choices::Kind::any;
    choices::Resolution resolution{};
    Nanos interval{};  // 0 tells everything at once
    // ---- Who listens ----
    std::vector<Listener> listeners;
    // ---- What waits to be told ----
    bool is_waiting = false;
    UnixNanos told;
    market_data::BookFeed feed;
    std::optional<market_data::GroupedBook> grouped{};
    std::vector<market_data::TradeRecord> trades;
    std::vector<client_feed::OwnTrade> own_trades;
    std::vector<client_feed::Order> orders;
    std::vector<std::uint64_t> moved;  // listings of positions that changed
    std::vector<market_data::LifeChange> lives;
    std::optional<market_data::Ticker> ticker{};  // as an incremental one was told last

    void clear_gathered() {
        trades.clear();
        own_trades.clear();
        orders.clear();
        moved.clear();
        lives.clear();
    }
    // Whether it is about this one, by its name or by kind and currency.
    [[nodiscard]] bool has(const Markets& markets, const Market& market) const {
        const market_data::Instrument& listed = market.instrument();
        return listing != 0 ? listing == market.listing()
                            : currency.has(markets, listed) && is_of_kind(listed, instrument_kind);
    }
    [[nodiscard]] bool is_of_changes() const {
        return kind == ChannelKind::user_changes || kind == ChannelKind::user_changes_by_kind;
    }
    [[nodiscard]] bool is_of_orders() const {
        return kind == ChannelKind::user_orders || kind == ChannelKind::user_orders_by_kind;
    }
    [[nodiscard]] bool is_of_trades() const {
        return kind == ChannelKind::user_trades || kind == ChannelKind::user_trades_by_kind;
    }
    [[nodiscard]] bool is_raw() const { return interval == Nanos(0); }
};

}  // namespace miletus::deribit
