// The past as JSON: candles, funding, settlements, deliveries, and what changed balances.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <span>

namespace miletus::deribit {

// Candles, column by column, and one of the channel chart.trades.
void write_chart(JsonWriter& writer, const Markets& markets, const Market& market,
                 std::span<const market_data::Candle> candles);
void write_candle(JsonWriter& writer, const Markets& markets, const Market& market,
                  const market_data::Candle& candle);

// A row of get_funding_rate_history.
void write_funding_hour(JsonWriter& writer, const market_data::FundingHour& hour);
// A point of get_funding_chart_data.
void write_funding_point(JsonWriter& writer, const market_data::FundingHour& hour);

// SETTLEMENT: of a whole instrument, and of an account's position in one.
void write_settlement(JsonWriter& writer, const Markets& markets,
                      const market_data::SettlementRecord& settlement);
void write_settlement(JsonWriter& writer, const Markets& markets,
                      const client_feed::Settlement& settlement);

// A row of get_transaction_log.
void write_transaction(JsonWriter& writer, const Markets& markets,
                       const client_feed::Transaction& transaction);
// A row of get_deposits, get_withdrawals or get_transfers.
void write_wallet_entry(JsonWriter& writer, const Markets& markets,
                        const client_feed::Transaction& transaction);

}  // namespace miletus::deribit
