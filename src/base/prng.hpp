// Philox4x32-10: a counter-based generator (Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011). Any draw is a pure function of key and counter. For
// tests, benchmarks and the simulator: the engine itself has no randomness.
#pragma once

#include <array>
#include <cstdint>

namespace miletus {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

[[nodiscard]] PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key);

// A stream of draws from one seed.
class Prng {
  public:
    explicit Prng(std::uint64_t seed) : seed_(seed) {}

    [[nodiscard]] std::uint64_t next();
    // Uniform in [0, bound); bound is not 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high);  // both included
    [[nodiscard]] bool one_in(std::uint64_t chances) { return below(chances) == 0; }

  private:
    std::uint64_t seed_;
    std::uint64_t draws_ = 0;
};

}  // namespace miletus
