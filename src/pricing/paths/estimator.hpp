// From sums of blocks, in their order, to an estimate.
#pragma once

#include "pricing/paths/block_sum.hpp"
#include "pricing/paths/estimate.hpp"
#include "pricing/paths/plan.hpp"

#include <cstdint>
#include <vector>

namespace miletus::pricing {

class Estimator {
  public:
    explicit Estimator(const PathPlan& plan) : plan_(plan) {}

    void add(const BlockSum& block);
    [[nodiscard]] Estimate estimate() const;

  private:
    [[nodiscard]] BlockSum all() const;
    [[nodiscard]] double error_of_samples(const BlockSum& all, double coefficient) const;
    [[nodiscard]] double error_of_shifts(const BlockSum& all, double coefficient) const;

    const PathPlan& plan_;
    BlockTree tree_{};  // of the shift at hand
    std::vector<BlockSum> shifts_{};
    std::uint64_t blocks_ = 0;
    bool is_wrong_ = false;
};

}  // namespace miletus::pricing
