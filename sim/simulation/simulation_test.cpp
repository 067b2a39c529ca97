// A few hundred seeds with every test run, and the proof that they come to the rare paths.
#include "sim/simulation/simulation.hpp"

#include <gtest/gtest.h>

namespace miletus::simulation {
namespace {

TEST(Simulation, loses_nothing_and_does_nothing_twice) {
    Probes probes;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const Outcome outcome = simulate(seed);
        ASSERT_EQ(outcome.failure, "") << "seed " << seed;
        probes.add(outcome.probes);
    }
    EXPECT_GT(probes.trades, 500U);
    EXPECT_GT(probes.power_losses, 1000U);
    EXPECT_GT(probes.starts_interrupted, 50U);
    EXPECT_GT(probes.torn_tails, 20U);
    EXPECT_GT(probes.answered_again, 500U);
    EXPECT_GT(probes.lost_messages, 1000U);
    EXPECT_GT(probes.cuts, 1000U);
    EXPECT_GT(probes.resumes, 1000U);
    EXPECT_GT(probes.sweeps, 50U);
    EXPECT_GT(probes.disk_warnings, 5U);
    EXPECT_GT(probes.attestations, 500U);
    EXPECT_GT(probes.snapshots, 500U);
    EXPECT_GT(probes.damaged_snapshots, 50U);
    EXPECT_GT(probes.segments, 3U);
    EXPECT_GT(probes.trimmed, 3U);
    EXPECT_GT(probes.listings, 1000U);
    EXPECT_GT(probes.full_of_instruments, 3U);
    EXPECT_GT(probes.deliveries, 50U);
    EXPECT_GT(probes.archived, 50U);
    EXPECT_GT(probes.marks, 1000U);
    EXPECT_GT(probes.fundings, 200U);
    EXPECT_GT(probes.settlements, 50U);
    EXPECT_GT(probes.margin_calls, 15U);
    EXPECT_GT(probes.liquidations, 10U);
    EXPECT_GT(probes.reassignments, 5U);
}

TEST(Simulation, is_the_same_world_from_the_same_seed) {
    const Outcome first = simulate(7);
    const Outcome second = simulate(7);
    EXPECT_EQ(first.probes.commands, second.probes.commands);
    EXPECT_EQ(first.probes.resends, second.probes.resends);
}

}  // namespace
}  // namespace miletus::simulation
