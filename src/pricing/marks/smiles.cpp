// What is looked at is what svi.hpp measures, and in between a grid that is finer near the money.
#include "pricing/marks/smiles.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/marks/nearest.hpp"
#include "pricing/surface/scalars.hpp"
#include "pricing/surface/surface.hpp"

#include <limits>

namespace miletus::pricing {

namespace {

constexpr double parts = 1e12;
constexpr std::int64_t one = 1'000'000'000'000;
constexpr std::int64_t size_max = 100 * one;
constexpr std::int64_t centre_max = 10 * one;
constexpr double butterfly_reach = 4;
constexpr double calendar_deviations = 6;
constexpr int half_steps = 40;
constexpr double nanos_a_year = 365.0 * 86'400e9;

bool is_within(std::int64_t low, std::int64_t x, std::int64_t high) {
    return low <= x && x <= high;
}

bool has_range(const Smile& smile) {
    return is_within(-size_max, smile.a, size_max) && is_within(0, smile.b, size_max) &&
           is_within(1 - one, smile.rho, one - 1) && is_within(-centre_max, smile.m, centre_max) &&
           is_within(1, smile.sigma, size_max);
}

SurfaceFault fault_of(const Smile& smile) {
    if (!is_within(1, smile.forward.value(), smile_price_max)) {
        return SurfaceFault::forward_out_of_range;
    }
    if (!has_range(smile)) {
        return SurfaceFault::parameter_out_of_range;
    }
    const ButterflyReport report = butterflies(svi_of(smile), butterfly_reach);
    if (!(report.least_variance > 0)) {
        return SurfaceFault::variance_not_positive;
    }
    return report.is_free() ? SurfaceFault::none : SurfaceFault::butterfly;
}

double variance_at(const Svi& slice, double log_moneyness) {
    const double x = log_moneyness - slice.m;
    return slice.a + slice.b * (slice.rho * x + root(x * x + slice.sigma * slice.sigma));
}

}  // namespace

Svi svi_of(const Smile& smile) {
    const UsualRounding rounding;
    return {.a = static_cast<double>(smile.a) / parts,
            .b = static_cast<double>(smile.b) / parts,
            .rho = static_cast<double>(smile.rho) / parts,
            .m = static_cast<double>(smile.m) / parts,
            .sigma = static_cast<double>(smile.sigma) / parts};
}

std::optional<Smile> smile_of(UnixNanos expiry, IndexPrice forward, const Svi& slice) {
    const UsualRounding rounding;
    for (const double number : {slice.a, slice.b, slice.rho, slice.m, slice.sigma}) {
        if (!(size_of(number) < beyond_all)) {
            return std::nullopt;
        }
    }
    const Smile smile{.expiry = expiry,
                      .forward = forward,
                      .a = nearest(slice.a * parts),
                      .b = nearest(slice.b * parts),
                      .rho = nearest(slice.rho * parts),
                      .m = nearest(slice.m * parts),
                      .sigma = nearest(slice.sigma * parts)};
    return has_range(smile) ? std::optional(smile) : std::nullopt;
}

double years_between(UnixNanos now, UnixNanos then) {
    const UsualRounding rounding;
    std::int64_t left = 0;
    if (__builtin_sub_overflow(then.value(), now.value(), &left)) {
        left = then < now ? 0 : std::numeric_limits<std::int64_t>::max();
    }
    return left <= 0 ? 0.0 : static_cast<double>(left) / nanos_a_year;
}

SurfaceVerdict check_surface(std::span<const Smile> smiles, UnixNanos now) {
    if (smiles.empty()) {
        return {.fault = SurfaceFault::no_smile};
    }
    if (smiles.size() > smiles_max) {
        return {.fault = SurfaceFault::too_many_smiles, .smile = smiles_max};
    }
    const UsualRounding rounding;
    for (std::size_t at = 0; at < smiles.size(); ++at) {
        const Smile& smile = smiles[at];
        if (smile.expiry <= now) {
            return {.fault = SurfaceFault::expiry_not_ahead, .smile = at};
        }
        if (at > 0 && smile.expiry <= smiles[at - 1].expiry) {
            return {.fault = SurfaceFault::expiry_not_rising, .smile = at};
        }
        if (const SurfaceFault fault = fault_of(smile); fault != SurfaceFault::none) {
            return {.fault = fault, .smile = at};
        }
        if (at > 0 && calendar_gap(svi_of(smiles[at - 1]), svi_of(smile)) > variance_rounding) {
            return {.fault = SurfaceFault::calendar, .smile = at};
        }
    }
    return {};
}

double calendar_reach(const Svi& later) {
    const UsualRounding rounding;
    return calendar_deviations * root(larger_of(variance_at(later, 0.0), 0.0));
}

double calendar_gap(const Svi& earlier, const Svi& later) {
    const UsualRounding rounding;
    const double reach = calendar_reach(later);
    double gap = 0;
    const auto look_at = [&](double log_moneyness) {
        const double fall = variance_at(earlier, log_moneyness) - variance_at(later, log_moneyness);
        gap = larger_of(gap, fall);
    };
    for (int step = -half_steps; step <= half_steps; ++step) {
        const double place = static_cast<double>(step) / half_steps;
        look_at(reach * place * size_of(place));
    }
    // Where smiles bend most.
    for (const double centre : {earlier.m, later.m}) {
        if (size_of(centre) <= reach) {
            look_at(centre);
        }
    }
    return gap;
}

std::string_view sentence(SurfaceFault fault) {
    switch (fault) {
        case SurfaceFault::none:
            return "no fault";
        case SurfaceFault::no_smile:
            return "the surface has no smile";
        case SurfaceFault::too_many_smiles:
            return "the surface has more than 64 smiles";
        case SurfaceFault::expiry_not_ahead:
            return "a smile's expiry is not ahead";
        case SurfaceFault::expiry_not_rising:
            return "expiries do not rise";
        case SurfaceFault::forward_out_of_range:
            return "a forward is not above zero, or above a billion";
        case SurfaceFault::parameter_out_of_range:
            return "a smile has a number that no smile has";
        case SurfaceFault::variance_not_positive:
            return "a smile's total variance is not above zero everywhere";
        case SurfaceFault::butterfly:
            return "a smile has a negative density: butterflies would cost less than nothing";
        case SurfaceFault::calendar:
            return "total variance falls from one expiry to the next";
    }
    return "?";
}

}  // namespace miletus::pricing
