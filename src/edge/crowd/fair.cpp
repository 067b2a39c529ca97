// Black's formula with SSVI's volatility; what comes out is rounded here.
#include "edge/crowd/fair.hpp"

#include "pricing/pricing.hpp"

#include <algorithm>
#include <cmath>

namespace miletus::crowd {

using protocol::InstrumentKind;

namespace {

constexpr double millionths = 1e6;

// Half spreads, as parts of the index; options have a part of their price more.
constexpr double perpetual_half = 100e-6;
constexpr double future_half = 160e-6;
constexpr double option_half = 120e-6;
constexpr double option_half_of_price = 0.015;
// With less there is no smile to speak of.
constexpr double least_eta = 0.01;

double part(std::int64_t ppm) {
    return static_cast<double>(ppm) / millionths;
}

double volatility_of(const UnderlyingSettings& settings, const Feeling& feeling, double moneyness,
                     double years) {
    const double usual = part(settings.volatility) * (1 + part(feeling.volatility));
    const double eta = part(settings.eta);
    if (eta < least_eta) {
        return usual;
    }
    const pricing::Svi slice = pricing::slice_of(
        {.rho = part(settings.rho), .eta = eta, .gamma = 0.5, .theta = {}}, usual * usual * years);
    return std::sqrt(std::max(pricing::total_variance(slice, moneyness), 0.0) / years);
}

Fair rounded(double price, double half_spread) {
    return {.price = std::llround(price * millionths),
            .half_spread = std::max(std::llround(half_spread * millionths), 1LL)};
}

Fair fair_option(const Instrument& option, double index, double forward, double years,
                 const UnderlyingSettings& settings, const Feeling& feeling) {
    const double strike = part(option.strike.value());
    const double moneyness = pricing::value_of(pricing::Function::log, strike / forward);
    const pricing::Valuation value = pricing::value_of(pricing::Forward{
        .forward = forward,
        .strike = strike,
        .time = years,
        .vol = volatility_of(settings, feeling, moneyness, years),
        .discount = 1,
        .kind = option.kind == InstrumentKind::call ? pricing::call : pricing::put});
    const double delta = std::max(std::abs(value.delta), 0.2);
    return rounded(value.price, option_half * index * delta + option_half_of_price * value.price);
}

}  // namespace

std::optional<Fair> fair_of(const Instrument& instrument, IndexPrice index,
                            const UnderlyingSettings& settings, const Feeling& feeling,
                            UnixNanos now) {
    if (index <= IndexPrice(0)) {
        return std::nullopt;
    }
    const double spot = part(index.value());
    if (instrument.kind == InstrumentKind::perpetual) {
        return rounded(spot * (1 + part(feeling.premium)), spot * perpetual_half);
    }
    if (instrument.expiry <= now) {
        return std::nullopt;
    }
    const double years = pricing::years_between(now, instrument.expiry);
    const double forward =
        spot * pricing::value_of(pricing::Function::exp, part(settings.carry) * years);
    if (instrument.kind == InstrumentKind::future) {
        return rounded(forward, spot * future_half);
    }
    return fair_option(instrument, spot, forward, years, settings, feeling);
}

}  // namespace miletus::crowd
