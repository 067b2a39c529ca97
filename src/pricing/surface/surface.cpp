// Between expiries, before them and after them: see surface.hpp.
#include "pricing/surface/surface.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/implied/implied.hpp"
#include "pricing/math/functions.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/forwards.hpp"
#include "pricing/surface/scalars.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <array>

namespace miletus::pricing {

namespace {

constexpr double least_moment = 1e-12;
constexpr double longest_moment = 1000;
constexpr double least_asset = 1e-50;
constexpr double largest_asset = 1e50;

double straddle_half(double variance) {
    return value_of(Forward{.forward = 1, .strike = 1, .time = 1, .vol = root(variance)}).price;
}

Status status_of(double strike, double time) {
    if (strike != strike || time != time) {
        return Status::not_a_number;
    }
    const bool is_inside = least_asset <= strike && strike <= largest_asset &&
                           least_moment <= time && time <= longest_moment;
    return is_inside ? Status::ok : Status::out_of_domain;
}

}  // namespace

// How a moment lies among the expiries.
struct Surface::Bracket {
    double time = 0;
    double log_forward = 0;
    std::size_t lower = 0;
    std::size_t upper = 0;
    double share = 0;      // of the upper slice's prices
    double deviation = 0;  // of the upper slice's bells
    double scale = 1;      // of total variance
};

Surface::Surface(std::vector<Slice> slices, double spot) : slices_(std::move(slices)) {
    const UsualRounding rounding;
    if (spot > 0) {
        forwards_.push_back({0.0, value_of(Function::log, spot)});
    }
    for (const Slice& slice : slices_) {
        const double log = value_of(Function::log, slice.terms().forward);
        forwards_.push_back({slice.terms().time, log});
        const double price = slice.out_of_the_money(0.0, slice.terms().deviation);
        at_the_money_.push_back(implied_variance(0.0, price));
    }
}

double Surface::forward(double time) const {
    const UsualRounding rounding;
    const bool is_known = !slices_.empty() && status_of(1.0, time) == Status::ok;
    return is_known ? value_of(Function::exp, log_forward_at(forwards_, time)) : math::not_a_number;
}

Surface::Bracket Surface::bracket_of(double time) const {
    Bracket bracket{.time = time, .log_forward = log_forward_at(forwards_, time)};
    const std::size_t last = slices_.size() - 1;
    while (bracket.upper < last && slices_[bracket.upper].terms().time < time) {
        ++bracket.upper;
    }
    bracket.lower = bracket.upper > 0 ? bracket.upper - 1 : 0;
    const SliceTerms& upper = slices_[bracket.upper].terms();
    const SliceTerms& lower = slices_[bracket.lower].terms();
    bracket.deviation = upper.deviation;
    const double variance = at_the_money_[bracket.upper];
    const double grown = variance - at_the_money_[bracket.lower];
    const double years = upper.time - lower.time;
    if (time <= lower.time || time == upper.time) {
        bracket.lower = time == upper.time ? bracket.upper : bracket.lower;
        bracket.upper = bracket.lower;
        bracket.deviation = slices_[bracket.upper].terms().deviation;
        bracket.scale = smaller_of(1.0, time / slices_[bracket.upper].terms().time);
    } else if (time > upper.time) {
        const double a_year =
            bracket.lower == bracket.upper ? variance / upper.time : larger_of(grown, 0.0) / years;
        const double more = (time - upper.time) * a_year;
        bracket.deviation = root(upper.deviation * upper.deviation + more);
        bracket.lower = bracket.upper;
    } else {
        const double place = (time - lower.time) / years;
        const double before = straddle_half(at_the_money_[bracket.lower]);
        const double after = straddle_half(variance);
        const double now = straddle_half(at_the_money_[bracket.lower] + place * grown);
        bracket.share = after > before ? clamped(0, (now - before) / (after - before), 1) : place;
    }
    return bracket;
}

// In forwards, of a moment's own slice.
double Surface::out_of_the_money(double log_moneyness, const Bracket& bracket) const {
    const double price = slices_[bracket.upper].out_of_the_money(log_moneyness, bracket.deviation);
    if (bracket.lower == bracket.upper) {
        return price;
    }
    const Slice& lower = slices_[bracket.lower];
    const double before = lower.out_of_the_money(log_moneyness, lower.terms().deviation);
    return before + bracket.share * (price - before);
}

double Surface::total_variance(double log_moneyness, double time) const {
    const bool is_known =
        !slices_.empty() && status_of(1.0, time) == Status::ok && log_moneyness == log_moneyness;
    if (!is_known) {
        return math::not_a_number;
    }
    const UsualRounding rounding;
    const Bracket bracket = bracket_of(time);
    const double k = slices_[bracket.upper].within_reach(log_moneyness);
    const double variance = implied_variance(k, out_of_the_money(k, bracket));
    return bracket.scale * (variance >= 0 ? variance : bracket.deviation * bracket.deviation);
}

SurfaceValue Surface::vol(double strike, double time) const {
    SurfaceValue value;
    std::uint8_t status = 0;
    (void)vol({.strike = {&strike, 1}, .time = {&time, 1}}, {&value.vol, 1}, {&status, 1});
    value.status = static_cast<Status>(status);
    return value;
}

double Surface::price(double strike, double time, std::int8_t kind) const {
    const SurfaceValue value = vol(strike, time);
    if (value.status != Status::ok) {
        return math::not_a_number;
    }
    return value_of(Forward{.forward = forward(time),
                            .strike = strike,
                            .time = time,
                            .vol = value.vol,
                            .discount = 1,
                            .kind = kind})
        .price;
}

namespace {

constexpr std::size_t points_at_once = 64;

// What a few points need before volatilities are implied for all of them.
struct Batch {
    std::array<double, points_at_once> price;
    std::array<double, points_at_once> moneyness;
    std::array<double, points_at_once> widest;  // deviation, where a price is all that it can be
    std::array<double, points_at_once> scale;   // from deviations to volatilities
    std::array<std::int8_t, points_at_once> kind;
    std::array<double, points_at_once> vol;
    std::array<std::uint8_t, points_at_once> status;
};

}  // namespace

bool Surface::vol(const SurfacePoints& points, std::span<double> vol,
                  std::span<std::uint8_t> status) const {
    const std::size_t count = vol.size();
    const bool has_one_time = points.time.size() == 1;
    const bool fits = points.strike.size() == count &&
                      (has_one_time || points.time.size() == count) &&
                      (status.empty() || status.size() == count);
    if (!fits) {
        return false;
    }
    const UsualRounding rounding;
    static constexpr double one = 1.0;
    Bracket bracket{.time = -1};
    Batch batch;
    for (std::size_t from = 0; from < count; from += points_at_once) {
        const std::size_t size = count - from < points_at_once ? count - from : points_at_once;
        for (std::size_t at = 0; at < size; ++at) {
            const double strike = points.strike[from + at];
            const double time = points.time[has_one_time ? 0 : from + at];
            const Status said = slices_.empty() ? Status::out_of_domain : status_of(strike, time);
            batch.status[at] = static_cast<std::uint8_t>(said);
            batch.price[at] = 0.5;
            batch.moneyness[at] = 1;
            batch.scale[at] = math::not_a_number;
            batch.widest[at] = 0;
            batch.kind[at] = call;
            if (said != Status::ok) {
                continue;
            }
            if (bracket.time != time) {
                bracket = bracket_of(time);
            }
            const double distance = value_of(Function::log, strike) - bracket.log_forward;
            const double k = slices_[bracket.upper].within_reach(distance);
            batch.price[at] = out_of_the_money(k, bracket);
            batch.moneyness[at] = value_of(Function::exp, k);
            batch.kind[at] = k >= 0 ? call : put;
            batch.scale[at] = root(bracket.scale / time);
            batch.widest[at] = bracket.deviation;
        }
        const auto columns = [size](const auto& column) {
            return std::span(column).first(size);
        };
        (void)imply({.price = columns(batch.price),
                     .forward = {&one, 1},
                     .strike = columns(batch.moneyness),
                     .time = {&one, 1},
                     .discount = {&one, 1},
                     .kind = columns(batch.kind)},
                    std::span(batch.vol).first(size));
        for (std::size_t at = 0; at < size; ++at) {
            const double deviation = batch.vol[at] >= 0 ? batch.vol[at] : batch.widest[at];
            vol[from + at] = deviation * batch.scale[at];
            if (!status.empty()) {
                status[from + at] = batch.status[at];
            }
        }
    }
    return true;
}

}  // namespace miletus::pricing
