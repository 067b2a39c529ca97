// Lists that keep their memory.
#include "edge/market_data/changes.hpp"

namespace miletus::market_data {

void Changes::clear() {
    books.clear();
    quotes.clear();
    tickers.clear();
    marks.clear();
    funding.clear();
    trades.clear();
    indices.clear();
    lives.clear();
    settlements.clear();
    venue = false;
}

}  // namespace miletus::market_data
