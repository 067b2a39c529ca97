// Price and five Greeks of options on a spot, each with its own time, volatility and rates.
#include "base/assert.hpp"
#include "bench/pricing/options.hpp"
#include "bench/pricing/pricing_bench.hpp"
#include "bench/pricing/quantlib.hpp"
#include "bench/pricing/rates.hpp"
#include "bench/pricing/sleef.hpp"

#include <cmath>
#include <cstdio>
#include <string>

namespace miletus::bench {

namespace {

using pricing::Isa;

constexpr std::size_t count = 2048;  // in the cache
constexpr double half_a_year = 0.5;
constexpr double agreement = 1e-11;

quantlib::Option option_at(const OptionSet& set, std::size_t at) {
    return {set.spot[at],
            set.strike[at],
            set.time[at],
            set.vol[at],
            set.rate[at],
            set.yield[at],
            set.kind[at] == pricing::call};
}

bool agree(double ours, double theirs, double scale) {
    return std::abs(ours - theirs) <= agreement * scale;
}

bool agrees(const ResultSet& ours, std::size_t at, const quantlib::Values& theirs,
            const quantlib::Option& option) {
    const double scale = option.spot + option.strike;
    return agree(ours.price[at], theirs.price, scale) && agree(ours.delta[at], theirs.delta, 1) &&
           agree(ours.gamma[at], theirs.gamma, 1 + theirs.gamma) &&
           agree(ours.vega[at], theirs.vega, scale) &&
           agree(ours.theta[at], theirs.theta, 10 * scale / option.time) &&
           agree(ours.rho[at], theirs.rho, 10 * scale);
}

// A wrong price is no price: all contestants must come to the same numbers first.
void check_against_calculator(const OptionSet& set, const ResultSet& results, std::string_view name,
                              Report& report) {
    for (std::size_t at = 0; at < set.size(); ++at) {
        const quantlib::Option option = option_at(set, at);
        if (!agrees(results, at, quantlib::value_of(option), option)) {
            report.fail(std::string(name) + " differs from QuantLib's BlackCalculator at " +
                        std::to_string(at));
            return;
        }
    }
}

void check_against_engine(quantlib::LiveChain& chain, Report& report) {
    const std::vector<quantlib::Option> options = chain.options(101);
    const std::vector<quantlib::Values> values = chain.values(101);
    for (std::size_t at = 0; at < options.size(); ++at) {
        const quantlib::Option& option = options[at];
        const pricing::Valuation ours =
            pricing::value_of({.spot = option.spot,
                               .strike = option.strike,
                               .time = option.time,
                               .vol = option.vol,
                               .rate = option.rate,
                               .yield = option.yield,
                               .kind = option.is_call ? pricing::call : pricing::put});
        if (!agree(ours.price, values[at].price, 200) || !agree(ours.rho, values[at].rho, 2000)) {
            report.fail("prices differ from QuantLib's engine");
            return;
        }
    }
}

pricing::Chain chain_of(const OptionSet& set) {
    auto chain = pricing::Chain::of({.time = half_a_year, .discount = 0.99}, set.strike, set.kind);
    ASSERT(chain);
    return *chain;
}

// A chain prices as the general form does.
void check_chain(const pricing::Chain& chain, double forward, const OptionSet& set,
                 Report& report) {
    ResultSet ours(count);
    ResultSet general(count);
    constexpr double discount = 0.99;
    ASSERT(chain.price(forward, set.vol, ours.price_and_five()));
    ASSERT(pricing::price(pricing::ForwardOptions{.forward = std::span(&forward, 1),
                                                  .strike = set.strike,
                                                  .time = std::span(&half_a_year, 1),
                                                  .vol = set.vol,
                                                  .discount = std::span(&discount, 1),
                                                  .kind = set.kind},
                          general.price_and_five()));
    for (std::size_t at = 0; at < count; ++at) {
        if (!agree(ours.price[at], general.price[at], 100) ||
            !agree(ours.theta[at], general.theta[at], 1000)) {
            report.fail("a chain differs from the general form");
            return;
        }
    }
}

struct Rates {
    Contestant widest, chain, avx2, engine, calculator, sleef, sleef_avx2;
};

void price_all(const OptionSet& set, ResultSet& results) {
    ASSERT(pricing::price(set.spots(), results.price_and_five()));
}

void take_turns(const Options& options, Rates& rates, Report& report) {
    const OptionSet set(count);
    ResultSet results(count);
    constexpr double forward = 100;
    const pricing::Chain expiry = chain_of(set);
    check_chain(expiry, forward, set, report);
    quantlib::LiveChain chain;
    check_against_engine(chain, report);
    const Isa widest = pricing::isa();
    const bool has_avx512 = widest == Isa::avx512;
    double sum = 0;
    for (std::uint32_t turn = 0; turn < 40 * options.rounds; ++turn) {
        rates.widest.take_wide_turn(count, [&] { price_all(set, results); });
        if (turn == 0) {
            check_against_calculator(set, results, "the kernel", report);
        }
        rates.chain.take_wide_turn(
            count, [&] { ASSERT(expiry.price(forward, set.vol, results.price_and_five())); });
        rates.sleef_avx2.take_wide_turn(
            count, [&] { sleef_greeks_avx2(set.spots(), results.price_and_five()); });
        if (has_avx512) {
            rates.sleef.take_wide_turn(
                count, [&] { sleef_greeks_avx512(set.spots(), results.price_and_five()); });
        }
        if (turn == 0) {
            check_against_calculator(set, results, "SLEEF's", report);
        }
        ASSERT(pricing::set_isa(Isa::avx2));
        rates.avx2.take_wide_turn(count, [&] { price_all(set, results); });
        ASSERT(pricing::set_isa(widest));
        rates.engine.take_turn(256, [&] { sum += chain.revalue(100 + turn * 0.01); });
        rates.calculator.take_turn(count, [&] {
            for (std::size_t at = 0; at < count; ++at) {
                const quantlib::Values values = quantlib::value_of(option_at(set, at));
                sum += values.price + values.delta + values.gamma + values.vega + values.theta +
                       values.rho;
            }
        });
    }
    ASSERT(std::isfinite(sum));
}

}  // namespace

void bench_greeks(const Options& options, Report& report) {
    std::printf("\nprices: QuantLib %s (Debian's binary), %s; millions a second\n",
                quantlib::version().c_str(), std::string(name_of(pricing::isa())).c_str());
    std::printf("%-40s %9s %9s\n", "", "ours", "theirs");
    Rates rates;
    take_turns(options, rates, report);
    const double ours = rates.widest.rate();
    const double engine = rates.engine.rate();
    constexpr std::string_view unit = "options/s";
    tell({"pricing/greeks5/vs_engine", "AnalyticEuropeanEngine", 230}, ours, engine, unit, report);
    tell({"pricing/greeks5/vs_black_calculator", "BlackCalculator", 22}, ours,
         rates.calculator.rate(), unit, report);
    const double sleef =
        pricing::isa() == Isa::avx512 ? rates.sleef.rate() : rates.sleef_avx2.rate();
    tell({"pricing/greeks5/vs_sleef", "SLEEF", 3.5}, ours, sleef, unit, report);
    const auto numpy = told_by("/usr/bin/python3 bench/pricing/numpy_baseline.py", 1);
    if (numpy.empty()) {
        report.fail("bench/pricing/numpy_baseline.py did not tell a rate");
    } else {
        tell({"pricing/greeks5/vs_numpy", "numpy and scipy", 7}, ours, numpy[0], unit, report);
    }
    tell({"pricing/greeks5_avx2/vs_engine", "AnalyticEuropeanEngine", 140}, rates.avx2.rate(),
         engine, unit, report);
    const auto python = told_by("/usr/bin/python3 bench/pricing/python_bench.py --plain", 2);
    if (python.empty()) {
        report.fail("bench/pricing/python_bench.py did not tell its rates");
    } else {
        tell({"pricing/python_1e6", "the kernel from memory", 0.85}, python[0], python[1], unit,
             report);
    }
    tell({"pricing/chain5/vs_general", "our general form", 1.4}, rates.chain.rate(), ours, unit,
         report);
}

}  // namespace miletus::bench
