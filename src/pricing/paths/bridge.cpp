// Made once for each simulation, one number at a time.
#include "pricing/paths/bridge.hpp"

#include <cmath>

namespace miletus::pricing {

namespace {

// Of times, counted from 1; 0 is the start.
struct Stretch {
    std::size_t left;
    std::size_t right;
};

// What is left of a variance that others explain almost wholly is mostly rounding.
constexpr double least_pivot = 1e-14;

}  // namespace

std::vector<BridgeStep> bridge_of(std::span<const double> times, std::size_t assets) {
    const std::size_t dimensions = times.size() * assets;
    const auto time_of = [&](std::size_t at) {
        return at == 0 ? 0.0 : times[at - 1];
    };
    const auto row_of = [&](std::size_t at, std::size_t asset) {
        return static_cast<std::uint32_t>(at == 0 ? dimensions : (at - 1) * assets + asset);
    };
    std::vector<BridgeStep> steps;
    steps.reserve(dimensions);
    const auto add = [&](std::size_t at, const Stretch& around, const BridgeStep& weights) {
        for (std::size_t asset = 0; asset < assets; ++asset) {
            BridgeStep step = weights;
            step.at = row_of(at, asset);
            step.left = row_of(around.left, asset);
            step.right = row_of(around.right, asset);
            steps.push_back(step);
        }
    };
    add(times.size(), {0, 0}, {.deviation = std::sqrt(times.back())});
    std::vector<Stretch> stretches{{0, times.size()}};
    for (std::size_t next = 0; next < stretches.size(); ++next) {
        const Stretch around = stretches[next];
        if (around.right - around.left < 2) {
            continue;
        }
        const std::size_t middle = (around.left + around.right) / 2;
        const double whole = time_of(around.right) - time_of(around.left);
        const double before = time_of(middle) - time_of(around.left);
        const double after = time_of(around.right) - time_of(middle);
        add(middle, around,
            {.left_weight = after / whole,
             .right_weight = before / whole,
             .deviation = std::sqrt(before * after / whole)});
        stretches.push_back({around.left, middle});
        stretches.push_back({middle, around.right});
    }
    return steps;
}

std::optional<std::vector<double>> mixing_of(std::span<const double> correlation,
                                             std::size_t assets) {
    std::vector<double> mixing(assets * assets);
    for (std::size_t row = 0; row < assets; ++row) {
        for (std::size_t column = 0; column <= row; ++column) {
            const double value = correlation[row * assets + column];
            if (value != correlation[column * assets + row] || (row == column && value != 1.0)) {
                return std::nullopt;
            }
            double rest = value;
            for (std::size_t at = 0; at < column; ++at) {
                rest -= mixing[row * assets + at] * mixing[column * assets + at];
            }
            if (row != column) {
                mixing[row * assets + column] = rest / mixing[column * assets + column];
            } else if (rest >= least_pivot) {
                mixing[row * assets + column] = std::sqrt(rest);
            } else {
                return std::nullopt;
            }
        }
    }
    return mixing;
}

}  // namespace miletus::pricing
