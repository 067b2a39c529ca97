// The rows of a chain: Black's formula with what its options share taken out of the loop. ln(F / K)
// is a difference of two logarithms that are known to some 65 bits.
#pragma once

#include "pricing/chain/columns.hpp"
#include "pricing/vanilla/rows.hpp"

namespace miletus::pricing {

// Below, what the logarithms lack would show; such options go the general way.
constexpr double least_chain_deviation = 0x1p-9;

template <class Real>
struct ChainShared {
    Real forward;
    Real time;
    Real discount;
    Real rate;
    math::Logarithm<Real> log_forward;
    Real inverse_forward;
    Real root;
    Real root_rest;
};

template <class L>
ALWAYS_INLINE ChainShared<typename L::Real> shared_of(const ChainColumns& in) {
    using Real = typename L::Real;
    using math::same;
    const Real forward = L::real(in.forward);
    const Real time = L::real(in.time);
    const Real discount = L::real(in.discount);
    const Real root = sqrt(time);
    return {.forward = forward,
            .time = time,
            .discount = discount,
            .rate = rate_of(discount, time),
            .log_forward = math::log_rounded(forward, same<Real>(0.0)),
            .inverse_forward = same<Real>(1.0) / forward,
            .root = root,
            .root_rest = same<Real>(0.5) * fnma(root, root, time) / root};
}

template <class Real>
ALWAYS_INLINE Moneyness<Real> moneyness_of(const ChainShared<Real>& shared, Real vol,
                                           math::Logarithm<Real> log_strike) {
    const Real s = vol * shared.root;
    const Deviation<Real> deviation{.root = shared.root,
                                    .s = s,
                                    .rest = fma(vol, shared.root_rest, fms(vol, shared.root, s)),
                                    .inverse = math::same<Real>(1.0) / s};
    const math::Logarithm<Real> log =
        plus(shared.log_forward, {math::negated(log_strike.high), math::negated(log_strike.low)});
    return moneyness_of(log, deviation, shared.inverse_forward);
}

template <class Cursor, class Real>
ALWAYS_INLINE Terms<Real> terms_at(const Cursor& cursor, const ChainShared<Real>& shared,
                                   const ChainColumns& in) {
    return {.asset = shared.forward,
            .strike = cursor.load(in.strike),
            .time = shared.time,
            .vol = cursor.load(in.vol),
            .rate = shared.rate,
            .yield = shared.rate,
            .asset_discount = shared.discount,
            .strike_discount = shared.discount,
            .carry = math::same<Real>(0.0),
            .sign = cursor.load_signs(in.sign)};
}

template <class Cursor, class Real>
ALWAYS_INLINE Moneyness<Real> moneyness_at(const Cursor& cursor, const ChainShared<Real>& shared,
                                           const ChainColumns& in) {
    return moneyness_of(shared, cursor.load(in.vol),
                        {cursor.load(in.log_strike), cursor.load(in.log_strike_rest)});
}

template <class Real>
ALWAYS_INLINE math::MaskOf<Real> are_plain(const Terms<Real>& terms, const Moneyness<Real>& at) {
    return are_plain<true>(terms) & (math::same<Real>(least_chain_deviation) <= at.deviation);
}

// Options of which some go the general way, or are none. It looks at them anew, so that the way of
// the others keeps all in registers.
template <bool has_greeks, class Cursor, class Real>
[[gnu::noinline]] void price_mixed_chain_row(const Cursor& cursor, const ChainShared<Real>& shared,
                                             const ChainColumns& in, const ResultColumns& out) {
    const Terms<Real> terms = terms_at(cursor, shared, in);
    const Moneyness<Real> at = moneyness_at(cursor, shared, in);
    const auto admission = admission_of(terms);
    const auto ordinary = black<true, has_greeks>(ordinary_only(terms, admission.is_ordinary));
    const auto general = chosen(admission, ordinary, without_time_value<true>(terms));
    const auto plain = black<true, has_greeks>(terms, at);
    store_row<has_greeks>(cursor, select(are_plain(terms, at), plain, general), out);
    if (out.status != nullptr) {
        cursor.store_status(out.status, status_of(admission, terms));
    }
}

template <bool has_greeks, class Cursor, class Real>
ALWAYS_INLINE void price_chain_row(const Cursor& cursor, const ChainShared<Real>& shared,
                                   const ChainColumns& in, const ResultColumns& out) {
    const Terms<Real> terms = terms_at(cursor, shared, in);
    const Moneyness<Real> at = moneyness_at(cursor, shared, in);
    if (any(!are_plain(terms, at))) {
        price_mixed_chain_row<has_greeks>(cursor, shared, in, out);
        return;
    }
    store_row<has_greeks>(cursor, black<true, has_greeks>(terms, at), out);
    if (out.status != nullptr) {
        cursor.store_status(out.status, math::same<Real>(0.0));
    }
}

template <class L, bool has_greeks>
void price_chain(const ChainColumns& in, const ResultColumns& out, std::size_t count) {
    const auto shared = shared_of<L>(in);
    lanes::for_each_row<L>(count, [&](const auto& cursor) ALWAYS_INLINE_LAMBDA {
        price_chain_row<has_greeks>(cursor, shared, in, out);
    });
}

}  // namespace miletus::pricing
