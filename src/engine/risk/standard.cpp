// Rates on futures; options one by one, and as what an expiry may have to pay at most. Most values
// fit 64 bits, where dividing is quick; the same lines serve those that do not.
#include "engine/risk/standard.hpp"

#include <algorithm>
#include <optional>

namespace miletus::risk {

using instruments::millionths;
using instruments::Parameters;
using protocol::Parameter;

namespace {

constexpr std::int64_t coin_max = 1'000'000'000'000;
constexpr std::int64_t strike_max = 1'000'000'000'000'000;
// Base units, long and short, of an expiry whose payments 128 bits hold at any strike.
constexpr int128 gross_max = int128{1} << 76U;

// For nothing below zero. What is known when the program is built divides by multiplying.
template <class Integer>
Integer ceil_div(Integer dividend, Integer divisor) {
    return (dividend + divisor - 1) / divisor;
}
template <class Integer>
Integer ceil_millionth(Integer value) {
    return (value + (millionths - 1)) / millionths;
}

Amount capped(int128 value) {
    const std::optional<std::int64_t> amount = narrow(value);
    return amount ? Amount(*amount) : unaffordable;
}

template <class Unit>
Unit magnitude(Unit value) {
    return value < Unit(0) ? -value : value;
}

// ---- Futures and perpetuals ----

// Of a position, in whole coins and the base units beyond them.
struct Size {
    std::int64_t coins;
    std::int64_t rest;
};

// All of it, or as much as needs its whole value even at the lowest slope.
Size size_of(const FutureTerms& terms, Lots worst, Amount others) {
    const std::int64_t enough = terms.coin * millionths;
    std::int64_t units = 0;
    const bool is_too_much = __builtin_mul_overflow(worst.value(), terms.lot.value(), &units) ||
                             __builtin_add_overflow(units, others.value(), &units);
    units = is_too_much ? enough : std::min(units, enough);
    return {.coins = units / terms.coin, .rest = units % terms.coin};
}

// In ppm: of the smallest position, and for each coin.
struct FutureRates {
    std::int64_t initial;
    std::int64_t maintenance;
    std::int64_t slope;
};

FutureRates rates_of(const Parameters& parameters) {
    const std::int64_t maintenance = parameters.of(Parameter::future_maintenance);
    return {.initial = std::max(parameters.of(Parameter::future_initial), maintenance),
            .maintenance = maintenance,
            .slope = parameters.of(Parameter::future_slope)};
}

// The ceiling of notional * (rate + slope * size / coin) / 10^6: a ceiling of a ceiling is that of
// the whole, so that the part of a coin can be divided by itself.
template <class Integer>
Requirement sloped(Integer notional, const FutureRates& rates, const Size& size,
                   std::int64_t coin) {
    const Integer per_coin = notional * rates.slope;
    const Integer of_rest =
        per_coin / coin * size.rest + ceil_div<Integer>(per_coin % coin * size.rest, Integer{coin});
    const auto at_rate = [&](std::int64_t rate) {
        const Integer sum = notional * (rate + rates.slope * size.coins) + of_rest;
        return Amount(static_cast<std::int64_t>(std::min(ceil_millionth(sum), notional)));
    };
    return {.initial = at_rate(rates.initial), .maintenance = at_rate(rates.maintenance)};
}

// Whether no step of sloped() leaves 64 bits.
bool is_small(std::int64_t notional, const FutureRates& rates, const Size& size,
              std::int64_t coin) {
    constexpr std::int64_t small_coin = std::int64_t{1} << 31U;
    const std::int64_t rate_max = rates.initial + rates.slope * (size.coins + 1);
    std::int64_t sum_max = 0;
    std::int64_t rounded_max = 0;
    return coin <= small_coin && !__builtin_mul_overflow(notional, rate_max, &sum_max) &&
           !__builtin_add_overflow(sum_max, millionths, &rounded_max);
}

// ---- Options ----

Lots least_lots(const OptionLeg& leg) {
    return leg.lots - leg.sells;
}

void check(std::span<const OptionLeg> legs) {
    for (const OptionLeg& leg : legs) {
        ASSERT(leg.strike > IndexPrice(0) && leg.strike <= IndexPrice(strike_max));
        ASSERT(leg.strike_value >= LotValue(0));
        ASSERT(leg.index_value >= LotValue(0));
        ASSERT(leg.mark >= LotValue(0));
        ASSERT(leg.lot > Amount(0));
        ASSERT(leg.sells >= Lots(0));
    }
}

// What one short lot needs by itself, in millionths of a unit.
struct PerLot {
    int128 initial;
    int128 maintenance;
};

PerLot per_short_lot(const OptionLeg& leg, const Parameters& parameters) {
    const int128 index = leg.index_value.value();
    const int128 mark = int128{leg.mark.value()} * millionths;
    const int128 above = int128{leg.strike_value.value()} - index;
    const int128 out_of_the_money = std::max<int128>(leg.is_put ? -above : above, 0);
    const int128 initial =
        std::max(index * parameters.of(Parameter::option_initial) - out_of_the_money * millionths,
                 index * parameters.of(Parameter::option_initial_floor));
    // A put worth more than the index is charged on what it is worth.
    const int128 charged = leg.is_put ? std::max(leg.index_value, leg.mark).value() : index;
    const int128 maintenance = charged * parameters.of(Parameter::option_maintenance);
    return {.initial = std::max(initial, maintenance) + mark, .maintenance = maintenance + mark};
}

// The ceiling of value * lots / 10^6, whose parts fit where the product may not.
template <class Integer>
int128 times_lots(Integer value, std::int64_t lots) {
    return int128{value / millionths} * lots + ceil_millionth<Integer>(value % millionths * lots);
}

Amount of_short_lots(int128 per_lot, Lots lots) {
    constexpr std::int64_t few_lots = std::int64_t{1} << 43U;
    const std::optional<std::int64_t> small = narrow(per_lot);
    return capped(small && lots < Lots(few_lots) ? times_lots(*small, lots.value())
                                                 : times_lots(per_lot, lots.value()));
}

Requirement isolated(std::span<const OptionLeg> legs, const Parameters& parameters) {
    Requirement sum;
    for (const OptionLeg& leg : legs) {
        const Lots lots = least_lots(leg);
        if (lots < Lots(0)) {
            const PerLot per_lot = per_short_lot(leg, parameters);
            sum += {.initial = of_short_lots(per_lot.initial, -lots),
                    .maintenance = of_short_lots(per_lot.maintenance, -lots)};
        }
    }
    return sum;
}

int128 base_units(const OptionLeg& leg) {
    return int128{least_lots(leg).value()} * leg.lot.value();
}

// What an expiry pays if the coin is worth nothing, and how that changes with each millionth that
// the coin is worth, below all strikes.
struct Payments {
    int128 at_zero = 0;
    int128 slope = 0;
};

// Empty where there is no most: more calls are short than long, or more than 128 bits hold.
std::optional<Payments> bounded_payments(std::span<const OptionLeg> legs) {
    Payments payments;
    int128 calls = 0;
    int128 gross = 0;
    for (const OptionLeg& leg : legs) {
        const int128 units = base_units(leg);
        gross += magnitude(units);
        if (gross > gross_max) {
            return std::nullopt;
        }
        if (leg.is_put) {
            payments.at_zero -= units * leg.strike.value();
            payments.slope += units;
        } else {
            calls += units;
        }
    }
    return calls >= 0 ? std::optional(payments) : std::nullopt;
}

// The payments bend at strikes only, so their most is at one, or where the coin is worth nothing.
// Every strike passed takes its lots off the slope: its puts stop paying, or its calls begin.
int128 largest_payment(std::span<OptionLeg> legs, Payments payments) {
    std::ranges::sort(legs, {}, &OptionLeg::strike);
    int128 payment = payments.at_zero;
    int128 largest = std::max<int128>(payment, 0);
    IndexPrice price;
    for (const OptionLeg& leg : legs) {
        payment += payments.slope * (leg.strike - price).value();
        payments.slope -= base_units(leg);
        price = leg.strike;
        largest = std::max(largest, payment);
    }
    ASSERT(payments.slope <= 0);
    return largest;
}

Amount in_quote_units(int128 payment, PriceScale scale) {
    const std::optional<std::int64_t> small = narrow(payment);
    if (scale.up != 1) {
        return small ? capped(int128{*small} * scale.up) : unaffordable;
    }
    return small ? Amount(*small / scale.down + (*small % scale.down != 0 ? 1 : 0))
                 : capped(ceil_div(payment, int128{scale.down}));
}

}  // namespace

Lots worse_side(Lots lots, Lots buys, Lots sells) {
    ASSERT(buys >= Lots(0) && sells >= Lots(0));
    return std::max(magnitude(lots + buys), magnitude(lots - sells));
}

Requirement of_future(const FutureTerms& terms, Lots worst, Amount others,
                      const Parameters& parameters) {
    ASSERT(terms.notional >= LotValue(0));
    ASSERT(terms.lot > Amount(0));
    ASSERT(terms.coin > 0 && terms.coin <= coin_max);
    ASSERT(worst >= Lots(0) && others >= Amount(0));
    const std::optional<Amount> notional = value_of(terms.notional, worst);
    if (!notional) {
        return {.initial = unaffordable, .maintenance = unaffordable};
    }
    const FutureRates rates = rates_of(parameters);
    const Size size = size_of(terms, worst, others);
    const std::int64_t value = notional->value();
    return is_small(value, rates, size, terms.coin)
               ? sloped(value, rates, size, terms.coin)
               : sloped(int128{value}, rates, size, terms.coin);
}

PriceScale scale_between(const instruments::Asset& base, const instruments::Asset& quote) {
    // A price is in millionths of the quote asset, for a whole coin.
    std::uint32_t up = quote.decimals;
    std::uint32_t down = base.decimals + 6;
    PriceScale scale;
    for (; up > down; --up) {
        scale.up *= 10;
    }
    for (; down > up; --down) {
        scale.down *= 10;
    }
    return scale;
}

Requirement of_options(std::span<OptionLeg> legs, PriceScale scale, const Parameters& parameters) {
    check(legs);
    const Requirement alone = isolated(legs, parameters);
    if (alone.initial == Amount(0)) {
        return alone;
    }
    const std::optional<Payments> payments = bounded_payments(legs);
    if (!payments) {
        return alone;
    }
    const Amount most = in_quote_units(largest_payment(legs, *payments), scale);
    return {.initial = std::min(alone.initial, most),
            .maintenance = std::min(alone.maintenance, most)};
}

}  // namespace miletus::risk
