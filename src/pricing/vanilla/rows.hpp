// From columns to columns: inputs that no option has are told apart and take no part, so that the
// formula itself only meets ordinary options.
#pragma once

#include "pricing/lanes/cursor.hpp"
#include "pricing/vanilla/black.hpp"
#include "pricing/vanilla/columns.hpp"

#include <type_traits>

namespace miletus::pricing {

// What there may be: prices and discounts in between, times and volatilities up to, interest over
// an option's whole life within.
constexpr double least_number = 1e-50;
constexpr double largest_number = 1e50;
constexpr double longest_time = 1000;
constexpr double largest_vol = 100;
constexpr double largest_interest = 100;
constexpr double largest_rate = 1e9;
// A thirtieth of a millisecond: with less, no time is left.
constexpr double least_time = 1e-12;

template <class Real>
struct Admission {
    math::MaskOf<Real> is_ordinary;
    math::MaskOf<Real> is_in_domain;
};

template <class Real>
ALWAYS_INLINE math::MaskOf<Real> is_between(double low, Real x, double high) {
    return (math::same<Real>(low) <= x) & (x <= math::same<Real>(high));
}

template <class Real>
ALWAYS_INLINE Admission<Real> admission_of(const Terms<Real>& terms) {
    using math::same;
    const Real interest = terms.rate * terms.time;
    const Real dividends = terms.yield * terms.time;
    const auto is_in_domain = is_between(least_number, terms.asset, largest_number) &
                              is_between(least_number, terms.strike, largest_number) &
                              is_between(0.0, terms.time, longest_time) &
                              is_between(0.0, terms.vol, largest_vol) &
                              is_between(least_number, terms.asset_discount, largest_number) &
                              is_between(least_number, terms.strike_discount, largest_number) &
                              (math::magnitude(interest) <= same<Real>(largest_interest)) &
                              (math::magnitude(dividends) <= same<Real>(largest_interest)) &
                              (math::magnitude(terms.rate) <= same<Real>(largest_rate)) &
                              (math::magnitude(terms.yield) <= same<Real>(largest_rate)) &
                              (math::magnitude(terms.sign) == same<Real>(1.0));
    const auto has_time_value =
        (same<Real>(least_time) <= terms.time) &
        (same<Real>(least_deviation) <= terms.vol * sqrt(larger(terms.time, same<Real>(0.0))));
    return {is_in_domain & has_time_value, is_in_domain};
}

// Whether options are as nearly all of them are: ordinary, and told so by a few operations on
// exponents. Prices are 2^-64 to 2^64, times (in years) 2^-27 to 2^5, volatilities 2^-26 to 2^6,
// discounts 2^-8 to 2^8 and rates below one. All of these are in the domain, whatever goes
// together.
template <bool is_forward, class Real>
ALWAYS_INLINE math::MaskOf<Real> are_plain(const Terms<Real>& terms) {
    using L = math::LanesOf<Real>;
    constexpr std::uint64_t one = 0x3FF0'0000'0000'0000;
    constexpr std::uint64_t beyond_128 = ~std::uint64_t{0} << 59U;
    constexpr std::uint64_t beyond_32 = ~std::uint64_t{0} << 57U;
    constexpr std::uint64_t beyond_16 = ~std::uint64_t{0} << 56U;
    const auto below_one = L::word(math::sign_bit - one);
    const auto prices = (bits_of(terms.asset) - L::word(one - (64ULL << 52U))) |
                        (bits_of(terms.strike) - L::word(one - (64ULL << 52U)));
    auto outside = (bits_of(math::magnitude(terms.sign)) ^ L::word(one)) |
                   (((bits_of(terms.time) - L::word(one - (27ULL << 52U))) |
                     (bits_of(terms.vol) - L::word(one - (26ULL << 52U)))) &
                    L::word(beyond_32));
    if constexpr (is_forward) {
        const auto discount = bits_of(terms.asset_discount) - L::word(one - (8ULL << 52U));
        outside = outside | (discount & L::word(beyond_16));
    } else {
        const auto rates = (bits_of(math::magnitude(terms.rate)) + below_one) |
                           (bits_of(math::magnitude(terms.yield)) + below_one);
        outside = outside | (rates & L::word(math::sign_bit));
    }
    return is_zero(outside | (prices & L::word(beyond_128)));
}

// An option that harms nobody in the place of each that is not ordinary.
template <class Real>
ALWAYS_INLINE Terms<Real> ordinary_only(const Terms<Real>& terms,
                                        const math::MaskOf<Real>& is_ordinary) {
    const Real one = math::same<Real>(1.0);
    const Real zero = math::same<Real>(0.0);
    return {.asset = select(is_ordinary, terms.asset, one),
            .strike = select(is_ordinary, terms.strike, one),
            .time = select(is_ordinary, terms.time, one),
            .vol = select(is_ordinary, terms.vol, one),
            .rate = select(is_ordinary, terms.rate, zero),
            .yield = select(is_ordinary, terms.yield, zero),
            .asset_discount = select(is_ordinary, terms.asset_discount, one),
            .strike_discount = select(is_ordinary, terms.strike_discount, one),
            .carry = select(is_ordinary, terms.carry, zero),
            .sign = terms.sign};
}

// What is left of an option without time or volatility. At the strike its delta is half of one in
// the money; what its price would gain by volatility is not told.
template <bool is_forward, class Real>
ALWAYS_INLINE Greeks<Real> without_time_value(const Terms<Real>& terms) {
    using math::same;
    const Real zero = same<Real>(0.0);
    const Real value = intrinsic_of(terms, is_forward);
    const Real share =
        select(zero < value, same<Real>(1.0), select(value == zero, same<Real>(0.5), zero));
    const Real asset = terms.asset * terms.asset_discount;
    const Real strike = terms.strike * terms.strike_discount;
    Greeks<Real> result{zero, zero, zero, zero, zero, zero, zero, zero, zero};
    result.price = larger(value, zero);
    result.delta = terms.sign * terms.asset_discount * share;
    result.theta = terms.sign * share * fms(terms.yield, asset, terms.rate * strike);
    result.rho =
        terms.time * (is_forward ? math::negated(result.price) : terms.sign * share * strike);
    return result;
}

template <class Real>
ALWAYS_INLINE Greeks<Real> select(const math::MaskOf<Real>& mask, const Greeks<Real>& a,
                                  const Greeks<Real>& b) {
    return {.price = select(mask, a.price, b.price),
            .delta = select(mask, a.delta, b.delta),
            .gamma = select(mask, a.gamma, b.gamma),
            .vega = select(mask, a.vega, b.vega),
            .theta = select(mask, a.theta, b.theta),
            .rho = select(mask, a.rho, b.rho),
            .vanna = select(mask, a.vanna, b.vanna),
            .volga = select(mask, a.volga, b.volga),
            .charm = select(mask, a.charm, b.charm)};
}

template <class Real>
ALWAYS_INLINE Greeks<Real> chosen(const Admission<Real>& admission, const Greeks<Real>& ordinary,
                                  const Greeks<Real>& other) {
    const Real none = math::same<Real>(math::not_a_number);
    return select(admission.is_in_domain, select(admission.is_ordinary, ordinary, other),
                  Greeks<Real>{none, none, none, none, none, none, none, none, none});
}

template <class Real>
ALWAYS_INLINE math::MaskOf<Real> is_number(Real x) {
    return x == x;
}

// Rates are looked at where they are given, and not found from discounts.
template <bool has_given_rates = false, class Real>
ALWAYS_INLINE Real status_of(const Admission<Real>& admission, const Terms<Real>& terms) {
    const auto number = [](Status status) {
        return math::same<Real>(static_cast<double>(status));
    };
    const Real inside =
        select(admission.is_ordinary, number(Status::ok), number(Status::no_time_value));
    auto are_numbers = is_number(terms.asset) & is_number(terms.strike) & is_number(terms.time) &
                       is_number(terms.vol) & is_number(terms.asset_discount) &
                       is_number(terms.strike_discount);
    if constexpr (has_given_rates) {
        are_numbers = are_numbers & is_number(terms.rate) & is_number(terms.yield);
    }
    const Real number_or_not =
        select(are_numbers, number(Status::out_of_domain), number(Status::not_a_number));
    return select(admission.is_in_domain, inside, number_or_not);
}

// -ln(discount) / T; mostly there is nothing to discount, and nothing to do.
template <class Real>
ALWAYS_INLINE Real rate_of(Real discount, Real time) {
    using math::same;
    const Real zero = same<Real>(0.0);
    const auto has_none = (discount == same<Real>(1.0)) | (time <= zero);
    if (!any(!has_none)) {
        return zero;
    }
    return select(has_none, zero, math::negated(math::log_within(discount)) / time);
}

template <bool is_forward, bool has_greeks, class Cursor>
ALWAYS_INLINE auto terms_at(const Cursor& cursor, const OptionColumns& in) {
    const auto asset = cursor.load(in.asset);
    using Real = std::remove_cv_t<decltype(asset)>;
    Terms<Real> terms{.asset = asset,
                      .strike = cursor.load(in.strike),
                      .time = cursor.load(in.time),
                      .vol = cursor.load(in.vol),
                      .rate = math::same<Real>(0.0),
                      .yield = math::same<Real>(0.0),
                      .asset_discount = math::same<Real>(1.0),
                      .strike_discount = math::same<Real>(1.0),
                      .carry = math::same<Real>(0.0),
                      .sign = cursor.load_signs(in.sign)};
    if constexpr (is_forward) {
        terms.asset_discount = cursor.load(in.discount);
        terms.strike_discount = terms.asset_discount;
        if constexpr (has_greeks) {
            terms.rate = rate_of(terms.strike_discount, terms.time);
            terms.yield = terms.rate;
        }
    } else {
        terms.rate = cursor.load(in.rate);
        terms.yield = cursor.load(in.yield);
        const Real interest = terms.rate * terms.time;
        const Real dividends = terms.yield * terms.time;
        terms.strike_discount = math::exp_of_normal<math::Powers::rounded>(math::negated(interest),
                                                                           math::same<Real>(0.0));
        terms.asset_discount = math::exp_of_normal<math::Powers::rounded>(math::negated(dividends),
                                                                          math::same<Real>(0.0));
        terms.carry = (terms.rate - terms.yield) * terms.time;
    }
    return terms;
}

template <bool has_greeks, class Cursor, class Real>
ALWAYS_INLINE void store_row(const Cursor& cursor, const Greeks<Real>& result,
                             const ResultColumns& out) {
    cursor.store(out.price, result.price);
    if constexpr (has_greeks) {
        cursor.store(out.delta, result.delta);
        cursor.store(out.gamma, result.gamma);
        cursor.store(out.vega, result.vega);
        cursor.store(out.theta, result.theta);
        cursor.store(out.rho, result.rho);
        cursor.store(out.vanna, result.vanna);
        cursor.store(out.volga, result.volga);
        cursor.store(out.charm, result.charm);
    }
}

// Options of which some are none, or have no time value. It looks at them anew, so that the way of
// the others keeps all in registers.
template <bool is_forward, bool has_greeks, class Cursor>
[[gnu::noinline]] void price_mixed_row(const Cursor& cursor, const OptionColumns& in,
                                       const ResultColumns& out) {
    const auto terms = terms_at<is_forward, true>(cursor, in);
    const auto admission = admission_of(terms);
    const auto ordinary =
        black<is_forward, has_greeks>(ordinary_only(terms, admission.is_ordinary));
    const auto result = chosen(admission, ordinary, without_time_value<is_forward>(terms));
    store_row<has_greeks>(cursor, result, out);
    if (out.status != nullptr) {
        cursor.store_status(out.status, status_of<!is_forward>(admission, terms));
    }
}

template <bool is_forward, bool has_greeks, class Cursor>
ALWAYS_INLINE void price_row(const Cursor& cursor, const OptionColumns& in,
                             const ResultColumns& out) {
    const auto terms = terms_at<is_forward, has_greeks>(cursor, in);
    if (any(!are_plain<is_forward>(terms))) {
        price_mixed_row<is_forward, has_greeks>(cursor, in, out);
        return;
    }
    store_row<has_greeks>(cursor, black<is_forward, has_greeks>(terms), out);
    if (out.status != nullptr) {
        cursor.store_status(out.status, math::same<std::remove_cv_t<decltype(terms.asset)>>(0.0));
    }
}

template <class L, bool is_forward, bool has_greeks>
void price_all(const OptionColumns& in, const ResultColumns& out, std::size_t count) {
    lanes::for_each_row<L>(count, [&](const auto& cursor) ALWAYS_INLINE_LAMBDA {
        price_row<is_forward, has_greeks>(cursor, in, out);
    });
}

}  // namespace miletus::pricing
