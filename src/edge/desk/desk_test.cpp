// The desk between its rings: events that are durable in, commands of both agents out.
#include "edge/desk/desk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <vector>

namespace miletus::desk {
namespace {

using protocol::CommandType;
using protocol::InstrumentKind;

constexpr std::int64_t second = 1'000'000'000;
constexpr UnixNanos start{1'800'000'000 * second};
constexpr std::int64_t index_price = 100'000'000'000;
constexpr UnderlyingId btc{0};

Settings settings_of_both() {
    Settings settings{.listing = listing::default_settings(), .marks = marks::Settings()};
    settings.listing->underlyings.resize(1);
    settings.listing->underlyings[0].futures = {.weeklies = 1};
    settings.marks->underlyings = {
        {.name = protocol::Name("BTC_USDC"), .fixed = marks::FixedSurface{.vol = 900'000}}};
    return settings;
}

class DeskTest : public testing::Test {
  protected:
    explicit DeskTest(std::uint32_t room = 1U << 12U)
        : intake(room), desk(settings_of_both(), events, intake) {}

    template <class Event>
    static std::vector<Unit> units_of(Event event, Sequence sequence) {
        event.header.sequence = sequence;
        std::vector<Unit> units(protocol::units_of<Event>(0));
        protocol::encode(event, units);
        return units;
    }
    template <class Event>
    void tell(const Event& event) {
        const std::vector<Unit> units = units_of(event, Sequence(sequence));
        const auto room = ring.try_append(static_cast<std::uint32_t>(units.size()));
        ASSERT_TRUE(room.has_value());
        std::ranges::copy(units, room->begin());
        ring.publish();
    }
    void complete(UnixNanos time, const protocol::CommandHeader& asker = {}) {
        tell(protocol::Completed{.session = asker.session,
                                 .client_sequence = asker.client_sequence,
                                 .time = time,
                                 .reject = Reject::none});
        durable = sequence++;
    }
    void tell_market() {
        tell(protocol::AssetAdded{
            .name = protocol::Name("USDC"), .decimals = 6, .asset = AssetId(0)});
        tell(protocol::AssetAdded{
            .name = protocol::Name("BTC"), .decimals = 8, .asset = AssetId(1)});
        tell(protocol::UnderlyingAdded{.name = protocol::Name("BTC_USDC"),
                                       .underlying = btc,
                                       .base = AssetId(1),
                                       .quote = AssetId(0)});
        tell(index());
    }
    static protocol::IndexChanged index() {
        return {.price = IndexPrice(index_price),
                .underlying = btc,
                .state = protocol::IndexState::good};
    }
    static protocol::InstrumentListed option() {
        return {.expiry = start + Nanos(30 * 86'400 * second),
                .strike = IndexPrice(index_price),
                .terms = {.tick = IndexPrice(5'000'000), .lot = Amount(1'000'000)},
                .instrument = InstrumentId(7),
                .underlying = btc,
                .kind = InstrumentKind::call};
    }
    // Commands that have come to the sequencer.
    std::vector<std::vector<Unit>> commands() {
        std::vector<std::vector<Unit>> all;
        intake.poll([&all](std::span<const Unit> command, bool) {
            all.emplace_back(command.begin(), command.end());
            return true;
        });
        return all;
    }
    static std::vector<std::vector<Unit>> of_type(const std::vector<std::vector<Unit>>& commands,
                                                  CommandType type) {
        std::vector<std::vector<Unit>> some;
        std::ranges::copy_if(commands, std::back_inserter(some), [type](const auto& command) {
            const auto decoded = protocol::decode_command(command);
            return decoded && *decoded == type;
        });
        return some;
    }

    Ring ring{1024, protocol::units_max(), 1};
    std::atomic<std::uint64_t> durable{0};
    protocol::DurableReader events{ring.buffer(), ring.gate(), 0, durable};
    protocol::Intake intake;
    std::uint64_t sequence = 1;
    Desk desk;
};

TEST_F(DeskTest, asks_for_what_durable_events_call_for) {
    EXPECT_FALSE(desk.do_work());
    tell_market();
    tell(option());
    EXPECT_FALSE(desk.do_work());
    EXPECT_TRUE(commands().empty());
    complete(start);
    EXPECT_TRUE(desk.do_work());
    const auto asked = commands();
    EXPECT_EQ(of_type(asked, CommandType::set_instrument_state).size(), 1U);
    EXPECT_FALSE(of_type(asked, CommandType::list_future).empty());
    const auto surfaces = of_type(asked, CommandType::update_surface);
    ASSERT_EQ(surfaces.size(), 1U);
    EXPECT_FALSE(desk.do_work());

    complete(start, protocol::view<protocol::UpdateSurface>(surfaces[0]).header);
    EXPECT_TRUE(desk.do_work());
    const auto marks = of_type(commands(), CommandType::install_marks);
    ASSERT_EQ(marks.size(), 1U);
    EXPECT_EQ(protocol::view<protocol::InstallMarks>(marks[0]).surface, Sequence(2));
    ASSERT_TRUE(desk.marker_counts().has_value());
    EXPECT_EQ(desk.marker_counts()->installed, 1U);
}

TEST_F(DeskTest, goes_on_from_what_it_was_told_to_stand) {
    desk.read(
        units_of(protocol::AssetAdded{.name = protocol::Name("USDC"), .decimals = 6}, Sequence(9)));
    desk.read(units_of(protocol::UnderlyingAdded{.name = protocol::Name("BTC_USDC")}, Sequence(9)));
    desk.read(units_of(index(), Sequence(9)));
    const protocol::InstrumentListed perpetual{
        .instrument = InstrumentId(3), .underlying = btc, .kind = InstrumentKind::perpetual};
    desk.read(units_of(perpetual, Sequence(9)));
    complete(start);
    EXPECT_TRUE(desk.do_work());
    const auto asked = commands();
    EXPECT_EQ(of_type(asked, CommandType::set_instrument_state).size(), 1U);
    for (const auto& command : of_type(asked, CommandType::list_future)) {
        EXPECT_NE(protocol::view<protocol::ListFuture>(command).expiry, UnixNanos(0));
    }
}

TEST_F(DeskTest, reads_on_without_asking) {
    tell_market();
    complete(start);
    desk.read_on();
    EXPECT_TRUE(commands().empty());
    EXPECT_EQ(ring.gate().backlog(0), 0U);
    EXPECT_TRUE(desk.do_work());
    EXPECT_FALSE(commands().empty());
}

// Marks need no good index, and listings do: so the surface is there before anything is listed.
TEST_F(DeskTest, lists_strikes_by_the_surface_that_was_taken) {
    tell_market();
    protocol::IndexChanged doubtful = index();
    doubtful.state = protocol::IndexState::degraded;
    tell(doubtful);
    tell(option());
    complete(start);
    EXPECT_TRUE(desk.do_work());
    const auto surfaces = of_type(commands(), CommandType::update_surface);
    ASSERT_EQ(surfaces.size(), 1U);
    complete(start, protocol::view<protocol::UpdateSurface>(surfaces[0]).header);
    tell(index());
    complete(start);
    EXPECT_TRUE(desk.do_work());
    const auto series = of_type(commands(), CommandType::list_option_series);
    ASSERT_FALSE(series.empty());
    const UnixNanos expiry = protocol::view<protocol::ListOptionSeries>(series[0]).expiry;
    const std::span<const IndexPrice> strikes =
        protocol::group<protocol::ListOptionSeries>(series[0]);
    const listing::UnderlyingSettings usual = listing::default_settings().underlyings[0];
    const std::vector<IndexPrice> wide =
        listing::strike_grid(IndexPrice(index_price), expiry - start,
                             {.volatility = 900'000,
                              .delta = usual.strike_delta,
                              .step_min = usual.strike_step_min,
                              .strikes_aimed = usual.strikes_aimed});
    EXPECT_TRUE(std::ranges::equal(strikes, wide));
}

class CrampedDeskTest : public DeskTest {
  protected:
    CrampedDeskTest() : DeskTest(std::bit_ceil(protocol::units_max())) {}
};

TEST_F(CrampedDeskTest, keeps_what_finds_no_room) {
    tell_market();
    complete(start);
    std::size_t asked = 0;
    for (int turn = 0; turn < 20; ++turn) {
        desk.do_work();
        const auto some = commands();
        for (const auto& command : some) {
            complete(start, protocol::view<protocol::CommandHeader>(command));
        }
        asked += some.size();
    }
    EXPECT_GT(asked, 9U);  // the perpetual, a future, and options of so many expiries
    EXPECT_FALSE(desk.take_note().has_value());
}

TEST(DeskSettings, two_agents_have_two_sessions) {
    Settings settings = settings_of_both();
    EXPECT_EQ(mistake_in(settings), std::nullopt);
    EXPECT_EQ(mistake_in(Settings()), std::nullopt);
    settings.marks->session = settings.listing->session;
    EXPECT_EQ(mistake_in(settings), "listing and marks need a session each");
    settings.marks->session = SessionId(0);
    EXPECT_EQ(mistake_in(settings), "marks: session must not be zero");
    settings.listing->session = SessionId(0);
    EXPECT_EQ(mistake_in(settings), "listing: session must not be zero");
}

}  // namespace
}  // namespace miletus::desk
