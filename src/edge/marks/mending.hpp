// Mending: from smiles that were fitted each for itself to a surface without arbitrage.
#pragma once

#include "pricing/pricing.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace miletus::marks {

struct FittedSmile {
    UnixNanos expiry;
    IndexPrice forward;
    pricing::Svi svi{};
};

struct MendedSurface {
    std::vector<pricing::Smile> smiles;
    std::uint32_t mended = 0;   // that were changed,
    std::uint32_t dropped = 0;  // and that no change could save
};

// By expiry, each after the one before. A smile that crosses the one before it is fitted anew to
// the larger total variance of the two; one that still has arbitrage is left out, and what expires
// there is marked between its neighbours.
[[nodiscard]] MendedSurface mended(std::span<const FittedSmile> fitted, UnixNanos now);

}  // namespace miletus::marks
