// A venue with its shadow on a simulated disk: attestations, snapshots, trimming, and what a start
// makes of them.
#include "exchange/exchange.hpp"

#include "exchange/small_settings_test.hpp"
#include "host/folder_disk.hpp"
#include "sim/simulated_disk/simulated_disk.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace miletus::exchange {
namespace {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC

class TestClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return now_; }
    void advance(Nanos span) { now_ = now_ + span; }

  private:
    UnixNanos now_{start_ns};
};

class Venue {
  public:
    explicit Venue(const Settings& settings) : disk(7), settings_(settings) {}

    // What is refused; empty where it came up.
    std::string start() {
        stop();
        auto opened = Exchange::open(
            {.disk = disk, .segments_disk = disk, .clock = clock, .fresh_log = journal::LogId{1}},
            settings_);
        if (!opened) {
            return opened.error().sentence();
        }
        exchange = std::move(*opened);
        auto followed = Shadow::open(*exchange, disk, settings_);
        shadow = followed ? std::move(*followed) : nullptr;
        return followed ? "" : followed.error().sentence();
    }
    void stop() {
        shadow.reset();
        exchange.reset();
    }
    void lose_power() {
        disk.lose_power();
        stop();
        disk.restart();
    }

    template <class Message, class... Entries>
    void submit(const Message& message, const Entries&... entries) {
        if (!disk.has_power()) {
            return;
        }
        std::vector<Unit> units(
            protocol::units_of<Message>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
        protocol::encode(message, entries..., units);
        ASSERT_TRUE(exchange->intake().submit_command(units));
        exchange->intake().publish();
    }
    // So many at a time that records hold several.
    void open_accounts(std::uint32_t count) {
        for (std::uint32_t at = 1; at <= count; ++at) {
            submit(protocol::OpenAccount{.owner = OwnerId(at), .opened = AccountId(++accounts_)});
            if (at % 12 == 0 || at == count) {
                work();
            }
        }
    }

    // Until all that was submitted is durable and told.
    void work() {
        for (int turn = 0; turn < 40 && disk.has_power(); ++turn) {
            exchange->sequence();
            exchange->execute();
            const bool is_written = exchange->write().has_value();
            const bool is_prepared = exchange->make_room().has_value();
            EXPECT_TRUE((is_written && is_prepared) || !disk.has_power());
            exchange->events().poll([this](std::span<const Unit> event) {
                hear(event);
                return true;
            });
            if (attests) {
                exchange->attest();
            }
        }
    }
    // The shadow's failure; empty once it stands where the venue does.
    std::string follow() {
        while (true) {
            const JournalResult<Progress> worked = shadow->do_work();
            if (!worked) {
                return worked.error().sentence();
            }
            if (*worked == Progress::none) {
                return "";
            }
        }
    }
    [[nodiscard]] Hash128 state() const { return exchange->engine().state_hash(); }
    [[nodiscard]] Sequence last() const { return exchange->engine().events().sequence(); }

    std::vector<std::string> names_with(std::string_view suffix) {
        std::vector<std::string> names;
        const auto files = disk.list();
        for (const host::FileInfo& file : *files) {
            if (file.name.ends_with(suffix)) {
                names.push_back(file.name);
            }
        }
        return names;
    }

    simulation::SimulatedDisk disk;
    TestClock clock;
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<Shadow> shadow;
    bool attests = true;
    protocol::VenueState venue_state{};  // as last told
    protocol::Completed answer;          // the last one to an operator's own command

  private:
    void hear(std::span<const Unit> event) {
        const auto type =
            static_cast<protocol::EventType>(protocol::view<protocol::EventHeader>(event).type);
        if (type == protocol::EventType::venue_state_changed) {
            venue_state = protocol::view<protocol::VenueStateChanged>(event).state;
        } else if (type == protocol::EventType::completed) {
            const auto& completed = protocol::view<protocol::Completed>(event);
            const auto command = static_cast<protocol::CommandType>(completed.command);
            const bool is_ours =
                command != protocol::CommandType::tick && command != protocol::CommandType::attest;
            answer = is_ours ? completed : answer;
        }
    }

    Settings settings_;
    std::uint32_t accounts_ = 0;
};

// ---- Following ----

TEST(Exchange, a_shadow_comes_to_the_state_of_the_venue_however_late_it_is) {
    for (const std::uint32_t lag : {1U, 7U, 300U}) {
        Venue venue(small_settings());
        ASSERT_EQ(venue.start(), "");
        for (std::uint32_t opened = 0; opened < 300; opened += lag) {
            venue.open_accounts(lag);
            ASSERT_EQ(venue.follow(), "");
            ASSERT_EQ(venue.shadow->engine().events().sequence(), venue.exchange->durable());
            ASSERT_EQ(venue.shadow->engine().state_hash(), venue.state());
        }
        EXPECT_GT(venue.shadow->attested(), lag == 300 ? 15U : 18U);
        EXPECT_EQ(venue.shadow->snapshots(), venue.last().value() / 50);
        const std::uint64_t due = venue.last().value() / 50 * 50;
        EXPECT_EQ(venue.names_with(".snapshot"),
                  (std::vector{journal::snapshot_name(Sequence(due - 50)),
                               journal::snapshot_name(Sequence(due))}));
    }
}

TEST(Exchange, the_shadow_sees_nothing_that_is_not_durable) {
    Venue venue(small_settings());
    ASSERT_EQ(venue.start(), "");
    for (std::uint32_t turn = 0; turn < 400; ++turn) {
        std::vector<Unit> units(protocol::units_of<protocol::Tick>(0));
        protocol::encode(protocol::Tick{}, units);
        static_cast<void>(venue.exchange->intake().submit_command(units));
        venue.exchange->intake().publish();
        venue.exchange->sequence();
        ASSERT_TRUE(venue.exchange->write().has_value());
        ASSERT_TRUE(venue.exchange->make_room().has_value());
        venue.exchange->execute();
        venue.exchange->attest();
        venue.exchange->events().poll([](std::span<const Unit>) { return true; });
        ASSERT_EQ(venue.follow(), "");
        ASSERT_EQ(venue.shadow->engine().events().sequence(), venue.exchange->durable());
    }
}

TEST(Exchange, a_full_disk_costs_snapshots_and_nothing_else) {
    Venue venue(small_settings());
    ASSERT_EQ(venue.start(), "");
    venue.open_accounts(40);
    venue.disk.limit_bytes(0);
    venue.open_accounts(20);
    EXPECT_EQ(venue.follow(), "");
    EXPECT_EQ(venue.shadow->snapshots(), 0U);
    venue.disk.limit_bytes(std::uint64_t{1} << 30U);
    venue.open_accounts(40);
    EXPECT_EQ(venue.follow(), "");
    EXPECT_EQ(venue.shadow->snapshots(), 1U);
}

// ---- Prepared marks ----

constexpr std::int64_t usd = 1'000'000;
constexpr UnixNanos expiry{start_ns + std::int64_t{7} * 86'400'000'000'000};
constexpr protocol::ListingTerms terms{.tick = IndexPrice(5 * usd),
                                       .lot = Amount(100'000),
                                       .price_low = Ticks(0),
                                       .price_high = Ticks(1000),
                                       .lots_max = Lots(1'000'000)};

void list_a_pair(Venue& venue) {
    venue.submit(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
    venue.submit(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
    venue.submit(protocol::AddUnderlying{
        .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)});
    venue.submit(
        protocol::SetParameter{.value = 1, .parameter = protocol::Parameter::index_sources_min});
    venue.work();
    const std::array sources{protocol::SourcePrice{
        .price = IndexPrice(100 * usd), .time = {}, .source = 0, .weight = 1}};
    venue.submit(protocol::UpdateIndex{}, std::span<const protocol::SourcePrice>(sources));
    const std::array strikes{IndexPrice(100 * usd)};
    venue.submit(protocol::ListOptionSeries{.expiry = expiry, .terms = terms},
                 std::span<const IndexPrice>(strikes));
    venue.work();
}

// What a marks worker would offer for the surface that was taken just now.
std::unique_ptr<prepared::PreparedMarks> prepare(const Venue& venue,
                                                 const protocol::SurfaceSlice& slice) {
    std::vector<prepared::ListedOption> options;
    for (const std::int32_t kind : {pricing::call, pricing::put}) {
        options.push_back({.expiry = expiry,
                           .strike = IndexPrice(100 * usd),
                           .tick = terms.tick,
                           .tick_value = LotValue(5000),
                           .instrument = InstrumentId(static_cast<std::uint32_t>(options.size())),
                           .kind = kind});
    }
    auto marks = std::make_unique<prepared::PreparedMarks>(2);
    const std::array smiles{prepared::smile_from(slice)};
    EXPECT_EQ(marks->prepare({.underlying = UnderlyingId(0),
                              .now = venue.answer.time,
                              .index = IndexPrice(100 * usd),
                              .smiles = smiles,
                              .options = options}),
              pricing::MarkFault::none);
    return marks;
}

// The shadow has none of them, and comes to the same.
TEST(Exchange, prepared_marks_reach_the_engine_and_come_back) {
    Venue venue(small_settings());
    ASSERT_EQ(venue.start(), "");
    list_a_pair(venue);
    std::vector<const prepared::PreparedMarks*> sent;
    for (std::int64_t round = 0; round < 4; ++round) {
        const std::array slices{protocol::SurfaceSlice{.expiry = expiry,
                                                       .forward = IndexPrice(100 * usd),
                                                       .a = 5'000'000'000 + round,
                                                       .b = 1'000'000,
                                                       .rho = 0,
                                                       .m = 0,
                                                       .sigma = 100'000'000'000}};
        venue.submit(protocol::UpdateSurface{}, std::span<const protocol::SurfaceSlice>(slices));
        venue.work();
        ASSERT_EQ(venue.answer.reject, Reject::none) << name(venue.answer.reject);
        auto marks = prepare(venue, slices[0]);
        const protocol::Digest128 digest{.high = marks->digest().high, .low = marks->digest().low};
        sent.push_back(marks.get());
        ASSERT_TRUE(venue.exchange->prepared().offer(marks));
        venue.submit(
            protocol::InstallMarks{.digest = digest, .surface = Sequence(venue.answer.result)});
        venue.work();
        ASSERT_EQ(venue.answer.reject, Reject::none) << name(venue.answer.reject);
        EXPECT_EQ(venue.answer.result, 2U);
        // In force, then replaced: it comes back two installations later.
        const auto back = venue.exchange->prepared().take_back();
        const prepared::PreparedMarks* expected = round < 2 ? nullptr : sent.at(sent.size() - 3);
        EXPECT_EQ(back.get(), expected);
        EXPECT_EQ(venue.follow(), "");
        EXPECT_EQ(venue.shadow->engine().state_hash(), venue.state());
    }
}

// Every step on a thread of its own, on a real disk.
TEST(Exchange, its_steps_run_side_by_side) {
    const std::string folder = testing::TempDir() + "miletus_exchange_threads";
    std::filesystem::remove_all(folder);
    const auto disk = host::FolderDisk::make(folder);
    const auto segments_disk = host::FolderDisk::at(folder);
    const auto shadow_disk = host::FolderDisk::at(folder);
    Settings settings = small_settings();
    settings.trim = true;
    TestClock clock;
    auto opened = Exchange::open({.disk = **disk,
                                  .segments_disk = **segments_disk,
                                  .clock = clock,
                                  .fresh_log = journal::LogId{1}},
                                 settings);
    ASSERT_TRUE(opened.has_value());
    Exchange& exchange = **opened;
    auto followed = Shadow::open(exchange, **shadow_disk, settings);
    ASSERT_TRUE(followed.has_value());
    Shadow& shadow = **followed;

    constexpr Sequence enough(600);
    std::atomic<bool> is_over = false;
    std::vector<std::thread> threads;
    const auto run = [&](std::function<void()> step) {
        threads.emplace_back([&is_over, step = std::move(step)] {
            while (!is_over) {
                step();
                std::this_thread::yield();
            }
        });
    };
    run([&] { EXPECT_TRUE(exchange.write()); });
    run([&] { exchange.execute(); });
    run([&] { EXPECT_TRUE(exchange.make_room()); });
    run([&] { exchange.attest(); });
    run([&] { exchange.events().poll([](std::span<const Unit>) { return true; }); });
    run([&] {
        EXPECT_TRUE(shadow.do_work());
        is_over = is_over || shadow.engine().events().sequence() >= enough || HasFailure();
    });
    std::array<Unit, protocol::units_of<protocol::Tick>(0)> tick{};
    protocol::encode(protocol::Tick{}, tick);
    while (!is_over) {
        static_cast<void>(exchange.intake().submit_command(tick));
        exchange.intake().publish();
        exchange.sequence();
        std::this_thread::yield();
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_TRUE(exchange.make_room());
    EXPECT_GT(shadow.snapshots(), 10U);
    EXPECT_FALSE(std::filesystem::exists(folder + "/00000001.segment"));
    std::filesystem::remove_all(folder);
}

// ---- Attesting ----

// All that the log attests, from the first command on.
std::uint64_t attestations_that_agree(Venue& venue) {
    const auto engine = std::make_unique<engine::Engine>(small_settings().limits);
    const Vetoes vetoes;
    Replayer replayer(*engine, vetoes, protocol::EventChain(small_settings().attest_interval, {}));
    const auto scanned = journal::scan(venue.disk, Sequence(1), [&](const journal::Record& record) {
        replayer.play(record.payload, record.header.last);
    });
    EXPECT_TRUE(scanned.has_value());
    EXPECT_TRUE(replayer.check_attestations().has_value());
    return replayer.attested();
}

TEST(Exchange, the_digest_goes_on_over_starts_from_snapshots_and_from_none) {
    for (const std::uint64_t snapshot_interval : {11U, 50U, 100'000U}) {
        Settings settings = small_settings();
        settings.snapshot_interval = snapshot_interval;
        Venue venue(settings);
        for (std::uint64_t life = 0; life < 25; ++life) {
            venue.disk.lose_power_at(12 + life % 7);
            for (std::string refused = venue.start(); !refused.empty(); refused = venue.start()) {
                ASSERT_FALSE(venue.disk.has_power()) << refused;
                venue.disk.restart();
            }
            for (int turn = 0; turn < 9 && venue.disk.has_power(); ++turn) {
                venue.open_accounts(1);
                static_cast<void>(venue.shadow->do_work());
            }
            venue.disk.keep_power();
            if (venue.disk.has_power()) {
                venue.disk.lose_power();
            }
            venue.stop();
            venue.disk.restart();
        }
        ASSERT_EQ(venue.start(), "");
        EXPECT_EQ(venue.follow(), "");
        EXPECT_GT(attestations_that_agree(venue), 3U) << snapshot_interval;
    }
}

TEST(Exchange, an_attestation_that_differs_stops_the_shadow_and_every_start) {
    Venue venue(small_settings());
    ASSERT_EQ(venue.start(), "");
    venue.attests = false;
    venue.open_accounts(20);
    EXPECT_EQ(venue.follow(), "");
    venue.submit(protocol::Attest{.upto = Sequence(16), .digest = {.high = 1, .low = 2}});
    venue.work();
    const std::string sentence =
        "the events differ from what command " + std::to_string(venue.last().value()) + " attests";
    EXPECT_EQ(venue.follow(), sentence);
    venue.lose_power();
    EXPECT_EQ(venue.start(), sentence);
}

// ---- Starting ----

class Trimmed : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(venue.start(), "");
        for (int turn = 0; turn < 30; ++turn) {
            venue.open_accounts(10);
            ASSERT_EQ(venue.follow(), "");
        }
        state = venue.state();
        ASSERT_GT(venue.names_with(".segment").front(), "00000003.segment");
        venue.lose_power();
    }

    void damage_snapshot(std::size_t at) {
        const std::vector<std::string> names = venue.names_with(".snapshot");
        ASSERT_EQ(names.size(), 2U);
        venue.disk.flip_bit(names[at], 8 * 5000);
    }

    static Settings settings() {
        Settings settings = small_settings();
        settings.trim = true;
        return settings;
    }

    Venue venue{settings()};
    Hash128 state;
};

TEST_F(Trimmed, a_log_leads_where_it_led) {
    ASSERT_EQ(venue.start(), "");
    EXPECT_EQ(venue.state(), state);
    EXPECT_EQ(venue.follow(), "");
    EXPECT_EQ(venue.shadow->engine().state_hash(), state);
}

TEST_F(Trimmed, a_log_begins_no_later_than_behind_the_older_snapshot) {
    const auto found = journal::find_snapshot(venue.disk, journal::LogId{1}, journal::Age::oldest);
    const auto superblock = journal::read_superblock(venue.disk);
    const journal::SegmentNumber first = superblock->superblock.first_segment;
    const Sequence next(found->whole->sequence.value() + 1);
    EXPECT_EQ(*journal::segment_holding(venue.disk, first, next), first);
}

TEST_F(Trimmed, a_damaged_snapshot_falls_back_to_the_one_before) {
    damage_snapshot(1);
    ASSERT_EQ(venue.start(), "");
    EXPECT_EQ(venue.state(), state);
    EXPECT_EQ(venue.follow(), "");
    EXPECT_EQ(venue.shadow->engine().state_hash(), state);
    EXPECT_EQ(venue.shadow->snapshots(), 1U);
}

TEST_F(Trimmed, without_a_whole_snapshot_a_log_is_refused) {
    damage_snapshot(1);
    damage_snapshot(0);
    EXPECT_NE(venue.start().find("commands that were durable are missing"), std::string::npos);
}

// The last record of all: nothing behind it says that it was acknowledged.
TEST(Exchange, a_record_that_a_snapshot_covers_is_damaged_and_not_torn) {
    Settings settings = small_settings();
    settings.snapshot_interval = 1;
    Venue venue(settings);
    ASSERT_EQ(venue.start(), "");
    venue.work();
    ASSERT_EQ(venue.follow(), "");
    ASSERT_EQ(venue.names_with(".snapshot"), std::vector{journal::snapshot_name(venue.last())});
    venue.lose_power();
    venue.disk.flip_bit("00000001.segment", 8 * (host::disk_block + 200));
    const std::string sentence =
        "00000001.segment, byte 4096, sequence 1: payload checksum does not match";
    EXPECT_EQ(venue.start(), sentence);
    EXPECT_EQ(venue.start(), sentence);
}

TEST(Exchange, a_log_is_not_carried_on_under_other_terms) {
    Venue venue(small_settings());
    ASSERT_EQ(venue.start(), "");
    venue.open_accounts(3);
    venue.stop();
    const auto written_under = settings_of(venue.disk);
    ASSERT_TRUE(written_under.has_value());
    EXPECT_EQ(written_under->limits.accounts, small_settings().limits.accounts);
    EXPECT_EQ(written_under->attest_interval, small_settings().attest_interval);

    Settings others = small_settings();
    others.limits.accounts = 1024;
    EXPECT_EQ(check_terms(venue.disk, others).error().sentence(),
              "the log was written with accounts = 512 and leads elsewhere with 1024: set it back, "
              "or begin a new log");
    others = small_settings();
    others.limits.cache_bytes = 7;
    EXPECT_TRUE(check_terms(venue.disk, others).has_value());
    EXPECT_EQ(venue.start(), "");
}

// The last segment may hold no command yet, and the snapshot all that there is.
TEST(Exchange, time_does_not_run_back_where_the_clock_was_set_back_between_two_starts) {
    for (std::uint64_t change = 1; change <= 150; ++change) {
        Settings settings = small_settings();
        settings.snapshot_interval = 1;
        Venue venue(settings);
        ASSERT_EQ(venue.start(), "");
        venue.disk.lose_power_at(change);
        while (venue.disk.has_power()) {
            venue.open_accounts(1);
            static_cast<void>(venue.follow());
        }
        venue.stop();
        venue.disk.restart();
        venue.clock.advance(Nanos(-3'600'000'000'000));
        ASSERT_EQ(venue.start(), "");
        const UnixNanos before = venue.exchange->engine().events().time();
        venue.open_accounts(1);
        EXPECT_GE(venue.exchange->engine().events().time(), before);
    }
}

// ---- A disk that fills up ----

TEST(Exchange, does_not_close_when_the_log_goes_on_in_the_next_segment) {
    Settings settings = small_settings();
    settings.journal.spare_segments = 2;
    Venue venue(settings);
    ASSERT_EQ(venue.start(), "");
    venue.submit(protocol::SetVenueState{.state = protocol::VenueState::normal});
    venue.open_accounts(400);
    EXPECT_GT(venue.names_with(".segment").size(), 4U);
    EXPECT_EQ(venue.venue_state, protocol::VenueState::normal);
}

TEST(Exchange, takes_cancels_only_while_its_disk_is_full_whoever_opens_it) {
    Venue venue(small_settings());
    ASSERT_EQ(venue.start(), "");
    const auto open = [&venue] {
        venue.submit(protocol::SetVenueState{.state = protocol::VenueState::normal});
        venue.work();
        return venue.venue_state;
    };
    EXPECT_EQ(open(), protocol::VenueState::normal);
    venue.disk.limit_bytes(0);
    venue.open_accounts(100);
    EXPECT_EQ(venue.venue_state, protocol::VenueState::cancel_only);
    EXPECT_EQ(open(), protocol::VenueState::cancel_only);
    venue.disk.limit_bytes(std::uint64_t{1} << 30U);
    venue.work();
    EXPECT_EQ(venue.venue_state, protocol::VenueState::cancel_only);
    EXPECT_EQ(open(), protocol::VenueState::normal);
}

}  // namespace
}  // namespace miletus::exchange
