// One row of European options: prices and Greeks of Black's formula, in the form
//     price = w (S N(w d1) - K N(w d2)),    d1,2 = ln(F / K) / s +- s / 2,    s = vol sqrt(T)
// with S and K discounted. Both N share one bell, since S n(d1) = K n(d2), and one division of two
// Mills ratios. d1 is carried with what rounding took from it: far out, its error is multiplied by
// d1 squared. Where s is small the difference of two nearly equal terms would lose digits, and a
// series in s / 2 around ln(F / K) / s is taken in its place.
#pragma once

#include "pricing/math/functions.hpp"
#include "pricing/vanilla/status.hpp"

#include <array>

namespace miletus::pricing {

template <class Real>
struct Terms {
    Real asset;  // S or F, not discounted
    Real strike;
    Real time;
    Real vol;
    Real rate;   // of discounting
    Real yield;  // of the asset; equal to the rate for a forward
    Real asset_discount;
    Real strike_discount;
    Real carry;  // (rate - yield) time: ln of the forward over the asset
    Real sign;   // 1 for a call, -1 for a put
};

template <class Real>
struct Greeks {
    Real price;
    Real delta;
    Real gamma;
    Real vega;
    Real theta;  // a year
    Real rho;
    Real vanna;
    Real volga;
    Real charm;
};

// Below, a price and its intrinsic value have the same digits.
constexpr double least_deviation = 0x1p-60;
// Below, the series is exact.
constexpr double small_deviation = 0.24;
// Above, N is one or zero.
constexpr double d_reach = 40.0;

template <class Real>
struct Moneyness {
    Real deviation;          // s
    Real inverse_deviation;  // 1 / s
    Real inverse_asset;
    Real centre;  // ln(F / K) / s
    Real d1;
    Real d1_rest;
    Real d2;
};

template <class Real>
ALWAYS_INLINE Moneyness<Real> moneyness_of(const Terms<Real>& terms) {
    using math::same;
    const Real root = sqrt(terms.time);
    const Real s = terms.vol * root;
    const Real asset_s = terms.asset * s;
    const Real inverse = same<Real>(1.0) / (terms.strike * asset_s);
    const Real inverse_strike = inverse * asset_s;
    const Real inverse_s = inverse * (terms.strike * terms.asset);
    const Real inverse_asset = inverse * (terms.strike * s);
    // What rounding took from s: of the root, and of the product.
    const Real root_rest = same<Real>(0.5) * fnma(root, root, terms.time) * (terms.vol * inverse_s);
    const Real s_rest = fma(terms.vol, root_rest, fms(terms.vol, root, s));
    const Real ratio = terms.asset * inverse_strike;
    const Real ratio_rest = fnma(ratio, terms.strike, terms.asset) * inverse_asset;
    const math::Logarithm<Real> parts = math::log_rounded(ratio, ratio_rest);
    const Real log = parts.high + terms.carry;
    const Real log_of_carry = log - parts.high;
    const Real log_rest =
        (parts.high - (log - log_of_carry)) + (terms.carry - log_of_carry) + parts.low;
    const Real centre = log * inverse_s;
    const Real left = fnma(centre, s, log) + fnma(centre, s_rest, log_rest);
    const Real centre_rest = left * inverse_s;
    const Real half = same<Real>(0.5) * s;
    const Real d1 = centre + half;
    const Real of_half = d1 - centre;
    const Real d1_rest =
        (centre - (d1 - of_half)) + (half - of_half) + fma(same<Real>(0.5), s_rest, centre_rest);
    return {s, inverse_s, inverse_asset, centre, d1, d1_rest, centre - half};
}

// n(d1), zero where it is too small to matter.
template <class Real>
ALWAYS_INLINE Real density_of(const Moneyness<Real>& at) {
    using math::same;
    const auto is_near = math::magnitude(at.d1) <= same<Real>(math::normal_reach);
    const Real d = select(is_near, at.d1, same<Real>(0.0));
    const Real rest = select(is_near, at.d1_rest, same<Real>(0.0));
    const Real square = d * d;
    const Real square_rest = fma(same<Real>(2.0) * d, rest, fms(d, d, square));
    const Real bell = math::exp_within(same<Real>(-0.5) * square, same<Real>(-0.5) * square_rest);
    return select(is_near, bell * same<Real>(math::inverse_sqrt_two_pi), same<Real>(0.0));
}

template <class Real>
ALWAYS_INLINE Real within_reach(Real d) {
    return math::smaller(math::magnitude(d), math::same<Real>(d_reach));
}

// (Y(h + t) - Y(h - t)) / (2 t) of Y = N / n, h = -distance and a small t: the odd terms of
// Taylor's series, with Y' = 1 + h Y and Y(n + 1) = h Y(n) + n Y(n - 1).
template <class Real>
ALWAYS_INLINE Real slope_of_tails(Real distance, Real t) {
    using math::same;
    const math::Ratio<Real> mills = math::mills_fraction(distance);
    const Real h = math::negated(distance);
    Real before = mills.above / mills.below;
    Real now = fma(h, before, same<Real>(1.0));
    const Real square = t * t;
    Real power = same<Real>(1.0);
    Real sum = now;
    // 1 / 3!, 1 / 5!, …
    constexpr std::array factors{0x1.5555555555555p-3, 0x1.1111111111111p-7, 0x1.a01a01a01a01ap-13,
                                 0x1.71de3a556c734p-19, 0x1.ae64567f544e4p-26};
    double order = 1.0;
    for (const double factor : factors) {
        const Real even = fma(h, now, same<Real>(order) * before);
        const Real odd = fma(h, even, same<Real>(order + 1.0) * now);
        order += 2.0;
        before = even;
        now = odd;
        power = power * square;
        sum = fma(same<Real>(factor) * now, power, sum);
    }
    return sum;
}

// What an option that is not in the money is worth, by the series.
template <class Real>
ALWAYS_INLINE Real small_price(const Moneyness<Real>& at, Real asset_density, Real intrinsic) {
    const Real half =
        math::same<Real>(0.5) * math::smaller(at.deviation, math::same<Real>(small_deviation));
    const Real slope = slope_of_tails(within_reach(at.centre), half);
    const Real time_value = asset_density * at.deviation * slope;
    return math::larger(intrinsic, math::same<Real>(0.0)) + time_value;
}

template <class Real>
ALWAYS_INLINE Real intrinsic_of(const Terms<Real>& terms, bool is_forward) {
    const Real difference =
        is_forward ? terms.strike_discount * (terms.asset - terms.strike)
                   : fms(terms.asset, terms.asset_discount, terms.strike * terms.strike_discount);
    return terms.sign * difference;
}

template <bool is_forward, bool has_greeks, class Real>
ALWAYS_INLINE Greeks<Real> black(const Terms<Real>& terms) {
    using math::same;
    const Moneyness<Real> at = moneyness_of(terms);
    const Real density = density_of(at);
    const math::Ratio<Real> mills1 = math::mills_fraction(within_reach(at.d1));
    const math::Ratio<Real> mills2 = math::mills_fraction(within_reach(at.d2));
    const Real inverse = same<Real>(1.0) / (mills1.below * mills2.below);
    const Real ratio1 = mills1.above * mills2.below * inverse;
    const Real ratio2 = mills2.above * mills1.below * inverse;
    const Real asset = terms.asset * terms.asset_discount;
    const Real strike = terms.strike * terms.strike_discount;
    const Real asset_density = asset * density;
    const auto is_above1 = same<Real>(0.0) < terms.sign * at.d1;
    const auto is_above2 = same<Real>(0.0) < terms.sign * at.d2;
    const Real tail1 = asset_density * ratio1;
    const Real tail2 = asset_density * ratio2;
    const Real asset_part = select(is_above1, asset - tail1, tail1);
    const Real strike_part = select(is_above2, strike - tail2, tail2);
    Greeks<Real> result;
    result.price = terms.sign * (asset_part - strike_part);
    const auto is_small = at.deviation < same<Real>(small_deviation);
    if (any(is_small)) {
        const Real small = small_price(at, asset_density, intrinsic_of(terms, is_forward));
        result.price = select(is_small, small, result.price);
    }
    if constexpr (has_greeks) {
        const Real discounted_density = terms.asset_discount * density;
        const Real tail = discounted_density * ratio1;
        const Real share = select(is_above1, terms.asset_discount - tail, tail);
        const Real root = sqrt(terms.time);
        const Real inverse_root = terms.vol * at.inverse_deviation;
        result.delta = terms.sign * share;
        result.gamma = discounted_density * at.inverse_deviation * at.inverse_asset;
        result.vega = asset_density * root;
        const Real decay = asset_density * terms.vol * (same<Real>(-0.5) * inverse_root);
        const Real interest = fms(terms.yield, asset_part, terms.rate * strike_part);
        result.theta = fma(terms.sign, interest, decay);
        result.rho =
            terms.time * (is_forward ? math::negated(result.price) : terms.sign * strike_part);
        const Real inverse_vol = at.inverse_deviation * root;
        const Real d2_by_vol = at.d2 * inverse_vol;
        result.vanna = math::negated(discounted_density * d2_by_vol);
        result.volga = result.vega * at.d1 * d2_by_vol;
        const Real drift = (terms.rate - terms.yield) * at.inverse_deviation;
        const Real turn = fms(at.d2, same<Real>(0.5) * inverse_root * inverse_root, drift);
        result.charm = fma(terms.yield, result.delta, discounted_density * turn);
    }
    return result;
}

}  // namespace miletus::pricing
