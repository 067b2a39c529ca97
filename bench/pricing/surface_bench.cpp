// Calibration: a slice of SVI of 40 points, and a surface of SSVI of 12 times 40, with noise on
// both.
#include "bench/pricing/options.hpp"
#include "bench/pricing/pricing_bench.hpp"
#include "bench/pricing/rates.hpp"
#include "pricing/pricing.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

namespace miletus::bench {

namespace {

constexpr std::size_t points = 40;
constexpr std::size_t expiries = 12;

// Three deviations to either side, each point a hundredth off at most.
struct NoisySlice {
    NoisySlice(const pricing::Svi& slice, double theta, Prng& prng) {
        for (std::size_t at = 0; at < points; ++at) {
            const double place = static_cast<double>(at) / (points - 1);
            log_moneyness.push_back(std::sqrt(theta) * (6 * place - 3));
            exact.push_back(pricing::total_variance(slice, log_moneyness.back()));
            variance.push_back(exact.back() * between(prng, 0.99, 1.01));
            weight.push_back(between(prng, 0.5, 2) / (theta * theta));
        }
    }
    [[nodiscard]] pricing::VariancePoints columns() const {
        return {.log_moneyness = log_moneyness, .variance = variance, .weight = weight};
    }
    // How far a curve is at most from what the noise was put on, relatively.
    [[nodiscard]] double miss_of(const pricing::Svi& slice) const {
        double miss = 0;
        for (std::size_t at = 0; at < points; ++at) {
            const double fitted = pricing::total_variance(slice, log_moneyness[at]);
            miss = std::max(miss, std::abs(fitted / exact[at] - 1));
        }
        return miss;
    }

    std::vector<double> log_moneyness, exact, variance, weight;
};

const pricing::Ssvi& made_of() {
    static const pricing::Ssvi surface{.rho = -0.3, .eta = 1.1, .gamma = 0.35, .theta = {}};
    return surface;
}

double bench_slice(const NoisySlice& slice, std::uint32_t turns, Report& report) {
    Contestant ours;
    pricing::SviFit fit;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
        ours.take_wide_turn(1, [&] { fit = pricing::fit_svi(slice.columns()); });
    }
    if (fit.status != pricing::CurveStatus::ok || !(slice.miss_of(fit.slice) < 0.01)) {
        report.fail("the slice of SVI is not the one that the points were made of");
    }
    return 1e6 / ours.rate();
}

double bench_all(const std::vector<NoisySlice>& slices, std::uint32_t turns, Report& report) {
    std::vector<pricing::VariancePoints> columns;
    for (const NoisySlice& slice : slices) {
        columns.push_back(slice.columns());
    }
    Contestant ours;
    pricing::SsviFit fit;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
        ours.take_wide_turn(1, [&] { fit = pricing::fit_ssvi(columns); });
    }
    double miss = 0;
    for (std::size_t at = 0; at < fit.surface.theta.size(); ++at) {
        const pricing::Svi slice = pricing::slice_of(fit.surface, fit.surface.theta[at]);
        miss = std::max(miss, slices[at].miss_of(slice));
    }
    if (fit.status != pricing::CurveStatus::ok || !(miss < 0.01)) {
        report.fail("the surface of SSVI is not the one that the points were made of");
    }
    return 1e6 / ours.rate();
}

}  // namespace

void bench_surface(const Options& options, Report& report) {
    Prng prng(12);
    std::vector<NoisySlice> slices;
    double theta = 0.002;
    for (std::size_t at = 0; at < expiries; ++at) {
        slices.emplace_back(pricing::slice_of(made_of(), theta), theta, prng);
        theta *= 1.65;
    }
    std::printf("\nsurfaces: microseconds a fit, best of many turns, %s\n",
                pricing::name_of(pricing::isa()).data());
    const std::uint32_t turns = 4 * options.rounds;
    tell_time("pricing/svi_slice", bench_slice(slices[5], turns, report), 40, report);
    tell_time("pricing/ssvi_surface", bench_all(slices, turns, report), 1000, report);
}

}  // namespace miletus::bench
