// The models, as kernels see them: how each reads its options, which ones it takes, its formula,
// and what becomes of the formula's results. `models.hpp` says what each model is.
#pragma once

#include "pricing/models/columns.hpp"
#include "pricing/models/normal.hpp"
#include "pricing/vanilla/rows.hpp"

namespace miletus::pricing {

constexpr double largest_normal_vol = 1e60;

// Black's formula on a forward: what the others begin with.
template <class Real>
struct ForwardFamily {
    static constexpr bool is_forward = true;
    Terms<Real> terms;
    Real discount;  // without a conversion
    Real rate;      // of the discount, where Greeks are wanted

    template <class Cursor>
    ALWAYS_INLINE static ForwardFamily read(const Cursor& cursor, const ModelColumns& in) {
        const Terms<Real> terms = terms_at<true, false>(cursor, in.option);
        return {terms, terms.asset_discount, math::same<Real>(0.0)};
    }

    ALWAYS_INLINE Admission<Real> admission() const { return admission_of(terms); }

    ALWAYS_INLINE Terms<Real> with_rates() const {
        Terms<Real> result = terms;
        result.rate = rate;
        result.yield = rate;
        return result;
    }

    template <bool has_greeks>
    ALWAYS_INLINE Greeks<Real> valued(const Terms<Real>& ordinary) const {
        return black<true, has_greeks>(ordinary);
    }

    template <bool has_greeks>
    ALWAYS_INLINE Greeks<Real> translated(const Greeks<Real>& result) const {
        return result;
    }
};

template <class Real>
struct DisplacedFamily : ForwardFamily<Real> {
    template <class Cursor>
    ALWAYS_INLINE static DisplacedFamily read(const Cursor& cursor, const ModelColumns& in) {
        DisplacedFamily family{ForwardFamily<Real>::read(cursor, in)};
        const Real shift = cursor.load(in.shift);
        family.terms.asset = family.terms.asset + shift;
        family.terms.strike = family.terms.strike + shift;
        return family;
    }
};

template <class Real>
struct NormalFamily : ForwardFamily<Real> {
    template <class Cursor>
    ALWAYS_INLINE static NormalFamily read(const Cursor& cursor, const ModelColumns& in) {
        return {ForwardFamily<Real>::read(cursor, in)};
    }

    ALWAYS_INLINE Admission<Real> admission() const {
        using math::same;
        const Terms<Real>& option = this->terms;
        const auto is_in_domain = is_between(-largest_number, option.asset, largest_number) &
                                  is_between(-largest_number, option.strike, largest_number) &
                                  is_between(0.0, option.time, longest_time) &
                                  is_between(0.0, option.vol, largest_normal_vol) &
                                  is_between(least_number, this->discount, largest_number) &
                                  (math::magnitude(option.sign) == same<Real>(1.0));
        const Real root = sqrt(larger(option.time, same<Real>(0.0)));
        const auto has_time_value = (same<Real>(least_time) <= option.time) &
                                    (same<Real>(least_number) <= option.vol * root);
        return {is_in_domain & has_time_value, is_in_domain};
    }

    template <bool has_greeks>
    ALWAYS_INLINE Greeks<Real> valued(const Terms<Real>& ordinary) const {
        return normal<has_greeks>(ordinary);
    }
};

template <class Real>
struct CoinFamily : ForwardFamily<Real> {
    template <class Cursor>
    ALWAYS_INLINE static CoinFamily read(const Cursor& cursor, const ModelColumns& in) {
        return {ForwardFamily<Real>::read(cursor, in)};
    }

    // c = B / F; its delta is F dc/dF = dB/dF - c.
    template <bool has_greeks>
    ALWAYS_INLINE Greeks<Real> translated(const Greeks<Real>& in_money) const {
        const Real forward = this->terms.asset;
        Greeks<Real> result = in_money;
        result.price = in_money.price / forward;
        if constexpr (has_greeks) {
            result.delta = in_money.delta - result.price;
            result.gamma = in_money.gamma - result.delta / forward;
            result.vega = in_money.vega / forward;
            result.theta = in_money.theta / forward;
            result.rho = math::negated(this->terms.time * result.price);
            result.vanna = in_money.vanna - result.vega;
            result.volga = in_money.volga / forward;
            result.charm = in_money.charm - result.theta;
        }
        return result;
    }
};

// An option on a spot that yields the drift, at no rate, so that the logarithm of the forward takes
// the drift without rounding it; the rate is added after. The drift moves with the volatility, and
// the Greeks with it.
template <class Real>
struct QuantoFamily : ForwardFamily<Real> {
    static constexpr bool is_forward = false;
    Real drift;
    Real drift_by_vol;
    Real conversion_vol;
    Real correlation;
    Real conversion;

    template <class Cursor>
    ALWAYS_INLINE static QuantoFamily read(const Cursor& cursor, const ModelColumns& in) {
        using math::same;
        ForwardFamily<Real> forward = ForwardFamily<Real>::read(cursor, in);
        Terms<Real>& terms = forward.terms;
        const Real conversion_vol = cursor.load(in.conversion_vol);
        const Real correlation = cursor.load(in.correlation);
        const Real conversion = cursor.load(in.conversion);
        const Real drift_by_vol = correlation * conversion_vol;
        const Real drift = drift_by_vol * terms.vol;
        const Real fall = drift * terms.time;
        // What rounding took from each product: exp would multiply it by the fall.
        const Real first = fms(correlation, conversion_vol, drift_by_vol);
        const Real second = fma(first, terms.vol, fms(drift_by_vol, terms.vol, drift));
        const Real rest = fma(second, terms.time, fms(drift, terms.time, fall));
        const Real corrected = fnma(terms.asset, rest, terms.asset);
        const auto is_near = math::magnitude(fall) <= same<Real>(largest_interest);
        const Real near = select(is_near, math::negated(fall), same<Real>(0.0));
        const Real growth = math::exp_within(near, same<Real>(0.0));
        const auto are_numbers = is_number(conversion_vol) & is_number(correlation);
        terms.asset = select(is_number(corrected), corrected, terms.asset);
        terms.carry = math::negated(fall);
        terms.strike_discount = forward.discount * conversion;
        terms.asset_discount =
            select(are_numbers, terms.strike_discount * growth, same<Real>(math::not_a_number));
        return {forward, drift, drift_by_vol, conversion_vol, correlation, conversion};
    }

    ALWAYS_INLINE Admission<Real> admission() const {
        const Admission<Real> of_spot = admission_of(this->terms);
        const Real reach = math::same<Real>(largest_interest);
        const auto is_in_domain =
            of_spot.is_in_domain & is_between(least_number, this->discount, largest_number) &
            is_between(least_number, conversion, largest_number) &
            is_between(0.0, conversion_vol, largest_vol) & is_between(-1.0, correlation, 1.0) &
            (math::magnitude(this->terms.carry) <= reach);
        return {of_spot.is_ordinary & is_in_domain, is_in_domain};
    }

    ALWAYS_INLINE Terms<Real> with_rates() const {
        Terms<Real> result = this->terms;
        result.yield = drift;
        return result;
    }

    template <bool has_greeks>
    ALWAYS_INLINE Greeks<Real> valued(const Terms<Real>& ordinary) const {
        return black<false, has_greeks>(ordinary);
    }

    template <bool has_greeks>
    ALWAYS_INLINE Greeks<Real> translated(const Greeks<Real>& of_spot) const {
        Greeks<Real> result = of_spot;
        if constexpr (has_greeks) {
            // As the volatility rises by one, the logarithm of the forward falls by this.
            const Real fall = drift_by_vol * this->terms.time;
            const Real asset_fall = fall * this->terms.asset;
            const Real turn = fma(this->terms.asset, of_spot.gamma, of_spot.delta);
            result.vega = fnma(asset_fall, of_spot.delta, of_spot.vega);
            result.theta = fma(this->rate, of_spot.price, of_spot.theta);
            result.rho = math::negated(this->terms.time * of_spot.price);
            result.charm = fma(this->rate, of_spot.delta, of_spot.charm);
            result.vanna = fnma(fall, turn, of_spot.vanna);
            const Real twice = of_spot.vanna + of_spot.vanna;
            result.volga = fma(asset_fall, fms(fall, turn, twice), of_spot.volga);
        }
        return result;
    }
};

}  // namespace miletus::pricing
