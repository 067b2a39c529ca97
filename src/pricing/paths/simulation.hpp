// A simulation: which assets move how, what is paid for it, and how paths are drawn.
#pragma once

#include <cstdint>
#include <span>

namespace miletus::pricing {

// A geometric Brownian motion: its forward grows by `carry` a year, the rate less the yield.
struct Asset {
    double spot = 0;
    double carry = 0;
    double vol = 0;
};

enum class Style : std::uint8_t {
    european,
    arithmetic_asian,
    geometric_asian,
    barrier,
    basket,  // of the assets' prices at the last time, by weights
    own,     // the caller's, along the paths of any assets: Paths::run_own()
};

enum class BarrierKind : std::uint8_t { up_and_out, up_and_in, down_and_out, down_and_in };

// Paid at the last time: a call's max(x - strike, 0), or a put's max(strike - x, 0), x being the
// price at the last time, the average of the prices at all times, or the basket.
struct Payoff {
    Style style = Style::european;
    std::int8_t kind = 1;  // 1 for calls, -1 for puts
    double strike = 0;
    BarrierKind barrier_kind = BarrierKind::up_and_out;
    double barrier = 0;
    // Whether the barrier is watched between the times too, and from the start; else at the times.
    bool is_continuous = false;
    std::span<const double> weights{};
};

enum class Generator : std::uint8_t {
    philox,
    // Points that fill the cube more evenly than random ones, under digital shifts that are random.
    // Point 0 is one of them: under a shift it is as good as any, and without it the rest would be
    // less even.
    sobol,
};

// There may be prices from 1e-50 to 1e50 (strikes, weights and what they make of a spot up to
// that), times up to 1000 years, volatilities up to 100, and drifts and carries of e^-100 to e^100
// over all times. A path is held where it would go beyond e^-199 or e^199 times its spot.
struct Simulation {
    std::span<const Asset> assets;          // at most 16, and one but for a basket or an own payoff
    std::span<const double> correlation{};  // row by row; none where empty
    std::span<const double> times;          // in years, rising
    Payoff payoff{};
    double discount = 1;
    Generator generator = Generator::philox;
    std::uint64_t seed = 0;
    std::uint64_t paths = 0;     // at least; rounded up to whole samples and equal shifts
    std::uint32_t shifts = 16;   // of Sobol's points, for their standard error
    bool has_bridge = false;     // draws the last time first, then what lies in between
    bool is_antithetic = false;  // a sample is the mean over a path and its mirror image
    // The geometric average for the arithmetic one, the plain option for one with a barrier, else
    // the asset or basket itself; none for a payoff of the caller's own.
    bool has_control = false;
};

}  // namespace miletus::pricing
