// Random options by the batch, and digests of what becomes of them, for tests of bits.
#pragma once

#include "pricing/digests_test.hpp"
#include "pricing/pricing.hpp"

#include <array>
#include <span>
#include <vector>

namespace miletus::pricing {

constexpr std::size_t options_at_once = 4093;  // the last few fill no vector
constexpr int batches = 300;

// Ordinary options, with a few that are none.
struct Batch {
    explicit Batch(Prng& prng) {
        for (std::size_t at = 0; at < options_at_once; ++at) {
            asset.push_back(between(prng, 20, 300));
            strike.push_back(between(prng, 20, 300));
            time.push_back(between(prng, prng.one_in(50) ? -0.1 : 0.001, 2));
            vol.push_back(between(prng, prng.one_in(10) ? 0.0 : 0.1, 1.5));
            rate.push_back(between(prng, -0.02, 0.08));
            yield.push_back(between(prng, -0.02, 0.05));
            discount.push_back(between(prng, 0.8, 1.02));
            kind.push_back(prng.one_in(2) ? call : put);
        }
    }
    std::vector<double> asset, strike, time, vol, rate, yield, discount;
    std::vector<std::int8_t> kind;
};

template <class Price>
Hash128 digest_of_options(Price price) {
    Prng prng(2026);
    Xxh3 hash;
    std::array<std::vector<double>, 9> columns;
    columns.fill(std::vector<double>(options_at_once));
    std::vector<std::uint8_t> status(options_at_once);
    for (int count = 0; count < batches; ++count) {
        const Batch batch(prng);
        EXPECT_TRUE(price(batch, Results{.price = columns[0],
                                         .delta = columns[1],
                                         .gamma = columns[2],
                                         .vega = columns[3],
                                         .theta = columns[4],
                                         .rho = columns[5],
                                         .vanna = columns[6],
                                         .volga = columns[7],
                                         .charm = columns[8],
                                         .status = status}));
        for (const std::vector<double>& column : columns) {
            hash.update(std::as_bytes(std::span(column)));
        }
        hash.update(std::as_bytes(std::span(status)));
    }
    return hash.digest();
}

}  // namespace miletus::pricing
