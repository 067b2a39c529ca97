// What a lot of an option is worth under a scenario: Black's formula as in vanilla/black.hpp, less
// what rounding to whole units makes invisible (the rests of d1, the series of small s), and with
// all that scenarios share done beforehand. Since there are three volatilities only, a scenario
// costs one exponential, two Mills ratios and the division that they share.
#pragma once

#include "pricing/math/functions.hpp"
#include "pricing/risk_arrays/columns.hpp"

#include <array>

namespace miletus::pricing {

// Times are in years of so many days; ranges hold for so many, and the near power below them.
constexpr double days_a_year = 365.0;
constexpr double days_of_reference = 30.0;
// Beyond, N is one or zero to all that units show, and a bell is still a normal number.
constexpr double lot_reach = 26.0;
// Held within, a deviation prices as those beyond do, and overflows nothing.
constexpr double lot_deviation_min = 0x1p-60;
constexpr double lot_deviation_max = 0x1p10;

// What a range of volatility's move is multiplied by, for the time that is left.
template <class Real>
ALWAYS_INLINE Real range_stretch(const VolShocks& shocks, Real time) {
    using math::same;
    const Real days = larger(time * same<Real>(days_a_year), same<Real>(1.0));
    const Real power = select(days < same<Real>(days_of_reference), same<Real>(shocks.power_near),
                              same<Real>(shocks.power_far));
    return math::pow(same<Real>(days_of_reference) / days, power);
}

// 1 / s and s / 2, negative for a put.
template <class Real>
struct SignedDeviation {
    Real inverse;
    Real half;
};

// The worths of forward and strike are in units, discounted, and negative for a put.
template <class Real>
struct Lot {
    Real log_moneyness;
    Real forward_worth;
    Real strike_worth;
    std::array<SignedDeviation<Real>, 3> deviations;  // by VolMove
};

template <class Real>
struct LotTerms {
    Real forward;
    Real strike;
    Real time;
    Real vol;
    Real units;  // discounted
    Real sign;
};

template <class Real>
ALWAYS_INLINE SignedDeviation<Real> signed_deviation(Real vol, Real root, Real sign) {
    using math::same;
    const Real deviation =
        larger(smaller(vol * root, same<Real>(lot_deviation_max)), same<Real>(lot_deviation_min));
    return {.inverse = sign / deviation, .half = same<Real>(0.5) * sign * deviation};
}

template <class Real>
ALWAYS_INLINE Lot<Real> lot_of(const LotTerms<Real>& terms, const VolShocks& shocks) {
    using math::same;
    const Real ratio = terms.forward / terms.strike;
    const Real rest = fnma(ratio, terms.strike, terms.forward) / terms.forward;
    const Real root = sqrt(terms.time);
    const Real stretch = range_stretch(shocks, terms.time);
    const Real rise = same<Real>(shocks.range_up) * stretch;
    const Real fall = same<Real>(shocks.range_down) * stretch;
    const Real vol_up = larger(fma(terms.vol, rise, terms.vol), same<Real>(shocks.vol_min_up));
    const Real vol_down = fnma(terms.vol, fall, terms.vol);
    const Real signed_units = terms.sign * terms.units;
    return {.log_moneyness = math::log_rounded(ratio, rest).high,
            .forward_worth = signed_units * terms.forward,
            .strike_worth = signed_units * terms.strike,
            .deviations = {signed_deviation(terms.vol, root, terms.sign),
                           signed_deviation(vol_up, root, terms.sign),
                           signed_deviation(vol_down, root, terms.sign)}};
}

template <class Real>
ALWAYS_INLINE Real worth_of(const Lot<Real>& lot, const PreparedScenario& scenario) {
    using math::same;
    const SignedDeviation<Real>& deviation = lot.deviations[scenario.vol_move];
    const Real log = lot.log_moneyness + same<Real>(scenario.log_growth);
    const Real forward = lot.forward_worth * same<Real>(scenario.growth);
    // With the sign of the kind: N of either is a chance that the option is exercised.
    const Real d1 = fma(log, deviation.inverse, deviation.half);
    const Real d2 = fms(log, deviation.inverse, deviation.half);
    const Real distance1 = smaller(math::magnitude(d1), same<Real>(lot_reach));
    const Real distance2 = smaller(math::magnitude(d2), same<Real>(lot_reach));
    const Real bell =
        math::exp_of_normal(same<Real>(-0.5) * (distance1 * distance1), same<Real>(0.0));
    const math::Ratio<Real> mills1 = math::mills_fraction_by_bell(distance1);
    const math::Ratio<Real> mills2 = math::mills_fraction_by_bell(distance2);
    const Real inverse = same<Real>(math::inverse_sqrt_two_pi) / (mills1.below * mills2.below);
    const Real density = bell * forward * inverse;
    const Real tail1 = mills1.above * mills2.below * density;
    const Real tail2 = mills2.above * mills1.below * density;
    const Real zero = same<Real>(0.0);
    const Real forward_part = select(zero < d1, forward - tail1, tail1);
    const Real strike_part = select(zero < d2, lot.strike_worth - tail2, tail2);
    return forward_part - strike_part;
}

}  // namespace miletus::pricing
