// Trades and orders as JSON. What only a venue with quotes, blocks and combos knows is left out.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <span>

namespace miletus::deribit {

// The market that it was in, not the one that has the number of that since; none where that was
// forgotten.
[[nodiscard]] const Market* market_of(const Markets& markets LIFETIME_BOUND,
                                      const client_feed::Order& order);
[[nodiscard]] const Market* market_of(const Markets& markets LIFETIME_BOUND,
                                      const client_feed::OwnTrade& trade);

// PTRADE, and a list of them.
void write_public_trade(JsonWriter& writer, const Markets& markets,
                        const market_data::TradeRecord& trade);
void write_public_trades(JsonWriter& writer, const Markets& markets,
                         std::span<const market_data::TradeRecord> trades);
// UTRADE
void write_user_trade(JsonWriter& writer, const Markets& markets,
                      const client_feed::OwnTrade& trade);
// ORDER
void write_order(JsonWriter& writer, const Markets& markets, const client_feed::Order& order);
// A row of get_trigger_order_history, of an order that waited for a price.
void write_trigger_order(JsonWriter& writer, const Markets& markets,
                         const client_feed::Order& order);

}  // namespace miletus::deribit
