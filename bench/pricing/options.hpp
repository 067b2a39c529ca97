// Options as a book has them: a day or two to two years, in the money and out of it.
#pragma once

#include "base/prng.hpp"
#include "pricing/pricing.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace miletus::bench {

// A random number of a range.
[[nodiscard]] double between(Prng& prng, double low, double high);

struct OptionSet {
    explicit OptionSet(std::size_t count);

    [[nodiscard]] pricing::SpotOptions spots() const;
    [[nodiscard]] pricing::ForwardOptions forwards() const;
    [[nodiscard]] std::size_t size() const { return spot.size(); }

    std::vector<double> spot, strike, time, vol, rate, yield;
    std::vector<std::int8_t> kind;
};

// Columns for results, of as many options.
struct ResultSet {
    explicit ResultSet(std::size_t count);

    [[nodiscard]] pricing::Results price_and_five();

    std::vector<double> price, delta, gamma, vega, theta, rho;
};

}  // namespace miletus::bench
