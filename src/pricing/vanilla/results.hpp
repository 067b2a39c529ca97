// From the results that a caller wants to the columns that kernels write.
#pragma once

#include "pricing/vanilla/columns.hpp"
#include "pricing/vanilla/vanilla.hpp"

namespace miletus::pricing {

// Whether all that is wanted is as long as the prices.
[[nodiscard]] bool agree(const Results& results);
[[nodiscard]] bool wants_greeks(const Results& results);
[[nodiscard]] ResultColumns columns_of(const Results& results);

}  // namespace miletus::pricing
