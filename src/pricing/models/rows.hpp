// From columns to columns, for every model: as vanilla/rows.hpp does it for Black's formula alone.
#pragma once

#include "pricing/implied/rows.hpp"
#include "pricing/models/families.hpp"

namespace miletus::pricing {

// Without time value, nothing is told of the second order, nor of the volatility.
template <class Real>
ALWAYS_INLINE Greeks<Real> of_first_order(const Greeks<Real>& greeks) {
    const Real zero = math::same<Real>(0.0);
    Greeks<Real> result = greeks;
    result.gamma = zero;
    result.vega = zero;
    result.vanna = zero;
    result.volga = zero;
    result.charm = zero;
    return result;
}

// Where no time is left, none.
template <class Real>
ALWAYS_INLINE Real family_rate(Real discount, Real time) {
    using math::same;
    return select(same<Real>(least_time) <= time, math::negated(math::log(discount)) / time,
                  same<Real>(0.0));
}

// Options of which some are none, or have no time value.
template <bool has_greeks, class Family, class Cursor, class Real>
[[gnu::noinline]] void price_mixed_family_row(const Cursor& cursor, const Family& family,
                                              const Admission<Real>& admission,
                                              const ResultColumns& out) {
    const auto all = family.with_rates();
    const auto ordinary = family.template translated<has_greeks>(
        family.template valued<has_greeks>(ordinary_only(all, admission.is_ordinary)));
    const auto others =
        family.template translated<has_greeks>(without_time_value<Family::is_forward>(all));
    store_row<has_greeks>(cursor, chosen(admission, ordinary, of_first_order(others)), out);
    if (out.status != nullptr) {
        cursor.store_status(out.status, status_of(admission, all));
    }
}

template <class Family, bool has_greeks, class Cursor>
ALWAYS_INLINE void price_family_row(const Cursor& cursor, const ModelColumns& in,
                                    const ResultColumns& out) {
    Family family = Family::read(cursor, in);
    const auto admission = family.admission();
    if constexpr (has_greeks) {
        family.rate = family_rate(family.discount, family.terms.time);
    }
    if (any(!admission.is_ordinary)) {
        price_mixed_family_row<has_greeks>(cursor, family, admission, out);
        return;
    }
    const auto result = family.template valued<has_greeks>(family.with_rates());
    store_row<has_greeks>(cursor, family.template translated<has_greeks>(result), out);
    if (out.status != nullptr) {
        cursor.store_status(out.status, math::same<std::remove_cv_t<decltype(family.rate)>>(0.0));
    }
}

template <class L, template <class> class Family, bool has_greeks>
void price_family(const ModelColumns& in, const ResultColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) ALWAYS_INLINE_LAMBDA {
        price_family_row<Family<typename L::Real>, has_greeks>(cursor, in, out);
    });
}

// ---- What prices imply ----

template <class L>
void imply_displaced(const ModelPriceColumns& in, const VolColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) ALWAYS_INLINE_LAMBDA {
        auto option = priced_at(cursor, in.option);
        const auto shift = cursor.load(in.shift);
        option.forward = option.forward + shift;
        option.strike = option.strike + shift;
        store_implied(cursor, out, implied_by(option));
    });
}

template <class L>
void imply_coin(const ModelPriceColumns& in, const VolColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) ALWAYS_INLINE_LAMBDA {
        auto option = priced_at(cursor, in.option);
        option.unit = option.forward;
        store_implied(cursor, out, implied_by(option));
    });
}

// A time value that is less of a straddle is none.
constexpr double least_share = 1e-300;

template <class Real>
ALWAYS_INLINE Implied<Real> implied_normal(const PricedOption<Real>& all) {
    using math::same;
    const Real zero = same<Real>(0.0);
    const Real one = same<Real>(1.0);
    const auto are_numbers =
        is_number(all.price) & is_number(all.forward) & is_number(all.strike) & is_number(all.time);
    const auto is_in_domain = is_between(-largest_number, all.forward, largest_number) &
                              is_between(-largest_number, all.strike, largest_number) &
                              is_between(least_time, all.time, longest_time) &
                              is_between(least_number, all.discount, largest_number) &
                              (math::magnitude(all.sign) == one) & is_number(all.price);
    const Difference<Real> difference = difference_of(all.forward, all.strike);
    const auto is_inside = zero < all.sign * difference.high;
    const Real over_high = all.price - all.sign * difference.high;
    const Real time_value = select(is_inside, over_high - all.sign * difference.low, all.price);
    const Real distance = math::magnitude(difference.high);
    const Real straddle = fma(same<Real>(2.0), time_value, distance);
    const auto has_time_value =
        (same<Real>(least_number) <= straddle) & (same<Real>(least_share) <= time_value / straddle);
    const auto is_below_maximum = all.price <= same<Real>(largest_number);
    const auto is_ordinary = is_in_domain & has_time_value & is_below_maximum;
    const auto is_none = (!has_time_value) & (zero <= time_value);
    const Real s = implied_normal_deviation(select(is_ordinary, distance, one),
                                            select(is_ordinary, time_value, one));
    Real status = select(is_none, status_number<Real>(Status::no_time_value),
                         status_number<Real>(Status::below_intrinsic));
    status = select(is_below_maximum, status, status_number<Real>(Status::above_maximum));
    status = select(is_in_domain, status, status_number<Real>(Status::out_of_domain));
    status = select(are_numbers, status, status_number<Real>(Status::not_a_number));
    status = select(is_ordinary, status_number<Real>(Status::ok), status);
    Real vol =
        select(is_in_domain & is_none & is_below_maximum, zero, same<Real>(math::not_a_number));
    vol = select(is_ordinary, s / sqrt(select(is_ordinary, all.time, one)), vol);
    return {vol, status};
}

template <class L>
void imply_normal(const ModelPriceColumns& in, const VolColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) ALWAYS_INLINE_LAMBDA {
        store_implied(cursor, out, implied_normal(priced_at(cursor, in.option)));
    });
}

}  // namespace miletus::pricing
