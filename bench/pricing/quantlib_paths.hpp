// QuantLib's simulations of an average-price option behind plain values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace miletus::bench::quantlib {

// A call on the arithmetic average of prices, every few days from the first such day on.
struct AverageOption {
    double spot = 0;
    double strike = 0;
    double vol = 0;
    double rate = 0;
    double yield = 0;
    int fixings = 0;
    int days_between = 0;  // of 365 a year
};

struct Simulated {
    double value = 0;
    double error = 0;  // zero where QuantLib tells none
};

// MCDiscreteArithmeticAPEngine, by pseudo-random paths without anything taken off their variance,
Simulated simulate_randomly(const AverageOption& option, std::size_t samples, std::uint32_t seed);
// and by Sobol's points with a Brownian bridge.
Simulated simulate_evenly(const AverageOption& option, std::size_t samples);

}  // namespace miletus::bench::quantlib
