// A chain: the options of one expiry, priced again and again as the forward and the volatilities
// move. What each strike costs to know is found once.
#pragma once

#include "pricing/vanilla/vanilla.hpp"

#include <optional>
#include <span>
#include <vector>

namespace miletus::pricing {

struct Expiry {
    double time = 0;  // in years
    double discount = 1;
};

class Chain {
  public:
    // None where kinds are not as many as strikes. A strike may be anything: its option then has a
    // status.
    [[nodiscard]] static std::optional<Chain> of(const Expiry& expiry,
                                                 std::span<const double> strikes,
                                                 std::span<const std::int8_t> kinds);

    // With a volatility for each option, or one for all. As price() of ForwardOptions, to the last
    // digits but one. Whether all lengths agree; else nothing is written.
    [[nodiscard]] bool price(double forward, std::span<const double> vols,
                             const Results& results) const;

    [[nodiscard]] std::size_t size() const { return strike_.size(); }

  private:
    Chain() = default;

    Expiry expiry_;
    std::vector<double> strike_;
    std::vector<double> log_strike_;
    std::vector<double> log_strike_rest_;
    std::vector<std::int8_t> kind_;
};

}  // namespace miletus::pricing
