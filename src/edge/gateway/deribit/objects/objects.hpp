// Objects: what the Deribit interface answers and tells, written as JSON from the folds of market
// data and of accounts, and the methods that only read them. It keeps nothing, decides nothing,
// knows no connection, and allocates nothing beyond what the writer's text needs to grow, but for
// methods that look through the past. The thread that owns the folds calls it.
#pragma once

#include "edge/gateway/deribit/objects/balances.hpp"
#include "edge/gateway/deribit/objects/books.hpp"
#include "edge/gateway/deribit/objects/history.hpp"
#include "edge/gateway/deribit/objects/instruments.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/objects/method_table.hpp"
#include "edge/gateway/deribit/objects/payloads.hpp"
#include "edge/gateway/deribit/objects/questions.hpp"
#include "edge/gateway/deribit/objects/reading.hpp"
#include "edge/gateway/deribit/objects/tickers.hpp"
#include "edge/gateway/deribit/objects/trades.hpp"
#include "edge/gateway/deribit/objects/words.hpp"
