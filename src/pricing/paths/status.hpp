// Why a simulation cannot be run, or its numbers not be trusted.
#pragma once

#include <cstdint>
#include <string_view>

namespace miletus::pricing {

enum class PathStatus : std::uint8_t {
    ok = 0,
    not_a_number = 1,    // an input is, or what a payoff of the caller's own came to
    out_of_domain = 2,   // an input that no simulation has; paths.hpp says which there may be
    lengths_differ = 3,  // of assets, weights and correlations
    unsorted_times = 4,  // times rise, from zero on
    not_positive_definite = 5,  // correlations that no assets have
    too_few_paths = 6,          // fewer than two samples have no standard error
    too_many_paths = 7,
    too_few_shifts = 8,  // fewer than two have no standard error either
    too_many_dimensions = 9,
    missing_blocks = 10,  // an estimate wants the sums of all blocks
};
[[nodiscard]] std::string_view sentence(PathStatus status);

}  // namespace miletus::pricing
