// Journals in a real folder, and what the audit says of them.
#include "audit/audit.hpp"

#include "audit/command_text.hpp"
#include "engine/engine.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"
#include "journal/journal.hpp"
#include "protocol/codec.hpp"
#include "protocol/event_chain.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace miletus::audit {
namespace {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC
constexpr std::uint64_t attested = 65'536;

// A live venue at its smallest: an engine, its log, and the digest of its events.
class Venue {
  public:
    explicit Venue(const std::string& folder)
        : disk_(*host::FolderDisk::make(folder)),
          log_(std::move(*journal::LocalLog::open({.writing = *disk_, .waiting = *disk_}, options(),
                                                  journal::LogId{9}, Sequence(1),
                                                  [](std::span<const Unit>) {}))),
          engine_(Limits{}),
          chain_(attested, {}) {}

    ~Venue() {
        drain();
        EXPECT_TRUE(log_->close().has_value());
    }

    template <class Message>
    void submit(Message message) {
        message.header.sequence = Sequence(++sequence_);
        message.header.time = UnixNanos(start_ns + static_cast<std::int64_t>(sequence_));
        std::vector<Unit> units(protocol::units_of<Message>(0));
        protocol::encode(message, units);
        engine_.apply(units);
        engine_.events().visit_from(engine_.events().start(), [&](std::span<const Unit> event) {
            static_cast<void>(chain_.read(event));
        });
        while (!log_->has_room(units.size())) {
            work();
        }
        log_->append(units);
    }

    void let_time_pass(std::uint64_t commands) {
        for (std::uint64_t command = 0; command < commands; ++command) {
            submit(protocol::Tick{});
        }
    }
    void keep_snapshot() {
        drain();
        ASSERT_TRUE(log_->put_snapshot(*disk_, exchange::snapshot_of(engine_, chain_.last().digest))
                        .has_value());
    }

    // Whole, and of another sequence's state.
    void keep_false_snapshot(Sequence sequence) {
        drain();
        journal::Snapshot snapshot = exchange::snapshot_of(engine_, chain_.last().digest);
        snapshot.sequence = sequence;
        ASSERT_TRUE(log_->put_snapshot(*disk_, snapshot).has_value());
    }

    [[nodiscard]] const protocol::EventChain& chain() const { return chain_; }
    [[nodiscard]] std::string state() const { return hex(engine_.state_hash()); }

  private:
    static journal::Options options() {
        return {.segment_bytes = 4U << 20U, .first_segment_bytes = 1U << 20U};
    }
    void work() {
        EXPECT_TRUE(log_->do_work().has_value());
        EXPECT_TRUE(log_->make_room().has_value());
    }
    void drain() {
        while (!log_->is_idle()) {
            work();
        }
    }

    std::unique_ptr<host::FolderDisk> disk_;
    std::unique_ptr<journal::Log> log_;
    engine::Engine engine_;
    protocol::EventChain chain_;
    std::uint64_t sequence_ = 0;
};

class Audit : public testing::Test {
  protected:
    void SetUp() override {
        folder = testing::TempDir() + "miletus_audit_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void flip_byte(std::string_view name, std::int64_t offset) const {
        std::fstream file(folder + "/" + std::string(name),
                          std::ios::binary | std::ios::in | std::ios::out);
        file.seekg(offset);
        const int byte = file.get();
        file.seekp(offset);
        file.put(static_cast<char>(byte ^ 1));
    }
    [[nodiscard]] bool says(std::string_view words) const {
        return told.str().find(words) != std::string::npos;
    }

    std::string folder;
    std::ostringstream told;
};

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
