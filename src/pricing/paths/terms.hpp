// What the kernels of paths read and write. A row holds one number of sixteen paths: a draw, then
// the Brownian motion of an asset at a time. Levels are logarithms of a price over its spot, in
// sixteenths of an octave.
#pragma once

#include "pricing/paths/block_sum.hpp"
#include "pricing/paths/philox.hpp"
#include "pricing/paths/simulation.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace miletus::pricing {

// As many as the widest lanes hold: sums over them have one order for all widths.
constexpr std::size_t batch_paths = 16;

struct alignas(64) PathRow {
    std::array<double, batch_paths> numbers;
};

// A draw between two earlier ones, of which the left may be the start: then it is the row of zeros.
struct BridgeStep {
    std::uint32_t at = 0;
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    double left_weight = 0;
    double right_weight = 0;
    double deviation = 0;
};

struct PayoffTerms {
    Style style = Style::european;
    double sign = 1;
    double strike = 0;
    double spot = 0;
    double inverse_times = 0;
    double barrier_level = 0;
    double barrier_sign = 1;  // 1 above, -1 below
    bool is_knock_in = false;
    bool is_continuous = false;
    const double* crossings = nullptr;  // by time: -2 / variance since the time before
    const double* stakes = nullptr;     // by asset: weight times spot
};

struct PathTerms {
    Generator generator = Generator::philox;
    bool is_antithetic = false;
    std::uint64_t seed = 0;
    std::size_t times = 0;
    std::size_t assets = 0;
    std::size_t dimensions = 0;
    const std::uint32_t* places = nullptr;  // the row of each draw; an even number of them
    const double* deviations = nullptr;     // by time, without a bridge: of each step
    const BridgeStep* bridge = nullptr;     // one for each row, or none
    const double* mixing = nullptr;         // assets by assets, lower triangle; or none
    const double* drifts = nullptr;         // by row: of levels
    const double* vols = nullptr;           // by asset: of levels
    const double* reaches = nullptr;        // by asset: the farthest motion; or none to be held
    const double* spots = nullptr;          // by asset
    const PathRow* point_lanes = nullptr;   // Sobol: what tells the paths of a batch apart
    const std::uint64_t* point_steps = nullptr;  // Sobol: from batch to batch, by dimension
    PayoffTerms payoff{};
};

// One call's own. Rows are one for each dimension, then one of zeros, then one that nobody reads.
struct PathRoom {
    PathRow* rows = nullptr;
    std::uint64_t* points = nullptr;    // Sobol: by dimension, of the batch at hand
    const PhiloxStep* steps = nullptr;  // Philox: by two draws
    std::size_t batches = 0;            // as many as samples are wanted from
    std::uint64_t first_path = 0;       // of the block, under its shift
    double* payoffs = nullptr;          // block_samples of each
    double* controls = nullptr;
};

}  // namespace miletus::pricing
