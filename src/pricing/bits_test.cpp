// The bits of more than ten million outputs of each kernel, as they were when they were written
// down, by every kind of lanes. `./run check-bits` runs this under every compiler and level.
#include "pricing/bits_test.hpp"

#include <immintrin.h>

namespace miletus::pricing {
namespace {

Hash128 digest_of_forwards() {
    return digest_of_options([](const Batch& batch, const Results& results) {
        return price(ForwardOptions{.forward = batch.asset,
                                    .strike = batch.strike,
                                    .time = batch.time,
                                    .vol = batch.vol,
                                    .discount = batch.discount,
                                    .kind = batch.kind},
                     results);
    });
}

Hash128 digest_of_spots() {
    return digest_of_options([](const Batch& batch, const Results& results) {
        return price(SpotOptions{.spot = batch.asset,
                                 .strike = batch.strike,
                                 .time = batch.time,
                                 .vol = batch.vol,
                                 .rate = batch.rate,
                                 .yield = batch.yield,
                                 .kind = batch.kind},
                     results);
    });
}

// One chain, under forwards and volatilities that move.
Hash128 digest_of_chains() {
    Prng prng(31);
    const Batch batch(prng);
    const auto chain = Chain::of({.time = 0.37, .discount = 0.985}, batch.strike, batch.kind);
    EXPECT_TRUE(chain);
    std::vector<double> price(options_at_once), delta(options_at_once), vega(options_at_once),
        volga(options_at_once), vols(options_at_once);
    Xxh3 hash;
    constexpr int ticks = 650;
    for (int count = 0; count < ticks && chain; ++count) {
        const double forward = between(prng, 20, 300);
        const double shift = between(prng, -0.01, 0.2);
        for (std::size_t at = 0; at < vols.size(); ++at) {
            vols[at] = batch.vol[at] + shift;
        }
        EXPECT_TRUE(chain->price(forward, vols,
                                 {.price = price, .delta = delta, .vega = vega, .volga = volga}));
        for (const std::vector<double>* column : {&price, &delta, &vega, &volga}) {
            hash.update(std::as_bytes(std::span(*column)));
        }
    }
    return hash.digest();
}

// Of prices near what options are worth, so that every status is met.
Hash128 digest_of_implied_vols() {
    Prng prng(99);
    Xxh3 hash;
    std::vector<double> price(options_at_once), vol(options_at_once);
    std::vector<std::uint8_t> status(options_at_once);
    constexpr int implied_batches = 2500;
    for (int count = 0; count < implied_batches; ++count) {
        const Batch batch(prng);
        for (std::size_t at = 0; at < options_at_once; ++at) {
            const double worth =
                batch.kind[at] * batch.discount[at] * (batch.asset[at] - batch.strike[at]);
            const double more = between(prng, prng.one_in(20) ? -1 : 0, 25);
            price[at] = (worth < 0 ? 0 : worth) + (prng.one_in(3) ? more * 1e-6 : more);
        }
        EXPECT_TRUE(imply({.price = price,
                           .forward = batch.asset,
                           .strike = batch.strike,
                           .time = batch.time,
                           .discount = batch.discount,
                           .kind = batch.kind},
                          vol, status));
        hash.update(std::as_bytes(std::span(vol)));
        hash.update(std::as_bytes(std::span(status)));
    }
    return hash.digest();
}

Hash128 digest_of_functions() {
    Prng prng(7);
    Xxh3 hash;
    std::vector<double> x(options_at_once), y(options_at_once), out(options_at_once);
    for (int count = 0; count < batches; ++count) {
        for (std::size_t at = 0; at < options_at_once; ++at) {
            const double low = prng.one_in(3) ? -45 : 0;
            const double high = prng.one_in(2) ? 1 : 60;
            x[at] = between(prng, low, high);
            y[at] = between(prng, -5, 5);
        }
        for (int function = 0; function <= static_cast<int>(Function::mills_ratio); ++function) {
            const auto which = static_cast<Function>(function);
            const std::span<const double> second =
                which == Function::pow ? std::span<const double>(y) : std::span<const double>();
            EXPECT_TRUE(evaluate(which, x, second, out));
            hash.update(std::as_bytes(std::span(out)));
        }
    }
    return hash.digest();
}

TEST(Bits, of_options_on_forwards_are_those_written_down) {
    expect_everywhere("1a6248bd3e7d9573f34d6e06a381f186", digest_of_forwards);
}

TEST(Bits, of_options_on_spots_are_those_written_down) {
    expect_everywhere("be42712a1576a90fc8755216297a57cd", digest_of_spots);
}

TEST(Bits, of_chains_are_those_written_down) {
    expect_everywhere("9a1bfaa2d06a2b4c317bf952c15bb6b7", digest_of_chains);
}

TEST(Bits, of_implied_volatilities_are_those_written_down) {
    expect_everywhere("534f1f046e6bfc793186215d422bc8e7", digest_of_implied_vols);
}

TEST(Bits, of_functions_are_those_written_down) {
    expect_everywhere("9f88d2a53a61e4aae80feead32527178", digest_of_functions);
}

// Rounding up, denormals flushed, and denormals taken for zero.
TEST(Bits, do_not_depend_on_the_settings_of_the_processor) {
    constexpr std::uint32_t poisoned = 0x1F80 | 0x4000 | 0x8000 | 0x0040;
    const Forward option{.forward = 100.1, .strike = 117.3, .time = 0.31, .vol = 0.57};
    const Valuation before = value_of(option);
    const std::uint32_t settings = _mm_getcsr();
    _mm_setcsr(poisoned);
    const Valuation poisoned_one = value_of(option);
    const double function = value_of(Function::exp, 0.1);
    const std::uint32_t kept = _mm_getcsr();
    _mm_setcsr(settings);
    EXPECT_EQ(kept & ~0x3FU, poisoned & ~0x3FU);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(poisoned_one.price),
              std::bit_cast<std::uint64_t>(before.price));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(poisoned_one.charm),
              std::bit_cast<std::uint64_t>(before.charm));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(function),
              std::bit_cast<std::uint64_t>(value_of(Function::exp, 0.1)));
}

// A compiler that fuses a product and a sum by itself gives 2^-60 here, and others' bits.
TEST(Bits, a_product_and_a_sum_are_rounded_twice) {
    volatile double factor = 1 + 0x1p-30;
    volatile double term = -(1 + 0x1p-29);
    EXPECT_EQ(factor * factor + term, 0.0);
}

}  // namespace
}  // namespace miletus::pricing
