// Spans put together from shorter ones.
#include "edge/market_data/candles.hpp"

#include "base/division.hpp"

#include <algorithm>

namespace miletus::market_data {

namespace {

// Of what comes later to what came before.
void join(Candle& candle, const Candle& later) {
    candle.high = std::max(candle.high, later.high);
    candle.low = std::min(candle.low, later.low);
    candle.close = later.close;
    candle.lots += later.lots;
    candle.tick_lots += later.tick_lots;
}

void add_to(Window<Candle>& spans, Candle trade, UnixNanos start) {
    trade.start = start;
    if (!spans.is_empty() && spans.back().start >= start) {
        join(spans.back(), trade);
    } else {
        spans.push(trade);
    }
}

void add_to(Candles::Day& day, const Candle& later) {
    if (day.traded.has_value()) {
        join(*day.traded, later);
    } else {
        day.traded = later;
    }
}

Candle without_trade(UnixNanos start, Ticks price) {
    return {.start = start, .open = price, .high = price, .low = price, .close = price};
}

std::size_t first_from(const Window<Candle>& spans, UnixNanos start) {
    return spans.first_not([start](const Candle& span) { return span.start < start; });
}

// From one span to the next.
class Walk {
  public:
    Walk(const Window<Candle>& spans, UnixNanos start)
        : spans_(spans), at_(first_from(spans, start)) {
        ASSERT(!spans.is_empty());
        before_ = at_ == 0 ? spans[0].open : spans[at_ - 1].close;
    }

    // Of all that begin within the next `length`.
    [[nodiscard]] Candle next(UnixNanos start, Nanos length) {
        Candle candle = without_trade(start, before_);
        for (bool has_trade = false; at_ != spans_.size() && spans_[at_].start < start + length;
             ++at_) {
            if (has_trade) {
                join(candle, spans_[at_]);
            } else {
                candle = spans_[at_];
                candle.start = start;
                has_trade = true;
            }
        }
        before_ = candle.close;
        return candle;
    }

  private:
    const Window<Candle>& spans_;
    std::size_t at_;
    Ticks before_;
};

}  // namespace

UnixNanos start_of(UnixNanos time, Resolution resolution) {
    const std::int64_t length = length_of(resolution).value();
    return UnixNanos(floor_div(time.value(), length) * length);
}

Candles::Candles(const CandleRooms& rooms)
    : minutes_(rooms.minutes), hours_(rooms.hours), days_(rooms.days) {}

void Candles::add(UnixNanos time, Ticks price, Lots lots) {
    Candle trade = without_trade(time, price);
    trade.lots = lots.value();
    trade.tick_lots = int128{price.value()} * lots.value();
    add_to(minutes_, trade, start_of(time, Resolution::one));
    add_to(hours_, trade, start_of(time, Resolution::hour));
    add_to(days_, trade, start_of(time, Resolution::day));
    if (start_of(time, Resolution::one) == day_minute_) {
        add_to(day_, trade);
    }
}

const Window<Candle>& Candles::base_of(Resolution resolution) const {
    if (resolution < Resolution::hour) {
        return minutes_;
    }
    return resolution < Resolution::day ? hours_ : days_;
}

std::vector<Candle> Candles::between(Resolution resolution, UnixNanos start, UnixNanos end,
                                     std::uint32_t most) const {
    const Window<Candle>& spans = base_of(resolution);
    if (spans.is_empty() || most == 0 || end < start) {
        return {};
    }
    const Nanos length = length_of(resolution);
    const UnixNanos first_known = start_of(spans[0].start, resolution);
    const UnixNanos last = start_of(end, resolution);
    if (last < first_known) {
        return {};
    }
    UnixNanos from = start_of(std::max(start, first_known), resolution);
    from = from < start ? from + length : from;
    const std::int64_t count = (last - from).value() / length.value() + 1;
    if (count > most) {
        from = last + Nanos(-length.value() * (std::int64_t{most} - 1));
    }
    std::vector<Candle> candles;
    for (Walk walk(spans, from); from <= last; from = from + length) {
        candles.push_back(walk.next(from, length));
    }
    return candles;
}

int128 Candles::lots_since(UnixNanos start) const {
    const UnixNanos midnight =
        start_of(start + length_of(Resolution::day) + Nanos(-1), Resolution::day);
    int128 lots = 0;
    for (std::size_t at = first_from(hours_, start);
         at != hours_.size() && hours_[at].start < midnight; ++at) {
        lots += hours_[at].lots;
    }
    for (std::size_t at = first_from(days_, midnight); at != days_.size(); ++at) {
        lots += days_[at].lots;
    }
    return lots;
}

std::optional<Candle> Candles::at(Resolution resolution, UnixNanos time) const {
    const Window<Candle>& spans = base_of(resolution);
    const UnixNanos start = start_of(time, resolution);
    if (spans.is_empty() || start < start_of(spans[0].start, resolution)) {
        return std::nullopt;
    }
    return Walk(spans, start).next(start, length_of(resolution));
}

const Candles::Day& Candles::day(UnixNanos now) const {
    const UnixNanos minute = start_of(now, Resolution::one);
    if (minute == day_minute_) {
        return day_;
    }
    day_minute_ = minute;
    day_ = {};
    const UnixNanos start = minute + -length_of(Resolution::day);
    const std::size_t first = first_from(minutes_, start + Nanos(1));
    if (first != 0) {
        day_.before = minutes_[first - 1].close;
    }
    for (std::size_t at = first; at != minutes_.size(); ++at) {
        add_to(day_, minutes_[at]);
    }
    return day_;
}

}  // namespace miletus::market_data
