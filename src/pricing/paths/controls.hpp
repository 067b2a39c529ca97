// What controls are worth on average, by closed forms, not discounted.
#pragma once

#include "pricing/paths/simulation.hpp"

namespace miletus::pricing {

// Not a number where it is out of the domain of prices.
[[nodiscard]] double expected_control(const Simulation& simulation);

}  // namespace miletus::pricing
