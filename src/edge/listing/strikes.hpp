// Strikes: those that an expiry should have, on a ladder of round steps, from the strike whose call
// nearly surely pays to the one whose call hardly will.
#pragma once

#include "base/units.hpp"

#include <cstdint>
#include <vector>

namespace miletus::listing {

// What there may be: the engine takes strikes below a billion.
constexpr IndexPrice strike_limit{1'000'000'000'000'000};
constexpr std::int64_t millionths = 1'000'000;

struct GridTerms {
    std::int64_t volatility = 0;      // in 1e-6 a year
    Rate delta;                       // covered is every call whose delta is this far from 0 and 1
    IndexPrice step_min;              // on the ladder
    std::uint32_t strikes_aimed = 0;  // as many at least, unless the step would be too small
};

// 1, 2, 2.5 and 5 times each power of ten; the largest first.
[[nodiscard]] std::vector<IndexPrice> round_steps();
[[nodiscard]] bool is_round_step(IndexPrice step);

// Rising; those at the ends lie just outside what is to be covered. From twice the index on, steps
// grow with the price.
[[nodiscard]] std::vector<IndexPrice> strike_grid(IndexPrice index, Nanos left,
                                                  const GridTerms& terms);

// In years of 365 days.
[[nodiscard]] double years_of(Nanos span);

}  // namespace miletus::listing
