// From the results that a caller wants to the columns that kernels write.
#pragma once

#include "pricing/vanilla/columns.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace miletus::pricing {

// Whether each column is so long, or one number for all.
[[nodiscard]] bool agree(std::size_t count, std::initializer_list<std::size_t> columns);

// Whether all that is wanted is as long as the prices.
[[nodiscard]] bool agree(const Results& results);
[[nodiscard]] bool wants_greeks(const Results& results);
[[nodiscard]] ResultColumns columns_of(const Results& results);
[[nodiscard]] ResultColumns columns_of(Valuation& valuation, std::uint8_t& status);

}  // namespace miletus::pricing
