// Black-Scholes as one writes it down, on SLEEF's vectors: what a good library of functions gives.
#pragma once

#include "pricing/pricing.hpp"

namespace miletus::bench {

// Lengths agree, and are multiples of eight. Price, delta, gamma, vega, theta and rho.
void sleef_greeks_avx512(const pricing::SpotOptions& options, const pricing::Results& results);
void sleef_greeks_avx2(const pricing::SpotOptions& options, const pricing::Results& results);

}  // namespace miletus::bench
