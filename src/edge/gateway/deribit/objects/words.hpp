// Words: what enumerations, ids and moments are called at the front door, and which of its words
// choose which instruments.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"

#include <cstdint>
#include <string_view>

namespace miletus::deribit {

[[nodiscard]] constexpr std::int64_t milliseconds(UnixNanos time) {
    return time.value() / 1'000'000;
}

// "USDC-1234": the settlement asset stands in front.
[[nodiscard]] IdText order_id_text(std::string_view asset, OrderId order);
[[nodiscard]] IdText trade_id_text(std::string_view asset, std::uint64_t trade);
// A trade's number among all: it grows with time.
[[nodiscard]] constexpr std::uint64_t trade_number(client_feed::TradeId id) {
    return (id.sequence.value() << 16U) + id.ordinal;
}

// Accounts have numbers for names.
[[nodiscard]] IdText account_name(AccountId account);

// btc_usdc
[[nodiscard]] IndexName lower_case(std::string_view name);
[[nodiscard]] IndexName index_name_of(const market_data::Underlying* underlying);
// 25DEC26
[[nodiscard]] DateText expiry_text(UnixNanos expiry);
// 2026-12-25
[[nodiscard]] DateText date_text(UnixNanos time);

[[nodiscard]] std::string_view kind_word(const market_data::Instrument& instrument);
[[nodiscard]] std::string_view state_word(protocol::InstrumentState state);
// Of a ticker and a book: they know no more than these.
[[nodiscard]] std::string_view book_state_word(protocol::InstrumentState state);
[[nodiscard]] std::string_view settlement_period_word(const market_data::Instrument& instrument);
[[nodiscard]] std::string_view life_word(market_data::LifeStep step);

[[nodiscard]] std::string_view side_word(protocol::Side side);
[[nodiscard]] std::string_view order_type_word(const client_feed::Order& order);
[[nodiscard]] std::string_view stage_word(client_feed::OrderStage stage);
[[nodiscard]] std::string_view time_in_force_word(protocol::TimeInForce time_in_force);
[[nodiscard]] std::string_view trigger_word(protocol::TriggerReference reference);
// Empty where this interface has no word for it.
[[nodiscard]] std::string_view cancel_reason_word(const client_feed::Order& order);
[[nodiscard]] std::string_view transaction_word(client_feed::TransactionKind kind);

}  // namespace miletus::deribit
