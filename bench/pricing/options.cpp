// Drawn from one seed, so that every run prices the same.
#include "bench/pricing/options.hpp"

namespace miletus::bench {

namespace {

constexpr double one = 1.0;

double exp_of(double x) {
    return pricing::value_of(pricing::Function::exp, x);
}

}  // namespace

double between(Prng& prng, double low, double high) {
    return low + (high - low) * static_cast<double>(prng.next() >> 11U) * 0x1p-53;
}

OptionSet::OptionSet(std::size_t count) {
    Prng prng(7);
    for (std::size_t at = 0; at < count; ++at) {
        spot.push_back(100 * exp_of(between(prng, -1, 1)));
        strike.push_back(spot.back() * exp_of(between(prng, -0.7, 0.7)));
        time.push_back(between(prng, 0.005, 2));
        vol.push_back(between(prng, 0.1, 1.5));
        rate.push_back(between(prng, -0.02, 0.08));
        yield.push_back(between(prng, -0.02, 0.05));
        kind.push_back(at % 2 == 1 ? pricing::call : pricing::put);
    }
}

pricing::SpotOptions OptionSet::spots() const {
    return {.spot = spot,
            .strike = strike,
            .time = time,
            .vol = vol,
            .rate = rate,
            .yield = yield,
            .kind = kind};
}

pricing::ForwardOptions OptionSet::forwards() const {
    return {.forward = spot,
            .strike = strike,
            .time = time,
            .vol = vol,
            .discount = std::span(&one, 1),
            .kind = kind};
}

ResultSet::ResultSet(std::size_t count)
    : price(count), delta(count), gamma(count), vega(count), theta(count), rho(count) {}

pricing::Results ResultSet::price_and_five() {
    return {
        .price = price, .delta = delta, .gamma = gamma, .vega = vega, .theta = theta, .rho = rho};
}

}  // namespace miletus::bench
