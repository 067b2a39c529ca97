// From random bits to what prices along a path are made of: normal draws, and powers of two. Both
// are polynomials whose terms are looked up, since a path needs one of each at every step; they are
// within 1e-13 and, relatively, 1e-14.
#pragma once

#include "pricing/math/functions.hpp"
#include "pricing/paths/constants.hpp"

#include <cstddef>
#include <cstdint>

namespace miletus::pricing {

// No draw is farther out.
constexpr double normal_draw_max = 8.3;

// A polynomial of the offset in every half octave, its even and odd terms side by side.
template <class L>
ALWAYS_INLINE typename L::Real normal_distance(const NormalTerms& terms, typename L::Word segment,
                                               typename L::Real offset) {
    const auto square = offset * offset;
    std::size_t at = terms.size() - 2;
    auto even = L::look_up(terms[at], segment);
    auto odd = L::look_up(terms[at + 1], segment);
    while (at != 0) {
        at -= 2;
        even = fma(even, square, L::look_up(terms[at], segment));
        odd = fma(odd, square, L::look_up(terms[at + 1], segment));
    }
    return fma(odd, offset, even);
}

// The highest bit is the sign, and the lowest 52, of which the last is taken as set, are the share
// that lies farther out, on both sides together.
template <class L>
ALWAYS_INLINE typename L::Real normal_of(typename L::Word bits) {
    using Real = typename L::Real;
    using Word = typename L::Word;
    using math::same;
    const Word fraction =
        (bits & L::word(0x000F'FFFF'FFFF'FFFFU)) | L::word(0x3FF0'0000'0000'0001U);
    const Real share = L::real(fraction) - same<Real>(1.0);
    const Word segment = bits_of(share) >> 51;
    const Real middle = L::real((bits_of(share) & L::word(0xFFF8'0000'0000'0000U)) |
                                L::word(0x0004'0000'0000'0000U));
    const Real offset = share - middle;
    Real distance = normal_distance<L>(near_normal_terms, segment, offset);
    const auto is_far = share < same<Real>(0x1p-8);
    if (any(is_far)) {
        distance = select(is_far, normal_distance<L>(far_normal_terms, segment, offset), distance);
        const auto is_farther = share < same<Real>(0x1p-16);
        if (any(is_farther)) {
            const Real quantile = math::normal_quantile(same<Real>(0.5) * share);
            distance = select(is_farther, math::negated(quantile), distance);
        }
    }
    return L::real(bits_of(distance) ^ (bits & L::word(math::sign_bit)));
}

// Two factors of 2^(x / 16).
template <class Real>
struct Growth {
    Real power;
    Real rest;
};

// Of |x| <= 16000, so that the power is a normal number.
template <class Real>
ALWAYS_INLINE Growth<Real> growth_factors(Real x) {
    using L = typename Real::Lanes;
    using math::same;
    constexpr double to_integer = 0x1.8p52;
    const Real shifted = x + same<Real>(to_integer);
    const Real fraction = x - (shifted - same<Real>(to_integer));
    const typename L::Word sixteenths = bits_of(shifted);
    const Real power = L::look_up(growth_powers, sixteenths);
    return {L::real(bits_of(power) + (sixteenths << 48)), math::polynomial(growth_terms, fraction)};
}

template <class Real>
ALWAYS_INLINE Real growth(Real x) {
    const Growth<Real> factors = growth_factors(x);
    return factors.power * factors.rest;
}

}  // namespace miletus::pricing
