// Chains of quotes that tests make up, with the same bits everywhere: digests are made of them.
#pragma once

#include "pricing/digests_test.hpp"
#include "pricing/pricing.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace miletus::pricing {

constexpr double made_up_spot = 50'000;
constexpr double made_up_carry = 0.05;

inline double made_up_forward(double time) {
    return made_up_spot * value_of(Function::exp, made_up_carry * time);
}

// Smiles of one SSVI surface.
inline Svi made_up_slice(double time) {
    const Ssvi surface{.rho = -0.25, .eta = 0.9, .gamma = 0.4, .theta = {}};
    return slice_of(surface, 0.36 * time);
}

// In coin, on a tick of a ten-thousandth; calls and puts at every strike.
inline std::vector<Quote> made_up_expiry(double time, Prng& prng) {
    const double forward = made_up_forward(time);
    const Svi slice = made_up_slice(time);
    const double deviation = std::sqrt(0.36 * time);
    std::vector<Quote> quotes;
    for (int step = -8; step <= 8; ++step) {
        const double strike =
            std::round(forward * value_of(Function::exp, 0.4 * step * deviation) / 100) * 100;
        const double variance = total_variance(slice, value_of(Function::log, strike / forward));
        for (const std::int8_t kind : {call, put}) {
            const double price = value_of(Forward{.forward = 1,
                                                  .strike = strike / forward,
                                                  .time = 1,
                                                  .vol = std::sqrt(variance),
                                                  .discount = 1,
                                                  .kind = kind})
                                     .price;
            const double half = 0.0004 + 0.02 * price * between(prng, 0.5, 1);
            const double bid = std::floor((price - half) * 1e4) / 1e4;
            quotes.push_back({.time = time,
                              .strike = strike,
                              .kind = kind,
                              .bid = bid > 0 ? bid : 0,
                              .ask = std::ceil((price + half) * 1e4) / 1e4,
                              .age = 0,
                              .mark = price,
                              .forward = 0});
        }
    }
    return quotes;
}

constexpr std::array made_up_times{0.02, 0.1, 0.25, 0.5, 1.0};

inline std::vector<Quote> made_up_chain(std::uint64_t seed) {
    Prng prng(seed);
    std::vector<Quote> chain;
    for (const double time : made_up_times) {
        const std::vector<Quote> expiry = made_up_expiry(time, prng);
        chain.insert(chain.end(), expiry.begin(), expiry.end());
    }
    return chain;
}

inline QuotedChain chain_of(const std::vector<Quote>& quotes) {
    return {.quotes = quotes,
            .settlement = Settlement::coin,
            .spot = made_up_spot,
            .discount = 1,
            .age_max = 60};
}

}  // namespace miletus::pricing
