// Journals under every misfortune at once, from a seed: the power goes at any step, writes are torn
// at any sector, go astray or happen twice, bits flip, the disk fills up. Nothing acknowledged is
// lost, nothing is invented, and damage is never silent.
#include "journal/station_test.hpp"

namespace miletus::journal {
namespace {

// How often each rare path was reached: a search that never comes there proves nothing.
struct Probes {
    int power_losses = 0;
    int torn_tails = 0;
    int lost_in_recovery = 0;
    int refused = 0;
    int astray_and_harmless = 0;
    int stood_still = 0;
    int segments = 0;
};

class Simulation {
  public:
    Simulation(std::uint64_t seed, Probes& probes)
        : station_(seed), prng_(~seed), probes_(probes) {}

    void play() {
        for (int life = 0; life < 12; ++life) {
            if (!come_up()) {
                return;
            }
            live();
        }
    }

  private:
    // False where the journal refused, as it must where bytes were damaged.
    bool come_up() {
        station_.remember();
        if (prng_.one_in(5)) {
            station_.disk.lose_power_at(1 + prng_.below(8));
        }
        while (!station_.start()) {
            if (station_.disk.has_power()) {
                EXPECT_TRUE(station_.disk.went_astray()) << station_.failure;
                ++probes_.refused;
                return false;
            }
            ++probes_.lost_in_recovery;
            station_.stop();
            station_.disk.restart();
        }
        EXPECT_TRUE(station_.has_lost_nothing());
        probes_.torn_tails += station_.recovered.torn ? 1 : 0;
        probes_.astray_and_harmless += station_.disk.went_astray() ? 1 : 0;
        // What survived is acknowledged from now on, whoever was told.
        station_.acknowledged = station_.found.size();
        return !::testing::Test::HasFailure();
    }

    void live() {
        if (prng_.one_in(3)) {
            station_.disk.lose_power_at(1 + prng_.below(60));
        }
        bool is_well = true;
        for (std::uint64_t turns = prng_.below(150); turns != 0 && is_well; --turns) {
            misbehave();
            const bool appended = station_.append();
            probes_.stood_still += !appended && station_.segments->spare() == 0 ? 1 : 0;
            is_well = station_.work();
        }
        if (is_well && prng_.one_in(4) && station_.drain()) {
            is_well = station_.confirm();
        }
        probes_.segments =
            std::max(probes_.segments, static_cast<int>(station_.recovered.tail.place.segment));
        if (station_.disk.has_power()) {
            station_.disk.lose_power();
        }
        ++probes_.power_losses;
        station_.stop();
        station_.disk.restart();
        station_.disk.limit_bytes(std::uint64_t{1} << 30U);
    }

    void misbehave() {
        if (prng_.one_in(3000)) {
            station_.disk.misdirect_next_write();
        }
        if (prng_.one_in(3000)) {
            station_.disk.duplicate_next_write();
        }
        if (prng_.one_in(1000)) {
            station_.disk.fail_next_write();
        }
        if (prng_.one_in(500)) {
            station_.disk.limit_bytes(0);
        }
    }

    Station station_;
    Prng prng_;
    Probes& probes_;
};

TEST(JournalSimulation, loses_nothing_that_was_acknowledged_whatever_happens) {
    Probes probes;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Simulation(seed, probes).play();
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(probes.power_losses, 500);
    EXPECT_GT(probes.torn_tails, 100);
    EXPECT_GT(probes.lost_in_recovery, 10);
    EXPECT_GT(probes.refused, 10);
    EXPECT_GT(probes.astray_and_harmless, 10);
    EXPECT_GT(probes.stood_still, 10);
    EXPECT_GT(probes.segments, 5);
}

// Every sector boundary of the last two records, both under way.
TEST(JournalSimulation, a_tear_at_every_sector_loses_only_what_was_not_acknowledged) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Station station(seed);
        ASSERT_TRUE(station.start());
        station.append_all(static_cast<int>(seed % 7));
        while (station.append()) {
        }
        ASSERT_TRUE(station.writer->do_work().has_value());
        while (station.append()) {
        }
        ASSERT_TRUE(station.writer->do_work().has_value());
        station.disk.lose_power();
        station.disk.restart();
        station.remember();
        ASSERT_TRUE(station.start()) << station.failure;
        ASSERT_TRUE(station.has_lost_nothing());
    }
}

}  // namespace
}  // namespace miletus::journal
