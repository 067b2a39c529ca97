// Interest: rates times the time they held.
#include "edge/market_data/funding_history.hpp"

#include "base/division.hpp"

#include <algorithm>

namespace miletus::market_data {

namespace {

constexpr std::int64_t fine = 1000;  // from 1e-9 to 1e-12
constexpr std::int64_t hour = 3'600'000'000'000;
constexpr std::int64_t eight_hours = 8 * hour;

std::int64_t interest_of(std::int64_t rate, Nanos held) {
    return share_floor(rate, held.value(), eight_hours);
}

}  // namespace

void FundingHistory::add(UnixNanos time, std::int64_t rate, std::optional<IndexPrice> index) {
    const std::int64_t interest = points_.is_empty() ? 0 : interest_until(time);
    points_.push({.time = time,
                  .rate = rate * fine,
                  .interest = interest,
                  .index = index.value_or(IndexPrice(0))});
}

std::size_t FundingHistory::first_after(UnixNanos time) const {
    return points_.first_not([time](const Point& point) { return point.time <= time; });
}

std::int64_t FundingHistory::interest_until(UnixNanos time) const {
    const std::size_t after = first_after(time);
    if (after == 0) {
        return points_.is_empty() ? 0 : points_[0].interest;
    }
    const Point& point = points_[after - 1];
    return point.interest + interest_of(point.rate, time - point.time);
}

std::int64_t FundingHistory::interest_between(UnixNanos start, UnixNanos end) const {
    return start < end ? interest_until(end) - interest_until(start) : 0;
}

IndexPrice FundingHistory::index_at(UnixNanos time) const {
    const std::size_t after = first_after(time);
    return points_[after == 0 ? 0 : after - 1].index;
}

std::vector<FundingHour> FundingHistory::hours_between(UnixNanos start, UnixNanos end,
                                                       std::uint32_t most) const {
    std::vector<FundingHour> hours;
    if (points_.is_empty() || most == 0) {
        return hours;
    }
    // The first hour that is known from its start.
    const UnixNanos known = points_[0].time;
    const std::int64_t first =
        std::max(ceil_div(start.value(), hour), ceil_div(known.value(), hour) + 1);
    const std::int64_t last = floor_div(std::min(end, points_.back().time).value(), hour);
    for (std::int64_t at = std::max(first, last - most + 1); at <= last; ++at) {
        const UnixNanos time(at * hour);
        hours.push_back({.time = time,
                         .previous_index = index_at(time + Nanos(-hour)),
                         .index = index_at(time),
                         .interest_1h = interest_between(time + Nanos(-hour), time),
                         .interest_8h = interest_between(time + Nanos(-eight_hours), time)});
    }
    return hours;
}

}  // namespace miletus::market_data
