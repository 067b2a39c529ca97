// The order and weights of a Brownian bridge over any times, and the mixing of correlated motions.
#pragma once

#include "pricing/paths/terms.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace miletus::pricing {

// The last time first, then the middle one of each stretch, wide stretches before narrow ones; at
// each time every asset. The row of zeros stands for the start.
[[nodiscard]] std::vector<BridgeStep> bridge_of(std::span<const double> times, std::size_t assets);

// Cholesky's lower triangle: rows of it times independent motions are correlated ones. None where
// the matrix is not symmetric and positive definite, with ones in its diagonal.
[[nodiscard]] std::optional<std::vector<double>> mixing_of(std::span<const double> correlation,
                                                           std::size_t assets);

}  // namespace miletus::pricing
