// Blocks are run by the back end in use; what is alike for all paths of one is made here.
#include "pricing/paths/paths.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/paths/estimator.hpp"
#include "pricing/paths/philox.hpp"
#include "pricing/paths/sobol.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace miletus::pricing {

namespace {

// What blocks need beside their plan, for as many as are run one after the other.
class Room {
  public:
    explicit Room(const PathPlan& plan)
        : plan_(plan),
          rows_(plan.dimensions() + 2),
          points_(plan.points.empty() ? 0 : size()),
          steps_(plan.points.empty() ? (size() + 1) / 2 : 0) {}

    PathRoom at(std::uint64_t block, std::size_t samples) {
        const std::uint64_t first_path = block % plan_.shift_blocks * block_samples;
        if (plan_.generator == Generator::sobol) {
            set_points(static_cast<std::uint32_t>(block / plan_.shift_blocks), first_path);
        } else {
            set_steps(first_path);
        }
        return {.rows = rows_.data(),
                .points = points_.data(),
                .steps = steps_.data(),
                .batches = (samples + batch_paths - 1) / batch_paths,
                .first_path = first_path,
                .payoffs = payoffs_.data(),
                .controls = controls_.data()};
    }

    [[nodiscard]] std::span<const double> payoffs() const { return payoffs_; }

  private:
    [[nodiscard]] std::size_t size() const { return plan_.dimensions(); }

    void set_points(std::uint32_t shift, std::uint64_t first_path) {
        const std::uint64_t code = first_path ^ first_path >> 1U;
        for (std::size_t at = 0; at < size(); ++at) {
            points_[at] = draw_origin ^ draw_bits(digital_shift(plan_.seed, shift,
                                                                static_cast<std::uint32_t>(at)));
            for (std::size_t bit = 0; bit < sobol_bits; ++bit) {
                points_[at] ^= (code >> bit & 1U) != 0 ? plan_.points[bit * size() + at] : 0;
            }
        }
    }

    void set_steps(std::uint64_t first_path) {
        for (std::uint32_t at = 0; at < steps_.size(); ++at) {
            steps_[at] = philox_step(plan_.seed, static_cast<std::uint32_t>(first_path >> 32U), at);
        }
    }

    const PathPlan& plan_;
    std::vector<PathRow> rows_;
    std::vector<std::uint64_t> points_;
    std::vector<PhiloxStep> steps_;
    std::array<double, block_samples> payoffs_{};
    std::array<double, block_samples> controls_{};
};

}  // namespace

Paths::Paths(const Simulation& simulation) : plan_(plan_of(simulation)) {}

bool Paths::has_blocks(std::uint64_t first_block, std::size_t count) const {
    return first_block <= plan_.blocks && count <= plan_.blocks - first_block;
}

std::size_t Paths::samples_of(std::uint64_t block) const {
    if (block >= plan_.blocks) {
        return 0;
    }
    const std::uint64_t before = block % plan_.shift_blocks * block_samples;
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(block_samples, plan_.shift_samples - before));
}

bool Paths::run(std::uint64_t first_block, std::span<BlockSum> sums) const {
    if (!has_blocks(first_block, sums.size()) || has_own_payoff()) {
        return false;
    }
    const UsualRounding rounding;
    const Backend& kernels = backend();
    const PathTerms terms = plan_.terms();
    Room all(plan_);
    for (std::uint64_t block = first_block; BlockSum & sum : sums) {
        const std::size_t samples = samples_of(block);
        const PathRoom room = all.at(block, samples);
        kernels.sample_block(terms, room);
        kernels.sum_block(room.payoffs, room.controls, samples, &sum);
        ++block;
    }
    return true;
}

BlockSum sum_of(std::span<const double> values, std::span<const double> controls) {
    std::array<double, block_samples> all{};
    std::array<double, block_samples> all_controls{};
    const bool fits = values.size() <= block_samples && !values.empty() &&
                      (controls.empty() || controls.size() == values.size());
    if (!fits) {
        return {};
    }
    std::ranges::copy(values, all.begin());
    std::ranges::copy(controls, all_controls.begin());
    BlockSum sum;
    const UsualRounding rounding;
    backend().sum_block(all.data(), all_controls.data(), values.size(), &sum);
    return sum;
}

bool Paths::payoffs(std::uint64_t block, std::span<double> payoffs) const {
    if (!has_blocks(block, 1) || payoffs.size() != samples_of(block) || has_own_payoff()) {
        return false;
    }
    const UsualRounding rounding;
    Room all(plan_);
    backend().sample_block(plan_.terms(), all.at(block, payoffs.size()));
    std::ranges::copy(all.payoffs().first(payoffs.size()), payoffs.begin());
    return true;
}

std::size_t Paths::paths_at_once() const {
    return plan_.is_antithetic ? 2 * block_samples : block_samples;
}

std::size_t Paths::stored_size() const {
    return plan_.dimensions() * paths_at_once();
}

bool Paths::store(std::uint64_t block, std::span<double> prices) const {
    if (!has_blocks(block, 1) || prices.size() != stored_size()) {
        return false;
    }
    const UsualRounding rounding;
    Room all(plan_);
    backend().store_block(plan_.terms(), all.at(block, block_samples), prices.data());
    return true;
}

Estimate Paths::estimate(std::span<const BlockSum> sums) const {
    const UsualRounding rounding;
    Estimator estimator(plan_);
    for (const BlockSum& sum : sums) {
        estimator.add(sum);
    }
    return estimator.estimate();
}

Estimate estimate(const Simulation& simulation) {
    constexpr std::size_t blocks_at_once = 64;
    const UsualRounding rounding;
    const Paths paths(simulation);
    Estimator estimator(paths.plan_);
    std::array<BlockSum, blocks_at_once> sums;
    for (std::uint64_t first = 0; first < paths.blocks(); first += blocks_at_once) {
        const std::size_t count = static_cast<std::size_t>(
            std::min<std::uint64_t>(blocks_at_once, paths.blocks() - first));
        const std::span<BlockSum> some = std::span(sums).first(count);
        const bool has_run = paths.run(first, some);
        for (const BlockSum& sum : some) {
            if (has_run) {
                estimator.add(sum);
            }
        }
    }
    return estimator.estimate();
}

}  // namespace miletus::pricing
