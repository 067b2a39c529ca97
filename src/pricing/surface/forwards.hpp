// Between the steps that find forwards, and from expiry to expiry.
#pragma once

#include "pricing/surface/quotes.hpp"

#include <span>

namespace miletus::pricing {

// Moves a forward to where the most pairs agree, and notes how many they are.
void hold_to_pairs(std::span<const ParityPair> pairs, Settlement settlement,
                   ForwardEstimate& estimate);

// ln F between points in order of time, of which there is one or more: the carry a year is the same
// from one to the next, and goes on as it was after the last. Before the first there is none.
[[nodiscard]] double log_forward_at(std::span<const ForwardPoint> points, double time);

}  // namespace miletus::pricing
