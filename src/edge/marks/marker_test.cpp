// From events to commands: when a surface is asked for, and which marks follow from it.
#include "edge/marks/marker.hpp"

#include "edge/marks/event_stream_test.hpp"

#include <gtest/gtest.h>

namespace miletus::marks {
namespace {

using pricing::MarkOption;
using protocol::CommandType;
using protocol::InstallMarks;
using protocol::InstrumentKind;
using protocol::UpdateSurface;

Settings settings_of(std::int64_t vol = 500'000) {
    return {
        .underlyings = {{.name = protocol::Name("BTC_USDC"), .fixed = FixedSurface{.vol = vol}}},
        .session = SessionId(17)};
}

class MarkerTest : public testing::Test {
  protected:
    explicit MarkerTest(const Settings& settings = settings_of())
        : marker(settings), stream([this](std::span<const Unit> event) { marker.read(event); }) {
        stream.tell_assets();
        stream.tell_index(100'000 * coin);
    }
    void list_all() {
        stream.list(4, InstrumentKind::put, week, 95'000 * coin);
        stream.list(2, InstrumentKind::call, week, 105'000 * coin);
        stream.list(9, InstrumentKind::call, month, 105'000 * coin);
        stream.list(5, InstrumentKind::future, month);
        stream.list(6, InstrumentKind::call, week, 120'000 * coin);
    }
    // What waits, taken.
    std::vector<std::vector<Unit>> commands() {
        std::vector<std::vector<Unit>> all;
        marker.hand_out([&all](std::span<const Unit> command) {
            all.emplace_back(command.begin(), command.end());
            return true;
        });
        return all;
    }
    std::vector<std::vector<Unit>> after_command_at(UnixNanos time) {
        stream.complete(time);
        (void)marker.make_surfaces();
        return commands();
    }
    static std::vector<pricing::Smile> smiles_in(std::span<const Unit> command) {
        std::vector<pricing::Smile> smiles;
        for (const protocol::SurfaceSlice& slice : protocol::group<UpdateSurface>(command)) {
            smiles.push_back(prepared::smile_from(slice));
        }
        return smiles;
    }
    // Of a command that decodes.
    static CommandType type_of(std::span<const Unit> command) {
        const auto type = protocol::decode_command(command);
        EXPECT_TRUE(type.has_value());
        return type ? *type : CommandType::tick;
    }
    static MarkOption option(InstrumentKind kind, UnixNanos expiry, std::int64_t strike) {
        return {.expiry = expiry,
                .strike = IndexPrice(strike * coin),
                .tick = IndexPrice(option_tick),
                .tick_value = LotValue(500'000),
                .kind = kind == InstrumentKind::call ? pricing::call : pricing::put};
    }
    static protocol::Digest128 digest_by_hand(const pricing::MarkSurface& surface,
                                              const std::vector<MarkOption>& options) {
        std::vector<pricing::Mark> marks(options.size());
        std::vector<std::int64_t> entries(options.size() * pricing::usual_scenarios_count);
        EXPECT_EQ(find_marks(surface, options, {marks, entries}), pricing::MarkFault::none);
        const Hash128 digest = digest_of(pricing::Marks{marks, entries});
        return {.high = digest.high, .low = digest.low};
    }

    Marker marker;
    EventStream stream;
    UnixNanos week = start + Nanos(7 * day);
    UnixNanos month = start + Nanos(30 * day);
};

TEST_F(MarkerTest, asks_for_a_surface_that_decodes_and_is_one) {
    list_all();
    const auto asked = after_command_at(start);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(type_of(asked[0]), CommandType::update_surface);
    const auto& surface = protocol::view<UpdateSurface>(asked[0]);
    EXPECT_EQ(surface.underlying, btc);
    EXPECT_EQ(surface.header.account, AccountId(0));
    EXPECT_EQ(surface.header.session, SessionId(17));
    EXPECT_EQ(surface.header.client_sequence, ClientSequence(1'800'000'000ULL * second));
    EXPECT_EQ(surface.digest, protocol::Digest256{});
    const auto smiles = smiles_in(asked[0]);
    ASSERT_EQ(smiles.size(), 2U);
    EXPECT_EQ(smiles[0].expiry, week);
    EXPECT_NEAR(static_cast<double>(smiles[0].a), 0.25 * 7 / 365 * 1e12, 1);
    EXPECT_TRUE(check_surface(smiles, start).is_free());
}

TEST_F(MarkerTest, waits_for_an_index_and_for_options) {
    EXPECT_TRUE(after_command_at(start).empty());
    list_all();
    stream.tell_index(100'000 * coin, protocol::IndexState::frozen);
    EXPECT_TRUE(after_command_at(start + Nanos(2 * second)).empty());
    stream.tell_index(100'000 * coin, protocol::IndexState::none);
    EXPECT_TRUE(after_command_at(start + Nanos(4 * second)).empty());
    stream.tell_index(100'000 * coin, protocol::IndexState::degraded);
    EXPECT_EQ(after_command_at(start + Nanos(6 * second)).size(), 1U);
}

TEST_F(MarkerTest, installs_the_marks_of_what_the_venue_took) {
    list_all();
    const auto asked = after_command_at(start);
    ASSERT_EQ(asked.size(), 1U);
    const auto smiles = smiles_in(asked[0]);
    // Before the venue takes it the index moves, one option goes and another comes.
    stream.tell_index(101'000 * coin);
    stream.set_state(6, protocol::InstrumentState::settling);
    stream.list(1, InstrumentKind::put, month, 90'000 * coin);
    stream.complete(start + Nanos(5));
    stream.tell(protocol::SurfaceUpdated{.underlying = btc, .expiries = 2});
    const Sequence sequence = stream.sequence();
    const UnixNanos taken = start + Nanos(60 * second);
    stream.complete(taken, protocol::view<UpdateSurface>(asked[0]).header);
    // After it, nothing matters any more.
    stream.tell_index(90'000 * coin);
    const auto installed = commands();
    ASSERT_EQ(installed.size(), 1U);
    EXPECT_EQ(type_of(installed[0]), CommandType::install_marks);
    const auto& marks = protocol::view<InstallMarks>(installed[0]);
    EXPECT_EQ(marks.surface, sequence);
    EXPECT_EQ(marks.underlying, btc);
    EXPECT_EQ(marks.header.session, SessionId(17));
    EXPECT_GT(marks.header.client_sequence,
              protocol::view<UpdateSurface>(asked[0]).header.client_sequence);
    const std::vector<MarkOption> options{
        option(InstrumentKind::put, month, 90'000), option(InstrumentKind::call, week, 105'000),
        option(InstrumentKind::put, week, 95'000), option(InstrumentKind::call, month, 105'000)};
    const auto right = digest_by_hand(
        {.now = taken, .index = IndexPrice(101'000 * coin), .smiles = smiles}, options);
    EXPECT_EQ(marks.digest.high, right.high);
    EXPECT_EQ(marks.digest.low, right.low);
}

TEST_F(MarkerTest, hands_over_the_marks_that_it_names) {
    prepared::HandOver hand_over(1);
    marker.hand_over_by(hand_over);
    list_all();
    const auto install = [&](UnixNanos time) {
        const auto asked = after_command_at(time);
        stream.complete(time + Nanos(1), protocol::view<UpdateSurface>(asked.at(0)).header);
        const auto installed = commands();
        const auto& digest = protocol::view<InstallMarks>(installed.at(0)).digest;
        return Hash128{.high = digest.high, .low = digest.low};
    };
    const Hash128 first = install(start);
    auto marks = hand_over.take();
    ASSERT_NE(marks, nullptr);
    EXPECT_EQ(marks->digest(), first);
    EXPECT_EQ(marks->underlying(), btc);
    ASSERT_EQ(marks->count(), 4U);
    EXPECT_EQ(marks->instrument(0), InstrumentId(2));
    // While it is away no other goes, and marks are named all the same.
    EXPECT_NE(install(start + Nanos(second)), first);
    EXPECT_EQ(hand_over.take(), nullptr);
    hand_over.give_back(std::move(marks));
    // What was kept is computed in again; the next one needs what came back.
    static_cast<void>(hand_over.take_back());
    const Hash128 third = install(start + Nanos(2 * second));
    marks = hand_over.take();
    ASSERT_NE(marks, nullptr);
    EXPECT_EQ(marks->digest(), third);
}

TEST_F(MarkerTest, asks_once_an_interval_of_the_logs_time) {
    list_all();
    auto asked = after_command_at(start + Nanos(300));
    ASSERT_EQ(asked.size(), 1U);
    stream.complete(start + Nanos(400), protocol::view<UpdateSurface>(asked[0]).header);
    (void)commands();
    EXPECT_TRUE(after_command_at(start + Nanos(second - 1)).empty());
    asked = after_command_at(start + Nanos(second));
    ASSERT_EQ(asked.size(), 1U);
    // Nothing newer before the last one is answered.
    EXPECT_TRUE(after_command_at(start + Nanos(5 * second)).empty());
    stream.complete(start + Nanos(6 * second), protocol::view<UpdateSurface>(asked[0]).header);
    (void)commands();
    EXPECT_EQ(after_command_at(start + Nanos(6 * second)).size(), 1U);
}

TEST_F(MarkerTest, installs_nothing_of_what_was_refused_or_of_others) {
    list_all();
    const auto asked = after_command_at(start);
    ASSERT_EQ(asked.size(), 1U);
    const protocol::CommandHeader own = protocol::view<UpdateSurface>(asked[0]).header;
    protocol::CommandHeader other = own;
    other.session = SessionId(18);
    stream.tell(protocol::SurfaceUpdated{.underlying = btc});
    stream.complete(start + Nanos(1), other);
    other = own;
    other.client_sequence = ClientSequence(5);
    stream.complete(start + Nanos(2), other);
    EXPECT_TRUE(commands().empty());
    stream.complete(start + Nanos(3), own, Reject::surface_has_arbitrage);
    EXPECT_TRUE(commands().empty());
    EXPECT_EQ(marker.counts().surfaces, 1U);
    EXPECT_EQ(marker.counts().refused, 1U);
    EXPECT_EQ(marker.counts().installed, 0U);
    const auto again = after_command_at(start + Nanos(second));
    ASSERT_EQ(again.size(), 1U);
    EXPECT_GT(protocol::view<UpdateSurface>(again[0]).header.client_sequence, own.client_sequence);
}

TEST_F(MarkerTest, keeps_what_finds_no_room_and_makes_nothing_newer_meanwhile) {
    list_all();
    stream.complete(start);
    EXPECT_TRUE(marker.make_surfaces());
    int offered = 0;
    for (int count = 0; count < 3; ++count) {
        marker.hand_out([&offered](std::span<const Unit>) {
            ++offered;
            return false;
        });
    }
    EXPECT_EQ(offered, 3);
    stream.complete(start + Nanos(3 * second));
    EXPECT_FALSE(marker.make_surfaces());
    EXPECT_EQ(commands().size(), 1U);
    EXPECT_TRUE(commands().empty());
}

TEST_F(MarkerTest, marks_only_what_it_was_told_to) {
    Marker other({.underlyings = {{.name = protocol::Name("ETH_USDC"),
                                   .fixed = FixedSurface{.vol = 500'000}}}});
    EventStream events([&other](std::span<const Unit> event) { other.read(event); });
    events.tell_assets();
    events.tell_index(100'000 * coin);
    events.list(1, InstrumentKind::call, week, 100'000 * coin);
    events.complete(start);
    EXPECT_FALSE(other.make_surfaces());
}

// Told what stands, it does not know when: a number without a time would be that of another start.
TEST_F(MarkerTest, asks_for_nothing_before_the_first_command) {
    list_all();
    EXPECT_FALSE(marker.make_surfaces());
    EXPECT_EQ(after_command_at(start).size(), 1U);
}

TEST_F(MarkerTest, takes_the_answer_to_an_earlier_life_for_a_refusal) {
    list_all();
    const auto asked = after_command_at(start);
    ASSERT_EQ(asked.size(), 1U);
    const protocol::CommandHeader own = protocol::view<UpdateSurface>(asked[0]).header;
    stream.tell(protocol::Completed{.session = own.session,
                                    .client_sequence = own.client_sequence,
                                    .time = start,
                                    .reject = Reject::none,
                                    .first = Sequence(1)});
    EXPECT_TRUE(commands().empty());
    EXPECT_EQ(marker.counts().refused, 1U);
    EXPECT_EQ(after_command_at(start + Nanos(second)).size(), 1U);
}

TEST_F(MarkerTest, tells_the_volatility_of_what_was_taken) {
    list_all();
    EXPECT_EQ(marker.volatility(protocol::Name("BTC_USDC")), std::nullopt);
    const auto asked = after_command_at(start);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(marker.volatility(protocol::Name("BTC_USDC")), std::nullopt);
    stream.complete(start, protocol::view<UpdateSurface>(asked[0]).header);
    EXPECT_EQ(marker.volatility(protocol::Name("BTC_USDC")), 500'000);
    EXPECT_EQ(marker.volatility(protocol::Name("ETH_USDC")), std::nullopt);
}

// Two that read the same events ask for the same.
TEST_F(MarkerTest, does_the_same_after_the_same_events) {
    Marker twin(settings_of());
    std::vector<std::vector<Unit>> of_twin;
    EventStream both([&](std::span<const Unit> event) {
        marker.read(event);
        twin.read(event);
    });
    both.tell_assets();
    both.tell_index(100'000 * coin);
    Chain chain{.first = 100, .expiry = week};
    chain.list(both);
    chain.quote(both, start);
    both.complete(start);
    EXPECT_TRUE(marker.make_surfaces());
    EXPECT_TRUE(twin.make_surfaces());
    twin.hand_out([&of_twin](std::span<const Unit> command) {
        of_twin.emplace_back(command.begin(), command.end());
        return true;
    });
    const auto own = commands();
    ASSERT_EQ(own.size(), of_twin.size());
    for (std::size_t at = 0; at < own.size(); ++at) {
        EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span(own[at])),
                                       std::as_bytes(std::span(of_twin[at]))));
    }
}

}  // namespace
}  // namespace miletus::marks
