// Market data: what everybody may know, as a fold over events: instruments, books, trades, tickers,
// indices, funding, candles and windows of the past. Values only: it knows no wire, no connection
// and no clock, and decides nothing. One thread owns it.
#pragma once

#include "edge/market_data/book.hpp"
#include "edge/market_data/book_feed.hpp"
#include "edge/market_data/candles.hpp"
#include "edge/market_data/instrument.hpp"
#include "edge/market_data/markets.hpp"
#include "edge/market_data/records.hpp"
#include "edge/market_data/ticker.hpp"
#include "edge/market_data/trades.hpp"
