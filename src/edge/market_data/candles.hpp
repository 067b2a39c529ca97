// Candles: what was traded in each minute, hour and day, and any other span made of those. Spans
// without a trade take no room.
#pragma once

#include "base/units.hpp"
#include "edge/market_data/window.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::market_data {

struct Candle {
    UnixNanos start;
    Ticks open;
    Ticks high;
    Ticks low;
    Ticks close;
    int128 lots = 0;
    int128 tick_lots = 0;  // price times lots: cost_of() tells what that is
    friend constexpr bool operator==(const Candle&, const Candle&) = default;
};

// In minutes.
enum class Resolution : std::uint16_t {
    one = 1,
    three = 3,
    five = 5,
    ten = 10,
    quarter = 15,
    half = 30,
    hour = 60,
    two_hours = 120,
    three_hours = 180,
    six_hours = 360,
    half_day = 720,
    day = 1440,
};
[[nodiscard]] constexpr Nanos length_of(Resolution resolution) {
    constexpr std::int64_t minute = 60'000'000'000;
    return Nanos(static_cast<std::int64_t>(resolution) * minute);
}
// Where the span that holds this moment begins, counted from 1970.
[[nodiscard]] UnixNanos start_of(UnixNanos time, Resolution resolution);

struct CandleRooms {
    std::uint32_t minutes = 2880;  // with a trade; a day's are wanted for what 24 hours brought
    std::uint32_t hours = 2160;
    std::uint32_t days = 1000;
};

class Candles {
  public:
    explicit Candles(const CandleRooms& rooms);

    void add(UnixNanos time, Ticks price, Lots lots);

    // Those that begin within [start, end], oldest first, the newest `most` at most. One without a
    // trade has the price of the last one before it; before the first trade that is known there are
    // none, and the oldest one lacks what there is no room for any more.
    [[nodiscard]] std::vector<Candle> between(Resolution resolution, UnixNanos start, UnixNanos end,
                                              std::uint32_t most) const;
    // What was traded in the hours that begin at `start` or later; by whole days, where they are.
    [[nodiscard]] int128 lots_since(UnixNanos start) const;
    // The one that holds this moment; none where nothing was ever traded.
    [[nodiscard]] std::optional<Candle> at(Resolution resolution, UnixNanos time) const;
    // What was traded in the last 1,440 minutes, this one included, as one candle, and the price
    // before them.
    struct Day {
        std::optional<Candle> traded{};
        std::optional<Ticks> before{};
    };
    [[nodiscard]] const Day& day(UnixNanos now) const LIFETIME_BOUND;

  private:
    [[nodiscard]] const Window<Candle>& base_of(Resolution resolution) const;

    Window<Candle> minutes_;
    Window<Candle> hours_;
    Window<Candle> days_;
    // Found anew with each minute, and kept up between.
    mutable Day day_;
    mutable UnixNanos day_minute_{-1};
};

}  // namespace miletus::market_data
