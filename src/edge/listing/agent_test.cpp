// What the agent asks a venue for, and what it leaves alone.
#include "edge/listing/listing.hpp"
#include "edge/listing/venue_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miletus::listing {
namespace {

using protocol::CommandType;
using protocol::InstrumentKind;
using protocol::InstrumentState;

constexpr UnderlyingId btc{0};
// Saturday, 21 November 2026, 18:00 UTC.
constexpr UnixNanos saturday_evening{1'795'284'000 * second_ns};

IndexPrice dollars(std::int64_t amount) {
    return IndexPrice(amount * quote_unit);
}

Settings only_btc() {
    Settings settings = default_settings();
    settings.underlyings.resize(1);
    return settings;
}

// The agent reads what the venue tells, and the venue does what the agent asks for, until there is
// nothing more of either.
class Listed : public testing::Test {
  protected:
    void start(const Settings& with = only_btc()) {
        settings = with;
        agent.emplace(settings);
        venue.add_underlying("BTC_USDC", 8);
        venue.set_index(btc, dollars(100'000));
        run();
    }
    void catch_up(Agent& reader, std::size_t& at) const {
        for (; at < venue.events().size(); ++at) {
            reader.read(venue.events()[at]);
        }
    }
    void run() {
        catch_up(*agent, read);
        while (!agent->next_command().empty()) {
            const std::span<const Unit> command = agent->next_command();
            const std::vector<Unit> copy(command.begin(), command.end());
            agent->mark_submitted();
            venue.apply(copy);
            catch_up(*agent, read);
        }
    }
    void wait(std::int64_t nanos) {
        venue.pass_to(venue.now() + Nanos(nanos));
        run();
    }
    [[nodiscard]] std::size_t count(InstrumentKind kind, InstrumentState state) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(venue.books(), [&](const auto& entry) {
                return entry.second.name.kind == kind && entry.second.state == state;
            }));
    }
    [[nodiscard]] std::size_t expiries_of(InstrumentKind kind) const {
        std::set<UnixNanos> found;
        for (const auto& [id, book] : venue.books()) {
            if (book.name.kind == kind) {
                found.insert(book.name.expiry);
            }
        }
        return found.size();
    }
    std::vector<std::string> notes() {
        std::vector<std::string> texts;
        while (const auto note = agent->take_note()) {
            texts.push_back(note->text);
        }
        return texts;
    }

    Settings settings;
    Venue venue{saturday_evening};
    std::optional<Agent> agent;
    std::size_t read = 0;
};

TEST_F(Listed, a_new_venue_gets_all_at_once_and_open) {
    start();
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::open), 1U);
    // 27 November, 4 and 25 December, 29 January, 26 March, 25 June, 24 September.
    EXPECT_EQ(count(InstrumentKind::future, InstrumentState::open), 7U);
    EXPECT_EQ(expiries_of(InstrumentKind::call), 11U);
    EXPECT_EQ(count(InstrumentKind::call, InstrumentState::open),
              count(InstrumentKind::put, InstrumentState::open));
    EXPECT_EQ(count(InstrumentKind::call, InstrumentState::pre_open), 0U);
    EXPECT_EQ(venue.refused(), 0U);
    EXPECT_TRUE(notes().empty());
}

TEST_F(Listed, terms_follow_the_settings_and_the_index) {
    start();
    const Book* perpetual = venue.find({.underlying = btc,
                                        .expiry = UnixNanos(0),
                                        .strike = {},
                                        .kind = InstrumentKind::perpetual});
    ASSERT_NE(perpetual, nullptr);
    EXPECT_EQ(perpetual->terms.tick, IndexPrice(500'000));
    EXPECT_EQ(perpetual->terms.lot, Amount(10'000));           // 0.0001 BTC of eight decimals
    EXPECT_EQ(perpetual->terms.price_high, Ticks(2'000'001));  // ten times the index
    EXPECT_EQ(perpetual->terms.lots_max, Lots(10'000'000));
    const UnixNanos friday = saturday_evening + Nanos(5 * day_ns + 14 * hour_ns);
    const Book* call = venue.find({.underlying = btc,
                                   .expiry = friday,
                                   .strike = dollars(100'000),
                                   .kind = InstrumentKind::call});
    ASSERT_NE(call, nullptr);
    EXPECT_EQ(call->terms.lot, Amount(1'000'000));
    // 5 7/12 days: 100,000 (1 + 4 × 0.6 × √(5.5833 / 365)) = 129,683, in ticks of 5.
    EXPECT_EQ(call->terms.price_high, Ticks(25'937));
}

TEST_F(Listed, nothing_is_listed_without_a_good_index) {
    agent.emplace(settings = only_btc());
    venue.add_underlying("BTC_USDC", 8);
    wait(hour_ns);
    EXPECT_TRUE(venue.commands().empty());
    venue.set_index(btc, dollars(100'000), protocol::IndexState::degraded);
    wait(hour_ns);
    EXPECT_TRUE(venue.commands().empty());
    venue.set_index(btc, dollars(100'000));
    run();
    EXPECT_FALSE(venue.commands().empty());
}

TEST_F(Listed, an_underlying_of_nobody_is_left_alone) {
    agent.emplace(settings = only_btc());
    venue.add_underlying("SOL_USDC", 9);
    venue.set_index(btc, dollars(100));
    wait(hour_ns);
    EXPECT_TRUE(venue.commands().empty());
}

TEST_F(Listed, while_nothing_moves_nothing_more_is_asked_for) {
    start();
    const std::size_t asked = venue.commands().size();
    venue.set_index(btc, dollars(100'000));
    run();
    EXPECT_EQ(venue.commands().size(), asked);
    for (int hours = 0; hours < 2; ++hours) {
        wait(10 * minute_ns);
    }
    EXPECT_EQ(venue.commands().size(), asked);
}

TEST_F(Listed, new_strikes_follow_the_index_and_none_is_taken_away) {
    start();
    const auto before = venue.books();
    venue.set_index(btc, dollars(115'000));
    wait(minute_ns);
    for (const auto& [id, book] : before) {
        EXPECT_EQ(venue.books().at(id).name, book.name);
    }
    EXPECT_GT(venue.books().size(), before.size());
    const UnixNanos monday = saturday_evening + Nanos(day_ns + 14 * hour_ns);
    EXPECT_NE(venue.find({.underlying = btc,
                          .expiry = monday,
                          .strike = dollars(115'000),
                          .kind = InstrumentKind::put}),
              nullptr);
    EXPECT_EQ(venue.refused(), 0U);
}

TEST_F(Listed, the_last_half_hour_of_an_expiry_is_quiet) {
    start();
    const UnixNanos sunday = saturday_evening + Nanos(14 * hour_ns);
    const auto strikes = [&] {
        return std::ranges::count_if(
            venue.books(), [&](const auto& entry) { return entry.second.name.expiry == sunday; });
    };
    venue.pass_to(sunday + Nanos(-31 * minute_ns));
    run();
    const auto before = strikes();
    venue.set_index(btc, dollars(110'000));
    run();
    EXPECT_EQ(strikes(), before);
    venue.pass_to(sunday + Nanos(-30 * minute_ns - second_ns));
    run();
    EXPECT_EQ(strikes(), before) << "it looks once a minute";
    venue.pass_to(sunday + Nanos(-30 * minute_ns));
    run();
    EXPECT_EQ(strikes(), before);
}

TEST_F(Listed, at_eight_what_expires_is_followed_by_what_is_next) {
    start();
    const UnixNanos sunday = saturday_evening + Nanos(14 * hour_ns);
    venue.pass_to(sunday + Nanos(-1'000'000));
    run();
    EXPECT_EQ(expiries_of(InstrumentKind::call), 11U);
    venue.pass_to(sunday);
    run();
    EXPECT_EQ(expiries_of(InstrumentKind::call), 12U);  // with the one that is settling
    EXPECT_NE(venue.find({.underlying = btc,
                          .expiry = sunday + Nanos(3 * day_ns),
                          .strike = dollars(100'000),
                          .kind = InstrumentKind::call}),
              nullptr);
}

TEST_F(Listed, what_is_settled_is_archived_after_its_time_and_numbers_are_used_again) {
    start();
    const UnixNanos sunday = saturday_evening + Nanos(14 * hour_ns);
    const auto of_sunday = [&] {
        return std::ranges::count_if(
            venue.books(), [&](const auto& entry) { return entry.second.name.expiry == sunday; });
    };
    const auto listed = of_sunday();
    EXPECT_GT(listed, 20);
    venue.pass_to(sunday);
    run();
    wait(minute_ns);
    EXPECT_EQ(of_sunday(), listed);
    venue.pass_to(sunday + Nanos(day_ns));
    run();
    EXPECT_EQ(of_sunday(), listed) << "settled a minute after eight";
    wait(2 * minute_ns);
    EXPECT_EQ(of_sunday(), 0);
    const std::uint32_t ids = venue.ids();
    for (int days = 0; days < 3; ++days) {
        wait(day_ns - hour_ns);
        wait(hour_ns);
    }
    EXPECT_LT(venue.ids(), ids + 80);
    EXPECT_EQ(venue.refused(), 0U);
}

TEST_F(Listed, what_is_refused_is_told_and_asked_for_again_after_a_while) {
    venue.refusals[CommandType::list_future] = Reject::directory_full;
    start();
    const auto asked = [&] {
        return std::ranges::count_if(venue.commands(), [](const auto& command) {
            return protocol::view<protocol::CommandHeader>(command).type ==
                   static_cast<std::uint16_t>(CommandType::list_future);
        });
    };
    EXPECT_EQ(asked(), 8);
    const std::vector<std::string> told = notes();
    ASSERT_EQ(told.size(), 8U);
    EXPECT_EQ(
        told[0],
        "listing the perpetual of BTC_USDC was refused: directory_full; it is asked for again "
        "later");
    EXPECT_EQ(told[1],
              "listing the future of BTC_USDC for 2026-11-27 was refused: directory_full; it is "
              "asked for again later");
    for (int minutes = 0; minutes < 4; ++minutes) {
        wait(minute_ns);
    }
    EXPECT_EQ(asked(), 8);
    for (int minutes = 0; minutes < 2; ++minutes) {
        wait(minute_ns);
    }
    EXPECT_EQ(asked(), 16);
    venue.refusals.clear();
    wait(6 * minute_ns);
    EXPECT_EQ(count(InstrumentKind::future, InstrumentState::open), 7U);
}

TEST_F(Listed, a_full_venue_is_told_and_filled_when_there_is_room) {
    venue.room = 100;
    start();
    EXPECT_LE(venue.books().size(), 100U);
    EXPECT_FALSE(notes().empty());
    const std::size_t refused = venue.refused();
    venue.room = 4096;
    wait(6 * minute_ns);
    EXPECT_EQ(venue.refused(), refused);
    EXPECT_EQ(expiries_of(InstrumentKind::call), 11U);
    EXPECT_EQ(count(InstrumentKind::call, InstrumentState::pre_open), 0U);
}

TEST_F(Listed, an_opening_that_is_refused_is_tried_again) {
    venue.refusals[CommandType::set_instrument_state] = Reject::not_supported_yet;
    start();
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::pre_open), 1U);
    venue.refusals.clear();
    wait(minute_ns);
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::pre_open), 1U);
    wait(6 * minute_ns);
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::open), 1U);
}

TEST_F(Listed, what_somebody_halted_is_not_opened_again) {
    start();
    venue.set_state(0, InstrumentState::halted);
    wait(hour_ns);
    EXPECT_EQ(venue.books().at(0).state, InstrumentState::halted);
    venue.set_state(0, InstrumentState::pre_open);
    wait(hour_ns);
    EXPECT_EQ(venue.books().at(0).state, InstrumentState::pre_open);
}

TEST_F(Listed, strikes_beyond_the_most_are_left_out_farthest_first_and_told_once) {
    Settings few = only_btc();
    few.underlyings[0].strikes_aimed = 12;
    few.underlyings[0].strikes_max = 12;
    few.underlyings[0].options = {.dailies = 1, .weeklies = 0, .monthlies = 0, .quarterlies = 0};
    start(few);
    EXPECT_EQ(count(InstrumentKind::call, InstrumentState::open), 12U);
    const std::int64_t step = dollars(500).value();
    for (const auto& [id, book] : venue.books()) {
        if (book.name.kind == InstrumentKind::call) {
            EXPECT_LE(std::abs(book.name.strike.value() - dollars(100'000).value()), 6 * step);
        }
    }
    EXPECT_EQ(notes(), std::vector<std::string>{"listing options of BTC_USDC for 2026-11-22 has as "
                                                "many strikes as it may: others are left out"});
    venue.set_index(btc, dollars(120'000));
    wait(hour_ns);
    EXPECT_EQ(count(InstrumentKind::call, InstrumentState::open), 12U);
    EXPECT_TRUE(notes().empty());
}

TEST_F(Listed, series_of_many_strikes_come_in_several_commands) {
    Settings many = only_btc();
    many.underlyings[0].strikes_aimed = 100;
    many.underlyings[0].strikes_max = 400;
    many.underlyings[0].options = {.dailies = 0, .weeklies = 0, .monthlies = 0, .quarterlies = 1};
    start(many);
    EXPECT_GT(count(InstrumentKind::call, InstrumentState::open), 100U);
    EXPECT_EQ(venue.refused(), 0U);
}

TEST_F(Listed, bands_are_set_before_the_opening_and_follow_the_index) {
    Settings banded = only_btc();
    banded.underlyings[0].future_band = Rate(100'000);
    start(banded);
    const auto band = [&] {
        return *venue.books().at(0).band;
    };
    EXPECT_EQ(band().low, Ticks(180'000));
    EXPECT_EQ(band().high, Ticks(220'000));
    EXPECT_EQ(count(InstrumentKind::future, InstrumentState::open), 7U);
    for (const auto& [id, book] : venue.books()) {
        EXPECT_EQ(book.band.has_value(), book.name.strike == IndexPrice(0));
    }
    const auto type_of = [](const Venue::Units& command) {
        return static_cast<CommandType>(protocol::view<protocol::CommandHeader>(command).type);
    };
    const auto set_band = std::ranges::find(venue.commands(), CommandType::set_band, type_of);
    const auto open =
        std::ranges::find(venue.commands(), CommandType::set_instrument_state, type_of);
    EXPECT_LT(set_band - venue.commands().begin(), open - venue.commands().begin());

    venue.set_index(btc, dollars(102'000));
    wait(minute_ns);
    EXPECT_EQ(band().high, Ticks(220'000)) << "an eighth of the band is near enough";
    venue.set_index(btc, dollars(103'000));
    wait(minute_ns);
    EXPECT_EQ(band().low, Ticks(185'400));
    EXPECT_EQ(band().high, Ticks(226'600));
}

TEST_F(Listed, a_band_ends_where_the_range_of_prices_does) {
    Settings banded = only_btc();
    banded.underlyings[0].future_band = Rate(100'000);
    banded.underlyings[0].future_range = Rate(3'000'000);
    start(banded);
    venue.set_index(btc, dollars(2'900'00));
    wait(minute_ns);
    EXPECT_EQ(venue.refused(), 0U);
    venue.set_index(btc, dollars(800'000));
    wait(minute_ns);
    const std::size_t asked = venue.commands().size();
    EXPECT_EQ(venue.refused(), 0U);
    wait(10 * minute_ns);
    EXPECT_EQ(venue.commands().size(), asked);
}

TEST_F(Listed, a_volatility_that_rises_widens_the_grid) {
    start();
    const std::size_t before = venue.books().size();
    agent->set_volatility("BTC_USDC", 900'000);
    wait(minute_ns);
    EXPECT_GT(venue.books().size(), before);
    EXPECT_EQ(venue.refused(), 0U);
}

TEST_F(Listed, what_exists_already_is_not_listed_again) {
    start();
    Agent second(settings);
    for (const Venue::Units& event : venue.inventory()) {
        second.read(event);
    }
    std::size_t at = venue.events().size();
    venue.set_index(btc, dollars(100'000));
    venue.pass_to(venue.now() + Nanos(minute_ns));
    catch_up(second, at);
    EXPECT_TRUE(second.next_command().empty());

    venue.set_index(btc, dollars(115'000));
    venue.pass_to(venue.now() + Nanos(minute_ns));
    catch_up(second, at);
    EXPECT_FALSE(second.next_command().empty());
    agent = std::move(second);
    read = at;
    run();
    EXPECT_EQ(venue.refused(), 0U);
}

// The day that it is kept began at its expiry, and not with the agent that learns of it.
TEST_F(Listed, what_was_settled_before_a_start_from_a_snapshot_is_not_kept_longer) {
    start();
    venue.pass_to(saturday_evening + Nanos(14 * hour_ns));
    run();
    wait(minute_ns);
    venue.pass_to(venue.now() + Nanos(day_ns));
    const auto settled = count(InstrumentKind::call, InstrumentState::settled);
    EXPECT_GT(settled, 0U);
    agent.emplace(settings);
    for (const Venue::Units& event : venue.inventory()) {
        agent->read(event);
    }
    read = venue.events().size();
    venue.set_index(btc, dollars(100'000));
    run();
    EXPECT_EQ(count(InstrumentKind::call, InstrumentState::settled), 0U);
}

// Of eight commands on their way some were carried out, and nobody heard the answers.
TEST_F(Listed, commands_that_were_on_their_way_at_a_restart_are_done_once) {
    agent.emplace(settings = only_btc());
    venue.add_underlying("BTC_USDC", 8);
    venue.set_index(btc, dollars(100'000));
    catch_up(*agent, read);
    std::vector<Venue::Units> on_their_way;
    while (!agent->next_command().empty()) {
        const std::span<const Unit> command = agent->next_command();
        on_their_way.emplace_back(command.begin(), command.end());
        agent->mark_submitted();
    }
    EXPECT_EQ(on_their_way.size(), 8U);
    for (std::size_t sent = 0; sent < 5; ++sent) {
        venue.apply(on_their_way[sent]);
    }
    agent.emplace(settings);
    std::size_t heard = read;
    read = 0;
    for (; read < heard; ++read) {
        agent->read(venue.events()[read]);
    }
    // It has not heard of the five: it sends them once more.
    for (std::size_t sent = 0; sent < 3; ++sent) {
        const std::span<const Unit> command = agent->next_command();
        EXPECT_TRUE(std::ranges::equal(std::as_bytes(command),
                                       std::as_bytes(std::span(on_their_way[sent]))));
        agent->mark_submitted();
        venue.apply(on_their_way[sent]);
    }
    venue.restart();
    run();
    EXPECT_EQ(venue.refused(), 0U);
    EXPECT_EQ(count(InstrumentKind::future, InstrumentState::open), 7U);
    EXPECT_EQ(expiries_of(InstrumentKind::call), 11U);
}

TEST_F(Listed, commands_that_were_lost_on_their_way_are_sent_again) {
    agent.emplace(settings = only_btc());
    venue.add_underlying("BTC_USDC", 8);
    venue.set_index(btc, dollars(100'000));
    catch_up(*agent, read);
    while (!agent->next_command().empty()) {
        agent->mark_submitted();
    }
    wait(hour_ns);
    EXPECT_TRUE(venue.commands().empty());
    venue.restart();
    run();
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::open), 1U);
    EXPECT_EQ(expiries_of(InstrumentKind::call), 11U);
    EXPECT_EQ(venue.refused(), 0U);
}

TEST_F(Listed, a_perpetual_that_is_over_is_listed_again_once_it_was_archived) {
    start();
    venue.set_state(0, InstrumentState::settling);
    wait(minute_ns);
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::settled), 1U);
    wait(day_ns - minute_ns);
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::settled), 1U);
    wait(2 * minute_ns);
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::settled), 0U);
    wait(minute_ns);
    EXPECT_EQ(count(InstrumentKind::perpetual, InstrumentState::open), 1U);
}

TEST_F(Listed, a_lot_that_is_not_whole_is_refused_by_the_venue) {
    agent.emplace(settings = only_btc());
    venue.add_underlying("BTC_USDC", 3);
    venue.set_index(btc, dollars(100'000));
    catch_up(*agent, read);
    const std::span<const Unit> command = agent->next_command();
    ASSERT_FALSE(command.empty());
    EXPECT_EQ(protocol::view<protocol::ListFuture>(command).terms.lot, Amount(0));
}

}  // namespace
}  // namespace miletus::listing
