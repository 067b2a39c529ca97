// The standard deviation that a price implies under Black's formula, of an option out of the money:
// F and K only matter by x = -|ln(F / K)|, the price by b = price / sqrt(F K), with
//     b(s) = n(h) exp(-t^2 / 2) (Y(h + t) - Y(h - t)),    h = x / s,  t = s / 2,  Y = N / n.
// Bachelier's formula gives the start. Each step is one of Householder's, of the third order, on
// ln b: mostly one or two are enough, and a lane that has arrived stays where it is.
#pragma once

#include "pricing/vanilla/black.hpp"

namespace miletus::pricing {

// Of an option out of the money.
template <class Real>
struct TimeValue {
    Real moneyness;  // x <= 0
    Real spread;     // |F - K| / sqrt(F K)
    Real value;      // b > 0
};

// Where prices add up instead of multiplying.
template <class Real>
ALWAYS_INLINE Real bachelier_deviation(const TimeValue<Real>& option) {
    using math::same;
    constexpr double sqrt_half_pi = 0x1.40d931ff62706p+0;
    const Real straddle = fma(same<Real>(2.0), option.value, option.spread);
    const Real ratio = option.spread / straddle;
    const Real growth = math::log_within(same<Real>(1.0) + option.spread / option.value);
    const auto is_at_the_money = option.spread < same<Real>(1e-5) * option.value;
    // 2 v / ln((1 + v) / (1 - v)), one where v is nothing.
    const Real eta = select(is_at_the_money, same<Real>(1.0), (ratio + ratio) / growth);
    const Real fraction =
        math::polynomial(math::bachelier_above, eta) / math::polynomial(math::bachelier_below, eta);
    return same<Real>(sqrt_half_pi) * straddle * sqrt(eta) * fraction;
}

// Black's, from Bachelier's: exact at the money up to s^6.
template <class Real>
ALWAYS_INLINE Real first_guess(const TimeValue<Real>& option) {
    using math::same;
    constexpr double first = 0x1.5555555555555p-5;   // 1 / 24
    constexpr double second = 0x1.dddddddddddddp-9;  // 7 / 1920
    const Real x = math::negated(option.moneyness);
    const Real stretch = select(x < same<Real>(1e-4), same<Real>(1.0), x / option.spread);
    const Real s = bachelier_deviation(option) * stretch;
    const Real square = s * s;
    const Real more =
        fma(fma(square, same<Real>(second), same<Real>(first)), square, same<Real>(1.0));
    return larger(smaller(s * more, same<Real>(12.0)), same<Real>(0x1p-62));
}

// Y(h + t) - Y(h - t), h <= 0.
template <class Real>
ALWAYS_INLINE Real difference_of_tails(Real h, Real t) {
    using math::same;
    const Tails<Real> tails = tails_of(h, t);
    Real difference = (t + t) * tails.mills.slope;
    if (any(tails.straddles)) {
        const Real upper = h + t;
        const Real square = upper * upper;
        const Real growth =
            math::exp_within(same<Real>(0.5) * square, same<Real>(0.5) * fms(upper, upper, square));
        const Real both = tails.mills.near + tails.mills.far;
        difference =
            select(tails.straddles, fms(same<Real>(math::sqrt_two_pi), growth, both), difference);
    }
    return difference;
}

// By how much to go on, where ln b should be `target`.
template <class Real>
ALWAYS_INLINE Real householder_step(Real x, Real s, Real target) {
    using math::same;
    const Real inverse_s = same<Real>(1.0) / s;
    const Real h = x * inverse_s;
    const Real t = same<Real>(0.5) * s;
    const Real difference = difference_of_tails(h, t);
    const Real h_square = h * h;
    const Real bell = fma(same<Real>(0.5) * t, t, same<Real>(0.5) * h_square);
    const Real log = math::log_within(difference * same<Real>(math::inverse_sqrt_two_pi)) - bell;
    // In units of b / b', which the difference is.
    const Real newton = (target - log) * difference;
    const Real inverse = same<Real>(1.0) / difference;
    const Real second = fma(h_square, inverse_s, same<Real>(-0.25) * s);  // b'' / b'
    const Real h_by_s = h * inverse_s;
    const Real third =  // b''' / b'
        fma(second, second, fma(same<Real>(-3.0), h_by_s * h_by_s, same<Real>(-0.25)));
    const Real halley = second - inverse;
    const Real beyond =
        fma(inverse, fma(same<Real>(2.0), inverse, same<Real>(-3.0) * second), third);
    constexpr double sixth = 0x1.5555555555555p-3;
    const Real above = fma(same<Real>(0.5) * halley, newton, same<Real>(1.0));
    const Real below =
        fma(newton, fma(same<Real>(sixth) * beyond, newton, halley), same<Real>(1.0));
    const Real step = newton * (above / below);
    return smaller(larger(step, same<Real>(-0.5) * s), s);
}

template <class Real>
ALWAYS_INLINE Real implied_deviation(const TimeValue<Real>& option) {
    using math::same;
    constexpr int steps_max = 8;
    constexpr double arrived = 1e-4;  // the error falls to its fourth power
    const Real target = math::log(option.value);
    Real s = first_guess(option);
    auto is_under_way = same<Real>(0.0) < option.value;
    for (int count = 0; count < steps_max && any(is_under_way); ++count) {
        const Real step = householder_step(option.moneyness, s, target);
        s = select(is_under_way, s + step, s);
        is_under_way = is_under_way & (same<Real>(arrived) * s < math::magnitude(step));
    }
    return s;
}

}  // namespace miletus::pricing
