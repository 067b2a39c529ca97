// The bits of more than ten million prices along paths, and of estimates, as they were when they
// were written down, by every kind of lanes and by any number of threads.
#include "host/shares.hpp"
#include "pricing/digests_test.hpp"
#include "pricing/paths/paths.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr std::array assets{Asset{.spot = 100, .carry = 0.03, .vol = 0.4},
                            Asset{.spot = 17, .carry = -0.1, .vol = 0.9},
                            Asset{.spot = 60'000, .carry = 0.0, .vol = 0.6}};
constexpr std::array correlation{1.0, 0.6, -0.3, 0.6, 1.0, 0.2, -0.3, 0.2, 1.0};
constexpr std::array weights{1.0, 2.0, 0.01};

std::vector<double> uneven_times(std::size_t count) {
    std::vector<double> times;
    for (std::size_t at = 1; at <= count; ++at) {
        const auto place = static_cast<double>(at);
        times.push_back(place * (place + 3) * 1e-3);
    }
    return times;
}

Hash128 digest_of_prices(Generator generator) {
    constexpr std::uint64_t blocks = 80;
    const std::vector<double> times = uneven_times(43);
    const Paths paths({.assets = assets,
                       .correlation = correlation,
                       .times = times,
                       .payoff = {.style = Style::basket, .weights = weights},
                       .generator = generator,
                       .seed = 2026,
                       .paths = blocks * block_samples,
                       .shifts = 2,
                       .has_bridge = generator == Generator::sobol});
    std::vector<double> prices(paths.stored_size());
    Xxh3 hash;
    for (std::uint64_t block = 0; block < paths.blocks(); ++block) {
        EXPECT_TRUE(paths.store(block, prices));
        hash.update(std::as_bytes(std::span(prices)));
    }
    return hash.digest();
}

// Of all styles, with what there is to choose about each.
Hash128 digest_of_estimates(std::size_t threads) {
    const std::vector<double> times = uneven_times(25);
    Xxh3 hash;
    for (std::uint32_t choice = 0; choice < 5 * 32; ++choice) {
        const auto style = static_cast<Style>(choice % 5);
        const auto has = [&](std::uint32_t which) {
            return (choice / 5 >> which & 1U) != 0;
        };
        const Paths paths(
            {.assets = std::span(assets).first(style == Style::basket ? 3 : 1),
             .correlation =
                 std::span<const double>(correlation).first(style == Style::basket ? 9 : 0),
             .times = times,
             .payoff = {.style = style,
                        .kind = static_cast<std::int8_t>(has(0) ? 1 : -1),
                        .strike = style == Style::basket ? 750.0 : 103.0,
                        .barrier_kind = static_cast<BarrierKind>(choice % 4),
                        .barrier = choice % 4 < 2 ? 130.0 : 80.0,
                        .is_continuous = has(1),
                        .weights =
                            std::span<const double>(weights).first(style == Style::basket ? 3 : 0)},
             .generator = has(2) ? Generator::sobol : Generator::philox,
             .seed = choice,
             .paths = 4500,
             .shifts = 3,
             .has_bridge = has(3),
             .is_antithetic = has(4),
             .has_control = has(1)});
        std::vector<BlockSum> sums(paths.blocks());
        host::share_out(sums.size(), 1, threads, [&](host::Share share) {
            EXPECT_TRUE(paths.run(share.first, std::span(sums).subspan(share.first, share.count)));
        });
        const Estimate estimated = paths.estimate(sums);
        EXPECT_EQ(estimated.status, PathStatus::ok);
        const std::array numbers{estimated.value, estimated.standard_error,
                                 estimated.control_coefficient};
        hash.update(std::as_bytes(std::span(numbers)));
        for (const BlockSum& sum : sums) {
            const std::array parts{sum.mean, sum.squares, sum.control_mean, sum.control_squares,
                                   sum.products};
            hash.update(std::as_bytes(std::span(parts)));
        }
    }
    return hash.digest();
}

TEST(Bits, of_prices_along_random_paths_are_those_written_down) {
    expect_everywhere("135203a8e1c6c132e7e9b74d5ce24b76",
                      [] { return digest_of_prices(Generator::philox); });
}

TEST(Bits, of_prices_along_sobol_paths_are_those_written_down) {
    expect_everywhere("00cc227b101cc2e3f40ae66bf8b7564c",
                      [] { return digest_of_prices(Generator::sobol); });
}

TEST(Bits, of_estimates_are_those_written_down_on_any_number_of_threads) {
    constexpr std::string_view golden = "f29659dbaccb15f218689457f6d398c1";
    expect_everywhere(golden, [] { return digest_of_estimates(1); });
    EXPECT_EQ(hex(digest_of_estimates(2)), golden);
    EXPECT_EQ(hex(digest_of_estimates(7)), golden);
}

}  // namespace
}  // namespace miletus::pricing
