// The bits of the models beside Black's, as those of bits_test.cpp.
#include "pricing/bits_test.hpp"

namespace miletus::pricing {
namespace {

ForwardOptions forwards_of(const Batch& batch) {
    return {.forward = batch.asset,
            .strike = batch.strike,
            .time = batch.time,
            .vol = batch.vol,
            .discount = batch.discount,
            .kind = batch.kind};
}

void scale(std::vector<double>& column, double factor, double term) {
    for (double& number : column) {
        number = factor * number + term;
    }
}

// Forwards and strikes on both sides of nothing, volatilities in money.
Hash128 digest_of_bachelier() {
    return digest_of_options([](const Batch& batch, const Results& results) {
        Batch moved = batch;
        scale(moved.asset, 1, -160);
        scale(moved.strike, 1, -160);
        scale(moved.vol, 50, 0);
        return price_bachelier(forwards_of(moved), results);
    });
}

Hash128 digest_of_displaced() {
    return digest_of_options([](const Batch& batch, const Results& results) {
        std::vector<double> shift = batch.rate;
        scale(shift, 1000, -10);  // some so low that nothing is left
        return price_displaced(forwards_of(batch), shift, results);
    });
}

Hash128 digest_of_coin() {
    return digest_of_options([](const Batch& batch, const Results& results) {
        return price_coin(forwards_of(batch), results);
    });
}

Hash128 digest_of_quanto() {
    return digest_of_options([](const Batch& batch, const Results& results) {
        std::vector<double> correlation = batch.yield;
        scale(correlation, 25, 0);  // a few above one
        return price_quanto(forwards_of(batch),
                            {.agreed = batch.strike, .vol = batch.vol, .correlation = correlation},
                            results);
    });
}

// Prices near what options are worth, so that every status is met.
template <class Imply>
Hash128 digest_of_vols(int count, double shift, Imply imply_batch) {
    Prng prng(1900);
    Xxh3 hash;
    std::vector<double> price(options_at_once), vol(options_at_once);
    std::vector<std::uint8_t> status(options_at_once);
    Batch batch(prng);
    scale(batch.asset, 1, -shift);
    scale(batch.strike, 1, -shift);
    for (int round = 0; round < count; ++round) {
        for (std::size_t at = 0; at < options_at_once; ++at) {
            const double worth =
                batch.kind[at] * batch.discount[at] * (batch.asset[at] - batch.strike[at]);
            const double more = between(prng, prng.one_in(20) ? -1 : 0, 25);
            price[at] = (worth < 0 ? 0 : worth) + (prng.one_in(3) ? more * 1e-6 : more);
        }
        EXPECT_TRUE(imply_batch(batch, price, vol, status));
        hash.update(std::as_bytes(std::span(vol)));
        hash.update(std::as_bytes(std::span(status)));
    }
    return hash.digest();
}

PricedForwards priced(const Batch& batch, std::span<const double> price) {
    return {.price = price,
            .forward = batch.asset,
            .strike = batch.strike,
            .time = batch.time,
            .discount = batch.discount,
            .kind = batch.kind};
}

Hash128 digest_of_bachelier_vols() {
    return digest_of_vols(2500, 160, [](const Batch& batch, auto price, auto& vol, auto& status) {
        return imply_bachelier(priced(batch, price), vol, status);
    });
}

const std::array<double, 1> displacement{15.0};

// The kernel is that of bits_test.cpp, but for how it begins.
Hash128 digest_of_displaced_vols() {
    return digest_of_vols(250, 30, [](const Batch& batch, auto price, auto& vol, auto& status) {
        return imply_displaced(priced(batch, price), displacement, vol, status);
    });
}

Hash128 digest_of_coin_vols() {
    return digest_of_vols(250, 0, [](const Batch& batch, auto price, auto& vol, auto& status) {
        std::vector<double> in_coins = price;
        for (std::size_t at = 0; at < in_coins.size(); ++at) {
            in_coins[at] /= batch.asset[at];
        }
        return imply_coin(priced(batch, in_coins), vol, status);
    });
}

TEST(Bits, of_bachelier_are_those_written_down) {
    expect_everywhere("44b1288690e085cfe9c37ee11cda8461", digest_of_bachelier);
}

TEST(Bits, of_displaced_options_are_those_written_down) {
    expect_everywhere("738732a32c58a3bd20c64648b86893ad", digest_of_displaced);
}

TEST(Bits, of_coin_settled_options_are_those_written_down) {
    expect_everywhere("74bb9b46327225bff6ad6edda014708c", digest_of_coin);
}

TEST(Bits, of_quanto_options_are_those_written_down) {
    expect_everywhere("55a737ebc52b6c2e89db9937f5dd84d8", digest_of_quanto);
}

TEST(Bits, of_volatilities_of_bachelier_are_those_written_down) {
    expect_everywhere("d08a1ad96e5c5e3f6242304e2d3b1401", digest_of_bachelier_vols);
}

TEST(Bits, of_displaced_volatilities_are_those_written_down) {
    expect_everywhere("c3efbe3e83373c6a73f3571dbeb14900", digest_of_displaced_vols);
}

TEST(Bits, of_volatilities_of_coin_settled_options_are_those_written_down) {
    expect_everywhere("2b89d9c9e1fa51946a198f65263b27f6", digest_of_coin_vols);
}

}  // namespace
}  // namespace miletus::pricing
