// From prices to volatilities: prices that no volatility leads to are told apart, and take no part.
#pragma once

#include "pricing/implied/black.hpp"
#include "pricing/implied/columns.hpp"
#include "pricing/vanilla/rows.hpp"

namespace miletus::pricing {

template <class Real>
struct PricedOption {
    Real price;  // not discounted
    Real forward;
    Real strike;
    Real time;
    Real sign;
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

template <class Cursor>
ALWAYS_INLINE void imply_row(const Cursor& cursor, const PriceColumns& in, const VolColumns& out) {
    const auto discount = cursor.load(in.discount);
    using Real = std::remove_cv_t<decltype(discount)>;
    using math::same;
    const PricedOption<Real> all{.price = cursor.load(in.price) / discount,
                                 .forward = cursor.load(in.forward),
                                 .strike = cursor.load(in.strike),
                                 .time = cursor.load(in.time),
                                 .sign = cursor.load_signs(in.sign)};
    const Real zero = same<Real>(0.0);
    const auto are_numbers =
        is_number(all.price) & is_number(all.forward) & is_number(all.strike) & is_number(all.time);
    const auto is_in_domain = is_between(least_number, all.forward, largest_number) &
                              is_between(least_number, all.strike, largest_number) &
                              is_between(least_time, all.time, longest_time) &
                              is_between(least_number, discount, largest_number) &
                              (math::magnitude(all.sign) == same<Real>(1.0)) & is_number(all.price);
    const Real intrinsic = larger(all.sign * (all.forward - all.strike), zero);
    const Real maximum = select(zero < all.sign, all.forward, all.strike);
    const Real time_value = all.price - intrinsic;
    const auto is_ordinary = is_in_domain & (zero < time_value) & (all.price < maximum);
    const PricedOption<Real> option{.price = all.price,
                                    .forward = select(is_ordinary, all.forward, same<Real>(1.0)),
                                    .strike = select(is_ordinary, all.strike, same<Real>(1.0)),
                                    .time = select(is_ordinary, all.time, same<Real>(1.0)),
                                    .sign = all.sign};
    const Real s =
        implied_deviation(scaled(option, select(is_ordinary, time_value, same<Real>(0.1))));
    const auto number = [](Status status) {
        return same<Real>(static_cast<double>(status));
    };
    Real status =
        select(all.price < maximum, number(Status::below_intrinsic), number(Status::above_maximum));
    status = select(time_value == zero, number(Status::no_time_value), status);
    status = select(is_in_domain, status, number(Status::out_of_domain));
    status = select(are_numbers, status, number(Status::not_a_number));
    status = select(is_ordinary, number(Status::ok), status);
    Real vol = select(is_in_domain & (time_value == zero), zero, same<Real>(math::not_a_number));
    vol = select(is_ordinary, s / sqrt(option.time), vol);
    cursor.store(out.vol, vol);
    if (out.status != nullptr) {
        cursor.store_status(out.status, status);
    }
}

template <class L>
void imply_all(const PriceColumns& in, const VolColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) { imply_row(cursor, in, out); });
}

}  // namespace miletus::pricing
