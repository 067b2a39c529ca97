// QuantLib behind plain values: it compiles as C++17 only, in files of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace miletus::bench::quantlib {

struct Option {
    double spot = 0;
    double strike = 0;
    double time = 0;
    double vol = 0;
    double rate = 0;
    double yield = 0;
    bool is_call = false;
};

struct Values {
    double price = 0;
    double delta = 0;
    double gamma = 0;
    double vega = 0;
    double theta = 0;
    double rho = 0;
};

// 256 options that live in QuantLib's way: quotes, curves, processes and engines that observe each
// other.
class LiveChain {
  public:
    LiveChain();
    ~LiveChain();
    LiveChain(const LiveChain&) = delete;
    LiveChain& operator=(const LiveChain&) = delete;

    // Prices all, with their Greeks, and returns the sum of all numbers.
    double revalue(double spot);
    std::vector<Option> options(double spot) const;
    std::vector<Values> values(double spot);

  private:
    struct Market;
    std::unique_ptr<Market> market_;
};

// By its BlackCalculator, which knows nothing of curves.
Values value_of(const Option& option);

struct Priced {
    double forward = 0;
    double strike = 0;
    double price = 0;
    bool is_call = false;
};

// The standard deviation that a price implies, at 1e-14; negative where it gives up.
double implied_by_rational_steps(const Priced& option);  // blackFormulaImpliedStdDevLiRS
double implied_by_newton(const Priced& option);          // blackFormulaImpliedStdDev

std::string version();

}  // namespace miletus::bench::quantlib
