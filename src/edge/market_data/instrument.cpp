// What dates and parameters say of an instrument.
#include "edge/market_data/instrument.hpp"

#include "base/division.hpp"

#include <algorithm>
#include <chrono>

namespace miletus::market_data {

SettlementPeriod Instrument::settlement_period() const {
    if (is_perpetual()) {
        return SettlementPeriod::perpetual;
    }
    using std::chrono::days;
    const std::chrono::sys_time<std::chrono::nanoseconds> moment{
        std::chrono::nanoseconds(expiry.value())};
    const std::chrono::sys_days date = std::chrono::floor<days>(moment);
    if (std::chrono::weekday(date) != std::chrono::Friday) {
        return SettlementPeriod::day;
    }
    const auto month = std::chrono::year_month_day(date).month();
    const auto month_next = std::chrono::year_month_day(date + days(7)).month();
    return month == month_next ? SettlementPeriod::week : SettlementPeriod::month;
}

// The step that holds the price has the last word.
Ticks Instrument::rounded_down(Ticks price) const {
    std::int64_t multiple = 1;
    for (const protocol::TickStep& step : tick_steps()) {
        multiple = step.from <= price ? step.multiple.value() : multiple;
    }
    return Ticks(floor_div(price.value(), multiple) * multiple);
}

// The next step may begin before the multiple is reached.
Ticks Instrument::rounded_up(Ticks price) const {
    const Ticks below = rounded_down(price);
    if (below == price) {
        return price;
    }
    std::int64_t multiple = 1;
    std::optional<Ticks> next;
    for (const protocol::TickStep& step : tick_steps()) {
        multiple = step.from <= price ? step.multiple.value() : multiple;
        next = step.from > price && !next.has_value() ? std::optional(step.from) : next;
    }
    const Ticks above = below + Ticks(multiple);
    return std::min(above, next.value_or(above));
}

}  // namespace miletus::market_data
