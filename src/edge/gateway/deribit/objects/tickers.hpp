// Where markets stand, as JSON: tickers whole and by what changed, books with their tickers,
// summaries, quotes, marks of options.
#pragma once

#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstddef>

namespace miletus::deribit {

// TICKER
void write_ticker(JsonWriter& writer, const Markets& markets, const Market& market);
// The channel incremental_ticker: first the whole of it, then what is not as it was before.
void write_ticker_snapshot(JsonWriter& writer, const Markets& markets, const Market& market,
                           const market_data::Ticker& now);
void write_ticker_change(JsonWriter& writer, const Markets& markets, const Market& market,
                         const market_data::Ticker& now, const market_data::Ticker& before);
// Whether a change would tell anything.
[[nodiscard]] bool is_other_ticker(const market_data::Ticker& now,
                                   const market_data::Ticker& before);

// The answer of get_order_book: a ticker, and so many levels of each side.
void write_order_book(JsonWriter& writer, const Markets& markets, const Market& market,
                      std::size_t depth);
// BOOKSUMMARY
void write_book_summary(JsonWriter& writer, const Markets& markets, const Market& market);
// The channel quote.
void write_quote(JsonWriter& writer, const Markets& markets, const Market& market);
// The channel perpetual.
void write_funding_now(JsonWriter& writer, const Markets& markets, const Market& market);
// The channel markprice.options: every option of an index that has a mark.
void write_option_marks(JsonWriter& writer, const Markets& markets, UnderlyingId underlying);

}  // namespace miletus::deribit
