// Smiles as a picture: for each expiry bids and asks in volatility, and the fitted curve, in SVG.
#pragma once

#include "surface_report/tables.hpp"

#include <span>
#include <string>

namespace miletus::surface_report {

// One section for each chain that has a surface.
[[nodiscard]] std::string picture_of(std::span<const FittedChain> chains);

}  // namespace miletus::surface_report
