// What one command changed, as lists that channels look through. Each instrument stands at most
// once in each.
#pragma once

#include "edge/market_data/book.hpp"
#include "edge/market_data/records.hpp"
#include "edge/market_data/trades.hpp"

#include <span>
#include <vector>

namespace miletus::market_data {

struct Changes {
    UnixNanos time;
    Sequence sequence;
    std::vector<BookChange> books;      // one for each book that is not as it was
    std::vector<InstrumentId> quotes;   // best price or its lots
    std::vector<InstrumentId> tickers;  // anything but the index in what a ticker tells
    std::vector<InstrumentId> marks;    // mark price
    std::vector<InstrumentId> funding;  // rate of a perpetual
    std::vector<TradeRecord> trades;    // in order
    std::vector<UnderlyingId> indices;  // price or state
    std::vector<LifeChange> lives;      // in order
    std::vector<SettlementRecord> settlements;
    bool venue = false;

    [[nodiscard]] bool is_empty() const {
        return books.empty() && quotes.empty() && tickers.empty() && marks.empty() &&
               funding.empty() && trades.empty() && indices.empty() && lives.empty() &&
               settlements.empty() && !venue;
    }
    void clear();
};

}  // namespace miletus::market_data
