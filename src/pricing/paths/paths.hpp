// Monte Carlo over geometric Brownian motions: what European, Asian, barrier and basket options are
// worth, with the standard error of it. Samples come in blocks, each a function of the simulation
// and its own number alone: any thread may run any blocks of a Paths, in any order, and their sums
// are put together in one fixed tree, so that all numbers of threads come to the same bits. While
// blocks run nothing is allocated, but for the room of each call. Further processes and payoffs
// have their place in motion.hpp and payoffs.hpp.
#pragma once

#include "pricing/paths/block_sum.hpp"
#include "pricing/paths/estimate.hpp"
#include "pricing/paths/plan.hpp"
#include "pricing/paths/simulation.hpp"
#include "pricing/paths/status.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::pricing {

// Prices along the paths of one block: numbers[(time * assets + asset) * paths + path].
class StoredPaths {
  public:
    StoredPaths(std::span<const double> numbers, std::size_t assets, std::size_t paths)
        : numbers_(numbers), assets_(assets), paths_(paths) {}

    [[nodiscard]] double price(std::size_t path, std::size_t time, std::size_t asset = 0) const {
        return numbers_[(time * assets_ + asset) * paths_ + path];
    }

  private:
    std::span<const double> numbers_;
    std::size_t assets_;
    std::size_t paths_;
};

class Paths {
  public:
    explicit Paths(const Simulation& simulation);

    [[nodiscard]] PathStatus status() const { return plan_.status; }
    // Zero without status ok.
    [[nodiscard]] std::uint64_t blocks() const { return plan_.blocks; }
    // How many samples a block has: block_samples, or fewer in the last one of a shift.
    [[nodiscard]] std::size_t samples_of(std::uint64_t block) const;

    // Runs as many blocks as there are sums, from `first_block` on. Whether they are all blocks of
    // this simulation, and it has a payoff; else nothing is written.
    [[nodiscard]] bool run(std::uint64_t first_block, std::span<BlockSum> sums) const;
    // Of the sums of all blocks, in their order.
    [[nodiscard]] Estimate estimate(std::span<const BlockSum> sums) const;

    // How many numbers store() writes; paths_at_once() for each time and asset.
    [[nodiscard]] std::size_t stored_size() const;
    // The samples of a block; with antithetic ones their mirror images behind them.
    [[nodiscard]] std::size_t paths_at_once() const;
    // The prices along all paths of one block, as StoredPaths has them. False as in run().
    [[nodiscard]] bool store(std::uint64_t block, std::span<double> prices) const;
    // The payoff of each sample of one block, not discounted. False as in run().
    [[nodiscard]] bool payoffs(std::uint64_t block, std::span<double> payoffs) const;

    // run() for a payoff of the caller's own: payoff(stored, path) is a number, not discounted.
    // `room` has stored_size() numbers.
    template <class Payoff>
    [[nodiscard]] bool run_own(std::uint64_t first_block, std::span<BlockSum> sums,
                               std::span<double> room, const Payoff& payoff) const;

  private:
    friend Estimate estimate(const Simulation& simulation);
    [[nodiscard]] bool has_blocks(std::uint64_t first_block, std::size_t count) const;
    [[nodiscard]] bool has_own_payoff() const { return plan_.payoff.style == Style::own; }

    PathPlan plan_;
};

// All blocks on the calling thread, of a simulation that has a payoff.
[[nodiscard]] Estimate estimate(const Simulation& simulation);

template <class Payoff>
bool Paths::run_own(std::uint64_t first_block, std::span<BlockSum> sums, std::span<double> room,
                    const Payoff& payoff) const {
    const bool fits =
        has_blocks(first_block, sums.size()) && room.size() == stored_size() && has_own_payoff();
    if (!fits) {
        return false;
    }
    std::array<double, block_samples> values;
    const StoredPaths stored(room, plan_.assets, paths_at_once());
    for (std::size_t at = 0; at < sums.size(); ++at) {
        const std::size_t samples = samples_of(first_block + at);
        if (!store(first_block + at, room)) {
            return false;
        }
        for (std::size_t sample = 0; sample < samples; ++sample) {
            values[sample] = payoff(stored, sample);
            if (plan_.is_antithetic) {
                const double mirrored = payoff(stored, block_samples + sample);
                values[sample] = 0.5 * (values[sample] + mirrored);
            }
        }
        sums[at] = sum_of(std::span(values).first(samples));
    }
    return true;
}

}  // namespace miletus::pricing
