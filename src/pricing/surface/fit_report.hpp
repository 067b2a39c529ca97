// What a fit is made from and measured by: quotes in forwards, the variances they imply, residuals,
// and measures of arbitrage.
#pragma once

#include "pricing/surface/slice_fit.hpp"
#include "pricing/surface/surface.hpp"

#include <vector>

namespace miletus::pricing {

// A quote as the option out of the money at its strike, by parity where it is the other one.
[[nodiscard]] Band band_of(const Quote& quote, Settlement settlement,
                           const ForwardEstimate& forward);
// The other way, of a price in forwards.
[[nodiscard]] double unit_price(const Quote& quote, Settlement settlement,
                                const ForwardEstimate& forward, double price);

// The deviation that a price in forwards implies; zero where it is not worth anything, and negative
// where no deviation leads to it.
[[nodiscard]] double deviation_of(double moneyness, double price);

struct CurvePoints {
    std::vector<double> log_moneyness;
    std::vector<double> variance;
    std::vector<double> weight;

    // Weighted by how narrow the quote is in variance; what implies none is left out.
    void add(const Band& band);
    [[nodiscard]] VariancePoints columns() const LIFETIME_BOUND {
        return {.log_moneyness = log_moneyness, .variance = variance, .weight = weight};
    }
};

void tell_vols(const Band& band, double time, QuoteReport& report);
void tell_fit(const Band& band, double price, double time, QuoteReport& report);
[[nodiscard]] bool is_inside(const Band& band, const Svi& slice);

class Residuals {
  public:
    void add(const Band& band, double price, const QuoteReport& report);
    [[nodiscard]] double vol_rms() const;
    [[nodiscard]] double price_rms() const;

  private:
    double weights_ = 0;
    double squares_ = 0;
    double count_ = 0;
    double price_squares_ = 0;
};

[[nodiscard]] ArbitrageReport arbitrage_of(const Slice& slice, const Slice* before);

}  // namespace miletus::pricing
