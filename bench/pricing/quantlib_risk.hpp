// A chain of options as QuantLib values it: one instrument and one engine for each, revalued when a
// quote moves. Plain, since QuantLib itself must be compiled as C++17.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace miletus::bench::quantlib {

// Of options on a forward, with one volatility for each expiry.
struct ChainOption {
    std::size_t expiry;
    double strike;
    bool is_call;
};

class RiskChain {
  public:
    RiskChain(const std::vector<int>& expiry_days, const std::vector<ChainOption>& options);
    ~RiskChain();
    RiskChain(const RiskChain&) = delete;
    RiskChain& operator=(const RiskChain&) = delete;

    void move_forward(double forward);
    void move_vol(std::size_t expiry, double vol);
    // What the options are worth, in their order.
    [[nodiscard]] std::vector<double> worths() const;

  private:
    struct Objects;
    std::unique_ptr<Objects> objects_;
};

}  // namespace miletus::bench::quantlib
