// Fitting one expiry's slice between bids and asks, given the expiry before, which it has to cover,
// and what is known of those after it, which have to be able to cover it.
#pragma once

#include "pricing/surface/slice.hpp"
#include "pricing/surface/svi.hpp"

#include <span>
#include <vector>

namespace miletus::pricing {

// A quote in forwards, as that of the option out of the money at its strike.
struct Band {
    double log_moneyness = 0;
    double moneyness = 0;
    double bid = 0;
    double ask = 0;
};

// What an expiry is known by before its slice is fitted.
struct ExpiryQuotes {
    SliceTerms terms;  // its deviation is not known yet
    std::vector<Band> bands{};
    Svi svi{};
    double mean_variance = 0;  // of its quotes
    double least = 0;          // log-moneyness of its quotes
    double most = 0;
};

// `expiries` in order of time; the one at `at` is fitted.
[[nodiscard]] Slice fit_slice(std::span<const ExpiryQuotes> expiries, std::size_t at,
                              const Slice* before);

}  // namespace miletus::pricing
