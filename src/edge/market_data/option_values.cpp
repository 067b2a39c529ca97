// From whole numbers to Black's formula, and back.
#include "edge/market_data/option_values.hpp"

#include "pricing/pricing.hpp"

#include <cmath>

namespace miletus::market_data {

namespace {

constexpr double strike_parts = 1e6;
constexpr double price_parts = 1e7;
constexpr double days_a_year = 365;
constexpr double percent = 100;
static_assert(price_decimals == 7);

// The one place where floating point numbers become others: half away from zero. What is none, or
// too large for anybody, is zero.
std::int64_t rounded(double value, std::uint32_t decimals) {
    constexpr double most = 1e15;
    for (; decimals != 0; --decimals) {
        value *= 10;
    }
    return std::abs(value) < most ? std::llround(value) : 0;
}

std::int8_t kind_of(const Instrument& option) {
    return option.kind == protocol::InstrumentKind::call ? pricing::call : pricing::put;
}

double strike_of(const Instrument& option) {
    return static_cast<double>(option.strike.value()) / strike_parts;
}

// A year's; none where the price implies none.
std::optional<double> volatility(const Instrument& option, std::int64_t forward, int128 price,
                                 UnixNanos now) {
    const pricing::ImpliedVol implied =
        pricing::implied_vol({.price = static_cast<double>(price) / price_parts,
                              .forward = static_cast<double>(forward) / price_parts,
                              .strike = strike_of(option),
                              .time = pricing::years_between(now, option.expiry),
                              .kind = kind_of(option)});
    return implied.status == pricing::Status::ok ? std::optional(implied.vol) : std::nullopt;
}

}  // namespace

OptionValues values_of(const Instrument& option, const OptionInputs& inputs) {
    const auto volatility_at = [&](int128 price) {
        return volatility(option, inputs.forward.price, price, inputs.minute).value_or(0.0);
    };
    const auto rounded_at = [&](std::optional<Ticks> price) {
        return price.has_value()
                   ? rounded(volatility_at(price_of(option, *price)) * percent, volatility_decimals)
                   : 0;
    };
    const double mark = volatility_at(price_of(option, inputs.mark.value_or(Grid(0))));
    const pricing::Valuation value = pricing::value_of(
        pricing::Forward{.forward = static_cast<double>(inputs.forward.price) / price_parts,
                         .strike = strike_of(option),
                         .time = pricing::years_between(inputs.minute, option.expiry),
                         .vol = mark,
                         .kind = kind_of(option)});
    const bool is_sound =
        value.status == pricing::Status::ok || value.status == pricing::Status::no_time_value;
    const auto greek = [is_sound](double number) {
        return is_sound ? rounded(number, greek_decimals) : 0;
    };
    return {.forward = inputs.forward.price,
            .source = inputs.forward.source,
            .future = inputs.forward.future,
            .mark_vol = rounded(mark * percent, volatility_decimals),
            .bid_vol = rounded_at(inputs.bid),
            .ask_vol = rounded_at(inputs.ask),
            .greeks = {.delta = greek(value.delta),
                       .gamma = greek(value.gamma),
                       .vega = greek(value.vega / percent),
                       .theta = greek(value.theta / days_a_year),
                       .rho = greek(value.rho / percent)}};
}

std::optional<std::int64_t> implied_volatility(const Instrument& option, std::int64_t forward,
                                               Ticks price, UnixNanos now) {
    const std::optional<double> implied = volatility(option, forward, price_of(option, price), now);
    return implied.has_value() ? std::optional(rounded(*implied * percent, volatility_decimals))
                               : std::nullopt;
}

}  // namespace miletus::market_data
