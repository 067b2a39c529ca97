// The volatility that prices imply, of options as an exchange lists them.
#include "base/assert.hpp"
#include "bench/pricing/options.hpp"
#include "bench/pricing/pricing_bench.hpp"
#include "bench/pricing/quantlib.hpp"
#include "bench/pricing/rates.hpp"
#include "pricing/pricing.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

namespace miletus::bench {

namespace {

constexpr std::size_t count = 2048;
constexpr double one = 1.0;

// Out of the money, s from 0.02 to 1.5, and up to four deviations out.
struct PricedSet {
    PricedSet() {
        Prng prng(11);
        for (std::size_t at = 0; at < count; ++at) {
            deviation.push_back(between(prng, 0.02, 1.5));
            forward.push_back(between(prng, 50, 200));
            const double centre = between(prng, -4, 4);
            strike.push_back(forward.back() *
                             pricing::value_of(pricing::Function::exp, -centre * deviation.back()));
            kind.push_back(forward.back() < strike.back() ? pricing::call : pricing::put);
            price.push_back(pricing::value_of(pricing::Forward{.forward = forward.back(),
                                                               .strike = strike.back(),
                                                               .time = 1,
                                                               .vol = deviation.back(),
                                                               .kind = kind.back()})
                                .price);
        }
    }
    [[nodiscard]] pricing::PricedForwards columns() const {
        return {.price = price,
                .forward = forward,
                .strike = strike,
                .time = std::span(&one, 1),
                .discount = std::span(&one, 1),
                .kind = kind};
    }
    [[nodiscard]] quantlib::Priced at(std::size_t index) const {
        return {forward[index], strike[index], price[index], kind[index] == pricing::call};
    }

    std::vector<double> deviation, forward, strike, price;
    std::vector<std::int8_t> kind;
};

// The rows on which a method of QuantLib converges, to a volatility within 1e-9 of the right one.
template <class Method>
std::vector<std::size_t> converging(const PricedSet& set, Method method) {
    std::vector<std::size_t> rows;
    for (std::size_t at = 0; at < count; ++at) {
        if (std::abs(method(set.at(at)) - set.deviation[at]) <= 1e-9 * set.deviation[at]) {
            rows.push_back(at);
        }
    }
    return rows;
}

template <class Method>
void take_turn(const PricedSet& set, const std::vector<std::size_t>& rows, Contestant& contestant,
               double& sum, Method method) {
    contestant.take_turn(static_cast<double>(rows.size()), [&] {
        for (const std::size_t at : rows) {
            sum += method(set.at(at));
        }
    });
}

}  // namespace

void bench_implied_vols(const Options& options, Report& report) {
    const PricedSet set;
    std::vector<double> vol(count);
    Contestant ours, rational, newton;
    const auto rational_rows = converging(set, quantlib::implied_by_rational_steps);
    const auto newton_rows = converging(set, quantlib::implied_by_newton);
    double sum = 0;
    for (std::uint32_t turn = 0; turn < 40 * options.rounds; ++turn) {
        ours.take_wide_turn(count, [&] { ASSERT(pricing::imply(set.columns(), vol)); });
        take_turn(set, rational_rows, rational, sum, quantlib::implied_by_rational_steps);
        take_turn(set, newton_rows, newton, sum, quantlib::implied_by_newton);
    }
    double error = 0;
    for (std::size_t at = 0; at < count; ++at) {
        error = std::max(error, std::abs(vol[at] / set.deviation[at] - 1));
    }
    // What rounding the price itself costs, four deviations out, is some 4e-16.
    if (!(error <= 2e-14) || !std::isfinite(sum)) {
        report.fail("implied volatilities are wrong");
    }
    constexpr std::string_view unit = "options/s";
    tell({"pricing/iv/vs_lirs", "blackFormulaImpliedStdDevLiRS", 24}, ours.rate(), rational.rate(),
         unit, report);
    tell({"pricing/iv/vs_stddev", "blackFormulaImpliedStdDev", 70}, ours.rate(), newton.rate(),
         unit, report);
    std::printf("  largest error of ours %.1e; theirs converge on %zu and %zu of %zu\n", error,
                rational_rows.size(), newton_rows.size(), count);
}

}  // namespace miletus::bench
