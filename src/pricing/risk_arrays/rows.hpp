// From columns to risk arrays, a row of instruments at a time through all scenarios. Instruments
// without a price take part with no units, and so have zeros.
#pragma once

#include "pricing/lanes/cursor.hpp"
#include "pricing/risk_arrays/black.hpp"
#include "pricing/vanilla/rows.hpp"

#include <bit>

namespace miletus::pricing {

// What a lot may be worth under any scenario, so that its gains are within a unit.
constexpr double lot_worth_max = 0x1p48;

// The one place where a gain becomes a whole number of units: weighted without rounding, then the
// nearest, the even one of two. Added to 1.5 x 2^52, a gain below 2^51 is left in the lowest bits.
template <class Real>
ALWAYS_INLINE typename math::LanesOf<Real>::Word rounded_units(Real gain, Real weight) {
    using L = math::LanesOf<Real>;
    constexpr double to_integer = 0x1.8p52;
    return bits_of(fma(gain, weight, math::same<Real>(to_integer))) -
           L::word(std::bit_cast<std::uint64_t>(to_integer));
}

template <class Real>
ALWAYS_INLINE typename math::LanesOf<Real>::Word entry_of(const Lot<Real>& lot, Real mark,
                                                          const PreparedScenario& scenario) {
    return rounded_units(worth_of(lot, scenario) - mark, math::same<Real>(scenario.weight));
}

template <class Cursor>
ALWAYS_INLINE auto terms_at(const Cursor& cursor, const LotColumns& in) {
    const auto forward = cursor.load(in.forward);
    using Real = std::remove_cv_t<decltype(forward)>;
    const Real discount = cursor.load(in.discount);
    return Terms<Real>{.asset = forward,
                       .strike = cursor.load(in.strike),
                       .time = cursor.load(in.time),
                       .vol = cursor.load(in.vol),
                       .rate = math::same<Real>(0.0),
                       .yield = math::same<Real>(0.0),
                       .asset_discount = discount,
                       .strike_discount = discount,
                       .carry = math::same<Real>(0.0),
                       .sign = cursor.load_signs(in.sign)};
}

// Admitted are lots that vanilla options are, and that are not worth too much.
template <class Real>
ALWAYS_INLINE Admission<Real> lot_admission_of(const Terms<Real>& terms, Real units,
                                               double stretch_max) {
    Admission<Real> admission = admission_of(terms);
    const Real dearest = larger(terms.asset, terms.strike) * terms.asset_discount;
    const auto is_in_domain =
        is_between(0.0, units, largest_number) &
        (dearest * units * math::same<Real>(stretch_max) <= math::same<Real>(lot_worth_max));
    admission.is_in_domain = admission.is_in_domain & is_in_domain;
    admission.is_ordinary = admission.is_ordinary & is_in_domain;
    return admission;
}

template <class Real>
ALWAYS_INLINE LotTerms<Real> lot_terms_of(const Terms<Real>& terms, Real units,
                                          const math::MaskOf<Real>& is_in_domain) {
    const Real one = math::same<Real>(1.0);
    return {.forward = select(is_in_domain, terms.asset, one),
            .strike = select(is_in_domain, terms.strike, one),
            .time = select(is_in_domain, terms.time, one),
            .vol = select(is_in_domain, terms.vol, one),
            .units = select(is_in_domain, units * terms.strike_discount, math::same<Real>(0.0)),
            .sign = select(is_in_domain, terms.sign, one)};
}

// Entries come by scenario and leave by instrument: in between, so many wait.
template <class L>
using EntryBuffer = std::array<std::int64_t, scenarios_max * L::width>;

template <class L>
ALWAYS_INLINE void write_one_by_one(const EntryBuffer<L>& buffer, std::size_t scenarios,
                                    std::int64_t* entries, std::size_t instruments) {
    for (std::size_t lane = 0; lane < instruments; ++lane) {
        std::int64_t* row = lanes::behind(entries, lane * scenarios);
        for (std::size_t at = 0; at < scenarios; ++at) {
            *lanes::behind(row, at) = buffer[at * L::width + lane];
        }
    }
}

// By squares; the last of them ends with the last scenario, and writes some entries again.
template <class L>
ALWAYS_INLINE void write_squares(const EntryBuffer<L>& buffer, std::size_t scenarios,
                                 std::int64_t* entries) {
    for (std::size_t lane = 0; lane < L::width; lane += L::square) {
        for (std::size_t next = 0; next < scenarios; next += L::square) {
            const std::size_t at = next + L::square <= scenarios ? next : scenarios - L::square;
            L::transpose(&buffer[at * L::width + lane], L::width,
                         lanes::behind(entries, lane * scenarios + at), scenarios);
        }
    }
}

template <class L, class Cursor>
ALWAYS_INLINE void array_row(const Cursor& cursor, std::size_t instruments, const LotColumns& in,
                             const ScenarioTable& table, const EntryColumns& out,
                             EntryBuffer<L>& buffer) {
    using Real = typename L::Real;
    const Terms<Real> terms = terms_at(cursor, in);
    const Real units = cursor.load(in.units);
    const Admission<Real> admission = lot_admission_of(terms, units, table.stretch_max);
    const Lot<Real> lot = lot_of(lot_terms_of(terms, units, admission.is_in_domain), table.shocks);
    const Real mark = worth_of(lot, PreparedScenario{});
    const std::size_t scenarios = table.scenarios.size();
    for (std::size_t at = 0; at < scenarios; ++at) {
        L::store(&buffer[at * L::width], entry_of(lot, mark, table.scenarios[at]));
    }
    std::int64_t* entries = lanes::behind(out.entries, cursor.at * scenarios);
    if (instruments == L::width && L::square <= scenarios) {
        write_squares<L>(buffer, scenarios, entries);
    } else {
        write_one_by_one<L>(buffer, scenarios, entries, instruments);
    }
    const Real status = status_of(admission, terms);
    cursor.store_status(out.status,
                        select(is_number(units), status,
                               math::same<Real>(static_cast<double>(Status::not_a_number))));
}

template <class L>
void array_all(const LotColumns& in, const ScenarioTable& table, const EntryColumns& out,
               std::size_t count) {
    EntryBuffer<L> buffer;
    lanes::for_each_row<L>(count, [&](const auto& cursor) {
        const std::size_t left = count - cursor.at;
        array_row<L>(cursor, left < L::width ? left : L::width, in, table, out, buffer);
    });
}

}  // namespace miletus::pricing
