// The answers of public methods, one function each; reading.hpp names the methods.
#pragma once

#include "edge/gateway/deribit/objects/questions.hpp"

namespace miletus::deribit {

struct PublicQuestion {
    const Call& call;
    const Markets& markets;
    UnixNanos now;
};
using Answered = std::expected<void, Failure>;
using PublicAnswer = Answered (*)(const PublicQuestion&, JsonWriter&);

// public_answers.cpp: what is
Answered answer_instruments(const PublicQuestion& question, JsonWriter& writer);
Answered answer_instrument(const PublicQuestion& question, JsonWriter& writer);
Answered answer_contract_size(const PublicQuestion& question, JsonWriter& writer);
Answered answer_expirations(const PublicQuestion& question, JsonWriter& writer);
Answered answer_currencies(const PublicQuestion& question, JsonWriter& writer);
Answered answer_index_price(const PublicQuestion& question, JsonWriter& writer);
Answered answer_index_names(const PublicQuestion& question, JsonWriter& writer);
Answered answer_supported_indexes(const PublicQuestion& question, JsonWriter& writer);
Answered answer_order_book(const PublicQuestion& question, JsonWriter& writer);
Answered answer_order_book_by_id(const PublicQuestion& question, JsonWriter& writer);
Answered answer_ticker(const PublicQuestion& question, JsonWriter& writer);
Answered answer_summary_by_currency(const PublicQuestion& question, JsonWriter& writer);
Answered answer_summary_by_instrument(const PublicQuestion& question, JsonWriter& writer);
Answered answer_time(const PublicQuestion& question, JsonWriter& writer);
Answered answer_status(const PublicQuestion& question, JsonWriter& writer);
Answered answer_version(const PublicQuestion& question, JsonWriter& writer);
Answered answer_test(const PublicQuestion& question, JsonWriter& writer);
Answered answer_empty_list(const PublicQuestion& question, JsonWriter& writer);

// public_history.cpp: what was
Answered answer_trades_by_instrument(const PublicQuestion& question, JsonWriter& writer);
Answered answer_trades_by_currency(const PublicQuestion& question, JsonWriter& writer);
Answered answer_chart(const PublicQuestion& question, JsonWriter& writer);
Answered answer_funding_value(const PublicQuestion& question, JsonWriter& writer);
Answered answer_funding_history(const PublicQuestion& question, JsonWriter& writer);
Answered answer_funding_chart(const PublicQuestion& question, JsonWriter& writer);
Answered answer_delivery_prices(const PublicQuestion& question, JsonWriter& writer);
Answered answer_settlements_by_currency(const PublicQuestion& question, JsonWriter& writer);
Answered answer_settlements_by_instrument(const PublicQuestion& question, JsonWriter& writer);
Answered answer_volatility_history(const PublicQuestion& question, JsonWriter& writer);
Answered answer_index_chart(const PublicQuestion& question, JsonWriter& writer);
Answered answer_mark_history(const PublicQuestion& question, JsonWriter& writer);
Answered answer_trade_volumes(const PublicQuestion& question, JsonWriter& writer);

}  // namespace miletus::deribit
