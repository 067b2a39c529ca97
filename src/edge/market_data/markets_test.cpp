// The fold beside an engine under seeded streams of every command: against what the engine tells
// of itself, against a client that applies what channels would send, and against plain sums.
#include "edge/market_data/market_data.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace miletus::market_data {
namespace {

using engine::CommandStream;
using engine::Engine;
using engine::stream_limits;
using protocol::EventType;
using protocol::Side;
using protocol::view;

Rooms small_rooms() {
    return {.trades = 500, .trades_of_instrument = 100, .candles = {}, .archived = 4};
}

// A client's copy of a book, which takes over messages and believes nothing.
class Copy {
  public:
    void start(const Book& book, Sequence name) {
        levels_.clear();
        for (const Side side : {Side::buy, Side::sell}) {
            book.side(side).visit([&](const Level& level) {
                levels_[{side, level.price}] = level.total;
                return true;
            });
        }
        change_ = name;
    }
    void apply(const BookChange& change) {
        EXPECT_EQ(change.previous, change_);
        EXPECT_LT(change.previous, change.change);
        EXPECT_FALSE(change.levels.empty());
        EXPECT_EQ(change.of(Side::buy).size() + change.of(Side::sell).size(), change.levels.size());
        change_ = change.change;
        for (const LevelChange& level : change.levels) {
            apply(level);
        }
    }
    [[nodiscard]] Sequence change() const { return change_; }
    [[nodiscard]] bool is_like(const Book& book) const {
        Copy other;
        other.start(book, Sequence(0));
        return levels_ == other.levels_;
    }

  private:
    void apply(const LevelChange& level) {
        const auto place = std::pair(level.side, level.price);
        const auto found = levels_.find(place);
        EXPECT_EQ(level.before, found != levels_.end() ? found->second : Lots(0));
        EXPECT_EQ(level.action == LevelAction::added, found == levels_.end());
        EXPECT_EQ(level.action == LevelAction::removed, level.total == Lots(0));
        EXPECT_NE(level.before, level.total);
        if (level.total == Lots(0)) {
            levels_.erase(place);
        } else {
            levels_[place] = level.total;
        }
    }

    std::map<std::pair<Side, Ticks>, Lots> levels_;
    Sequence change_;
};

// The channels of one instrument's book: every change, and some of them as one.
struct Channels {
    Copy raw;
    BookFeed feed;
    Copy slow;
    Copy late;  // joined the slow one later
};

class Venue {
  public:
    explicit Venue(std::uint64_t seed)
        : engine(stream_limits()), stream(seed), markets(small_rooms()), prng_(seed) {}

    void step() {
        engine.apply(stream.next());
        engine.events().visit_from(engine.events().start(), [this](std::span<const Unit> event) {
            stream.learn(event);
            markets.read(event);
            sum_up(event);
        });
        follow_books();
    }

    Engine engine;
    CommandStream stream;
    Markets markets;
    std::map<std::pair<InstrumentId, AccountId>, Lots> positions;
    std::size_t changes = 0;
    std::size_t flushes = 0;

  private:
    void sum_up(std::span<const Unit> event) {
        const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
        if (type == EventType::position_changed) {
            const auto& changed = view<protocol::PositionChanged>(event);
            positions[{changed.instrument, changed.account}] = changed.lots;
        }
        if (type == EventType::instrument_listed) {
            channels_.erase(view<protocol::InstrumentListed>(event).instrument);
        }
    }
    Channels& channels_of(const Market& market) {
        const InstrumentId instrument = market.instrument().instrument;
        const auto [place, is_new] = channels_.try_emplace(instrument);
        if (is_new) {
            const Book nothing;
            place->second.feed.start(instrument, nothing);
        }
        return place->second;
    }
    void follow_books() {
        for (const BookChange& change : markets.changes().books) {
            const Market* market = markets.find(change.instrument);
            ASSERT_NE(market, nullptr);
            Channels& channels = channels_of(*market);
            channels.raw.apply(change);
            channels.feed.take(change);
            EXPECT_EQ(change.change, market->book().change_id());
            EXPECT_TRUE(channels.raw.is_like(market->book()));
            ++changes;
        }
        if (prng_.one_in(7)) {
            markets.visit_listed([this](const Market& market) { flush(market); });
        }
    }
    void flush(const Market& market) {
        Channels& channels = channels_of(market);
        if (const auto change = channels.feed.flush(market.book())) {
            channels.slow.apply(*change);
            channels.late.apply(*change);
            EXPECT_EQ(change->change, market.book().change_id());
            ++flushes;
        }
        EXPECT_TRUE(channels.slow.is_like(market.book()));
        EXPECT_TRUE(channels.late.is_like(market.book()));
        if (prng_.one_in(10)) {
            channels.late = {};
            channels.late.start(market.book(), channels.feed.change_id());
        }
    }

    std::map<InstrumentId, Channels> channels_;
    Prng prng_;
};

TEST(Markets, books_and_channels_agree_with_every_change_and_chains_never_gap) {
    std::size_t changes = 0;
    std::size_t flushes = 0;
    for (std::uint64_t seed = 1; seed <= 12 && !testing::Test::HasFailure(); ++seed) {
        Venue venue(seed);
        for (int at = 0; at < 3000 && !testing::Test::HasFailure(); ++at) {
            venue.step();
        }
        changes += venue.changes;
        flushes += venue.flushes;
    }
    EXPECT_GT(changes, 3000U);
    EXPECT_GT(flushes, 300U);
}

// Everything that the engine tells of what stands, of one market.
auto told(const Markets& markets, const Market& market) {
    const Instrument& instrument = market.instrument();
    const MarketState& state = market.state();
    const std::optional<PriceLimits> limits = markets.limits_of(market);
    std::vector<Level> levels;
    for (const Side side : {Side::buy, Side::sell}) {
        market.book().side(side).visit([&](const Level& level) {
            levels.push_back(level);
            return true;
        });
    }
    return std::tuple(std::string(instrument.name.view()), instrument.underlying, instrument.kind,
                      instrument.expiry, instrument.strike, instrument.tick_value,
                      instrument.step_count, instrument.state, instrument.band.has_value(),
                      instrument.band.value_or(Band()).low, instrument.band.value_or(Band()).high,
                      levels, state.mark, state.delivery, state.open_interest,
                      markets.fees_of(instrument).taker, limits.value_or(PriceLimits()).high);
}

TEST(Markets, know_as_much_from_every_event_as_from_what_stands) {
    std::size_t listed = 0;
    for (std::uint64_t seed = 20; seed <= 26; ++seed) {
        Venue venue(seed);
        for (int at = 0; at < 3000; ++at) {
            venue.step();
            if (at % 250 != 0) {
                continue;
            }
            Markets standing(small_rooms());
            venue.engine.tell_standing(
                [&standing](std::span<const Unit> event) { standing.read(event); });
            standing.stand();
            EXPECT_TRUE(standing.changes().is_empty());
            std::map<InstrumentId, decltype(told(standing, std::declval<Market>()))> all;
            std::map<InstrumentId, decltype(told(standing, std::declval<Market>()))> of_standing;
            venue.markets.visit_listed([&](const Market& market) {
                all.emplace(market.instrument().instrument, told(venue.markets, market));
                EXPECT_EQ(venue.markets.find(market.instrument().name.view()), &market);
                EXPECT_EQ(venue.markets.find_listing(market.listing()), &market);
            });
            standing.visit_listed([&](const Market& market) {
                of_standing.emplace(market.instrument().instrument, told(standing, market));
                EXPECT_EQ(market.book().change_id() != Sequence(0),
                          !std::get<std::vector<Level>>(told(standing, market)).empty());
            });
            EXPECT_EQ(standing.venue_state(), venue.markets.venue_state());
            EXPECT_TRUE(standing.settlements().is_empty());
            ASSERT_EQ(all, of_standing) << "seed " << seed << ", command " << at;
            listed = std::max(listed, all.size());
        }
    }
    EXPECT_GT(listed, 3U);
}

TEST(Markets, open_interest_is_the_sum_of_all_longs) {
    std::int64_t most = 0;
    for (std::uint64_t seed = 40; seed <= 46; ++seed) {
        Venue venue(seed);
        for (int at = 0; at < 3000; ++at) {
            venue.step();
        }
        std::map<InstrumentId, Lots> longs;
        for (const auto& [key, lots] : venue.positions) {
            longs[key.first] += std::max(lots, Lots(0));
        }
        for (const auto& [instrument, lots] : longs) {
            const Market* market = venue.markets.find(instrument);
            ASSERT_NE(market, nullptr);
            EXPECT_EQ(market->state().open_interest, lots);
            most = std::max(most, lots.value());
        }
    }
    EXPECT_GT(most, 10);
}

// An order of one lot at this price, and how the engine answers.
Reject answer_to(Engine& engine, InstrumentId instrument, Side side, Ticks price) {
    const protocol::PlaceOrder order{
        .header = {.account = AccountId(1),
                   .sequence = Sequence(engine.events().sequence().value() + 1),
                   .time = engine.events().time()},
        .price = price,
        .quantity = Lots(1),
        .instrument = instrument,
        .side = side,
        .time_in_force = protocol::TimeInForce::good_til_canceled};
    std::vector<Unit> units(protocol::units_of<protocol::PlaceOrder>(0));
    protocol::encode(order, units);
    engine.apply(units);
    Reject reject = Reject::none;
    engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
        if (static_cast<EventType>(view<protocol::EventHeader>(event).type) ==
            EventType::completed) {
            reject = view<protocol::Completed>(event).reject;
        }
    });
    return reject;
}

bool is_of_price(Reject reject) {
    return reject == Reject::price_outside_collar || reject == Reject::price_outside_band ||
           reject == Reject::price_out_of_range || reject == Reject::price_off_tick;
}
TEST(Markets, limits_are_the_worst_prices_that_the_engine_takes) {
    std::map<Reject, int> within;
    std::map<Reject, int> beyond;
    for (std::uint64_t seed = 60; seed <= 90; ++seed) {
        Venue venue(seed);
        for (int at = 0; at < 1500; ++at) {
            venue.step();
        }
        venue.markets.visit_listed([&](const Market& market) {
            const std::optional<PriceLimits> limits = venue.markets.limits_of(market);
            if (!limits.has_value() || limits->low > limits->high) {
                return;
            }
            const Instrument& instrument = market.instrument();
            const InstrumentId number = instrument.instrument;
            const auto ask = [&](Side side, Ticks price) {
                return answer_to(venue.engine, number, side, price);
            };
            ++within[ask(Side::buy, limits->high)];
            ++within[ask(Side::sell, limits->low)];
            ++beyond[ask(Side::buy, instrument.rounded_up(limits->high + Ticks(1)))];
            ++beyond[ask(Side::sell, instrument.rounded_down(limits->low - Ticks(1)))];
        });
    }
    for (const auto& [reject, count] : within) {
        EXPECT_FALSE(is_of_price(reject)) << name(reject) << ", " << count;
    }
    for (const Reject taken : {Reject::none, Reject::margin_insufficient,
                               Reject::order_notional_too_large, Reject::open_interest_too_large}) {
        EXPECT_EQ(beyond[taken], 0) << name(taken);
    }
    EXPECT_GT(within[Reject::none], 50);
    EXPECT_GT(beyond[Reject::price_outside_collar], 5);
    EXPECT_GT(beyond[Reject::price_outside_band], 50);
}

}  // namespace
}  // namespace miletus::market_data
