// The bits of more than ten million outputs of fitted curves and surfaces, as they were when they
// were written down, by every kind of lanes.
#include "pricing/digests_test.hpp"
#include "pricing/surface/surface_test.hpp"

#include <gtest/gtest.h>

namespace miletus::pricing {
namespace {

void add(Xxh3& hash, std::span<const double> numbers) {
    hash.update(std::as_bytes(numbers));
}

void add(Xxh3& hash, const Svi& slice) {
    add(hash, std::array{slice.a, slice.b, slice.rho, slice.m, slice.sigma});
}

// Slices around one that is known, each with other noise, evaluated on a grid.
Hash128 digest_of_curves() {
    constexpr int slices = 400;
    constexpr std::size_t points = 37;
    constexpr std::size_t grid = 26'000;
    Prng prng(2026);
    Xxh3 hash;
    std::vector<double> k(points), w(points), weight(points), moneyness(grid), out(grid);
    for (std::size_t at = 0; at < grid; ++at) {
        moneyness[at] = -4 + 8 * static_cast<double>(at) / static_cast<double>(grid);
    }
    for (int count = 0; count < slices; ++count) {
        const Svi slice{.a = between(prng, 0, 0.02),
                        .b = between(prng, 0.02, 0.2),
                        .rho = between(prng, -0.8, 0.8),
                        .m = between(prng, -0.2, 0.2),
                        .sigma = between(prng, 0.02, 0.4)};
        for (std::size_t at = 0; at < points; ++at) {
            k[at] = between(prng, -0.7, 0.7);
            w[at] = total_variance(slice, k[at]) * between(prng, 0.97, 1.03);
            weight[at] = between(prng, 0.1, 2);
        }
        const SviFit fit = fit_svi({.log_moneyness = k, .variance = w, .weight = weight});
        add(hash, fit.slice);
        EXPECT_TRUE(total_variance(fit.slice, moneyness, out));
        add(hash, out);
        if (count % 8 == 0) {
            const VariancePoints expiry{.log_moneyness = k, .variance = w, .weight = weight};
            const SsviFit ssvi = fit_ssvi(std::array{expiry, expiry, expiry});
            add(hash, slice_of(ssvi.surface, ssvi.surface.theta.back()));
            add(hash, ssvi.surface.theta);
        }
    }
    return hash.digest();
}

Hash128 digest_of_surfaces() {
    Xxh3 hash;
    for (const std::uint64_t seed : {1U, 2U}) {
        const auto fit = fit_surface(chain_of(made_up_chain(seed)));
        EXPECT_TRUE(fit.has_value());
        for (const Slice& slice : fit->surface.slices()) {
            add(hash, slice.log_nodes());
            add(hash, slice.weights());
        }
        for (const QuoteReport& quote : fit->quotes) {
            add(hash, std::array{quote.bid_vol, quote.ask_vol, quote.fitted, quote.fitted_vol});
        }
        std::vector<double> strikes(1000), vols(1000);
        for (std::size_t at = 0; at < strikes.size(); ++at) {
            strikes[at] = 5'000 + 200.0 * static_cast<double>(at);
        }
        for (const double time : {0.001, 0.02, 0.07, 0.3, 1.0, 3.0}) {
            EXPECT_TRUE(fit->surface.vol({.strike = strikes, .time = {&time, 1}}, vols));
            add(hash, vols);
        }
    }
    return hash.digest();
}

TEST(Bits, of_variance_curves_are_those_written_down) {
    expect_everywhere("a1c07aa190b40fc8873b49c4df73cd32", digest_of_curves);
}

TEST(Bits, of_surfaces_are_those_written_down) {
    expect_everywhere("62e93c7ce1deb368a9d9e1f023fcfc84", digest_of_surfaces);
}

}  // namespace
}  // namespace miletus::pricing
