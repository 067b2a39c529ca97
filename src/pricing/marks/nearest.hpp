// From numbers to whole numbers, for all of marks.
#pragma once

#include "base/assert.hpp"
#include "pricing/surface/scalars.hpp"

#include <cstdint>

namespace miletus::pricing {

// The nearest, of two the one farther from zero; held within 2^62.
[[nodiscard]] inline std::int64_t nearest(double x) {
    ASSERT(x == x);
    const double held = clamped(-0x1p62, x, 0x1p62);
    const auto whole = static_cast<std::int64_t>(held);
    const double rest = held - static_cast<double>(whole);
    return whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0);
}

}  // namespace miletus::pricing
