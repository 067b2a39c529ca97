// Index history of an underlying: minutes of two days, hours of a year, and the mean so far of
// what expires next.
#pragma once

#include "edge/market_data/records.hpp"
#include "edge/market_data/window.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::market_data {

class IndexHistory {
  public:
    IndexHistory(std::uint32_t minutes, std::uint32_t hours) : minutes_(minutes), hours_(hours) {}

    void add(UnixNanos time, IndexPrice price);

    // The last price of each minute, or each hour, within [start, end], oldest first.
    [[nodiscard]] std::vector<IndexPoint> minutes_between(UnixNanos start, UnixNanos end) const;
    [[nodiscard]] std::vector<IndexPoint> hours_between(UnixNanos start, UnixNanos end) const;
    // Of the last 1,440 minutes; none before the first price.
    [[nodiscard]] std::optional<IndexStatistics> statistics(UnixNanos now) const;

    // The sum of prices, each as long as it stood, from the first on until this moment: what two of
    // them differ by, divided by the time between, is a mean. Prices times nanoseconds.
    [[nodiscard]] int128 integral_at(UnixNanos time) const;

  private:
    struct Bar {
        UnixNanos start;
        IndexPrice high;
        IndexPrice low;
        IndexPrice close;
    };
    static void add(Window<Bar>& bars, UnixNanos start, IndexPrice price);
    [[nodiscard]] static std::vector<IndexPoint> points(const Window<Bar>& bars, UnixNanos start,
                                                        UnixNanos end);

    Window<Bar> minutes_;
    Window<Bar> hours_;
    UnixNanos time_;  // of the last price
    IndexPrice price_;
    int128 integral_ = 0;
};

}  // namespace miletus::market_data
