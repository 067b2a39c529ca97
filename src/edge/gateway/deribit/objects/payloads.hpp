// Payloads: what a channel tells, the envelope left out. What is now follows from the kind of the
// channel and the folds; what accounts hear is written of what has changed.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstdint>
#include <span>

namespace miletus::deribit {

// ---- What is now ----

// What whoever joins is told of, as it is now; of events only what comes is told.
enum class Subject : std::uint8_t { market, index, venue, event };
[[nodiscard]] Subject subject_of(ChannelKind kind);

// The channels ticker, quote and perpetual. Books, candles and incremental tickers tell more than
// follows from their kind.
void write_of_market(JsonWriter& writer, ChannelKind kind, const Markets& markets,
                     const Market& market);
void write_of_index(JsonWriter& writer, ChannelKind kind, const Markets& markets,
                    const market_data::Underlying& underlying);
void write_of_venue(JsonWriter& writer, ChannelKind kind, const Markets& markets);

// ---- Of accounts ----

// Lists, as aggregated channels tell; raw ones tell each order by write_order().
void write_orders(JsonWriter& writer, const Markets& markets,
                  std::span<const client_feed::Order> orders);
void write_user_trades(JsonWriter& writer, const Markets& markets,
                       std::span<const client_feed::OwnTrade> trades);

// The channel user.changes, for one instrument: orders and trades of others are left out. The
// position is told where it changed, also as none.
struct UserChanges {
    AccountId account;
    const Market& market;
    std::span<const client_feed::Order> orders;
    std::span<const client_feed::OwnTrade> trades;
    bool has_position = false;
};
void write_user_changes(JsonWriter& writer, const Markets& markets,
                        const client_feed::Accounts& accounts, const UserChanges& changes);
// {order, trades}, the result of buy, sell and edit.
void write_order_and_trades(JsonWriter& writer, const Markets& markets,
                            const client_feed::Order& order,
                            std::span<const client_feed::OwnTrade> trades);

}  // namespace miletus::deribit
