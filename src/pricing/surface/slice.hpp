// Slice: one expiry's density of S / F as positive weights on lognormal bells of one width, whose
// middles are the nodes. Its prices are sums of Black's: convex, falling, and within their bounds.
#pragma once

#include "base/annotations.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace miletus::pricing {

struct SliceTerms {
    double time = 0;
    double forward = 0;
    double discount = 1;
    double deviation = 0;  // of each bell's logarithm
};

constexpr std::size_t nodes_max = 160;

class Slice {
  public:
    // Nodes rise, each e to its log; weights are positive, add up to one and have a mean of one.
    Slice(const SliceTerms& terms, std::vector<double> log_nodes, std::vector<double> weights);

    [[nodiscard]] const SliceTerms& terms() const LIFETIME_BOUND { return terms_; }
    [[nodiscard]] std::span<const double> log_nodes() const LIFETIME_BOUND { return log_nodes_; }
    [[nodiscard]] std::span<const double> nodes() const LIFETIME_BOUND { return nodes_; }
    [[nodiscard]] std::span<const double> weights() const LIFETIME_BOUND { return weights_; }

    // What the option out of the money costs at ln(K / F), in forwards: a call where that is
    // positive, else a put. The bells are at least as wide as the slice's own.
    [[nodiscard]] double out_of_the_money(double log_moneyness, double deviation) const;
    // Of ln(S / F).
    [[nodiscard]] double density(double log_moneyness) const;
    // What calls cost before the bells widen them: convex, and a line between nodes.
    [[nodiscard]] double bare_call(double moneyness) const;
    [[nodiscard]] double bare_put(double moneyness) const;
    // Where out_of_the_money() is still a number that a volatility can be found for.
    [[nodiscard]] double within_reach(double log_moneyness) const;

  private:
    SliceTerms terms_;
    std::vector<double> log_nodes_;
    std::vector<double> nodes_;
    std::vector<double> weights_;
    // Of the weights at and after each node, and of those before it: how many, and how much.
    std::vector<double> mass_above_;
    std::vector<double> value_above_;
    std::vector<double> mass_below_;
    std::vector<double> value_below_;
};

// Black's total variance of an option out of the money with this price, in forwards.
[[nodiscard]] double implied_variance(double log_moneyness, double price);

}  // namespace miletus::pricing
