// A volatility surface from a chain of quotes as a venue gives it. Quotes that say nothing are told
// apart; each expiry's forward comes from put-call parity; and what is fitted are prices, not
// volatilities: each expiry's density is a sum of positive weights on lognormal bells of one width.
// So no butterfly costs less than nothing; and since each expiry's weights are spread wider than
// those before, in convex order, no calendar does either. Raw SVI and SSVI are fitted beside it.
// Calibration allocates and takes tenths of a second: a worker's job. Evaluation over spans does
// neither.
#pragma once

#include "base/annotations.hpp"
#include "pricing/surface/quotes.hpp"
#include "pricing/surface/slice.hpp"
#include "pricing/surface/ssvi.hpp"
#include "pricing/surface/svi.hpp"
#include "pricing/vanilla/status.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

namespace miletus::pricing {

// Where and when: equally long, or one time for all.
struct SurfacePoints {
    std::span<const double> strike;
    std::span<const double> time;  // in years
};

struct SurfaceValue {
    double vol = 0;
    Status status = Status::ok;
};

// Before the first expiry the total variance at each log-moneyness grows with time from nothing.
// Between two the variance at the money grows with time, and prices at one moneyness are mixed so
// that it does. After the last, each bell widens by the variance a year that the money had between
// the last two. The forward's carry a year changes likewise; before the first and after the last
// expiry it stays what it is there. Farther out than ten bells beyond the outermost, where no price
// is left in a double, the volatility stays what it is there; and where a price is all that it can
// be, it is that of the bells alone.
class Surface {
  public:
    Surface() = default;
    // Slices in order of time, each wider in convex order than the one before; spot may be zero.
    Surface(std::vector<Slice> slices, double spot);

    [[nodiscard]] std::span<const Slice> slices() const LIFETIME_BOUND { return slices_; }
    [[nodiscard]] double forward(double time) const;
    [[nodiscard]] SurfaceValue vol(double strike, double time) const;
    // At ln(K / F); the status of anything that is no moment or no moneyness is told by vol().
    [[nodiscard]] double total_variance(double log_moneyness, double time) const;
    // Black's, not discounted.
    [[nodiscard]] double price(double strike, double time, std::int8_t kind) const;

    // Whether the lengths agree; else nothing is written.
    [[nodiscard]] bool vol(const SurfacePoints& points, std::span<double> vol,
                           std::span<std::uint8_t> status = {}) const;

  private:
    struct Bracket;
    [[nodiscard]] Bracket bracket_of(double time) const;
    [[nodiscard]] double out_of_the_money(double log_moneyness, const Bracket& bracket) const;

    std::vector<Slice> slices_;
    std::vector<double> at_the_money_;  // total variances
    std::vector<ForwardPoint> forwards_;
};

// What rounding may take from a total variance.
constexpr double variance_rounding = 1e-12;

// What measures arbitrage in a fitted expiry, on a dense grid of moneyness.
struct ArbitrageReport {
    double least_g = 0;         // Durrleman's; negative: a butterfly
    double least_calendar = 0;  // growth of total variance since the expiry before
    double left_slope = 0;      // of total variance by |k| at the ends of the grid
    double right_slope = 0;
    [[nodiscard]] bool is_free() const {
        return least_g >= 0 && least_calendar >= -variance_rounding && left_slope <= 2 &&
               right_slope <= 2;
    }
};

struct ExpiryReport {
    double time = 0;
    ForwardEstimate forward{};
    std::array<std::uint32_t, quote_statuses> quotes{};  // how many have each status
    bool is_fitted = false;                              // else the surface passes over it
    std::uint32_t inside = 0;                            // of the quotes used, fitted between
    std::uint32_t marks = 0;                             // quotes used that have a mark,
    std::uint32_t marks_inside = 0;                      // and marks between bid and ask
    std::uint32_t svi_inside = 0;
    std::uint32_t ssvi_inside = 0;
    double rms = 0;        // of volatilities, weighted by the width of quotes
    double price_rms = 0;  // of prices by half the width of quotes
    SviFit svi{};
    ArbitrageReport arbitrage{};
    ButterflyReport svi_butterflies{};
};

struct SurfaceFit {
    Surface surface;
    SsviFit ssvi;
    std::vector<QuoteReport> quotes;  // one for each quote, in their order
    std::vector<ExpiryReport> expiries;
};

enum class FitError : std::uint8_t {
    empty_chain,      // no quote at all
    no_usable_quote,  // none that has both sides and says something
    no_forward,       // no expiry's forward can be found
};
[[nodiscard]] std::string_view sentence(FitError error);

[[nodiscard]] std::expected<SurfaceFit, FitError> fit_surface(const QuotedChain& chain);

}  // namespace miletus::pricing
