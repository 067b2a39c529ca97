// Journals in a real folder, and what the audit says of them.
#include "audit/audit.hpp"

#include "audit/command_text.hpp"
#include "audit/venue_test.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

namespace miletus::audit {
namespace {

protocol::AddAsset usdc() {
    return {.name = protocol::Name("USDC"), .decimals = 6};
}

TEST_F(Audit, dumps_a_line_for_each_command_in_the_range) {
    {
        Venue venue(folder);
        venue.submit(protocol::Tick{});
        venue.submit(usdc());
        venue.submit(protocol::OpenAccount{.owner = OwnerId(5), .opened = AccountId(7)});
    }
    EXPECT_TRUE(dump(told, folder, {.from = Sequence(2), .to = Sequence(3)}));
    EXPECT_EQ(told.str(),
              "2 2026-01-01T08:00:00.000000002 account=0 add_asset name=USDC decimals=6\n"
              "3 2026-01-01T08:00:00.000000003 account=0 open_account owner=5 opened=7\n");
}

TEST_F(Audit, tells_how_much_there_is) {
    {
        Venue venue(folder);
        venue.submit(usdc());
    }
    EXPECT_TRUE(stat(told, folder));
    EXPECT_TRUE(says("commands   1, 128 bytes\n"));
    EXPECT_TRUE(says("sequences  1 to 1\n"));
}

TEST_F(Audit, replay_leads_to_the_state_of_the_live_engine) {
    std::string state;
    {
        Venue venue(folder);
        venue.submit(usdc());
        venue.submit(protocol::OpenAccount{.owner = OwnerId(5), .opened = AccountId(7)});
        state = venue.state();
        venue.submit(protocol::Deposit{.amount = Amount(9), .receiver = AccountId(7)});
        EXPECT_NE(venue.state(), state);
    }
    EXPECT_TRUE(replay(told, folder, Sequence(2)));
    EXPECT_TRUE(says(state + " after sequence 2\n"));
    std::ostringstream hash;
    EXPECT_TRUE(replay_hash(hash, folder, Sequence(2)));
    EXPECT_EQ(hash.str(), state + "\n");
}

TEST_F(Audit, a_snapshot_is_what_the_next_start_goes_on_from) {
    std::string state;
    {
        Venue venue(folder);
        venue.submit(usdc());
        venue.submit(protocol::OpenAccount{.owner = OwnerId(5), .opened = AccountId(7)});
        state = venue.state();
    }
    EXPECT_TRUE(snapshot(told, folder));
    EXPECT_TRUE(says("kept       00000000000000000002.snapshot\n"));
    const auto disk = host::FolderDisk::at(folder);
    const auto engine = std::make_unique<engine::Engine>(Limits{});
    ASSERT_TRUE(exchange::restore(*engine, **disk, journal::Age::youngest).has_value());
    EXPECT_EQ(engine->events().sequence(), Sequence(2));
    EXPECT_EQ(hex(engine->state_hash()), state);
    EXPECT_TRUE(verify(told, folder));
}

TEST_F(Audit, events_agree_with_what_the_log_attests) {
    {
        Venue venue(folder);
        venue.let_time_pass(attested);
        const protocol::EventChain::Point kept = venue.chain().last();
        venue.submit(protocol::Attest{
            .upto = kept.upto, .digest = {.high = kept.digest.high, .low = kept.digest.low}});
    }
    EXPECT_TRUE(verify(told, folder));
    EXPECT_TRUE(says("1 attestations agree"));
    EXPECT_FALSE(veto(told, folder, Sequence(attested)));
    EXPECT_TRUE(says("command 65536 was carried out, and the log attests its events\n"));
}

TEST_F(Audit, a_wrong_attestation_is_named) {
    {
        Venue venue(folder);
        venue.let_time_pass(attested);
        venue.submit(protocol::Attest{.upto = Sequence(attested), .digest = {.high = 1, .low = 2}});
    }
    EXPECT_FALSE(verify(told, folder));
    EXPECT_TRUE(says("the events differ from what command 65537 attests\n"));
}

TEST_F(Audit, damage_is_named_with_its_place) {
    {
        Venue venue(folder);
        venue.submit(usdc());
    }
    flip_byte("00000001.segment", 4096 + 200);
    EXPECT_FALSE(verify(told, folder));
    EXPECT_TRUE(says("00000001.segment, byte 4096, sequence 1: payload checksum does not match"));
}

TEST_F(Audit, a_folder_without_a_journal_is_refused_and_left_alone) {
    EXPECT_FALSE(stat(told, folder));
    EXPECT_EQ(told.str(), "open " + folder + ": No such file or directory\n");
    EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(Audit, a_vetoed_command_is_passed_over_in_every_replay) {
    std::string state;
    {
        Venue venue(folder);
        venue.submit(usdc());
        venue.submit(protocol::OpenAccount{.owner = OwnerId(5), .opened = AccountId(7)});
        state = venue.state();
        venue.submit(protocol::Deposit{.amount = Amount(9), .receiver = AccountId(7)});
    }
    EXPECT_TRUE(veto(told, folder, Sequence(3)));
    EXPECT_TRUE(says("command 4 vetoes command 3: every replay passes over it\n"));
    EXPECT_TRUE(replay(told, folder, Range{}.to));
    EXPECT_TRUE(says(state + " after sequence 4\n"));
    EXPECT_FALSE(veto(told, folder, Sequence(9)));
    EXPECT_TRUE(says("the log has no command 9; its first is 1, its last 4\n"));
}

TEST_F(Audit, verification_compares_the_snapshots_that_it_passes) {
    {
        Venue venue(folder);
        venue.let_time_pass(40);
        venue.keep_snapshot();
        venue.let_time_pass(100);
        venue.keep_snapshot();
        venue.let_time_pass(60);
    }
    EXPECT_TRUE(verify(told, folder));
    EXPECT_TRUE(says("snapshots  2 passed, and they hold the same\n"));
    flip_byte("00000000000000000140.snapshot", 40);
    EXPECT_TRUE(verify(told, folder));
    EXPECT_TRUE(says("snapshot   00000000000000000140.snapshot is bad: a start passes it over\n"));
    EXPECT_TRUE(says("snapshots  1 passed, and they hold the same\n"));
}

TEST_F(Audit, a_snapshot_that_the_log_does_not_lead_to_fails_verification) {
    for (const bool is_beyond_the_end : {false, true}) {
        std::filesystem::remove_all(folder);
        {
            Venue venue(folder);
            venue.let_time_pass(40);
            venue.keep_false_snapshot(Sequence(is_beyond_the_end ? 41 : 30));
        }
        EXPECT_FALSE(verify(told, folder));
        EXPECT_TRUE(says(is_beyond_the_end
                             ? "the log ends before 00000000000000000041.snapshot\n"
                             : "00000000000000000030.snapshot is not what the log leads to\n"));
    }
}

TEST_F(Audit, a_trimmed_log_is_verified_from_the_oldest_snapshot_kept) {
    std::string state;
    {
        Venue venue(folder);
        venue.let_time_pass(40'000);
        venue.keep_snapshot();
        EXPECT_FALSE(trim(told, folder));
        EXPECT_TRUE(says("before there are two whole snapshots; there are 1\n"));
        venue.let_time_pass(attested - 40'000);
        const protocol::EventChain::Point kept = venue.chain().last();
        venue.submit(protocol::Attest{
            .upto = kept.upto, .digest = {.high = kept.digest.high, .low = kept.digest.low}});
        venue.keep_snapshot();
        state = venue.state();
    }
    EXPECT_TRUE(trim(told, folder));
    EXPECT_TRUE(says("trimmed    1 segments: all that follows command 40000 is kept\n"));
    EXPECT_FALSE(std::filesystem::exists(folder + "/00000001.segment"));
    EXPECT_TRUE(verify(told, folder));
    EXPECT_TRUE(says("restored   00000000000000040000.snapshot, the oldest kept: the log before "));
    EXPECT_TRUE(says("1 attestations agree\n"));
    EXPECT_TRUE(says(state + " after sequence 65537\n"));
    EXPECT_FALSE(replay(told, folder, Sequence(39'999)));
    EXPECT_TRUE(says("what led to command 39999 was trimmed\n"));
    EXPECT_FALSE(veto(told, folder, Sequence(1)));
    EXPECT_TRUE(says("the log has no command 1; its first is "));
    flip_byte("00000000000000040000.snapshot", 40);
    EXPECT_TRUE(verify(told, folder));
    EXPECT_TRUE(says("restored   00000000000000065537.snapshot"));
    flip_byte("00000000000000065537.snapshot", 40);
    EXPECT_FALSE(verify(told, folder));
    EXPECT_TRUE(says("was trimmed; what follows cannot be replayed without a snapshot\n"));
}

}  // namespace
}  // namespace miletus::audit
