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
// Above, N is one or zero, and powers of d would grow too large.
constexpr double d_reach = 1e12;

template <class Real>
struct Moneyness {
    Real root;               // of T
    Real deviation;          // s
    Real inverse_deviation;  // 1 / s
    Real inverse_asset;
    Real centre;  // ln(F / K) / s
    Real half;    // s / 2
    Real d1;
    Real d1_rest;
    Real d2;
};

// The root of T, the standard deviation, what rounding took from it, and its inverse.
template <class Real>
struct Deviation {
    Real root;
    Real s;
    Real rest;
    Real inverse;
};

// The sum of two logarithms, nothing lost: where they nearly cancel, the low parts count.
template <class Real>
ALWAYS_INLINE math::Logarithm<Real> plus(math::Logarithm<Real> a, math::Logarithm<Real> b) {
    const Real sum = a.high + b.high;
    const Real of_b = sum - a.high;
    const Real rest = (a.high - (sum - of_b)) + (b.high - of_b) + (a.low + b.low);
    const Real high = sum + rest;
    return {high, (sum - high) + rest};
}

// From ln(F / K).
template <class Real>
ALWAYS_INLINE Moneyness<Real> moneyness_of(math::Logarithm<Real> log,
                                           const Deviation<Real>& deviation, Real inverse_asset) {
    using math::same;
    const Real centre = log.high * deviation.inverse;
    const Real left = fnma(centre, deviation.s, log.high) + fnma(centre, deviation.rest, log.low);
    const Real centre_rest = left * deviation.inverse;
    const Real half = same<Real>(0.5) * deviation.s;
    const Real d1 = centre + half;
    const Real of_half = d1 - centre;
    const Real d1_rest = (centre - (d1 - of_half)) + (half - of_half) +
                         fma(same<Real>(0.5), deviation.rest, centre_rest);
    return {.root = deviation.root,
            .deviation = deviation.s,
            .inverse_deviation = deviation.inverse,
            .inverse_asset = inverse_asset,
            .centre = centre,
            .half = half,
            .d1 = d1,
            .d1_rest = d1_rest,
            .d2 = centre - half};
}

template <bool is_forward, class Real>
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
    math::Logarithm<Real> log = math::log_rounded(ratio, ratio_rest);
    if constexpr (!is_forward) {
        log = plus(log, {terms.carry, same<Real>(0.0)});
    }
    return moneyness_of(log, {root, s, s_rest, inverse_s}, inverse_asset);
}

// n(d1), zero where it is too small to matter.
template <class Real>
ALWAYS_INLINE Real density_of(const Moneyness<Real>& at) {
    using math::same;
    const Real square = at.d1 * at.d1;
    const Real half_rest = fma(at.d1, at.d1_rest, same<Real>(0.5) * fms(at.d1, at.d1, square));
    const Real bell = math::exp_of_normal<math::Powers::rounded>(same<Real>(-0.5) * square,
                                                                 math::negated(half_rest));
    const auto is_near = square <= same<Real>(math::normal_reach * math::normal_reach);
    return select(is_near, bell * same<Real>(math::inverse_sqrt_two_pi), same<Real>(0.0));
}

// The two N at work: the Mills ratios of |d1| and |d2|, or of the one that is just beyond zero,
// signed. So those of an option far from the money, or of a short one, lie on one side, and what it
// is worth beyond its intrinsic value is their difference; only around the money of a long one do
// they straddle zero.
template <class Real>
struct Tails {
    math::MillsPair<Real> mills;
    math::MaskOf<Real> is_far_first;  // whether d1 is the farther one
    math::MaskOf<Real> straddles;
};

template <class Real>
ALWAYS_INLINE Tails<Real> tails_of(Real centre, Real half) {
    using math::same;
    const Real distance = math::magnitude(centre);
    const Real signed_near = distance - half;
    const auto straddles = signed_near < same<Real>(math::mills_least);
    const Real near = select(straddles, math::negated(signed_near), signed_near);
    return {.mills = math::mills_pair(smaller(near, same<Real>(d_reach)),
                                      smaller(distance + half, same<Real>(d_reach))),
            .is_far_first = same<Real>(0.0) < centre,
            .straddles = straddles};
}

template <class Real>
ALWAYS_INLINE Real intrinsic_of(const Terms<Real>& terms, bool is_forward) {
    const Real difference =
        is_forward ? terms.strike_discount * (terms.asset - terms.strike)
                   : fms(terms.asset, terms.asset_discount, terms.strike * terms.strike_discount);
    return terms.sign * difference;
}

template <bool is_forward, bool has_greeks, class Real>
ALWAYS_INLINE Greeks<Real> black(const Terms<Real>& terms, const Moneyness<Real>& at) {
    using math::same;
    const Real density = density_of(at);
    const Tails<Real> tails = tails_of(at.centre, at.half);
    const Real ratio1 = select(tails.is_far_first, tails.mills.far, tails.mills.near);
    const Real ratio2 = select(tails.is_far_first, tails.mills.near, tails.mills.far);
    const Real asset = terms.asset * terms.asset_discount;
    const Real strike = terms.strike * terms.strike_discount;
    const Real asset_density = asset * density;
    const auto is_call = same<Real>(0.0) < terms.sign;
    const auto is_rest1 = (tails.is_far_first | tails.straddles) ^ !is_call;
    const auto is_rest2 = (tails.is_far_first & !tails.straddles) ^ !is_call;
    const Real tail1 = asset_density * ratio1;
    const Real tail2 = asset_density * ratio2;
    const Real asset_part = select(is_rest1, asset - tail1, tail1);
    const Real strike_part = select(is_rest2, strike - tail2, tail2);
    const Real time_value = asset_density * at.deviation * tails.mills.slope;
    const Real floor = larger(intrinsic_of(terms, is_forward), same<Real>(0.0));
    Greeks<Real> result;
    result.price =
        select(tails.straddles, terms.sign * (asset_part - strike_part), floor + time_value);
    if constexpr (has_greeks) {
        const Real discounted_density = terms.asset_discount * density;
        const Real inverse_root = terms.vol * at.inverse_deviation;
        result.delta = terms.sign * asset_part * at.inverse_asset;
        result.gamma = discounted_density * at.inverse_deviation * at.inverse_asset;
        result.vega = asset_density * at.root;
        const Real decay = asset_density * terms.vol * (same<Real>(-0.5) * inverse_root);
        const Real interest = fms(terms.yield, asset_part, terms.rate * strike_part);
        result.theta = fma(terms.sign, interest, decay);
        result.rho =
            terms.time * (is_forward ? math::negated(result.price) : terms.sign * strike_part);
        const Real inverse_vol = at.inverse_deviation * at.root;
        const Real d2_by_vol = at.d2 * inverse_vol;
        result.vanna = math::negated(discounted_density * d2_by_vol);
        result.volga = result.vega * at.d1 * d2_by_vol;
        const Real drift = (terms.rate - terms.yield) * at.inverse_deviation;
        const Real turn = fms(at.d2, same<Real>(0.5) * inverse_root * inverse_root, drift);
        result.charm = fma(terms.yield, result.delta, discounted_density * turn);
    }
    return result;
}

template <bool is_forward, bool has_greeks, class Real>
ALWAYS_INLINE Greeks<Real> black(const Terms<Real>& terms) {
    return black<is_forward, has_greeks>(terms, moneyness_of<is_forward>(terms));
}

}  // namespace miletus::pricing
