// Raw SVI: the total variance of one expiry as a hyperbola in log-moneyness k = ln(K / F),
//     w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)),
// fitted by least squares in a fixed number of steps. Both wings rise by two at most, and slices
// whose density were negative anywhere are drawn towards one that has none.
#pragma once

#include "pricing/surface/columns.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::pricing {

struct Svi {
    double a = 0;
    double b = 0;
    double rho = 0;
    double m = 0;
    double sigma = 1;
};

[[nodiscard]] double total_variance(const Svi& slice, double log_moneyness);
// Into `out`, which is as long as `log_moneyness`; else nothing is written, and false is returned.
[[nodiscard]] bool total_variance(const Svi& slice, std::span<const double> log_moneyness,
                                  std::span<double> out);

// What to fit: total variances at log-moneynesses, each with its weight. All three are equally
// long.
struct VariancePoints {
    std::span<const double> log_moneyness;
    std::span<const double> variance;
    std::span<const double> weight;
};

enum class CurveStatus : std::uint8_t {
    ok = 0,
    too_few_points = 1,     // five are needed
    mismatched = 2,         // columns of different lengths
    not_a_number = 3,       // a point is not, or is infinite, or its variance or weight is negative
    same_strike = 4,        // all points stand at one
    drawn_to_no_arbitrage,  // the best fit had a negative density, and was mended
};
[[nodiscard]] std::string_view sentence(CurveStatus status);

struct SviFit {
    Svi slice;
    double rms = 0;  // of total variances, weighted
    CurveStatus status = CurveStatus::ok;
};

constexpr std::size_t svi_points_min = 5;
constexpr std::size_t curve_points_max = 4096;

[[nodiscard]] SviFit fit_svi(const VariancePoints& points);

// Durrleman's g: the density of ln(S / F), up to a positive factor. Negative where butterflies of
// options would cost less than nothing.
[[nodiscard]] double durrleman(const Svi& slice, double log_moneyness);

// The worst over a dense grid of [-reach, reach] and in the wings.
struct ButterflyReport {
    double least_g = 0;
    double log_moneyness = 0;  // where
    double left_slope = 0;     // of total variance by |k|; at most two
    double right_slope = 0;
    double least_variance = 0;
    [[nodiscard]] bool is_free() const {
        return least_g >= 0 && left_slope <= 2 && right_slope <= 2 && least_variance >= 0;
    }
};
[[nodiscard]] ButterflyReport butterflies(const Svi& slice, double reach);

}  // namespace miletus::pricing
