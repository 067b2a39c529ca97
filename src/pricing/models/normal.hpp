// Bachelier's formula, in which a forward moves by sums and not by products:
//     price = w (F - K) N(w d) + s n(d),    d = (F - K) / s,    s = vol sqrt(T)
// It is summed up as the intrinsic value and s n(d) E(|d|), where E(x) = 1 - x R(x) and R is Mills
// ratio: E is a fraction of its own without a difference in it, so that the tail keeps its digits.
// d is carried with what rounding took from it, as in Black's formula. What a price implies is
// Choi's, Kim's and Kwak's fraction and one of Householder's steps.
#pragma once

#include "pricing/implied/black.hpp"
#include "pricing/vanilla/black.hpp"

namespace miletus::pricing {

template <class Real>
struct Difference {
    Real high;
    Real low;
};

// x - y, without rounding.
template <class Real>
ALWAYS_INLINE Difference<Real> difference_of(Real x, Real y) {
    const Real high = x - y;
    const Real of_y = high - x;
    return {high, (x - (high - of_y)) - (y + of_y)};
}

// How far F lies from K, in deviations.
template <class Real>
struct Distance {
    Real deviation;          // s
    Real inverse_deviation;  // 1 / s
    Real d;
    Real d_rest;
};

template <class Real>
ALWAYS_INLINE Distance<Real> distance_of(const Terms<Real>& terms,
                                         const Difference<Real>& difference) {
    using math::same;
    const Real root = sqrt(terms.time);
    const Real s = terms.vol * root;
    const Real inverse = same<Real>(1.0) / s;
    const Real root_rest = same<Real>(0.5) * fnma(root, root, terms.time) * (terms.vol * inverse);
    const Real s_rest = fma(terms.vol, root_rest, fms(terms.vol, root, s));
    const Real d = difference.high * inverse;
    const Real left = fnma(d, s, difference.high) + fnma(d, s_rest, difference.low);
    return {s, inverse, d, left * inverse};
}

// n(d), zero where it is too small to matter.
template <class Real>
ALWAYS_INLINE Real density_of(const Distance<Real>& at) {
    using math::same;
    const auto is_near = math::magnitude(at.d) <= same<Real>(math::normal_reach);
    const Real d = select(is_near, at.d, same<Real>(0.0));
    const Real rest = select(is_near, at.d_rest, same<Real>(0.0));
    const Real square = d * d;
    const Real square_rest = fma(same<Real>(2.0) * d, rest, fms(d, d, square));
    const Real bell = math::exp_within(same<Real>(-0.5) * square, same<Real>(-0.5) * square_rest);
    return select(is_near, bell * same<Real>(math::inverse_sqrt_two_pi), same<Real>(0.0));
}

template <class Real>
ALWAYS_INLINE Real within_reach(Real d) {
    constexpr double reach = 40.0;  // of the fractions
    return smaller(math::magnitude(d), math::same<Real>(reach));
}

template <bool has_greeks, class Real>
ALWAYS_INLINE Greeks<Real> normal(const Terms<Real>& terms) {
    using math::same;
    const Difference<Real> difference = difference_of(terms.asset, terms.strike);
    const Distance<Real> at = distance_of(terms, difference);
    const Real density = density_of(at);
    const math::Ratio<Real> excess = math::excess_fraction(within_reach(at.d));
    const Real time_value = at.deviation * density * (excess.above / excess.below);
    const Real intrinsic = larger(terms.sign * difference.high, same<Real>(0.0));
    const Real discount = terms.asset_discount;
    Greeks<Real> result;
    result.price = discount * (intrinsic + time_value);
    if constexpr (has_greeks) {
        const math::Ratio<Real> mills = math::mills_fraction(within_reach(at.d));
        const Real tail = density * (mills.above / mills.below);
        const auto is_above = same<Real>(0.0) < terms.sign * at.d;
        const Real share = select(is_above, same<Real>(1.0) - tail, tail);
        const Real root = sqrt(terms.time);
        const Real inverse_root = terms.vol * at.inverse_deviation;
        const Real inverse_vol = at.inverse_deviation * root;
        const Real discounted_density = discount * density;
        const Real slope = discounted_density * at.d;
        const Real half_inverse_root = same<Real>(0.5) * inverse_root;
        result.delta = terms.sign * discount * share;
        result.gamma = discounted_density * at.inverse_deviation;
        result.vega = discounted_density * root;
        result.theta =
            fms(terms.rate, result.price, discounted_density * terms.vol * half_inverse_root);
        result.rho = math::negated(terms.time * result.price);
        result.vanna = math::negated(slope * inverse_vol);
        result.volga = slope * root * (at.d * inverse_vol);
        result.charm = fma(terms.rate, result.delta, slope * half_inverse_root * inverse_root);
    }
    return result;
}

// By how much the logarithm of s is to grow, where an option at a distance from the strike should
// be worth `value`: f = ln(s n(a) E(a) / value), with a = distance / s, and its derivatives.
template <class Real>
ALWAYS_INLINE Real normal_step(Real distance, Real value, Real s) {
    using math::same;
    const Real a = distance / s;
    const math::Ratio<Real> fraction = math::excess_fraction(within_reach(a));
    const Real excess = fraction.above / fraction.below;
    const Real ratio = s * excess * same<Real>(math::inverse_sqrt_two_pi) / value;
    const Real square = a * a;
    const Real f = fnma(same<Real>(0.5) * a, a, math::log_within(ratio));
    const Real first = fraction.below / fraction.above;               // f' = 1 / E(a)
    const Real second = square + same<Real>(1.0) - first;             // f'' / f'
    const Real third = fms(second, second - first, square + square);  // f''' / f'
    const Real newton = math::negated(f * excess);
    const Real above = fma(same<Real>(0.5) * second, newton, same<Real>(1.0));
    constexpr double sixth = 0x1.5555555555555p-3;
    const Real below = fma(newton, fma(same<Real>(sixth) * third, newton, second), same<Real>(1.0));
    return newton * (above / below);
}

// The s of an option out of the money, or of what an option is worth over its intrinsic value.
template <class Real>
ALWAYS_INLINE Real implied_normal_deviation(Real distance, Real value) {
    using math::same;
    // As shares of what both straddle: no power of ten is too large or too small.
    const Real straddle = fma(same<Real>(2.0), value, distance);
    const Real share = distance / straddle;
    const Real rest = value / straddle;
    const Real s = bachelier_deviation(
        TimeValue<Real>{.moneyness = same<Real>(0.0), .spread = share, .value = rest});
    const Real step = normal_step(share, rest, s);
    constexpr double sixth = 0x1.5555555555555p-3;
    const Real growth =  // exp(step) - 1, of a step below a thousandth
        step * fma(step, fma(step, same<Real>(sixth), same<Real>(0.5)), same<Real>(1.0));
    return straddle * fma(s, growth, s);
}

}  // namespace miletus::pricing
