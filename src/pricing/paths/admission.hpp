// Which simulations there may be.
#pragma once

#include "pricing/paths/simulation.hpp"
#include "pricing/paths/status.hpp"

namespace miletus::pricing {

// But for correlations, which are found out when they are taken apart.
[[nodiscard]] PathStatus admission_of(const Simulation& simulation);

}  // namespace miletus::pricing
