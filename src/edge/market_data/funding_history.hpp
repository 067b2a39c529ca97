// Funding history of a perpetual: the rate that was told every minute, and what it came to.
#pragma once

#include "edge/market_data/records.hpp"
#include "edge/market_data/window.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::market_data {

// A rate holds until the next is told. Interest is what rates brought for the time they held, as
// fractions in 1e-12: a rate for eight hours that holds for eight hours brings itself.
class FundingHistory {
  public:
    explicit FundingHistory(std::uint32_t points) : points_(points) {}

    // `rate` in 1e-9 for eight hours.
    void add(UnixNanos time, std::int64_t rate, std::optional<IndexPrice> index);

    // For eight hours, in 1e-12.
    [[nodiscard]] std::int64_t current() const {
        return points_.is_empty() ? 0 : points_.back().rate;
    }
    // What is not known any more counts as none.
    [[nodiscard]] std::int64_t interest_between(UnixNanos start, UnixNanos end) const;
    // Hours that ended within [start, end], oldest first, the newest `most` at most.
    [[nodiscard]] std::vector<FundingHour> hours_between(UnixNanos start, UnixNanos end,
                                                         std::uint32_t most) const;

  private:
    struct Point {
        UnixNanos time;
        std::int64_t rate = 0;      // for eight hours
        std::int64_t interest = 0;  // up to this moment, since the first
        IndexPrice index;
    };
    [[nodiscard]] std::size_t first_after(UnixNanos time) const;
    [[nodiscard]] std::int64_t interest_until(UnixNanos time) const;
    [[nodiscard]] IndexPrice index_at(UnixNanos time) const;

    Window<Point> points_;
};

}  // namespace miletus::market_data
