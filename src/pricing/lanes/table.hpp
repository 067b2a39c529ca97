// Sixteen numbers that lanes look up by index: two vectors of the widest.
#pragma once

#include <array>

namespace miletus::lanes {

struct alignas(64) Table {
    std::array<double, 16> entries;
};

}  // namespace miletus::lanes
