// Only bells near the strike are priced; those far on its inner side are worth what exercise
// brings, which sums from the outside in give at once.
#include "pricing/surface/slice.hpp"

#include "base/assert.hpp"
#include "pricing/backends/backends.hpp"
#include "pricing/implied/implied.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/scalars.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace miletus::pricing {

namespace {

// In widths of a bell: beyond, the other side of it is below the last digit of any price.
constexpr double near_widths = 9.0;
// Beyond the outermost nodes, where prices end.
constexpr double reach_widths = 10.0;

}  // namespace

Slice::Slice(const SliceTerms& terms, std::vector<double> log_nodes, std::vector<double> weights)
    : terms_(terms), log_nodes_(std::move(log_nodes)), weights_(std::move(weights)) {
    const std::size_t count = log_nodes_.size();
    ASSERT(count == weights_.size());
    ASSERT(count > 0);
    ASSERT(count <= nodes_max);
    nodes_.resize(count);
    ASSERT(evaluate(Function::exp, log_nodes_, {}, nodes_));
    mass_above_.resize(count + 1);
    value_above_.resize(count + 1);
    mass_below_.resize(count + 1);
    value_below_.resize(count + 1);
    for (std::size_t at = count; at > 0; --at) {
        mass_above_[at - 1] = mass_above_[at] + weights_[at - 1];
        value_above_[at - 1] = value_above_[at] + weights_[at - 1] * nodes_[at - 1];
    }
    for (std::size_t at = 0; at < count; ++at) {
        mass_below_[at + 1] = mass_below_[at] + weights_[at];
        value_below_[at + 1] = value_below_[at] + weights_[at] * nodes_[at];
    }
}

double Slice::out_of_the_money(double log_moneyness, double deviation) const {
    const double near = near_widths * deviation + 0.5 * deviation * deviation;
    const auto first = std::ranges::lower_bound(log_nodes_, log_moneyness - near);
    const auto last = std::ranges::upper_bound(log_nodes_, log_moneyness + near);
    auto from = static_cast<std::size_t>(first - log_nodes_.begin());
    auto to = static_cast<std::size_t>(last - log_nodes_.begin());
    const bool is_call = log_moneyness >= 0;
    const double moneyness = value_of(Function::exp, log_moneyness);
    double price = is_call ? value_above_[to] - moneyness * mass_above_[to]
                           : moneyness * mass_below_[from] - value_below_[from];
    // Where nothing else is left, what the outermost bell gives.
    from = from == log_nodes_.size() ? from - 1 : from;
    to = to <= from ? from + 1 : to;
    static constexpr double one = 1.0;
    const std::int8_t sign = is_call ? 1 : -1;
    std::array<double, nodes_max> prices;
    const UsualRounding rounding;
    backend().forward_price({.asset = {&nodes_[from], false},
                             .strike = {&moneyness, true},
                             .time = {&one, true},
                             .vol = {&deviation, true},
                             .discount = {&one, true},
                             .rate = {},
                             .yield = {},
                             .sign = {&sign, true}},
                            {.price = prices.data()}, to - from);
    for (std::size_t at = from; at < to; ++at) {
        price += weights_[at] * prices[at - from];
    }
    return price;
}

double Slice::density(double log_moneyness) const {
    const double s = terms_.deviation;
    double sum = 0;
    for (std::size_t at = 0; at < weights_.size(); ++at) {
        const double x = (log_moneyness - log_nodes_[at]) / s + 0.5 * s;
        if (size_of(x) < 37) {
            sum += weights_[at] * value_of(Function::normal_density, x);
        }
    }
    return sum / s;
}

double Slice::bare_call(double moneyness) const {
    double sum = 0;
    for (std::size_t at = weights_.size(); at > 0 && nodes_[at - 1] > moneyness; --at) {
        sum += weights_[at - 1] * (nodes_[at - 1] - moneyness);
    }
    return sum;
}

double Slice::bare_put(double moneyness) const {
    double sum = 0;
    for (std::size_t at = 0; at < weights_.size() && nodes_[at] < moneyness; ++at) {
        sum += weights_[at] * (moneyness - nodes_[at]);
    }
    return sum;
}

double Slice::within_reach(double log_moneyness) const {
    const double beyond = reach_widths * terms_.deviation;
    return clamped(log_nodes_.front() - beyond, log_moneyness, log_nodes_.back() + beyond);
}

double implied_variance(double log_moneyness, double price) {
    const double moneyness = value_of(Function::exp, log_moneyness);
    const std::int8_t kind = log_moneyness >= 0 ? 1 : -1;
    const ImpliedVol implied =
        implied_vol({.price = price, .forward = 1, .strike = moneyness, .time = 1, .kind = kind});
    return implied.vol * implied.vol;
}

}  // namespace miletus::pricing
