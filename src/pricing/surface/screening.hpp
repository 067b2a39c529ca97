// Screening: what is wrong with each quote, before and after forwards are known, and the quotes of
// each expiry in one order, whatever order they came in.
#pragma once

#include "pricing/surface/quotes.hpp"

#include <cstddef>
#include <vector>

namespace miletus::pricing {

struct ScreenedExpiry {
    double time = 0;
    std::vector<std::size_t> quotes;  // by strike, puts first; all that have this time
    double listed = 0;                // the middle of what quotes say the listed future is
};

struct Screening {
    std::vector<QuoteReport> reports;
    std::vector<ScreenedExpiry> expiries;  // in order of time
};

[[nodiscard]] Screening screened(const QuotedChain& chain);

// The pairs of an expiry's quotes that are used.
[[nodiscard]] std::vector<ParityPair> pairs_of(const QuotedChain& chain, const Screening& screening,
                                               const ScreenedExpiry& expiry);

// Tells apart the quotes that no price can lie between, now that the forward is known.
void screen_prices(const QuotedChain& chain, const ScreenedExpiry& expiry,
                   const ForwardEstimate& forward, Screening& screening);

}  // namespace miletus::pricing
