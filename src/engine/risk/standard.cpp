// Rates on futures; options one by one, and as what an expiry may have to pay at most. Most values
// fit 64 bits, where dividing is quick; the same lines serve those that do not.
#include "engine/risk/standard.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace miletus::risk {

using instruments::millionths;
using instruments::Parameters;
using protocol::Parameter;

namespace {

constexpr std::int64_t coin_max = 1'000'000'000'000;
constexpr std::int64_t strike_max = 1'000'000'000'000'000;

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

// ---- Futures and perpetuals ----

// In ppm: of the smallest position, and for each coin.
struct FutureRates {
    std::int64_t initial;
    std::int64_t maintenance;
    std::int64_t slope;
};

FutureRates future_rates_of(const Parameters& parameters) {
    const std::int64_t maintenance = parameters.of(Parameter::future_maintenance);
    return {.initial = std::max(parameters.of(Parameter::future_initial), maintenance),
            .maintenance = maintenance,
            .slope = parameters.of(Parameter::future_slope)};
}

// Base units that the slope counts; or as many as need the whole value even at the lowest slope.
std::int64_t size_of(const FutureTerms& terms, Lots worst, Amount others) {
    const std::int64_t enough = terms.coin.value() * millionths;
    std::int64_t size = 0;
    const bool is_too_much = __builtin_mul_overflow(worst.value(), terms.lot.value(), &size) ||
                             __builtin_add_overflow(size, others.value(), &size);
    return is_too_much ? enough : std::min(size, enough);
}

// part * size / coin, rounded up.
std::int64_t of_coins(std::int64_t part, std::int64_t size, const Divisor& coin) {
    const Divisor::Divided whole = coin.divide(part);
    const Divisor::Divided rest = coin.divide(whole.rest * size);
    return whole.quotient * size + rest.quotient + (rest.rest != 0 ? 1 : 0);
}
int128 of_coins(int128 part, int128 size, const Divisor& coin) {
    const int128 divisor = coin.value();
    return part / divisor * size + ceil_div(part % divisor * size, divisor);
}

// The ceiling of notional * (rate + slope * size / coin) / 10^6. The slope's part is rounded up
// first, which leaves the ceiling of the whole what it is.
template <class Integer>
Requirement sloped(Integer notional, const FutureRates& rates, Integer size, const Divisor& coin) {
    const Integer of_slope = of_coins(notional * rates.slope, size, coin);
    const auto at_rate = [&](std::int64_t rate) {
        const Integer needed = ceil_millionth(notional * rate + of_slope);
        return Amount(static_cast<std::int64_t>(std::min(needed, notional)));
    };
    return {.initial = at_rate(rates.initial), .maintenance = at_rate(rates.maintenance)};
}

// Whether no step of sloped() leaves 64 bits.
bool is_small(std::int64_t notional, const FutureRates& rates, std::int64_t size,
              std::int64_t coin) {
    const auto shift = std::bit_width(static_cast<std::uint64_t>(coin)) - 1;
    const std::int64_t coins_max = (size >> shift) + 1;
    std::int64_t sum = 0;
    std::int64_t rest = 0;
    return !__builtin_mul_overflow(notional, rates.initial + rates.slope * coins_max, &sum) &&
           !__builtin_add_overflow(sum, millionths, &sum) &&
           !__builtin_mul_overflow(coin, size + 1, &rest);
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

// In ppm.
struct OptionRates {
    std::int64_t initial;
    std::int64_t floor;
    std::int64_t maintenance;
};

OptionRates option_rates_of(const Parameters& parameters) {
    return {.initial = parameters.of(Parameter::option_initial),
            .floor = parameters.of(Parameter::option_initial_floor),
            .maintenance = parameters.of(Parameter::option_maintenance)};
}

// What one short lot needs by itself, in millionths of a unit.
template <class Integer>
struct PerLot {
    Integer initial;
    Integer maintenance;
};

template <class Integer>
PerLot<Integer> per_short_lot(const OptionLeg& leg, const OptionRates& rates) {
    const Integer index = leg.index_value.value();
    const Integer mark = leg.mark.value();
    const Integer above = leg.strike_value.value() - index;
    const Integer out_of_the_money = std::max<Integer>(leg.is_put ? -above : above, 0);
    const Integer initial =
        std::max(index * rates.initial - out_of_the_money * millionths, index * rates.floor);
    // A put worth more than the index is charged on what it is worth.
    const Integer charged = leg.is_put ? std::max(index, mark) : index;
    const Integer maintenance = charged * rates.maintenance;
    return {.initial = std::max(initial, maintenance) + mark * millionths,
            .maintenance = maintenance + mark * millionths};
}

// The ceiling of per_lot * lots / 10^6, by its parts: the product may be too large.
Amount times_lots(int128 per_lot, std::int64_t lots) {
    return capped(per_lot / millionths * lots + ceil_millionth(per_lot % millionths * lots));
}

// Whether 64 bits hold all that per_short_lot() computes; everything here is checked to be
// positive.
bool is_small(const OptionLeg& leg) {
    const std::int64_t bits = leg.index_value.value() | leg.mark.value() | leg.strike_value.value();
    return bits >> 42U == 0;
}

Requirement of_short_lots(const OptionLeg& leg, std::int64_t lots, const OptionRates& rates) {
    if (is_small(leg)) {
        const auto per_lot = per_short_lot<std::int64_t>(leg, rates);
        std::int64_t product = 0;
        if (!__builtin_mul_overflow(per_lot.initial, lots, &product) &&
            !__builtin_add_overflow(product, millionths, &product)) {
            return {.initial = Amount(ceil_millionth(per_lot.initial * lots)),
                    .maintenance = Amount(ceil_millionth(per_lot.maintenance * lots))};
        }
    }
    const auto per_lot = per_short_lot<int128>(leg, rates);
    return {.initial = times_lots(per_lot.initial, lots),
            .maintenance = times_lots(per_lot.maintenance, lots)};
}

Requirement isolated(std::span<const OptionLeg> legs, const Parameters& parameters) {
    const OptionRates rates = option_rates_of(parameters);
    Requirement sum;
    for (const OptionLeg& leg : legs) {
        const Lots lots = least_lots(leg);
        if (lots < Lots(0)) {
            sum += of_short_lots(leg, (-lots).value(), rates);
        }
    }
    return sum;
}

// ---- An expiry's largest payment ----

// Where lots are of one size they weigh one, and prices are what a lot of the coin is worth: then a
// payment is in units already. Else base units are weighed, at what a coin is worth.
bool has_one_lot(std::span<const OptionLeg> legs) {
    return std::ranges::all_of(legs,
                               [&](const OptionLeg& leg) { return leg.lot == legs.front().lot; });
}

struct ByLots {
    static constexpr int128 gross_max = int128{1} << 62U;
    static int128 weight(const OptionLeg& leg) { return least_lots(leg).value(); }
    static std::int64_t strike(const OptionLeg& leg) { return leg.strike_value.value(); }
};

struct ByBaseUnits {
    static constexpr int128 gross_max = int128{1} << 76U;
    static int128 weight(const OptionLeg& leg) { return ByLots::weight(leg) * leg.lot.value(); }
    static std::int64_t strike(const OptionLeg& leg) { return leg.strike.value(); }
};

// What is paid if the coin is worth nothing, and how that changes with its price below all strikes.
struct Payments {
    int128 at_zero = 0;
    int128 slope = 0;
};

// Empty where there is no most: more calls are short than long, or more than 128 bits may hold.
template <class Weighing>
std::optional<Payments> bounded_payments(std::span<const OptionLeg> legs) {
    Payments payments;
    int128 calls = 0;
    int128 gross = 0;
    for (const OptionLeg& leg : legs) {
        const int128 weight = Weighing::weight(leg);
        gross += magnitude(weight);
        if (gross > Weighing::gross_max) {
            return std::nullopt;
        }
        if (leg.is_put) {
            payments.at_zero -= weight * Weighing::strike(leg);
            payments.slope += weight;
        } else {
            calls += weight;
        }
    }
    return calls >= 0 ? std::optional(payments) : std::nullopt;
}

// Payments bend at strikes only, so the most is at one, or where the coin is worth nothing. Every
// strike passed takes its weight off the slope: its puts stop paying, or its calls begin.
template <class Weighing>
std::optional<int128> largest_payment(std::span<OptionLeg> legs) {
    const std::optional<Payments> payments = bounded_payments<Weighing>(legs);
    if (!payments) {
        return std::nullopt;
    }
    if (!std::ranges::is_sorted(legs, {}, &OptionLeg::strike)) {
        std::ranges::sort(legs, {}, &OptionLeg::strike);
    }
    int128 payment = payments->at_zero;
    int128 slope = payments->slope;
    int128 largest = std::max<int128>(payment, 0);
    std::int64_t price = 0;
    for (const OptionLeg& leg : legs) {
        payment += slope * (Weighing::strike(leg) - price);
        slope -= Weighing::weight(leg);
        price = Weighing::strike(leg);
        largest = std::max(largest, payment);
    }
    ASSERT(slope <= 0);
    return largest;
}

// From base units at a price.
Amount in_quote_units(int128 payment, PriceScale scale) {
    const std::optional<std::int64_t> small = narrow(payment);
    if (scale.up != 1) {
        return small ? capped(int128{*small} * scale.up) : unaffordable;
    }
    return small ? Amount(*small / scale.down + (*small % scale.down != 0 ? 1 : 0))
                 : capped(ceil_div(payment, int128{scale.down}));
}

// `unaffordable` where there is no most.
Amount most_to_pay(std::span<OptionLeg> legs, PriceScale scale) {
    if (has_one_lot(legs)) {
        const std::optional<int128> payment = largest_payment<ByLots>(legs);
        return payment ? capped(*payment) : unaffordable;
    }
    const std::optional<int128> payment = largest_payment<ByBaseUnits>(legs);
    return payment ? in_quote_units(*payment, scale) : unaffordable;
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
    ASSERT(terms.coin.value() <= coin_max);
    ASSERT(worst >= Lots(0) && others >= Amount(0));
    const std::optional<Amount> notional = value_of(terms.notional, worst);
    if (!notional) {
        return {.initial = unaffordable, .maintenance = unaffordable};
    }
    const FutureRates rates = future_rates_of(parameters);
    const std::int64_t size = size_of(terms, worst, others);
    const std::int64_t value = notional->value();
    return is_small(value, rates, size, terms.coin.value())
               ? sloped(value, rates, size, terms.coin)
               : sloped<int128>(value, rates, size, terms.coin);
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

// ---- More sells of one leg ----

namespace {

// Of an expiry whose lots are of one size, where 64 bits hold all that is summed up.
class SmallExpiry {
  public:
    void add(const OptionLeg& leg, std::int64_t lots, const OptionRates& rates) {
        if (leg.is_put) {
            payment_ -= lots * leg.strike_value.value();
            slope_ += lots;
        } else {
            calls_ += lots;
        }
        if (lots < 0) {
            alone_ += of_short_lots(leg, -lots, rates);
        }
    }
    // On the way up from a price of zero, which is where the payment stands after all were added.
    void begin() { largest_ = std::max(payment_, std::int64_t{0}); }
    void pass(std::int64_t distance, std::int64_t lots) {
        payment_ += slope_ * distance;
        largest_ = std::max(largest_, payment_);
        slope_ -= lots;
    }
    [[nodiscard]] Requirement requirement() const {
        const Amount most = calls_ >= 0 ? Amount(largest_) : unaffordable;
        return {.initial = std::min(alone_.initial, most),
                .maintenance = std::min(alone_.maintenance, most)};
    }

  private:
    Requirement alone_;
    std::int64_t payment_ = 0;
    std::int64_t slope_ = 0;
    std::int64_t calls_ = 0;
    std::int64_t largest_ = 0;
};

bool is_small_expiry(std::span<const OptionLeg> legs, Lots more) {
    constexpr std::int64_t gross_max = std::int64_t{1} << 20U;
    std::int64_t gross = std::min(magnitude(more).value(), gross_max);
    for (const OptionLeg& leg : legs) {
        if (!is_small(leg) || leg.lot != legs.front().lot) {
            return false;
        }
        gross += std::min(magnitude(least_lots(leg)).value(), gross_max);
        if (gross >= gross_max) {
            return false;
        }
    }
    return true;
}

// Both at once: all but one leg is the same before and after.
Requirement small_change(std::span<const OptionLeg> legs, std::size_t place, Lots more,
                         const OptionRates& rates) {
    SmallExpiry before;
    for (std::size_t at = 0; at < legs.size(); ++at) {
        if (at != place) {
            before.add(legs[at], least_lots(legs[at]).value(), rates);
        }
    }
    SmallExpiry after = before;
    before.add(legs[place], least_lots(legs[place]).value(), rates);
    after.add(legs[place], (least_lots(legs[place]) - more).value(), rates);
    before.begin();
    after.begin();
    std::int64_t price = 0;
    for (std::size_t at = 0; at < legs.size(); ++at) {
        const std::int64_t strike = legs[at].strike_value.value();
        const std::int64_t lots = least_lots(legs[at]).value();
        before.pass(strike - price, lots);
        after.pass(strike - price, at == place ? lots - more.value() : lots);
        price = strike;
    }
    return difference(after.requirement(), before.requirement());
}

}  // namespace

Requirement change_of_options(std::span<OptionLeg> legs, std::size_t place, Lots more,
                              PriceScale scale, const Parameters& parameters) {
    check(legs);
    if (is_small_expiry(legs, more)) [[likely]] {
        return small_change(legs, place, more, option_rates_of(parameters));
    }
    // What has no lots yet is not there before: it goes to the end, and comes back.
    OptionLeg& leg = legs[place];
    if (leg.lots == Lots(0) && leg.sells == Lots(0)) {
        const auto begin = legs.begin() + static_cast<std::ptrdiff_t>(place);
        std::rotate(begin, begin + 1, legs.end());
        const Requirement before = of_options(legs.first(legs.size() - 1), scale, parameters);
        legs.back().sells = more;
        return difference(of_options(legs, scale, parameters), before);
    }
    const Requirement before = of_options(legs, scale, parameters);
    leg.sells += more;
    return difference(of_options(legs, scale, parameters), before);
}

Requirement of_options(std::span<OptionLeg> legs, PriceScale scale, const Parameters& parameters) {
    check(legs);
    const Requirement alone = isolated(legs, parameters);
    if (alone.initial == Amount(0)) {
        return alone;
    }
    const Amount most = most_to_pay(legs, scale);
    return {.initial = std::min(alone.initial, most),
            .maintenance = std::min(alone.maintenance, most)};
}

}  // namespace miletus::risk
