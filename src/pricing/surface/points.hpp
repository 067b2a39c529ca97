// Points as the kernels want them: copied, filled up to whole blocks, scaled so that variances are
// about one and weights add up to one.
#pragma once

#include "pricing/surface/svi.hpp"

#include <vector>

namespace miletus::pricing {

struct PaddedPoints {
    std::vector<double> log_moneyness;
    std::vector<double> variance;  // by the mean, less one
    std::vector<double> weight;
    double mean = 0;
    double least = 0;  // log-moneyness
    double most = 0;
    // Of the weights, and of weighted variances and their squares.
    double weights = 0;
    double variances = 0;
    double squares = 0;

    [[nodiscard]] PointColumns columns() const {
        return {.log_moneyness = log_moneyness.data(),
                .variance = variance.data(),
                .weight = weight.data(),
                .count = weight.size()};
    }
};

// Whether points can be fitted at all.
[[nodiscard]] CurveStatus status_of(const VariancePoints& points);
// Of points with a good status.
[[nodiscard]] PaddedPoints padded(const VariancePoints& points);

}  // namespace miletus::pricing
