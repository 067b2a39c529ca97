// Levels are logarithms in sixteenths of an octave, so that a path needs no more for a price than
// to split a number. What is made here is made once, one number at a time.
#include "pricing/paths/plan.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/math/constants.hpp"
#include "pricing/math/math.hpp"
#include "pricing/paths/admission.hpp"
#include "pricing/paths/bridge.hpp"
#include "pricing/paths/constants.hpp"
#include "pricing/paths/controls.hpp"
#include "pricing/paths/normal.hpp"
#include "pricing/paths/sobol.hpp"

#include <bit>
#include <cmath>
#include <numeric>
#include <optional>

namespace miletus::pricing {

namespace {

// A factor of e^199.
constexpr double level_max = 4600;
// Keeps the exponent of a crossing a number: with less variance there is none.
constexpr double crossing_max = 1e290;

double level_of(double logarithm) {
    return logarithm * math::sixteen_over_ln2;
}

double log_drift(const Asset& asset) {
    return asset.carry - 0.5 * asset.vol * asset.vol;
}

void add_motion(PathPlan& plan, const Simulation& simulation) {
    double before = 0;
    double deviations = 0;
    for (const double time : simulation.times) {
        plan.deviations.push_back(std::sqrt(time - before));
        deviations += plan.deviations.back();
        before = time;
        for (const Asset& asset : simulation.assets) {
            plan.drifts.push_back(level_of(log_drift(asset) * time));
        }
    }
    bool could_go_too_far = false;
    // A row of a mixing matrix has length one, so its numbers add up to the root of their count.
    const double motion_max =
        normal_draw_max * deviations * std::sqrt(static_cast<double>(simulation.assets.size()));
    for (const Asset& asset : simulation.assets) {
        plan.spots.push_back(asset.spot);
        plan.vols.push_back(level_of(asset.vol));
        const double left = level_max - std::abs(level_of(log_drift(asset) * before));
        could_go_too_far = could_go_too_far || plan.vols.back() * motion_max > left;
        plan.reaches.push_back(plan.vols.back() > 0 ? left / plan.vols.back() : motion_max);
    }
    if (!could_go_too_far) {
        plan.reaches.clear();
    }
}

void add_payoff(PathPlan& plan, const Simulation& simulation) {
    const Payoff& payoff = simulation.payoff;
    const Asset& asset = simulation.assets.front();
    const bool is_above = payoff.barrier_kind == BarrierKind::up_and_out ||
                          payoff.barrier_kind == BarrierKind::up_and_in;
    plan.payoff = {.style = payoff.style,
                   .sign = static_cast<double>(payoff.kind),
                   .strike = payoff.strike,
                   .spot = asset.spot,
                   .inverse_times = 1.0 / static_cast<double>(plan.times),
                   .barrier_sign = is_above ? 1.0 : -1.0,
                   .is_knock_in = payoff.barrier_kind == BarrierKind::up_and_in ||
                                  payoff.barrier_kind == BarrierKind::down_and_in,
                   .is_continuous = payoff.is_continuous};
    if (payoff.style == Style::barrier) {
        plan.payoff.barrier_level = level_of(value_of(Function::log, payoff.barrier / asset.spot));
        for (const double deviation : plan.deviations) {
            const double step = plan.vols.front() * deviation;
            const double variance = step * step;
            const bool is_tiny = variance * crossing_max < 2;
            // The exponent is a natural logarithm; distances are levels, and so is the deviation.
            plan.crossings.push_back(is_tiny ? -crossing_max : -2 / variance);
        }
    }
    for (std::size_t at = 0; at < payoff.weights.size(); ++at) {
        plan.stakes.push_back(payoff.weights[at] * simulation.assets[at].spot);
    }
}

void add_points(PathPlan& plan) {
    const std::size_t dimensions = plan.dimensions();
    for (const std::uint32_t direction : sobol_directions(dimensions)) {
        plan.points.push_back(draw_bits(std::uint64_t{direction} << (52U - sobol_bits)));
    }
    const auto point = [&](std::size_t bit, std::size_t dimension) {
        return plan.points[bit * dimensions + dimension];
    };
    constexpr std::size_t batch_bits = std::countr_zero(batch_paths);
    for (std::size_t bit = batch_bits; bit < sobol_bits; ++bit) {
        for (std::size_t at = 0; at < dimensions; ++at) {
            plan.point_steps.push_back(point(bit, at) ^ point(batch_bits - 1, at));
        }
    }
    for (std::size_t at = 0; at < dimensions; ++at) {
        PathRow lanes{};
        for (std::size_t lane = 0; lane < batch_paths; ++lane) {
            std::uint64_t bits = 0;
            for (std::size_t bit = 0; bit < batch_bits; ++bit) {
                const bool is_set = ((lane ^ lane >> 1U) >> bit & 1U) != 0;
                bits ^= is_set ? point(bit, at) : 0;
            }
            lanes.numbers[lane] = std::bit_cast<double>(bits);
        }
        plan.point_lanes.push_back(lanes);
    }
}

void add_draws(PathPlan& plan, const Simulation& simulation) {
    const std::size_t dimensions = plan.dimensions();
    plan.places.resize(dimensions);
    std::iota(plan.places.begin(), plan.places.end(), 0U);
    if (simulation.has_bridge) {
        plan.bridge = bridge_of(simulation.times, plan.assets);
        for (std::size_t at = 0; at < dimensions; ++at) {
            plan.places[at] = plan.bridge[at].at;
        }
    }
    if (dimensions % 2 != 0) {
        plan.places.push_back(static_cast<std::uint32_t>(dimensions + 1));
    }
    if (plan.generator == Generator::sobol) {
        add_points(plan);
    }
}

void add_counts(PathPlan& plan, const Simulation& simulation) {
    const auto shares = [](std::uint64_t count, std::uint64_t size) {
        return (count + size - 1) / size;
    };
    const std::uint64_t samples = shares(simulation.paths, simulation.is_antithetic ? 2 : 1);
    plan.shifts = plan.generator == Generator::sobol ? simulation.shifts : 1;
    plan.shift_samples = shares(samples, plan.shifts);
    plan.shift_blocks = shares(plan.shift_samples, block_samples);
    plan.blocks = plan.shift_blocks * plan.shifts;
}

PathPlan refused(PathStatus status) {
    PathPlan plan;
    plan.status = status;
    return plan;
}

}  // namespace

PathPlan plan_of(const Simulation& simulation) {
    const UsualRounding rounding;
    const PathStatus admission = admission_of(simulation);
    if (admission != PathStatus::ok) {
        return refused(admission);
    }
    PathPlan plan{.has_control = simulation.has_control,
                  .is_antithetic = simulation.is_antithetic,
                  .seed = simulation.seed,
                  .discount = simulation.discount,
                  .times = simulation.times.size(),
                  .assets = simulation.assets.size(),
                  .generator = simulation.generator};
    if (!simulation.correlation.empty()) {
        std::optional<std::vector<double>> mixing = mixing_of(simulation.correlation, plan.assets);
        if (!mixing) {
            return refused(PathStatus::not_positive_definite);
        }
        plan.mixing = std::move(*mixing);
    }
    if (plan.has_control) {
        plan.control_expected = expected_control(simulation);
        if (!(std::abs(plan.control_expected) <= std::numeric_limits<double>::max())) {
            return refused(PathStatus::out_of_domain);
        }
    }
    add_motion(plan, simulation);
    add_payoff(plan, simulation);
    add_draws(plan, simulation);
    add_counts(plan, simulation);
    return plan;
}

PathTerms PathPlan::terms() const {
    const auto wanted = [](const auto& numbers) {
        return numbers.empty() ? nullptr : numbers.data();
    };
    PathTerms terms{.generator = generator,
                    .is_antithetic = is_antithetic,
                    .seed = seed,
                    .times = times,
                    .assets = assets,
                    .dimensions = dimensions(),
                    .places = places.data(),
                    .deviations = deviations.data(),
                    .bridge = wanted(bridge),
                    .mixing = wanted(mixing),
                    .drifts = drifts.data(),
                    .vols = vols.data(),
                    .reaches = wanted(reaches),
                    .spots = spots.data(),
                    .point_lanes = wanted(point_lanes),
                    .point_steps = wanted(point_steps),
                    .payoff = payoff};
    terms.payoff.crossings = wanted(crossings);
    terms.payoff.stakes = wanted(stakes);
    return terms;
}

}  // namespace miletus::pricing
