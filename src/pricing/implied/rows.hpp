// From prices to volatilities: prices that no volatility leads to are told apart, and take no part.
#pragma once

#include "pricing/implied/black.hpp"
#include "pricing/implied/columns.hpp"
#include "pricing/vanilla/rows.hpp"

namespace miletus::pricing {

// A time value that is a smaller share of sqrt(F K) is none, and so is one at the money that would
// make for less than the least deviation.
constexpr double least_value = 1e-300;

template <class Real>
struct PricedOption {
    Real price;  // not discounted
    Real unit;   // of the price: one, or what a coin costs
    Real forward;
    Real strike;
    Real time;
    Real discount;
    Real sign;
};

template <class Real>
struct Implied {
    Real vol;
    Real status;
};

// b, x and |F - K| by sqrt(F K), of the option out of the money that has the same time value.
template <class Real>
ALWAYS_INLINE TimeValue<Real> scaled(const PricedOption<Real>& option, Real time_value) {
    using math::same;
    const Real inverse_strike = same<Real>(1.0) / option.strike;
    const Real inverse_forward = same<Real>(1.0) / option.forward;
    const Real ratio = option.forward * inverse_strike;
    const Real rest = fnma(ratio, option.strike, option.forward) * inverse_forward;
    const math::Logarithm<Real> log = math::log_rounded(ratio, rest);
    const Real scale = sqrt(inverse_strike * inverse_forward);
    return {.moneyness = math::negated(math::magnitude(log.high)),
            .spread = math::magnitude(option.forward - option.strike) * scale,
            .value = time_value * scale};
}

template <class Real>
ALWAYS_INLINE Real status_number(Status status) {
    return math::same<Real>(static_cast<double>(status));
}

template <class Real>
ALWAYS_INLINE Implied<Real> implied_by(const PricedOption<Real>& all) {
    using math::same;
    const Real zero = same<Real>(0.0);
    const auto are_numbers =
        is_number(all.price) & is_number(all.forward) & is_number(all.strike) & is_number(all.time);
    const auto is_in_domain = is_between(least_number, all.forward, largest_number) &
                              is_between(least_number, all.strike, largest_number) &
                              is_between(least_time, all.time, longest_time) &
                              is_between(least_number, all.discount, largest_number) &
                              (math::magnitude(all.sign) == same<Real>(1.0)) & is_number(all.price);
    const Real intrinsic = larger(all.sign * (all.forward - all.strike), zero);
    const Real maximum = select(zero < all.sign, all.forward, all.strike);
    const Real time_value = fms(all.price, all.unit, intrinsic);
    const auto is_below_maximum = all.price * all.unit < maximum;
    const auto is_inside = is_in_domain & (zero < time_value) & is_below_maximum;
    PricedOption<Real> option = all;
    option.forward = select(is_inside, all.forward, same<Real>(1.0));
    option.strike = select(is_inside, all.strike, same<Real>(1.0));
    option.time = select(is_inside, all.time, same<Real>(1.0));
    TimeValue<Real> out = scaled(option, select(is_inside, time_value, same<Real>(0.1)));
    const Real straddle = fma(same<Real>(2.0), out.value, out.spread);
    const auto is_enough =
        (same<Real>(least_value) <= out.value) & (same<Real>(least_deviation) <= straddle);
    out.value = select(is_enough, out.value, same<Real>(0.1));
    const Real s = implied_deviation(out);
    const auto is_ordinary = is_inside & is_enough;
    const auto is_none = is_in_domain & ((time_value == zero) | (is_inside & (!is_enough)));
    Real status = select(is_below_maximum, status_number<Real>(Status::below_intrinsic),
                         status_number<Real>(Status::above_maximum));
    status = select(is_none, status_number<Real>(Status::no_time_value), status);
    status = select(is_in_domain, status, status_number<Real>(Status::out_of_domain));
    status = select(are_numbers, status, status_number<Real>(Status::not_a_number));
    status = select(is_ordinary, status_number<Real>(Status::ok), status);
    Real vol = select(is_none, zero, same<Real>(math::not_a_number));
    vol = select(is_ordinary, s / sqrt(option.time), vol);
    return {vol, status};
}

template <class Cursor>
ALWAYS_INLINE auto priced_at(const Cursor& cursor, const PriceColumns& in) {
    const auto discount = cursor.load(in.discount);
    using Real = std::remove_cv_t<decltype(discount)>;
    return PricedOption<Real>{.price = cursor.load(in.price) / discount,
                              .unit = math::same<Real>(1.0),
                              .forward = cursor.load(in.forward),
                              .strike = cursor.load(in.strike),
                              .time = cursor.load(in.time),
                              .discount = discount,
                              .sign = cursor.load_signs(in.sign)};
}

template <class Cursor, class Real>
ALWAYS_INLINE void store_implied(const Cursor& cursor, const VolColumns& out,
                                 const Implied<Real>& implied) {
    cursor.store(out.vol, implied.vol);
    if (out.status != nullptr) {
        cursor.store_status(out.status, implied.status);
    }
}

template <class L>
void imply_all(const PriceColumns& in, const VolColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) {
        store_implied(cursor, out, implied_by(priced_at(cursor, in)));
    });
}

}  // namespace miletus::pricing
