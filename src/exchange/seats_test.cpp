// Who sits beside the engine hears everything, is heard, and can hold it up; and who follows a
// start from its beginning misses nothing that stands.
#include "exchange/exchange.hpp"
#include "exchange/small_settings_test.hpp"
#include "sim/simulated_disk/simulated_disk.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace miletus::exchange {
namespace {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC
Settings settings_of(const std::vector<SeatSettings>& seats) {
    Settings settings = small_settings();
    settings.snapshot_interval = 10;
    settings.seats = seats;
    return settings;
}

class TestClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return UnixNanos(start_ns); }
};

using Message = std::vector<Unit>;

template <class Command, class... Entries>
Message encoded(const Command& command, const Entries&... entries) {
    Message units(
        protocol::units_of<Command>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
    protocol::encode(command, entries..., units);
    return units;
}

Message asset_named(const std::string& name) {
    return encoded(protocol::AddAsset{.name = protocol::Name(name), .decimals = 6});
}

Message question_of(AccountId account, std::uint64_t number) {
    return encoded(protocol::QueryAccount{
        .header = {.account = account, .client_sequence = ClientSequence(number)}});
}

class SeatsTest : public testing::Test {
  protected:
    void start(const std::vector<SeatSettings>& seats) {
        exchange_.reset();
        auto opened = Exchange::open({.disk = disk_,
                                      .segments_disk = disk_,
                                      .clock = clock_,
                                      .fresh_log = journal::LogId{1},
                                      .on_standing =
                                          [this](std::span<const Unit> event) {
                                              EXPECT_TRUE(replayed_.empty());
                                              standing_.emplace_back(event.begin(), event.end());
                                          },
                                      .on_replayed =
                                          [this](std::span<const Unit> event) {
                                              replayed_.emplace_back(event.begin(), event.end());
                                          }},
                                     settings_of(seats));
        ASSERT_TRUE(opened.has_value()) << opened.error().sentence();
        exchange_ = std::move(*opened);
    }
    void work() {
        for (int turn = 0; turn < 20; ++turn) {
            exchange_->sequence();
            exchange_->execute();
            EXPECT_TRUE(exchange_->write().has_value());
            EXPECT_TRUE(exchange_->make_room().has_value());
            exchange_->attest();
        }
    }
    static std::vector<Message> drain(protocol::DurableReader& reader) {
        std::vector<Message> heard;
        reader.poll([&heard](std::span<const Unit> message) {
            heard.emplace_back(message.begin(), message.end());
            return true;
        });
        return heard;
    }
    static void submit(protocol::Intake& intake, const Message& command) {
        EXPECT_TRUE(intake.submit_command(command));
        intake.publish();
    }
    static void ask(protocol::Intake& intake, const Message& query) {
        EXPECT_TRUE(intake.submit_query(query));
        intake.publish();
    }
    static std::set<std::string> assets_in(const std::vector<Message>& events) {
        std::set<std::string> names;
        for (const Message& event : events) {
            const auto type = protocol::view<protocol::EventHeader>(event).type;
            if (type == static_cast<std::uint8_t>(protocol::EventType::asset_added)) {
                names.emplace(protocol::view<protocol::AssetAdded>(event).name.view());
            }
        }
        return names;
    }
    // Numbers of the questions that were answered.
    static std::vector<std::uint64_t> answered(protocol::DurableReader& reader) {
        std::vector<std::uint64_t> numbers;
        for (const Message& answer : drain(reader)) {
            numbers.push_back(
                protocol::view<protocol::AccountAnswer>(answer).client_sequence.value());
        }
        return numbers;
    }

    simulation::SimulatedDisk disk_{7};
    TestClock clock_;
    std::unique_ptr<Exchange> exchange_;
    std::vector<Message> standing_;
    std::vector<Message> replayed_;
};

TEST_F(SeatsTest, every_seat_hears_what_the_gateways_hear_and_is_heard) {
    start({{}, {.hears_answers = true}, {}});
    submit(exchange_->intake(), asset_named("GATE"));
    for (std::size_t at = 0; at < 3; ++at) {
        submit(exchange_->seat(at).intake(), asset_named("SEAT" + std::to_string(at)));
    }
    work();
    const std::vector<Message> outside = drain(exchange_->events());
    EXPECT_EQ(assets_in(outside), (std::set<std::string>{"GATE", "SEAT0", "SEAT1", "SEAT2"}));
    for (std::size_t at = 0; at < 3; ++at) {
        const std::vector<Message> heard = drain(exchange_->seat(at).events());
        ASSERT_EQ(heard.size(), outside.size());
        for (std::size_t event = 0; event < heard.size(); ++event) {
            EXPECT_TRUE(
                std::ranges::equal(std::as_bytes(std::span(heard[event])),
                                   std::as_bytes(std::span(std::as_const(outside[event])))));
        }
    }
}

TEST_F(SeatsTest, answers_come_to_all_that_hear_them_whoever_asked) {
    start({{.hears_answers = true}, {}, {.hears_answers = true}});
    ask(exchange_->intake(), question_of(AccountId(0), 1));
    work();
    ask(exchange_->seat(0).intake(), question_of(AccountId(0), 2));
    work();
    ask(exchange_->seat(1).intake(), question_of(AccountId(0), 3));
    work();
    const std::vector<std::uint64_t> all{1, 2, 3};
    EXPECT_EQ(answered(exchange_->answers()), all);
    EXPECT_EQ(answered(exchange_->seat(0).answers()), all);
    EXPECT_EQ(answered(exchange_->seat(2).answers()), all);
}

TEST_F(SeatsTest, nothing_is_idle_until_every_seat_has_read) {
    start({{.hears_answers = true}, {.hears_answers = true}});
    ask(exchange_->intake(), question_of(AccountId(0), 1));
    submit(exchange_->seat(1).intake(), asset_named("USDC"));
    work();
    drain(exchange_->events());
    drain(exchange_->answers());
    drain(exchange_->seat(0).events());
    drain(exchange_->seat(0).answers());
    drain(exchange_->seat(1).events());
    EXPECT_FALSE(exchange_->is_idle());
    drain(exchange_->seat(1).answers());
    EXPECT_TRUE(exchange_->is_idle());
    submit(exchange_->seat(1).intake(), asset_named("BTC"));
    EXPECT_FALSE(exchange_->is_idle());
}

TEST_F(SeatsTest, who_reads_no_answers_holds_the_engine_up_until_it_does) {
    start({{.hears_answers = true}});
    std::uint64_t asked = 0;
    std::size_t told = 0;
    for (int round = 0; round < 400; ++round) {
        ask(exchange_->intake(), question_of(AccountId(0), ++asked));
        exchange_->sequence();
        exchange_->execute();
        told += drain(exchange_->answers()).size();
        if (told + 5 < asked) {
            break;  // held up
        }
        EXPECT_TRUE(exchange_->write().has_value());
        drain(exchange_->events());
        drain(exchange_->seat(0).events());
    }
    EXPECT_LT(told, asked);
    std::vector<std::uint64_t> heard;
    for (int round = 0; round < 10; ++round) {
        work();
        const std::vector<std::uint64_t> more = answered(exchange_->seat(0).answers());
        heard.insert(heard.end(), more.begin(), more.end());
        drain(exchange_->answers());
    }
    ASSERT_EQ(heard.size(), asked);
    EXPECT_TRUE(std::ranges::is_sorted(heard));
}

// Both always have more than there is room for.
TEST_F(SeatsTest, nobody_is_starved) {
    start({{}, {}});
    std::size_t from_gates = 0;
    std::size_t from_seats = 0;
    const auto fill = [](protocol::Intake& intake, const Message& query) {
        while (intake.submit_query(query)) {
        }
        intake.publish();
    };
    for (int round = 0; round < 60; ++round) {
        fill(exchange_->intake(), question_of(AccountId(0), 1));
        fill(exchange_->seat(1).intake(), question_of(AccountId(0), 2));
        exchange_->sequence();
        for (int turn = 0; turn < 4; ++turn) {
            exchange_->execute();
            EXPECT_TRUE(exchange_->write().has_value());
            for (const std::uint64_t number : answered(exchange_->answers())) {
                ++(number == 1 ? from_gates : from_seats);
            }
            drain(exchange_->events());
            drain(exchange_->seat(0).events());
            drain(exchange_->seat(1).events());
        }
    }
    EXPECT_GT(from_gates, 500U);
    EXPECT_GT(from_seats, 500U);
}

TEST_F(SeatsTest, who_follows_a_start_from_its_beginning_misses_nothing) {
    start({});
    EXPECT_TRUE(assets_in(standing_).empty());
    auto shadow = Shadow::open(*exchange_, disk_, settings_of({}));
    ASSERT_TRUE(shadow.has_value());
    std::set<std::string> all;
    for (int at = 0; at < 25; ++at) {
        const std::string name = "A" + std::to_string(at);
        all.insert(name);
        submit(exchange_->intake(), asset_named(name));
        work();
        drain(exchange_->events());
        EXPECT_TRUE((*shadow)->do_work().has_value());
    }
    ASSERT_GT((*shadow)->snapshots(), 0U);
    shadow->reset();
    standing_.clear();
    replayed_.clear();
    start({});
    const std::set<std::string> stood = assets_in(standing_);
    const std::set<std::string> came = assets_in(replayed_);
    EXPECT_FALSE(stood.empty());
    EXPECT_FALSE(came.empty());
    EXPECT_EQ(stood.size() + came.size(), all.size());
    std::set<std::string> both = stood;
    both.insert(came.begin(), came.end());
    EXPECT_EQ(both, all);
}

}  // namespace
}  // namespace miletus::exchange
