// Ticker: everything about an instrument at one moment, as a value.
#pragma once

#include "edge/market_data/book.hpp"
#include "edge/market_data/instrument.hpp"

#include <cstdint>
#include <optional>

namespace miletus::market_data {

// Of the last 1,440 minutes, the one that is not over included.
struct DayStatistics {
    std::optional<Ticks> high{};
    std::optional<Ticks> low{};
    int128 lots = 0;
    int128 tick_lots = 0;  // cost_of() tells what that is
    std::optional<std::int64_t>
        price_change{};  // against the price a day ago, as relative_change()
};

// Rates are fractions in 1e-12: what a long position pays.
constexpr std::uint32_t interest_decimals = 12;
struct Funding {
    std::int64_t current = 0;      // for eight hours, at the last rate
    std::int64_t eight_hours = 0;  // what the last eight brought
    std::int64_t interest = 0;     // all that rates brought since the first that is known
};

enum class ForwardSource : std::uint8_t { future, parity, index };

// The only floating point numbers of this module, rounded in one place (rounded() in
// option_values.cpp): volatilities to 0.01 %, Greeks to five digits. Delta, gamma by the forward;
// vega for one percent of volatility, theta for a day, rho for one percent.
constexpr std::uint32_t volatility_decimals = 2;  // of a percentage
constexpr std::uint32_t greek_decimals = 5;
struct Greeks {
    std::int64_t delta = 0;
    std::int64_t gamma = 0;
    std::int64_t vega = 0;
    std::int64_t theta = 0;
    std::int64_t rho = 0;
    friend constexpr bool operator==(const Greeks&, const Greeks&) = default;
};
struct OptionValues {
    std::int64_t forward = 0;  // the underlying price, in 10^-price_decimals of the quote asset
    ForwardSource source{};
    InstrumentId future;  // where it is the source
    std::int64_t mark_vol = 0;
    std::int64_t bid_vol = 0;  // 0 where there is none, or it implies none
    std::int64_t ask_vol = 0;
    Greeks greeks;
};

// The worst prices that an order would be taken at now: bounds of the listing, band, and collar
// around the mark (docs/definitions.md). Left out while there is no mark.
struct PriceLimits {
    Ticks low;   // of a sell
    Ticks high;  // of a buy
};

struct Ticker {
    UnixNanos time;
    InstrumentId instrument;
    protocol::InstrumentState state{};
    std::optional<Level> bid{};
    std::optional<Level> ask{};
    std::optional<Ticks> last{};
    std::optional<Grid> mark{};
    std::optional<IndexPrice> index{};
    std::optional<Grid> settlement{};  // the mark that the last session was settled at
    std::optional<Grid> delivery{};    // once it expired
    std::optional<IndexPrice> estimated_delivery{};
    std::optional<PriceLimits> limits{};
    Lots open_interest;
    DayStatistics day;
    std::optional<Funding> funding{};      // of perpetuals
    std::optional<OptionValues> option{};  // of options that have a mark
};

}  // namespace miletus::market_data
