// Payloads: what a channel tells, the envelope left out. A channel whose payload follows from the
// folds at any moment is written by its name; those of events are written from what changed.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstdint>
#include <span>

namespace miletus::deribit {

// Whether the channel is about this instrument: by its name, or by kind and currency.
[[nodiscard]] bool is_about(const Channel& channel, const Markets& markets, const Market& market);

// Whether write_now() knows the channel: tickers, quotes, candles, funding, indexes, marks, states,
// and what a book or an incremental ticker begins with.
[[nodiscard]] bool is_told_at_any_time(ChannelKind kind);
// What the channel tells now. False, with nothing written, where there is nothing to tell: no such
// instrument or index, or a candle where nothing was traded.
[[nodiscard]] bool write_now(JsonWriter& writer, const Channel& channel, const Markets& markets);

// ---- Of accounts, by what Accounts::changes() names ----

// A list, as aggregated channels tell; raw ones tell each order by write_order(). What is not known
// any more is left out.
void write_orders(JsonWriter& writer, const Markets& markets, const client_feed::Accounts& accounts,
                  std::span<const OrderId> orders);
void write_user_trades(JsonWriter& writer, const Markets& markets,
                       const client_feed::Accounts& accounts,
                       std::span<const std::uint32_t> places);

// The channel user.changes, for one instrument. The position is told where it changed.
struct UserChanges {
    AccountId account;
    InstrumentId instrument;
    std::span<const OrderId> orders;
    std::span<const std::uint32_t> trades;
    bool has_position = false;
};
void write_user_changes(JsonWriter& writer, const Markets& markets,
                        const client_feed::Accounts& accounts, const UserChanges& changes);
// {order, trades}, the result of buy, sell and edit.
void write_order_and_trades(JsonWriter& writer, const Markets& markets,
                            const client_feed::Accounts& accounts, const client_feed::Order& order,
                            std::span<const std::uint32_t> trades);

}  // namespace miletus::deribit
