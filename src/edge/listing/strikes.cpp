// The two ends by bisection, then the coarsest step that puts enough strikes in between.
#include "edge/listing/strikes.hpp"

#include "base/assert.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>

namespace miletus::listing {

namespace {

constexpr double nanos_per_year = 365.0 * 86'400e9;
constexpr std::int64_t power_max = 100'000'000'000'000;

double in_units(std::int64_t parts) {
    return static_cast<double>(parts) / static_cast<double>(millionths);
}

// What all steps from the least one on are multiples of.
std::int64_t unit_of(IndexPrice least_step) {
    std::int64_t unit = 1;
    while (least_step.value() % (100 * unit) == 0) {
        unit *= 10;
    }
    return unit;
}

// The first strike whose call has a delta below this, of those that are multiples of the unit.
// Delta falls as strikes rise.
std::int64_t first_strike_below(double delta, const pricing::Forward& any, std::int64_t unit) {
    const auto is_below = [&](std::int64_t multiple) {
        pricing::Forward option = any;
        option.strike = in_units(multiple * unit);
        return pricing::value_of(option).delta < delta;
    };
    const std::int64_t limit = strike_limit.value() / unit;
    std::int64_t above = 0;
    std::int64_t below = 1;
    while (below < limit && !is_below(below)) {
        above = below;
        below = std::min(8 * below, limit);
    }
    while (below - above > 1) {
        const std::int64_t middle = above + (below - above) / 2;
        (is_below(middle) ? below : above) = middle;
    }
    return below * unit;
}

struct Range {
    std::int64_t low;   // above zero
    std::int64_t high;  // both are inside
};

std::int64_t multiples_within(const Range& range, std::int64_t step) {
    return range.high / step - (range.low - 1) / step;
}

// The largest that puts so many strikes into the range.
std::int64_t step_for(const Range& range, std::uint32_t aimed, IndexPrice least) {
    for (const IndexPrice step : round_steps()) {
        if (step <= least || multiples_within(range, step.value()) >= std::int64_t{aimed}) {
            return std::max(step, least).value();
        }
    }
    return least.value();
}

// The strikes whose calls have a delta between the two.
Range range_to_cover(IndexPrice index, Nanos left, const GridTerms& terms) {
    const pricing::Forward call{.forward = in_units(index.value()),
                                .strike = 0,
                                .time = years_of(left),
                                .vol = in_units(terms.volatility),
                                .discount = 1,
                                .kind = pricing::call};
    const double delta = in_units(terms.delta.value());
    const std::int64_t unit = unit_of(terms.step_min);
    const std::int64_t low = first_strike_below(1 - delta, call, unit);
    const std::int64_t high = first_strike_below(delta, call, unit) - unit;
    // With next to no volatility, both ends meet.
    return {.low = low, .high = std::max(low, high)};
}

}  // namespace

double years_of(Nanos span) {
    return static_cast<double>(span.value()) / nanos_per_year;
}

std::vector<IndexPrice> round_steps() {
    std::vector<IndexPrice> steps;
    for (std::int64_t power = power_max; power >= 10; power /= 10) {
        for (const std::int64_t step : {5 * power, power / 10 * 25, 2 * power, power}) {
            steps.emplace_back(step);
        }
    }
    for (const std::int64_t step : {5, 2, 1}) {
        steps.emplace_back(step);
    }
    return steps;
}

bool is_round_step(IndexPrice step) {
    const std::vector<IndexPrice> steps = round_steps();
    return std::ranges::find(steps, step) != steps.end();
}

std::vector<IndexPrice> strike_grid(IndexPrice index, Nanos left, const GridTerms& terms) {
    ASSERT(index > IndexPrice(0) && left > Nanos(0));
    ASSERT(is_round_step(terms.step_min));
    const Range covered = range_to_cover(index, left, terms);
    // The first stretch ends at twice the index, or what lies nearest to it; each other one at
    // twice the end of the one before.
    std::int64_t end = 2 * std::max(index.value(), covered.low);
    std::int64_t step = step_for({.low = covered.low, .high = std::min(end, covered.high)},
                                 terms.strikes_aimed, terms.step_min);
    std::int64_t strike = std::max((covered.low - 1) / step, std::int64_t{1}) * step;
    std::vector<IndexPrice> strikes;
    while (strike < strike_limit.value()) {
        strikes.emplace_back(strike);
        if (strike > covered.high) {
            break;
        }
        strike += step;
        if (strike > end) {
            step = step_for({.low = end, .high = 2 * end}, (terms.strikes_aimed + 1) / 2,
                            terms.step_min);
            strike = (end / step + 1) * step;
            end *= 2;
        }
    }
    return strikes;
}

}  // namespace miletus::listing
