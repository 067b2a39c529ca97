// Checked once, then laid out in blocks.
#include "pricing/surface/points.hpp"

namespace miletus::pricing {

namespace {

bool is_within(double low, double x, double high) {
    return low <= x && x <= high;
}

}  // namespace

CurveStatus status_of(const VariancePoints& points) {
    const std::size_t count = points.log_moneyness.size();
    if (points.variance.size() != count || points.weight.size() != count) {
        return CurveStatus::mismatched;
    }
    std::size_t weighty = 0;
    for (std::size_t at = 0; at < count; ++at) {
        if (!is_within(-100, points.log_moneyness[at], 100) ||
            !is_within(0, points.variance[at], 1e6) || !is_within(0, points.weight[at], 1e30)) {
            return CurveStatus::not_a_number;
        }
        weighty += points.weight[at] > 1e-30 && points.variance[at] > 1e-30 ? 1U : 0U;
    }
    return weighty == 0 ? CurveStatus::too_few_points : CurveStatus::ok;
}

PaddedPoints padded(const VariancePoints& points) {
    const std::size_t count = points.log_moneyness.size();
    const std::size_t blocks = (count + points_in_block - 1) / points_in_block;
    PaddedPoints result;
    result.log_moneyness.resize(blocks * points_in_block);
    result.variance.resize(blocks * points_in_block);
    result.weight.resize(blocks * points_in_block);
    double weights = 0;
    double sum = 0;
    result.least = points.log_moneyness[0];
    result.most = result.least;
    for (std::size_t at = 0; at < count; ++at) {
        const double k = points.log_moneyness[at];
        weights += points.weight[at];
        sum += points.weight[at] * points.variance[at];
        result.least = k < result.least ? k : result.least;
        result.most = result.most < k ? k : result.most;
    }
    result.mean = sum / weights;
    for (std::size_t at = 0; at < count; ++at) {
        const double weight = points.weight[at] / weights;
        const double variance = points.variance[at] / result.mean - 1.0;
        result.log_moneyness[at] = points.log_moneyness[at];
        result.variance[at] = variance;
        result.weight[at] = weight;
        result.weights += weight;
        result.variances += weight * variance;
        result.squares += weight * variance * variance;
    }
    return result;
}

}  // namespace miletus::pricing
