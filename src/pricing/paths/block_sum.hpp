// What is kept of a block of samples, and how blocks are put together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::pricing {

constexpr std::size_t block_samples = 1024;

// Means, and sums of squared deviations from them: unlike sums of squares they lose no digits where
// a payoff hardly varies.
struct BlockSum {
    std::uint64_t samples = 0;
    double mean = 0;
    double squares = 0;
    double control_mean = 0;
    double control_squares = 0;
    double products = 0;  // of the deviations of payoff and control

    friend bool operator==(const BlockSum&, const BlockSum&) = default;
};

// Of one block's values, and of controls, which are as many or none. At most block_samples.
[[nodiscard]] BlockSum sum_of(std::span<const double> values,
                              std::span<const double> controls = {});

// One behind the other.
[[nodiscard]] BlockSum merged(const BlockSum& first, const BlockSum& second);

// Blocks in their order, put together as the leaves of a tree that their number alone decides.
class BlockTree {
  public:
    void add(const BlockSum& block);
    [[nodiscard]] BlockSum sum() const;

  private:
    std::array<BlockSum, 64> whole_{};  // the one at k holds 2^k blocks, where count_ has that bit
    std::uint64_t count_ = 0;
};

}  // namespace miletus::pricing
