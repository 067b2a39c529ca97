// Standard margin: what each future, and each expiry of options, needs by itself. Requirements are
// rounded up, once, in units of the quote asset. docs/definitions.md has the formulas. Pure
// functions of what is published: nothing here knows of accounts, books or time.
#pragma once

#include "base/division.hpp"
#include "base/units.hpp"
#include "engine/instruments/instruments.hpp"

#include <cstdint>
#include <limits>
#include <span>

namespace miletus::risk {

// What is larger is cut down to this, in sums too: no account has as much.
constexpr Amount unaffordable{std::numeric_limits<std::int64_t>::max()};

struct Requirement {
    Amount initial;  // never below maintenance
    Amount maintenance;

    friend constexpr bool operator==(const Requirement&, const Requirement&) = default;
    friend constexpr Requirement operator+(const Requirement& left, const Requirement& right) {
        return {
            .initial = checked_sum(left.initial, right.initial).value_or(unaffordable),
            .maintenance = checked_sum(left.maintenance, right.maintenance).value_or(unaffordable)};
    }
    constexpr Requirement& operator+=(const Requirement& other) { return *this = *this + other; }
};
[[nodiscard]] constexpr Requirement difference(const Requirement& left, const Requirement& right) {
    return {.initial = left.initial - right.initial,
            .maintenance = left.maintenance - right.maintenance};
}

// ---- Futures and perpetuals ----

struct FutureTerms {
    LotValue notional;  // of one lot: the larger of its mark's magnitude and of its index
    Amount lot;         // base units in a lot
    Divisor coin;       // base units in a whole coin: at most 10^12
};

// The most lots, long or short, that fills of some of the open orders can lead to.
[[nodiscard]] Lots worse_side(Lots lots, Lots buys, Lots sells);

// The rates rise with all that the owner has, so that a position does not get cheaper by being
// spread over accounts: `others` are the base units that the owner's other accounts have of it,
// long and short added up.
[[nodiscard]] Requirement of_future(const FutureTerms& terms, Lots worst, Amount others,
                                    const instruments::Parameters& parameters);

// ---- Options ----

// An account's lots of one option. Its open sells are taken to be filled and its buys not: of all
// that can become of them, nothing needs more, since buys pay their premium and only protect.
struct OptionLeg {
    IndexPrice strike;
    LotValue strike_value;  // of one lot, as are the next two
    LotValue index_value;
    LotValue mark;
    Amount lot;  // base units in a lot
    Lots lots;   // negative is short
    Lots sells;
    bool is_put = false;
};
static_assert(sizeof(OptionLeg) == 64);

// How many units of the quote asset a base unit is worth at a price of one: up / down.
struct PriceScale {
    std::int64_t up = 1;
    std::int64_t down = 1;
};
[[nodiscard]] PriceScale scale_between(const instruments::Asset& base,
                                       const instruments::Asset& quote);

// All legs of one expiry; quicker where they come by strike, which is how they are left. A long leg
// needs nothing, for it is paid. Short legs need their sum, or the most that the legs together may
// have to pay at expiry if that is less. Premiums received are in the account's money, and a short
// leg's mark is in its requirement; what is paid at expiry is counted without either.
[[nodiscard]] Requirement of_options(std::span<OptionLeg> legs, PriceScale scale,
                                     const instruments::Parameters& parameters);

// What the legs need more once the one at this place has so many more sells, or fewer; it may have
// had no lots before. They come by strike.
[[nodiscard]] Requirement change_of_options(std::span<OptionLeg> legs, std::size_t place, Lots more,
                                            PriceScale scale,
                                            const instruments::Parameters& parameters);

}  // namespace miletus::risk
