// The geometric average of a geometric Brownian motion is log-normal, as the price itself is: both
// options have Black's price.
#include "pricing/paths/controls.hpp"

#include "pricing/math/math.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <cmath>

namespace miletus::pricing {

namespace {

struct LogNormal {
    double forward = 0;
    double deviation = 0;
};

double growth_of(double logarithm) {
    return value_of(Function::exp, logarithm);
}

LogNormal price_at(const Asset& asset, double time) {
    return {.forward = asset.spot * growth_of(asset.carry * time),
            .deviation = asset.vol * std::sqrt(time)};
}

LogNormal geometric_average(const Asset& asset, std::span<const double> times) {
    const auto count = static_cast<double>(times.size());
    double sum = 0;
    double variance = 0;
    double later = count;  // times from this one on
    for (const double time : times) {
        sum += time;
        variance += time * (2 * later - 1);
        later -= 1;
    }
    const double square = asset.vol * asset.vol;
    variance *= square / (count * count);
    const double mean = (asset.carry - 0.5 * square) * (sum / count);
    return {.forward = asset.spot * growth_of(mean + 0.5 * variance),
            .deviation = std::sqrt(variance)};
}

double option_on(const LogNormal& price, const Payoff& payoff) {
    if (payoff.strike <= 0) {
        return payoff.kind == call ? price.forward - payoff.strike : 0.0;
    }
    return value_of(Forward{.forward = price.forward,
                            .strike = payoff.strike,
                            .time = 1,
                            .vol = price.deviation,
                            .kind = payoff.kind})
        .price;
}

}  // namespace

double expected_control(const Simulation& simulation) {
    const Asset& asset = simulation.assets.front();
    const double last = simulation.times.back();
    switch (simulation.payoff.style) {
        case Style::arithmetic_asian:
            return option_on(geometric_average(asset, simulation.times), simulation.payoff);
        case Style::barrier:
            return option_on(price_at(asset, last), simulation.payoff);
        case Style::european:
        case Style::geometric_asian:
            return price_at(asset, last).forward;
        case Style::basket:
        case Style::own:
            break;
    }
    double sum = 0;
    for (std::size_t at = 0; at < simulation.assets.size(); ++at) {
        sum += simulation.payoff.weights[at] * price_at(simulation.assets[at], last).forward;
    }
    return sum;
}

}  // namespace miletus::pricing
