// Minutes and hours of an index.
#include "edge/market_data/index_history.hpp"

#include "base/division.hpp"

#include <algorithm>

namespace miletus::market_data {

namespace {

constexpr std::int64_t minute = 60'000'000'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

UnixNanos start_of_span(UnixNanos time, std::int64_t length) {
    return UnixNanos(floor_div(time.value(), length) * length);
}

}  // namespace

void IndexHistory::add(UnixNanos time, IndexPrice price) {
    integral_ = integral_at(time);
    time_ = time;
    price_ = price;
    add(minutes_, start_of_span(time, minute), price);
    add(hours_, start_of_span(time, hour), price);
}

void IndexHistory::add(Window<Bar>& bars, UnixNanos start, IndexPrice price) {
    if (bars.is_empty() || bars.back().start < start) {
        bars.push({.start = start, .high = price, .low = price, .close = price});
        return;
    }
    Bar& bar = bars.back();
    bar.high = std::max(bar.high, price);
    bar.low = std::min(bar.low, price);
    bar.close = price;
}

std::vector<IndexPoint> IndexHistory::points(const Window<Bar>& bars, UnixNanos start,
                                             UnixNanos end) {
    std::vector<IndexPoint> all;
    for (std::size_t at = bars.first_not([start](const Bar& bar) { return bar.start < start; });
         at != bars.size() && bars[at].start <= end; ++at) {
        all.push_back({.time = bars[at].start, .price = bars[at].close});
    }
    return all;
}

std::vector<IndexPoint> IndexHistory::minutes_between(UnixNanos start, UnixNanos end) const {
    return points(minutes_, start, end);
}

std::vector<IndexPoint> IndexHistory::hours_between(UnixNanos start, UnixNanos end) const {
    return points(hours_, start, end);
}

std::optional<IndexStatistics> IndexHistory::statistics(UnixNanos now) const {
    if (minutes_.is_empty()) {
        return std::nullopt;
    }
    const UnixNanos start = start_of_span(now, minute) + Nanos(-day);
    const std::size_t first =
        minutes_.first_not([start](const Bar& bar) { return bar.start <= start; });
    // What it was when the day began still stood in its first minute.
    const IndexPrice before = first == 0 ? minutes_[0].close : minutes_[first - 1].close;
    IndexStatistics statistics{.high = before, .low = before};
    for (std::size_t at = first; at != minutes_.size(); ++at) {
        statistics.high = std::max(statistics.high, minutes_[at].high);
        statistics.low = std::min(statistics.low, minutes_[at].low);
    }
    statistics.change = relative_change(before.value(), price_.value());
    return statistics;
}

int128 IndexHistory::integral_at(UnixNanos time) const {
    return integral_ + int128{price_.value()} * (time - time_).value();
}

}  // namespace miletus::market_data
