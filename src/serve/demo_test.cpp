// The demonstration's desk and crowd beside a real exchange on a disk in memory: a market that
// comes alive, stays in order, and goes on after a restart.
#include "serve/demo.hpp"

#include "sim/simulated_disk/simulated_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace miletus::serve {
namespace {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::Side;
using protocol::view;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1000 * millisecond;
constexpr UnixNanos start{1'795'284'000 * second};  // 2026-11-21 18:00 UTC, a Saturday

class TestClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return now_; }
    void advance(Nanos span) { now_ = now_ + span; }

  private:
    UnixNanos now_ = start;
};

// What anybody outside is told.
class Onlooker {
  public:
    struct Book {
        protocol::InstrumentListed listed;
        protocol::InstrumentState state = protocol::InstrumentState::pre_open;
        std::map<Ticks, Lots> bids;
        std::map<Ticks, Lots> asks;
        std::uint64_t trades = 0;
        std::optional<Grid> mark{};
        [[nodiscard]] bool is_two_sided() const { return !bids.empty() && !asks.empty(); }
        [[nodiscard]] bool is_crossed() const {
            return is_two_sided() && bids.rbegin()->first >= asks.begin()->first;
        }
        [[nodiscard]] bool is_option() const {
            return listed.kind == InstrumentKind::call || listed.kind == InstrumentKind::put;
        }
    };

    void read(std::span<const Unit> event) {
        switch (static_cast<EventType>(view<protocol::EventHeader>(event).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        hear(view<protocol::Type>(event));    \
        break;
#include "protocol/events.def"
        }
    }

    std::map<InstrumentId, Book> books;
    std::map<UnderlyingId, IndexPrice> indexes;
    std::map<AccountId, std::uint64_t> openings;
    std::map<std::pair<AccountId, AssetId>, std::int64_t> deposits;
    std::map<Reject, std::uint64_t> refusals;  // but for the operator's
    std::uint64_t crossed = 0;
    std::uint64_t funding = 0;
    std::uint64_t completed = 0;
    std::uint64_t trades = 0;

  private:
    void hear(const protocol::Completed& done) {
        ++completed;
        if (done.account != AccountId(0) && done.reject != Reject::none) {
            ++refusals[done.reject];
        }
        for (const InstrumentId touched : touched_) {
            crossed += std::uint64_t{books[touched].is_crossed()};
        }
        touched_.clear();
    }
    void hear(const protocol::InstrumentListed& listed) {
        books[listed.instrument].listed = listed;
    }
    void hear(const protocol::InstrumentStateChanged& changed) {
        books[changed.instrument].state = changed.state;
    }
    void hear(const protocol::MarkChanged& changed) {
        books[changed.instrument].mark = changed.mark;
    }
    void hear(const protocol::FundingChanged& /*changed*/) { ++funding; }
    void hear(const protocol::IndexChanged& changed) {
        indexes[changed.underlying] = changed.price;
    }
    void hear(const protocol::AccountOpened& opened) { ++openings[opened.account]; }
    void hear(const protocol::BalanceChanged& changed) {
        if (changed.reason == protocol::BalanceReason::deposit) {
            deposits[{changed.account, changed.asset}] += changed.change.value();
        }
    }
    void hear(const protocol::OrderRested& order) { set(order.instrument, order.side, order); }
    void hear(const protocol::OrderReduced& order) { set(order.instrument, order.side, order); }
    void hear(const protocol::OrderRemoved& order) { set(order.instrument, order.side, order); }
    void hear(const protocol::Trade& trade) {
        ++trades;
        ++books[trade.instrument].trades;
        set(trade.instrument, trade.taker_side == Side::buy ? Side::sell : Side::buy, trade);
    }
    template <class Other>
    void hear(const Other& /*event*/) {}

    template <class Event>
    void set(InstrumentId instrument, Side side, const Event& event) {
        auto& levels = side == Side::buy ? books[instrument].bids : books[instrument].asks;
        if (event.level_total == Lots(0)) {
            levels.erase(event.price);
        } else {
            levels[event.price] = event.level_total;
        }
        touched_.push_back(instrument);
    }

    std::vector<InstrumentId> touched_;
};

class DemoTest : public testing::Test {
  protected:
    DemoTest() : disk_(7), config_(demo_config({.folder = "nowhere"})) {
        config_.exchange.journal.segment_bytes = std::uint64_t{4} << 20U;
        config_.exchange.journal.first_segment_bytes = std::uint64_t{1} << 20U;
        config_.exchange.limits.orders = 1U << 14U;
        config_.deribit.reset();
        complete_config(config_);
    }

    void open() {
        auto opened = exchange::Exchange::open({.disk = disk_,
                                                .segments_disk = disk_,
                                                .clock = clock_,
                                                .fresh_log = journal::LogId{1}},
                                               config_.exchange);
        ASSERT_TRUE(opened.has_value()) << opened.error().sentence();
        exchange_ = std::move(*opened);
        exchange::Seat& desks = exchange_->seat(seat_of(config_, SeatHolder::desk));
        exchange::Seat& crowds = exchange_->seat(seat_of(config_, SeatHolder::crowd));
        desk_ = std::make_unique<desk::Desk>(config_.desk, desks.events(), desks.intake());
        crowd_ = std::make_unique<crowd::Crowd>(*config_.crowd, crowds.events(), crowds.intake());
        desk_->hand_over_by(exchange_->prepared());
        exchange_->engine().tell_standing([this](std::span<const Unit> event) {
            desk_->read(event);
            crowd_->read(event);
        });
    }
    // As if the process had been killed.
    void reopen() {
        crowd_.reset();
        desk_.reset();
        exchange_.reset();
        open();
    }
    // A millisecond.
    void step() {
        exchange_->sequence();
        exchange_->execute();
        ASSERT_TRUE(exchange_->write().has_value());
        ASSERT_TRUE(exchange_->make_room().has_value());
        exchange_->attest();
        desk_->do_work();
        crowd_->do_work(clock_.now());
        exchange_->events().poll([this](std::span<const Unit> event) {
            seen_.read(event);
            return true;
        });
        clock_.advance(Nanos(millisecond));
    }
    void run(std::int64_t milliseconds) {
        for (std::int64_t passed = 0; passed < milliseconds; ++passed) {
            step();
        }
    }
    // Milliseconds until all but a few options are quoted on both sides.
    std::int64_t run_until_alive(std::int64_t milliseconds_max) {
        for (std::int64_t passed = 0; passed < milliseconds_max; ++passed) {
            if (crowd_->is_alive()) {
                return passed;
            }
            step();
        }
        return milliseconds_max;
    }
    [[nodiscard]] std::size_t count(InstrumentKind kind, bool is_two_sided) const {
        return static_cast<std::size_t>(std::ranges::count_if(seen_.books, [&](const auto& entry) {
            return entry.second.listed.kind == kind &&
                   (!is_two_sided || entry.second.is_two_sided());
        }));
    }

    simulation::SimulatedDisk disk_;
    TestClock clock_;
    Config config_;
    std::unique_ptr<exchange::Exchange> exchange_;
    std::unique_ptr<desk::Desk> desk_;
    std::unique_ptr<crowd::Crowd> crowd_;
    Onlooker seen_;
};

TEST_F(DemoTest, comes_alive_within_three_seconds) {
    open();
    const std::int64_t passed = run_until_alive(10'000);
    RecordProperty("alive_after_ms", static_cast<int>(passed));
    EXPECT_LT(passed, 3000);
    run(200);
    EXPECT_EQ(count(InstrumentKind::perpetual, false), 2U);
    EXPECT_EQ(count(InstrumentKind::perpetual, true), 2U);
    EXPECT_EQ(count(InstrumentKind::future, true), count(InstrumentKind::future, false));
    EXPECT_GE(count(InstrumentKind::future, true), 4U);
    const std::size_t options = count(InstrumentKind::call, false);
    EXPECT_GE(options, 40U);
    EXPECT_GE(count(InstrumentKind::call, true), options * 8 / 10);
    EXPECT_GE(count(InstrumentKind::put, true), options * 8 / 10);
}

TEST_F(DemoTest, lives_on_in_good_order) {
    open();
    run_until_alive(3000);
    const std::uint64_t sent = crowd_->sent();
    const std::int64_t seconds = 40;
    for (std::int64_t passed = 0; passed < seconds; ++passed) {
        run(1000);
        ASSERT_TRUE(crowd_->is_alive()) << passed;
        exchange_->engine().check_invariants();
    }
    EXPECT_EQ(seen_.crossed, 0U);
    EXPECT_GT(seen_.trades, 60U);
    EXPECT_GT(seen_.funding, 0U);
    for (const InstrumentKind kind : {InstrumentKind::perpetual, InstrumentKind::future,
                                      InstrumentKind::call, InstrumentKind::put}) {
        EXPECT_TRUE(std::ranges::any_of(seen_.books, [kind](const auto& entry) {
            return entry.second.listed.kind == kind && entry.second.trades != 0;
        })) << static_cast<int>(kind);
    }
    EXPECT_TRUE(std::ranges::all_of(
        seen_.books, [](const auto& entry) { return entry.second.mark.has_value(); }));
    // What it may send, and some prices and orders more.
    const crowd::Settings& settings = *config_.crowd;
    EXPECT_LE(crowd_->sent() - sent,
              std::uint64_t{settings.commands_per_second} * static_cast<std::uint64_t>(seconds) +
                  settings.commands_at_once);
    EXPECT_GT(crowd_->sent() - sent, 20U * static_cast<std::uint64_t>(seconds));
    std::uint64_t refused = 0;
    for (const auto& [reject, times] : seen_.refusals) {
        refused += times;
        EXPECT_LT(times, 40U * static_cast<std::uint64_t>(seconds) / 10) << name(reject);
    }
    EXPECT_LT(refused * 20, crowd_->sent() - sent);
}

TEST_F(DemoTest, quotes_follow_the_index) {
    open();
    run_until_alive(3000);
    std::map<UnderlyingId, std::pair<IndexPrice, IndexPrice>> ranges;
    for (int look = 0; look < 300; ++look) {
        run(100);
        for (const auto& [id, book] : seen_.books) {
            if (book.listed.kind != InstrumentKind::perpetual || !book.is_two_sided()) {
                continue;
            }
            const std::int64_t tick = book.listed.terms.tick.value();
            const std::int64_t index = seen_.indexes[book.listed.underlying].value();
            const std::int64_t middle =
                (book.bids.rbegin()->first.value() + book.asks.begin()->first.value()) * tick / 2;
            EXPECT_LT(std::abs(middle - index), index / 500) << book.listed.name.view();
            auto& [low, high] =
                ranges.try_emplace(book.listed.underlying, IndexPrice(index), IndexPrice(index))
                    .first->second;
            low = std::min(low, IndexPrice(index));
            high = std::max(high, IndexPrice(index));
        }
    }
    ASSERT_EQ(ranges.size(), 2U);
    for (const auto& [underlying, range] : ranges) {
        EXPECT_GT((range.second - range.first).value(), range.first.value() / 10'000);
    }
}

// A smile that is made of the crowd's quotes leads to the prices that they were quoted by.
TEST_F(DemoTest, marks_are_between_the_quotes) {
    open();
    run_until_alive(3000);
    run(5000);
    std::size_t options = 0;
    std::size_t within = 0;
    for (const auto& [id, book] : seen_.books) {
        if (book.is_option() && book.is_two_sided()) {
            ++options;
            const std::int64_t mark = book.mark.value_or(Grid(0)).value();
            within += std::size_t{mark >= 10 * book.bids.rbegin()->first.value() &&
                                  mark <= 10 * book.asks.begin()->first.value()};
        }
    }
    EXPECT_GE(options, 100U);
    EXPECT_GE(within * 100, options * 95);
}

TEST_F(DemoTest, everybody_is_given_money_once_however_often_it_starts) {
    open();
    run(30);  // in the middle of setting up
    for (int life = 0; life < 3; ++life) {
        reopen();
        run(20 + 25 * life);
    }
    reopen();
    run_until_alive(4000);
    run(200);
    const crowd::Settings& settings = *config_.crowd;
    EXPECT_EQ(seen_.openings.size(), 7U);
    for (const auto& [account, times] : seen_.openings) {
        EXPECT_EQ(times, 1U);
    }
    const AccountId practice = settings.practice.front();
    const auto given = [&](AccountId account, std::uint16_t asset) {
        return seen_.deposits[std::pair(account, AssetId(asset))];
    };
    EXPECT_EQ(given(practice, 0), settings.practice_given * 1'000'000);
    EXPECT_EQ(given(practice, 1), settings.underlyings[0].coins_given * 100'000'000);
    EXPECT_EQ(given(practice, 2), settings.underlyings[1].coins_given * 100'000'000);
    EXPECT_EQ(given(settings.fund, 0), settings.fund_given * 1'000'000);
    EXPECT_EQ(seen_.deposits.size(), 1 + 2 + 3 * 3 + 3);
}

TEST_F(DemoTest, goes_on_where_it_was_killed) {
    open();
    run_until_alive(3000);
    run(3000);
    const std::size_t instruments = seen_.books.size();
    const auto indexes = seen_.indexes;
    reopen();
    EXPECT_FALSE(crowd_->is_open());
    for (int steps = 0; steps < 1000 && !crowd_->is_open(); ++steps) {
        step();
    }
    // What the last process quoted went with it.
    EXPECT_TRUE(std::ranges::all_of(seen_.books, [](const auto& entry) {
        return entry.second.bids.empty() && entry.second.asks.empty();
    }));
    EXPECT_LT(run_until_alive(10'000), 3000);
    for (const auto& [underlying, index] : indexes) {
        const std::int64_t moved = (seen_.indexes[underlying] - index).value();
        EXPECT_LT(std::abs(moved), index.value() / 100);
    }
    run(2000);
    EXPECT_LE(seen_.books.size(), instruments + 8);
    EXPECT_EQ(seen_.crossed, 0U);
    exchange_->engine().check_invariants();
    // Nobody's orders are there twice.
    for (const auto& [id, book] : seen_.books) {
        EXPECT_LE(book.bids.size(), 11U) << book.listed.name.view();
    }
}

// Listed for the night, settled in the morning, followed by the next.
TEST_F(DemoTest, stays_alive_over_an_expiry) {
    clock_.advance(Nanos((14 * 3600 - 20) * second));  // twenty seconds before 08:00
    open();
    run_until_alive(3000);
    run(90'000);
    EXPECT_TRUE(crowd_->is_alive());
    EXPECT_EQ(seen_.crossed, 0U);
    exchange_->engine().check_invariants();
}

TEST_F(DemoTest, leaves_a_venue_closed_that_somebody_closed) {
    open();
    run_until_alive(3000);
    const auto set_state = [this](protocol::VenueState state) {
        std::vector<Unit> units(protocol::units_of<protocol::SetVenueState>(0));
        protocol::encode(protocol::SetVenueState{.state = state}, units);
        ASSERT_TRUE(exchange_->intake().submit_command(units));
        exchange_->intake().publish();
    };
    set_state(protocol::VenueState::halted);
    run(1000);
    EXPECT_FALSE(crowd_->is_open());
    set_state(protocol::VenueState::normal);
    run(1000);
    EXPECT_TRUE(crowd_->is_alive());
}

TEST(Demo, listens_on_this_machine_only) {
    const Config config = demo_config({.folder = "there", .port = 9000});
    ASSERT_TRUE(config.deribit.has_value() && config.deribit->tls_door.has_value());
    EXPECT_EQ(config.deribit->door.address, "tcp:127.0.0.1:9000");
    EXPECT_EQ(config.deribit->tls_door->address, "tcp:127.0.0.1:9001");
    EXPECT_EQ(config.deribit->credentials, "there/credentials");
    EXPECT_TRUE(config.deribit->is_testnet);
    for (const DoorConfig& door : config.doors) {
        EXPECT_TRUE(door.address.starts_with("tcp:127.0.0.1:") ||
                    door.address.starts_with("unix:there/"));
    }
    EXPECT_EQ(config.exchange.seats.size(), 3U);
    EXPECT_EQ(seat_of(config, SeatHolder::deribit), 2U);
    EXPECT_FALSE(desk::mistake_in(config.desk).has_value());
    EXPECT_FALSE(crowd::mistake_in(*config.crowd).has_value());
}

TEST(Demo, says_which_port_was_taken) {
    const std::vector<OpenDoor> doors{
        {.event = "listening", .address = "tcp:127.0.0.1:7412", .was_taken = true},
        {.event = "deribit", .address = "tcp:127.0.0.1:7413", .was_taken = true},
        {.event = "deribit_tls", .address = "tcp:127.0.0.1:7414"}};
    std::ostringstream out;
    tell_scene(out, {.folder = "there", .key = {.id = "k", .secret = "s"}, .doors = doors});
    const std::string told = out.str();
    EXPECT_NE(told.find("usual port of the native protocol. It is tcp:127.0.0.1:7412 instead"),
              std::string::npos);
    EXPECT_NE(told.find("usual port of the API. It is tcp:127.0.0.1:7413 instead"),
              std::string::npos);
    EXPECT_EQ(told.find("7414 instead"), std::string::npos);
    EXPECT_NE(told.find("http://127.0.0.1:7413/api/v2"), std::string::npos);
}

}  // namespace
}  // namespace miletus::serve
