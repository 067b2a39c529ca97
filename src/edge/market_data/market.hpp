// Market: one instrument with all that happened to it.
#pragma once

#include "edge/market_data/book.hpp"
#include "edge/market_data/candles.hpp"
#include "edge/market_data/funding_history.hpp"
#include "edge/market_data/instrument.hpp"
#include "edge/market_data/option_values.hpp"
#include "edge/market_data/ticker.hpp"
#include "edge/market_data/trades.hpp"
#include "edge/market_data/window.hpp"

#include <cstdint>
#include <optional>

namespace miletus::market_data {

struct Rooms;

// What is true of a market beside its book; all of it is told by the ticker as well.
struct MarketState {
    std::optional<Ticks> last{};
    std::optional<Grid> mark{};
    std::optional<Grid> settlement{};
    std::optional<Grid> delivery{};
    Lots open_interest;
    TickDirection tick_direction = TickDirection::zero_plus;  // of the last trade
};

class Market {
  public:
    Market(const Rooms& rooms, std::uint32_t listing);

    [[nodiscard]] const Instrument& instrument() const LIFETIME_BOUND { return instrument_; }
    [[nodiscard]] const Book& book() const LIFETIME_BOUND { return book_; }
    [[nodiscard]] const Candles& candles() const LIFETIME_BOUND { return candles_; }
    [[nodiscard]] const MarketState& state() const LIFETIME_BOUND { return state_; }
    [[nodiscard]] const Window<TradeRecord>& trades() const LIFETIME_BOUND { return trades_; }
    // Of a perpetual; else it is empty.
    [[nodiscard]] const FundingHistory& funding() const LIFETIME_BOUND { return funding_; }
    // Which one it is of all that ever were listed, as far as this process knows; never another's.
    [[nodiscard]] std::uint32_t listing() const { return listing_; }

  private:
    friend class Markets;  // which folds

    // What is cached while nothing that it comes from has moved.
    struct DayCache {
        UnixNanos minute{-1};
        DayStatistics statistics;
    };
    struct ValuesCache {
        OptionInputs inputs;
        OptionValues values;
    };

    Instrument instrument_;
    Book book_;
    MarketState state_;
    Candles candles_;
    Window<TradeRecord> trades_;
    FundingHistory funding_;
    std::uint32_t listing_;
    std::uint32_t changed_ = 0;  // by the command that is being read
    Sequence archived_;
    mutable DayCache day_;
    mutable ValuesCache values_;
};

}  // namespace miletus::market_data
