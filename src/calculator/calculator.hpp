// Calculator: single questions to pricing, answered in lines for people or in JSON for programs.
#pragma once

#include "pricing/pricing.hpp"

#include <ostream>

namespace miletus::calculator {

struct PriceQuestion {
    pricing::Forward option;
    bool wants_greeks = false;
    bool wants_json = false;
};

struct VolQuestion {
    pricing::PricedForward option;
    bool wants_json = false;
};

// Numbers are told so that they read back as the same bits. Whether there is a price: else the
// reason is told in its place.
bool price(std::ostream& out, const PriceQuestion& question);
// The same of the volatility that a price implies.
bool implied_vol(std::ostream& out, const VolQuestion& question);

}  // namespace miletus::calculator
