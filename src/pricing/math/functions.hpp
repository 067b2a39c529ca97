// The functions that prices are made of, for every kind of lanes. They consist of + - * / sqrt, fma
// and choices between lanes, in one fixed order, so that every machine, compiler and width of
// vector comes to the same bits. A branch over any() only ever skips what would change no lane.
#pragma once

#include "base/annotations.hpp"
#include "pricing/math/constants.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace miletus::math {

constexpr std::uint64_t sign_bit = 0x8000'0000'0000'0000U;
constexpr double infinity = std::numeric_limits<double>::infinity();
// The one that results carry: others would show which way they came.
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class Real>
using LanesOf = typename Real::Lanes;
template <class Real>
using MaskOf = typename LanesOf<Real>::Mask;

// ---- Signs and choices ----

template <class Real>
ALWAYS_INLINE Real same(double value) {
    return LanesOf<Real>::real(value);
}

template <class Real>
ALWAYS_INLINE Real negated(Real x) {
    using L = LanesOf<Real>;
    return L::real(bits_of(x) ^ L::word(sign_bit));
}

template <class Real>
ALWAYS_INLINE Real magnitude(Real x) {
    using L = LanesOf<Real>;
    return L::real(bits_of(x) & L::word(~sign_bit));
}

template <class Real>
ALWAYS_INLINE Real with_sign_of(Real x, Real sign) {
    using L = LanesOf<Real>;
    return L::real(bits_of(magnitude(x)) | (bits_of(sign) & L::word(sign_bit)));
}

// ---- Polynomials ----

// Highest term first: c[n - 1] x^(n - 1) + … + c[0].
template <class Real, std::size_t count>
ALWAYS_INLINE Real polynomial(const std::array<double, count>& c, Real x) {
    Real sum = same<Real>(c[count - 1]);
    for (std::size_t at = count - 1; at != 0; --at) {
        sum = fma(sum, x, same<Real>(c[at - 1]));
    }
    return sum;
}

// ---- exp and log ----

// exp(x + rest) of an x in [-708, 709], where the result is a normal number. What rounding took
// from the table's powers may be left out: the error is then a unit of the last place, not half of
// one.
enum class Powers : std::uint8_t { exact, rounded };

template <Powers powers = Powers::exact, class Real>
ALWAYS_INLINE Real exp_of_normal(Real x, Real rest) {
    using L = LanesOf<Real>;
    constexpr double to_integer = 0x1.8p52;
    const Real shifted = fma(x, same<Real>(sixteen_over_ln2), same<Real>(to_integer));
    const typename L::Word sixteenths = bits_of(shifted);
    const Real n = shifted - same<Real>(to_integer);
    Real r = fnma(n, same<Real>(ln2_sixteenth), x);
    r = fnma(n, same<Real>(ln2_sixteenth_rest), r) + rest;
    const Real square = r * r;
    const Real upper = fma(same<Real>(exp_terms[4]), r, same<Real>(exp_terms[3]));
    const Real lower = fma(same<Real>(exp_terms[2]), r, same<Real>(exp_terms[1]));
    const Real terms = fma(fma(upper, square, lower), r, same<Real>(exp_terms[0]));
    Real first = r;
    if constexpr (powers == Powers::exact) {
        first = r + L::look_up(exp_powers_rest, sixteenths);
    }
    const Real less_one = fma(terms, square, first);
    const Real power = L::look_up(exp_powers, sixteenths);
    const Real result = fma(power, less_one, power);
    const typename L::Word exponent = (sixteenths - (sixteenths & L::word(15))) << 48;
    return L::real(bits_of(result) + exponent);
}

// The same, x held to that range.
template <class Real>
ALWAYS_INLINE Real exp_within(Real x, Real rest) {
    return exp_of_normal(larger(smaller(x, same<Real>(709.0)), same<Real>(-708.0)), rest);
}

// Results below the least normal number are zero.
template <class Real>
ALWAYS_INLINE Real exp(Real x) {
    Real result = exp_within(x, same<Real>(0.0));
    result = select(x < same<Real>(-708.0), same<Real>(0.0), result);
    result = select(same<Real>(709.0) < x, same<Real>(infinity), result);
    return select(x == x, result, same<Real>(not_a_number));
}

// A logarithm in two parts, the second much smaller than the first.
template <class Real>
struct Logarithm {
    Real high;
    Real low;
};

// log(x (1 + e)) of a normal x > 0 and a tiny e; the low part may still change the high one.
template <class Real>
ALWAYS_INLINE Logarithm<Real> log_parts(Real x, Real e) {
    using L = LanesOf<Real>;
    using Word = typename L::Word;
    const Word bits = bits_of(x);
    const Word from_offset = bits - L::word(log_offset);
    const Word stretch = from_offset >> 48;
    const Word exponent = from_offset & L::word(0xFFF0'0000'0000'0000U);
    const Real z = L::real(bits - exponent);
    // The exponent as a number: 1024 more than it, in the low bits of 2^52.
    const Word counted = (exponent + L::word(0x4000'0000'0000'0000U)) >> 52;
    const Real k = L::real(counted | L::word(0x4330'0000'0000'0000U)) - same<Real>(0x1p52 + 1024.0);
    const Real r = fma(z, L::look_up(log_inverses, stretch), same<Real>(-1.0));
    const Real whole = fma(k, same<Real>(ln2_high), L::look_up(log_high, stretch));
    const Real high = whole + r;
    const Real lost = (whole - high) + r;
    const Real small = fma(k, same<Real>(ln2_low), L::look_up(log_low, stretch) + e);
    const Real square = r * r;
    const Real fourth = square * square;
    const Real a = fma(same<Real>(log_terms[8]), r, same<Real>(log_terms[7]));
    const Real b = fma(same<Real>(log_terms[6]), r, same<Real>(log_terms[5]));
    const Real c = fma(same<Real>(log_terms[4]), r, same<Real>(log_terms[3]));
    const Real d = fma(same<Real>(log_terms[2]), r, same<Real>(log_terms[1]));
    Real terms = fma(fma(a, square, b), fourth, fma(c, square, d));
    terms = fma(terms, r, same<Real>(log_terms[0]));
    terms = fma(terms, r, same<Real>(-0.5));
    return {high, fma(terms, square, lost + small)};
}

// The same, the high part rounded and the low one what rounding took from it.
template <class Real>
ALWAYS_INLINE Logarithm<Real> log_rounded(Real x, Real e) {
    const Logarithm<Real> parts = log_parts(x, e);
    const Real sum = parts.high + parts.low;
    return {sum, (parts.high - sum) + parts.low};
}

// Of a normal x > 0.
template <class Real>
ALWAYS_INLINE Real log_within(Real x) {
    const Logarithm<Real> parts = log_parts(x, same<Real>(0.0));
    return parts.high + parts.low;
}

template <class Real>
ALWAYS_INLINE Real log(Real x) {
    constexpr double least_normal = 0x1p-1022;
    const MaskOf<Real> is_subnormal = x < same<Real>(least_normal);
    const Real scaled = select(is_subnormal, x * same<Real>(0x1p54), x);
    const Logarithm<Real> parts = log_parts(scaled, same<Real>(0.0));
    constexpr double ln2_54_high = 54.0 * ln2_high;  // without rounding: it ends in zeros
    const Real scale = select(is_subnormal, same<Real>(ln2_54_high), same<Real>(0.0));
    const Real scale_low = select(is_subnormal, same<Real>(54.0 * ln2_low), same<Real>(0.0));
    Real result = (parts.high - scale) + (parts.low - scale_low);
    result = select(x == same<Real>(0.0), same<Real>(-infinity), result);
    result = select(x == same<Real>(infinity), same<Real>(infinity), result);
    return select(same<Real>(0.0) <= x, result, same<Real>(not_a_number));
}

// x^y of x >= 0. Its error is that of a logarithm of 60 bits, times y.
template <class Real>
ALWAYS_INLINE Real pow(Real x, Real y) {
    const MaskOf<Real> is_inside = (same<Real>(0x1p-1022) <= x) & (x < same<Real>(infinity));
    const Real base = select(is_inside, x, same<Real>(1.0));
    const Logarithm<Real> parts = log_rounded(base, same<Real>(0.0));
    const Real product = y * parts.high;
    const Real rest = fma(y, parts.low, fms(y, parts.high, product));
    Real result = exp_within(product, rest);
    result = select(product < same<Real>(-708.0), same<Real>(0.0), result);
    result = select(same<Real>(709.0) < product, same<Real>(infinity), result);
    const MaskOf<Real> is_zero = (x < same<Real>(0x1p-1022)) & (same<Real>(0.0) <= x);
    const Real of_zero = select(y < same<Real>(0.0), same<Real>(infinity), same<Real>(0.0));
    const Real of_infinity = select(y < same<Real>(0.0), same<Real>(0.0), same<Real>(infinity));
    result = select(is_zero, of_zero, result);
    result = select(x == same<Real>(infinity), of_infinity, result);
    result = select((same<Real>(0.0) <= x) & (y == y), result, same<Real>(not_a_number));
    return select((y == same<Real>(0.0)) & (same<Real>(0.0) <= x), same<Real>(1.0), result);
}

// ---- sin and cos ----

template <class Real>
struct SineAndCosine {
    Real sine;
    Real cosine;
};

// Of |x| <= 2^30; beyond, not a number.
template <class Real>
ALWAYS_INLINE SineAndCosine<Real> sin_and_cos(Real x) {
    using L = LanesOf<Real>;
    using Word = typename L::Word;
    constexpr double to_integer = 0x1.8p52;
    const MaskOf<Real> is_inside = magnitude(x) <= same<Real>(0x1p30);
    const Real inside = select(is_inside, x, same<Real>(0.0));
    const Real shifted = fma(inside, same<Real>(two_over_pi), same<Real>(to_integer));
    const Word quarter = bits_of(shifted);
    const Real n = shifted - same<Real>(to_integer);
    Real r = fnma(n, same<Real>(quarter_turn[0]), inside);
    r = fnma(n, same<Real>(quarter_turn[1]), r);
    r = fnma(n, same<Real>(quarter_turn[2]), r);
    r = fnma(n, same<Real>(quarter_turn[3]), r);
    const Real square = r * r;
    const Real sine = fma(polynomial(sine_terms, square), square * r, r);
    const Real cosine = fma(polynomial(cosine_terms, square), square * square,
                            fma(same<Real>(-0.5), square, same<Real>(1.0)));
    const MaskOf<Real> swaps = L::real((quarter & L::word(1)) << 62) == same<Real>(2.0);
    const Word sine_sign = (quarter & L::word(2)) << 62;
    const Word cosine_sign = ((quarter + L::word(1)) & L::word(2)) << 62;
    const Real first = L::real(bits_of(select(swaps, cosine, sine)) ^ sine_sign);
    const Real second = L::real(bits_of(select(swaps, sine, cosine)) ^ cosine_sign);
    return {select(is_inside, first, same<Real>(not_a_number)),
            select(is_inside, second, same<Real>(not_a_number))};
}

// ---- The normal distribution ----

// Beyond, the density is below the least normal number, and zero.
constexpr double normal_reach = 37.6;

// exp(-x^2 / 2), with the square's lower half.
template <class Real>
ALWAYS_INLINE Real bell(Real x) {
    const Real square = x * x;
    const Real rest = fms(x, x, square);
    return exp_within(same<Real>(-0.5) * square, same<Real>(-0.5) * rest);
}

template <class Real>
ALWAYS_INLINE Real normal_density(Real x) {
    const Real result = bell(x) * same<Real>(inverse_sqrt_two_pi);
    const Real flushed = select(magnitude(x) <= same<Real>(normal_reach), result, same<Real>(0.0));
    return select(x == x, flushed, same<Real>(not_a_number));
}

template <class Real>
struct Ratio {
    Real above;
    Real below;
};

// Mills ratio (1 - N(x)) / n(x) of x in [0, 40], still a fraction: divisions can be shared.
template <class Real>
ALWAYS_INLINE Ratio<Real> mills_fraction(Real x) {
    const Real square = x * x;
    Real even = same<Real>(mills_above[10]);
    Real odd = same<Real>(mills_above[9]);
    for (std::size_t at = 8; at >= 2; at -= 2) {
        even = fma(even, square, same<Real>(mills_above[at]));
        odd = fma(odd, square, same<Real>(mills_above[at - 1]));
    }
    even = fma(even, square, same<Real>(mills_above[0]));
    const Real above = fma(odd, x, even);
    even = same<Real>(mills_below[10]);
    odd = same<Real>(mills_below[11]);
    for (std::size_t at = 10; at >= 2; at -= 2) {
        even = fma(even, square, same<Real>(mills_below[at - 2]));
        odd = fma(odd, square, same<Real>(mills_below[at - 1]));
    }
    return {above, fma(odd, x, even)};
}

// The fraction holds down to here, too.
constexpr double mills_least = -0.25;

// Mills ratios R at two distances, and by how much they differ: (R(near) - R(far)) / (far - near).
template <class Real>
struct MillsPair {
    Real near;
    Real far;
    Real slope;
};

// Of -1/4 <= near <= far. What a polynomial gains between two places is carried along while it is
// evaluated, so that no digits are lost where they lie close together: with P and Q above and
// below, and their gains dP and dQ by the width, the slope is (P dQ - Q dP) / (Q(near) Q(far)).
template <class Real>
ALWAYS_INLINE MillsPair<Real> mills_pair(Real near, Real far) {
    Real above = same<Real>(mills_above[10]);
    Real above_gain = above;
    Real below = same<Real>(mills_below[11]);
    Real below_gain = below;
    below = fma(below, near, same<Real>(mills_below[10]));
    for (std::size_t at = 10; at >= 2; --at) {
        below_gain = fma(below_gain, far, below);
        below = fma(below, near, same<Real>(mills_below[at - 1]));
        above = fma(above, near, same<Real>(mills_above[at - 1]));
        above_gain = fma(above_gain, far, above);
    }
    below_gain = fma(below_gain, far, below);
    below = fma(below, near, same<Real>(mills_below[0]));
    above = fma(above, near, same<Real>(mills_above[0]));
    const Real width = far - near;
    const Real above_far = fma(above_gain, width, above);
    const Real below_far = fma(below_gain, width, below);
    const Real inverse = same<Real>(1.0) / (below * below_far);
    return {.near = above * below_far * inverse,
            .far = above_far * below * inverse,
            .slope = fms(above, below_gain, above_gain * below) * inverse};
}

// The same for a product with the bell exp(-x^2 / 2), which hides what it is less exact by.
template <class Real>
ALWAYS_INLINE Ratio<Real> mills_fraction_by_bell(Real x) {
    const Real square = x * x;
    Real even = same<Real>(mills_by_bell_above[6]);
    Real odd = same<Real>(mills_by_bell_above[5]);
    even = fma(even, square, same<Real>(mills_by_bell_above[4]));
    odd = fma(odd, square, same<Real>(mills_by_bell_above[3]));
    even = fma(even, square, same<Real>(mills_by_bell_above[2]));
    odd = fma(odd, square, same<Real>(mills_by_bell_above[1]));
    even = fma(even, square, same<Real>(mills_by_bell_above[0]));
    const Real above = fma(odd, x, even);
    even = same<Real>(mills_by_bell_below[6]);
    odd = same<Real>(mills_by_bell_below[7]);
    for (std::size_t at = 6; at >= 2; at -= 2) {
        even = fma(even, square, same<Real>(mills_by_bell_below[at - 2]));
        odd = fma(odd, square, same<Real>(mills_by_bell_below[at - 1]));
    }
    return {above, fma(odd, x, even)};
}

// 1 - x R(x) of Mills ratio R and an x in [0, 40], still a fraction: by how much a normal number
// exceeds x, on average, over n(x).
template <class Real>
ALWAYS_INLINE Ratio<Real> excess_fraction(Real x) {
    const Real square = x * x;
    Real even = same<Real>(excess_above[8]);
    Real odd = same<Real>(excess_above[9]);
    for (std::size_t at = 8; at >= 2; at -= 2) {
        even = fma(even, square, same<Real>(excess_above[at - 2]));
        odd = fma(odd, square, same<Real>(excess_above[at - 1]));
    }
    const Real above = fma(odd, x, even);
    even = same<Real>(excess_below[10]);
    odd = same<Real>(excess_below[11]);
    for (std::size_t at = 10; at >= 2; at -= 2) {
        even = fma(even, square, same<Real>(excess_below[at - 2]));
        odd = fma(odd, square, same<Real>(excess_below[at - 1]));
    }
    return {above, fma(odd, x, even)};
}

// Of any x: on the left it grows as 1 / n(x) does.
template <class Real>
ALWAYS_INLINE Real mills_ratio(Real x) {
    const Real distance = smaller(magnitude(x), same<Real>(40.0));
    const Ratio<Real> fraction = mills_fraction(distance);
    Real result = fraction.above / fraction.below;
    // Beyond 40 by its expansion.
    const Real inverse = same<Real>(1.0) / larger(magnitude(x), same<Real>(40.0));
    const Real s = inverse * inverse;
    constexpr std::array expansion{1.0, -1.0, 3.0, -15.0, 105.0, -945.0, 10395.0};
    const Real series = polynomial(expansion, s);
    result = select(same<Real>(40.0) < magnitude(x), inverse * series, result);
    const Real square = x * x;
    const Real growth = exp_within(same<Real>(0.5) * square, same<Real>(0.5) * fms(x, x, square));
    const Real on_the_left = fma(same<Real>(sqrt_two_pi), growth, negated(result));
    result = select(x < same<Real>(0.0), on_the_left, result);
    result = select(x < same<Real>(-37.6), same<Real>(infinity), result);
    return select(x == x, result, same<Real>(not_a_number));
}

template <class Real>
ALWAYS_INLINE Real normal_distribution(Real x) {
    const Real distance = smaller(magnitude(x), same<Real>(40.0));
    const Ratio<Real> fraction = mills_fraction(distance);
    const Real tail = normal_density(x) * (fraction.above / fraction.below);
    const Real result = select(same<Real>(0.0) < x, same<Real>(1.0) - tail, tail);
    return select(x == x, result, same<Real>(not_a_number));
}

// The x below which a share p lies.
template <class Real>
ALWAYS_INLINE Real normal_quantile(Real p) {
    const Real q = p - same<Real>(0.5);
    const MaskOf<Real> is_central = magnitude(q) <= same<Real>(0.425);
    const Real r = fnma(q, q, same<Real>(0.180625));
    Real result =
        q * (polynomial(quantile_central_above, r) / polynomial(quantile_central_below, r));
    if (any(!is_central)) {
        const Real tail = smaller(p, same<Real>(1.0) - p);
        const Real s = sqrt(negated(log(tail)));
        const Real near = s - same<Real>(1.6);
        const Real far = s - same<Real>(5.0);
        const Real of_near =
            polynomial(quantile_near_above, near) / polynomial(quantile_near_below, near);
        const Real of_far =
            polynomial(quantile_far_above, far) / polynomial(quantile_far_below, far);
        const Real distance = select(s < same<Real>(5.0), of_near, of_far);
        result = select(is_central, result, with_sign_of(distance, q));
    }
    result = select(p == same<Real>(0.0), same<Real>(-infinity), result);
    result = select(p == same<Real>(1.0), same<Real>(infinity), result);
    const MaskOf<Real> is_share = (same<Real>(0.0) <= p) & (p <= same<Real>(1.0));
    return select(is_share, result, same<Real>(not_a_number));
}

}  // namespace miletus::math
