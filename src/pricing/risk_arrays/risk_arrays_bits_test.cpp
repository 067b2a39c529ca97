// The bits of more than ten million entries of risk arrays, as they were when they were written
// down, by every kind of lanes.
#include "pricing/digests_test.hpp"
#include "pricing/risk_arrays/risk_arrays.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr std::size_t options_at_once = 253;  // the last few fill no vector
constexpr int batches = 1200;

// Lots with so many units that every bit of a price shows, and some that have none.
struct Batch {
    explicit Batch(Prng& prng) {
        for (std::size_t at = 0; at < options_at_once; ++at) {
            forward.push_back(between(prng, 20, 300));
            strike.push_back(between(prng, 20, 300));
            const double soonest = prng.one_in(50) ? -0.1 : 0.0;
            time.push_back(between(prng, soonest, prng.one_in(2) ? 2 : 0.1));
            vol.push_back(between(prng, prng.one_in(10) ? 0.0 : 0.1, 1.5));
            discount.push_back(between(prng, 0.8, 1.02));
            units.push_back(between(prng, 1, prng.one_in(2) ? 1e6 : 1e11));
            kind.push_back(prng.one_in(2) ? call : put);
        }
        shocks.range_up = between(prng, 0.2, 0.8);
        shocks.range_down = between(prng, 0.1, 0.5);
        scenarios = usual_scenarios({.price_range = between(prng, 0.05, 0.3)});
    }
    std::vector<double> forward, strike, time, vol, discount, units;
    std::vector<std::int8_t> kind;
    VolShocks shocks;
    std::array<Scenario, usual_scenarios_count> scenarios;
};

Hash128 digest_of_entries() {
    Prng prng(35);
    Xxh3 hash;
    std::vector<std::int64_t> entries(options_at_once * usual_scenarios_count);
    std::vector<std::uint8_t> status(options_at_once);
    for (int count = 0; count < batches; ++count) {
        const Batch batch(prng);
        EXPECT_EQ(risk_arrays(OptionLots{.forward = batch.forward,
                                         .strike = batch.strike,
                                         .time = batch.time,
                                         .vol = batch.vol,
                                         .discount = batch.discount,
                                         .units = batch.units,
                                         .kind = batch.kind},
                              batch.scenarios, batch.shocks, {entries, status}),
                  RiskFault::none);
        hash.update(std::as_bytes(std::span(entries)));
        hash.update(std::as_bytes(std::span(status)));
    }
    return hash.digest();
}

TEST(Bits, of_risk_arrays_are_those_written_down) {
    expect_everywhere("1454a86dd5f70bee3b8cbf2894089275", digest_of_entries);
}

}  // namespace
}  // namespace miletus::pricing
