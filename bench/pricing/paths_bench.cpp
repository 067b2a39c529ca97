// Monte Carlo: a call on the average of 64 prices, by random paths, by Sobol's points with a
// bridge, and with the geometric average as control.
#include "base/assert.hpp"
#include "bench/pricing/pricing_bench.hpp"
#include "bench/pricing/quantlib_paths.hpp"
#include "bench/pricing/rates.hpp"
#include "pricing/pricing.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

namespace miletus::bench {

namespace {

constexpr quantlib::AverageOption option{.spot = 100,
                                         .strike = 105,
                                         .vol = 0.4,
                                         .rate = 0.03,
                                         .yield = 0.01,
                                         .fixings = 64,
                                         .days_between = 5};
constexpr std::uint64_t paths = 1 << 12;
constexpr std::size_t baseline_paths = (1 << 9) - 1;  // points of a sequence without its first
constexpr std::uint32_t baseline_turns = 8;
// What prices are compared over, once.
constexpr std::uint64_t paths_compared = 1 << 20;
constexpr std::size_t baseline_paths_compared = (1 << 16) - 1;

struct Problem {
    Problem() {
        for (int at = 1; at <= option.fixings; ++at) {
            times.push_back(at * option.days_between / 365.0);
        }
        const double interest = option.rate * times.back();
        discount = pricing::value_of(pricing::Function::exp, -interest);
        asset = {.spot = option.spot, .carry = option.rate - option.yield, .vol = option.vol};
    }
    [[nodiscard]] pricing::Simulation simulation(pricing::Generator generator, bool has_control,
                                                 std::uint64_t count) const {
        return {.assets = {&asset, 1},
                .times = times,
                .payoff = {.style = pricing::Style::arithmetic_asian, .strike = option.strike},
                .discount = discount,
                .generator = generator,
                .seed = 1,
                .paths = count,
                .shifts = 8,
                .has_bridge = generator == pricing::Generator::sobol,
                .has_control = has_control};
    }

    std::vector<double> times;
    pricing::Asset asset;
    double discount = 1;
};

bool agrees(const pricing::Estimate& ours, double theirs, double their_error) {
    constexpr double errors_max = 4;
    return ours.status == pricing::PathStatus::ok &&
           std::abs(ours.value - theirs) <=
               errors_max * std::hypot(ours.standard_error, their_error);
}

// How sure a second makes: one over the square of the error, for random paths.
double precision_of(double paths_a_second, double error, double count) {
    return paths_a_second / (error * error * count);
}

}  // namespace

void bench_paths(const Options& options, Report& report) {
    using pricing::Generator;
    const Problem problem;
    const auto steps = static_cast<double>(option.fixings);
    Contestant random, even, controlled, their_random, their_even;
    const auto take_turn = [&](Contestant& contestant, Generator generator, bool has_control) {
        const pricing::Simulation simulation = problem.simulation(generator, has_control, paths);
        contestant.take_wide_turn(static_cast<double>(paths) * steps, [&] {
            ASSERT(pricing::estimate(simulation).status == pricing::PathStatus::ok);
        });
    };
    const double their_amount = static_cast<double>(baseline_paths) * steps;
    double sum = 0;
    for (std::uint32_t turn = 0; turn < 3 * options.rounds; ++turn) {
        take_turn(random, Generator::philox, false);
        take_turn(even, Generator::sobol, false);
        take_turn(controlled, Generator::philox, true);
        for (std::uint32_t seed = 1; seed <= baseline_turns; ++seed) {
            their_random.take_turn(their_amount, [&] {
                sum += quantlib::simulate_randomly(option, baseline_paths, seed).value;
            });
            their_even.take_turn(their_amount, [&] {
                sum += quantlib::simulate_evenly(option, baseline_paths).value;
            });
        }
    }
    const auto compared = [&](Generator generator, bool has_control) {
        return pricing::estimate(problem.simulation(generator, has_control, paths_compared));
    };
    const pricing::Estimate by_random = compared(Generator::philox, false);
    const pricing::Estimate by_even = compared(Generator::sobol, false);
    const pricing::Estimate by_control = compared(Generator::philox, true);
    const quantlib::Simulated theirs =
        quantlib::simulate_randomly(option, baseline_paths_compared, 1);
    const quantlib::Simulated theirs_even =
        quantlib::simulate_evenly(option, baseline_paths_compared);
    // Points have no error of their own there; that of random paths is far above it.
    if (!agrees(by_random, theirs.value, theirs.error) ||
        !agrees(by_control, theirs.value, theirs.error) ||
        !agrees(by_even, theirs_even.value, theirs.error / 10) || !std::isfinite(sum)) {
        report.fail("simulated prices are wrong");
    }
    constexpr std::string_view unit = "steps/s";
    tell({"pricing/mc_philox", "MCDiscreteArithmeticAPEngine<PseudoRandom>", 65}, random.rate(),
         their_random.rate(), unit, report);
    tell({"pricing/mc_sobol", "MCDiscreteArithmeticAPEngine<LowDiscrepancy>, bridge", 80},
         even.rate(), their_even.rate(), unit, report);
    const double precision = precision_of(controlled.rate() / steps, by_control.standard_error,
                                          static_cast<double>(by_control.paths));
    const double their_precision = precision_of(their_random.rate() / steps, theirs.error,
                                                static_cast<double>(baseline_paths_compared));
    tell({"pricing/mc_control_variate", "MCDiscreteArithmeticAPEngine<PseudoRandom>", 500},
         precision, their_precision, "1/error2/s", report);
    std::printf(
        "  %.4f +- %.4f random, %.4f +- %.4f Sobol, %.5f +- %.5f controlled; theirs %.4f "
        "+- %.4f random, %.4f Sobol\n",
        by_random.value, by_random.standard_error, by_even.value, by_even.standard_error,
        by_control.value, by_control.standard_error, theirs.value, theirs.error, theirs_even.value);
}

}  // namespace miletus::bench
