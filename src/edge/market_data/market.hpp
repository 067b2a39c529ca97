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

// How much of the past is kept. Nothing grows beyond it.
struct Rooms {
    std::uint32_t trades = 1U << 18U;                // of all instruments together
    std::uint32_t trades_of_instrument = 1U << 14U;  // of each
    CandleRooms candles;
    std::uint32_t archived = 4096;          // instruments that are gone and can still be asked for
    std::uint32_t settlements = 1U << 14U;  // records of sessions and deliveries
    std::uint32_t delivery_prices = 2048;
    std::uint32_t funding_points = 44'640;  // one a minute: 31 days
    std::uint32_t index_minutes = 2880;
    std::uint32_t index_hours = 8760;
};

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
    Market(const Rooms& rooms, std::uint64_t listing);

    [[nodiscard]] const Instrument& instrument() const LIFETIME_BOUND { return instrument_; }
    [[nodiscard]] const Book& book() const LIFETIME_BOUND { return book_; }
    [[nodiscard]] const Candles& candles() const LIFETIME_BOUND { return candles_; }
    [[nodiscard]] const MarketState& state() const LIFETIME_BOUND { return state_; }
    [[nodiscard]] const Window<TradeRecord>& trades() const LIFETIME_BOUND { return trades_; }
    // Of a perpetual; else it is empty.
    [[nodiscard]] const FundingHistory& funding() const LIFETIME_BOUND { return funding_; }
    // Which one it is of all that ever were listed, as far as this process knows; never another's.
    [[nodiscard]] std::uint64_t listing() const { return listing_; }
    // That of the one which had this number before; 0 where none is known.
    [[nodiscard]] std::uint64_t previous_listing() const { return previous_listing_; }

  private:
    friend class Markets;  // which folds

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
    std::uint64_t listing_;
    std::uint64_t previous_listing_ = 0;
    // By the command that is being read.
    std::uint32_t changed_ = 0;
    std::int64_t funding_rate_ = 0;
    std::optional<Level> bid_{};  // when it began
    std::optional<Level> ask_{};
    mutable ValuesCache values_;  // as long as nothing that they come from has moved
};

}  // namespace miletus::market_data
