// Lengths first, then numbers, then how many of everything.
#include "pricing/paths/admission.hpp"

#include "pricing/paths/plan.hpp"
#include "pricing/paths/sobol.hpp"

#include <algorithm>
#include <functional>
#include <span>

namespace miletus::pricing {

namespace {

constexpr double least_price = 1e-50;
constexpr double largest_price = 1e50;
constexpr double longest_path = 1000;
constexpr double largest_path_vol = 100;
constexpr double largest_drift = 100;  // over all times, as a logarithm

bool is_number(double x) {
    return x == x;
}

bool is_within(double low, double x, double high) {
    return low <= x && x <= high;
}

bool is_price(double x) {
    return is_within(least_price, x, largest_price);
}

bool are_numbers(std::span<const double> numbers) {
    return std::ranges::all_of(numbers, is_number);
}

bool lengths_agree(const Simulation& simulation) {
    const std::size_t assets = simulation.assets.size();
    const Style style = simulation.payoff.style;
    const bool is_basket = style == Style::basket;
    const bool takes_many = is_basket || style == Style::own;
    const std::size_t weights = simulation.payoff.weights.size();
    const std::size_t correlations = simulation.correlation.size();
    return assets != 0 && (takes_many || assets == 1) && weights == (is_basket ? assets : 0) &&
           !simulation.times.empty() &&
           (correlations == 0 || (assets <= path_assets_max && correlations == assets * assets));
}

bool has_only_numbers(const Simulation& simulation) {
    const Payoff& payoff = simulation.payoff;
    const bool has_assets = std::ranges::all_of(simulation.assets, [](const Asset& asset) {
        return is_number(asset.spot) && is_number(asset.carry) && is_number(asset.vol);
    });
    return has_assets && are_numbers(simulation.correlation) && are_numbers(simulation.times) &&
           are_numbers(payoff.weights) && is_number(payoff.strike) && is_number(payoff.barrier) &&
           is_number(simulation.discount);
}

bool is_in_domain(const Asset& asset, double time) {
    const double drift = (asset.carry - 0.5 * asset.vol * asset.vol) * time;
    return is_price(asset.spot) && is_within(0.0, asset.vol, largest_path_vol) &&
           is_within(-largest_drift, asset.carry * time, largest_drift) &&
           is_within(-largest_drift, drift, largest_drift);
}

bool is_in_domain(const Payoff& payoff, std::span<const Asset> assets) {
    const bool has_kind = payoff.kind == 1 || payoff.kind == -1;
    const bool has_strike = is_within(-largest_price, payoff.strike, largest_price);
    const bool has_barrier =
        is_price(payoff.barrier) && payoff.barrier_kind <= BarrierKind::down_and_in;
    for (std::size_t at = 0; at < payoff.weights.size(); ++at) {
        const double weight = payoff.weights[at];
        if (!is_within(-largest_price, weight, largest_price) ||
            !is_within(-largest_price, weight * assets[at].spot, largest_price)) {
            return false;
        }
    }
    return payoff.style <= Style::own && has_kind && has_strike &&
           (payoff.style != Style::barrier || has_barrier);
}

bool are_sorted(std::span<const double> times) {
    return times.front() >= 0 &&
           std::ranges::adjacent_find(times, std::ranges::greater_equal{}) == times.end();
}

bool is_in_domain(const Simulation& simulation) {
    const double time = simulation.times.back();
    return time <= longest_path && is_price(simulation.discount) &&
           simulation.generator <= Generator::sobol &&
           !(simulation.has_control && simulation.payoff.style == Style::own) &&
           std::ranges::all_of(simulation.assets,
                               [&](const Asset& asset) { return is_in_domain(asset, time); }) &&
           is_in_domain(simulation.payoff, simulation.assets);
}

PathStatus admission_of_counts(const Simulation& simulation) {
    const bool is_sobol = simulation.generator == Generator::sobol;
    const std::uint64_t sample_paths = simulation.is_antithetic ? 2 : 1;
    if (simulation.paths > paths_max) {
        return PathStatus::too_many_paths;
    }
    if (simulation.paths == 0 || (!is_sobol && simulation.paths <= sample_paths)) {
        return PathStatus::too_few_paths;
    }
    if (is_sobol && simulation.shifts < 2) {
        return PathStatus::too_few_shifts;
    }
    const std::uint64_t points = simulation.paths / sample_paths;
    if (is_sobol && (simulation.shifts > shifts_max ||
                     points / simulation.shifts >= (std::uint64_t{1} << sobol_bits))) {
        return PathStatus::too_many_paths;
    }
    return PathStatus::ok;
}

}  // namespace

PathStatus admission_of(const Simulation& simulation) {
    if (!lengths_agree(simulation)) {
        return PathStatus::lengths_differ;
    }
    const std::size_t dimensions_max =
        simulation.generator == Generator::sobol ? sobol_dimensions_max : path_dimensions_max;
    if (simulation.assets.size() > path_assets_max ||
        simulation.times.size() > dimensions_max / simulation.assets.size()) {
        return PathStatus::too_many_dimensions;
    }
    if (!has_only_numbers(simulation)) {
        return PathStatus::not_a_number;
    }
    if (!are_sorted(simulation.times)) {
        return PathStatus::unsorted_times;
    }
    if (!is_in_domain(simulation)) {
        return PathStatus::out_of_domain;
    }
    return admission_of_counts(simulation);
}

std::string_view sentence(PathStatus status) {
    switch (status) {
        case PathStatus::ok:
            return "ok";
        case PathStatus::not_a_number:
            return "an input is not a number, or a payoff";
        case PathStatus::out_of_domain:
            return "an input is out of its domain";
        case PathStatus::lengths_differ:
            return "assets, times, weights and correlations do not fit together";
        case PathStatus::unsorted_times:
            return "times do not rise from zero on";
        case PathStatus::not_positive_definite:
            return "no assets have these correlations";
        case PathStatus::too_few_paths:
            return "fewer than two samples have no standard error";
        case PathStatus::too_many_paths:
            return "there are more paths than can be numbered";
        case PathStatus::too_few_shifts:
            return "fewer than two shifts have no standard error";
        case PathStatus::too_many_dimensions:
            return "there are more assets or times than can be drawn";
        case PathStatus::missing_blocks:
            return "sums of blocks are missing";
    }
    return "?";
}

}  // namespace miletus::pricing
