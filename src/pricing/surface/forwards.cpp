// C - P = D (F - K): a line in the strike, found by weighted least squares that are repeated with
// less weight for what lies far off (Huber's). In coin the difference is 1 - K / F.
#include "pricing/surface/forwards.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/surface/scalars.hpp"

#include <algorithm>

namespace miletus::pricing {

namespace {

constexpr int repetitions = 20;
constexpr double huber_reach = 0.5;  // in half widths
constexpr double least_half_width = 1e-12;

struct Line {
    double start = 0;  // difference = start - slope strike
    double slope = 0;
    double start_error = 0;
    double slope_error = 0;
};

enum class Unknown : std::uint8_t { start, slope, both };

double half_width_of(const ParityPair& pair) {
    return pair.half_width < least_half_width ? least_half_width : pair.half_width;
}

Line least_squares(std::span<const ParityPair> pairs, std::span<const double> weights, Line line,
                   Unknown unknown) {
    double w = 0;
    double wk = 0;
    double wkk = 0;
    double wd = 0;
    double wkd = 0;
    // Strikes by the first, so that squares stay within reach.
    const double unit = pairs.front().strike;
    for (std::size_t at = 0; at < pairs.size(); ++at) {
        const double k = pairs[at].strike / unit;
        const double d = pairs[at].difference;
        w += weights[at];
        wk += weights[at] * k;
        wkk += weights[at] * k * k;
        wd += weights[at] * d;
        wkd += weights[at] * k * d;
    }
    switch (unknown) {
        case Unknown::start:
            line.start = (wd + line.slope * unit * wk) / w;
            line.start_error = __builtin_sqrt(1.0 / w);
            break;
        case Unknown::slope:
            line.slope = (line.start * wk - wkd) / wkk / unit;
            line.slope_error = __builtin_sqrt(1.0 / wkk) / unit;
            break;
        case Unknown::both: {
            const double determinant = w * wkk - wk * wk;
            if (determinant > 1e-12 * w * wkk) {
                line.slope = (wk * wd - w * wkd) / determinant / unit;
                line.start = (wkk * wd - wk * wkd) / determinant;
                line.slope_error = __builtin_sqrt(w / determinant) / unit;
                line.start_error = __builtin_sqrt(wkk / determinant);
            }
            break;
        }
    }
    return line;
}

// The value in the middle of the weights.
double weighted_median(std::vector<std::array<double, 2>> values) {
    std::ranges::sort(values);
    double all = 0;
    for (const auto& [value, weight] : values) {
        all += weight;
    }
    double below = 0;
    for (const auto& [value, weight] : values) {
        below += weight;
        if (2.0 * below >= all) {
            return value;
        }
    }
    return values.back()[0];
}

// A line through the middle of what each pair says alone, the other number being given.
Line first_line(std::span<const ParityPair> pairs, double start, double slope,
                bool slope_is_given) {
    std::vector<std::array<double, 2>> said;
    for (const ParityPair& pair : pairs) {
        const double value = slope_is_given ? pair.difference + slope * pair.strike
                                            : (start - pair.difference) / pair.strike;
        const double width = half_width_of(pair) / (slope_is_given ? 1.0 : pair.strike);
        said.push_back({value, 1.0 / width});
    }
    const double middle = weighted_median(std::move(said));
    return slope_is_given ? Line{.start = middle, .slope = slope}
                          : Line{.start = start, .slope = middle};
}

Line robust_line(std::span<const ParityPair> pairs, Line line, Unknown unknown) {
    std::vector<double> weights(pairs.size());
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        for (std::size_t at = 0; at < pairs.size(); ++at) {
            const double width = half_width_of(pairs[at]);
            const double fitted = line.start - line.slope * pairs[at].strike;
            const double miss = size_of(pairs[at].difference - fitted) / width;
            weights[at] = (miss <= huber_reach ? 1.0 : huber_reach / miss) / (width * width);
        }
        line = least_squares(pairs, weights, line, unknown);
    }
    return line;
}

struct Interval {
    double least;
    double most;
};

// The forwards that a pair allows, given the discount.
Interval allowed_by(const ParityPair& pair, Settlement settlement, double discount) {
    const double low = pair.difference - pair.half_width;
    const double high = pair.difference + pair.half_width;
    if (settlement == Settlement::coin) {
        return {pair.strike / (1.0 - low), high < 1.0 ? pair.strike / (1.0 - high) : beyond_all};
    }
    return {pair.strike + low / discount, pair.strike + high / discount};
}

// Where the most pairs agree; of several such stretches the one nearest to the estimate.
void find_agreement(std::span<const ParityPair> pairs, Settlement settlement,
                    ForwardEstimate& estimate) {
    std::vector<Interval> intervals;
    std::vector<double> ends;
    for (const ParityPair& pair : pairs) {
        intervals.push_back(allowed_by(pair, settlement, estimate.discount));
        ends.push_back(intervals.back().least);
        ends.push_back(intervals.back().most);
    }
    std::ranges::sort(ends);
    double nearest = beyond_all;
    for (std::size_t at = 0; at + 1 < ends.size(); ++at) {
        const double middle = ends[at] + 0.5 * (ends[at + 1] - ends[at]);
        const auto agreeing = static_cast<std::uint32_t>(
            std::ranges::count_if(intervals, [middle](const Interval& interval) {
                return interval.least <= middle && middle <= interval.most;
            }));
        const double distance = size_of(middle - estimate.forward);
        const bool is_better =
            agreeing > estimate.agreeing || (agreeing == estimate.agreeing && distance < nearest);
        if (is_better) {
            estimate.agreeing = agreeing;
            estimate.least = ends[at];
            estimate.most = ends[at + 1];
            nearest = distance;
        }
    }
}

}  // namespace

void hold_to_pairs(std::span<const ParityPair> pairs, Settlement settlement,
                   ForwardEstimate& estimate) {
    estimate.pairs = static_cast<std::uint32_t>(pairs.size());
    find_agreement(pairs, settlement, estimate);
    if (estimate.agreeing == 0 || estimate.most > 1e100) {
        return;
    }
    // A little within, since quotes on the edge would be the first to be missed.
    const double margin = 0.1 * (estimate.most - estimate.least);
    estimate.forward = clamped(estimate.least + margin, estimate.forward, estimate.most - margin);
}

ForwardEstimate forward_by_parity(std::span<const ParityPair> pairs, Settlement settlement,
                                  double discount) {
    const UsualRounding rounding;
    ForwardEstimate estimate{.discount = discount > 0 ? discount : 1.0,
                             .pairs = static_cast<std::uint32_t>(pairs.size())};
    if (pairs.size() < parity_pairs_min) {
        return estimate;
    }
    if (settlement == Settlement::coin) {
        estimate.discount = 1;
        const Line line = robust_line(pairs, first_line(pairs, 1.0, 0.0, false), Unknown::slope);
        estimate.forward = 1.0 / line.slope;
        estimate.error = line.slope_error / (line.slope * line.slope);
    } else {
        const Line first = first_line(pairs, 0.0, estimate.discount, true);
        const Line line = robust_line(pairs, first, discount > 0 ? Unknown::start : Unknown::both);
        estimate.discount = line.slope;
        estimate.forward = line.start / line.slope;
        estimate.error = line.start_error / line.slope;
    }
    const bool is_sound = estimate.forward > 0 && estimate.forward < 1e50 &&
                          estimate.discount > 1e-3 && estimate.discount < 1e3;
    if (!is_sound) {
        return {.discount = discount > 0 ? discount : 1.0, .pairs = estimate.pairs};
    }
    estimate.source = ForwardSource::parity;
    hold_to_pairs(pairs, settlement, estimate);
    return estimate;
}

double log_forward_at(std::span<const ForwardPoint> points, double time) {
    if (points.size() == 1 || time <= points.front().time) {
        return points.front().log_forward;
    }
    std::size_t at = 1;
    while (at + 1 < points.size() && points[at].time < time) {
        ++at;
    }
    const ForwardPoint& from = points[at - 1];
    const ForwardPoint& to = points[at];
    const double carry = (to.log_forward - from.log_forward) / (to.time - from.time);
    return clamped(-110, from.log_forward + carry * (time - from.time), 110);
}

std::string_view sentence(ForwardSource source) {
    switch (source) {
        case ForwardSource::parity:
            return "put-call parity";
        case ForwardSource::listed:
            return "the listed future";
        case ForwardSource::carry:
            return "the carry of other expiries";
        case ForwardSource::spot:
            return "the index";
        case ForwardSource::none:
            return "unknown";
    }
    return "?";
}

}  // namespace miletus::pricing
