// A follower knows the events only. It rebuilds every queue from them, and what it sees must obey
// price-time priority by itself, whatever the books believe.
#include "base/prng.hpp"
#include "engine/matching/matching.hpp"
#include "engine/matching/streams_test.hpp"
#include "engine/matching/venue_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <map>
#include <span>
#include <string>
#include <tuple>

namespace miletus::matching {
namespace {

using protocol::OrderReduced;
using protocol::OrderRemoved;
using protocol::OrderRested;
using protocol::RemainderCanceled;
using protocol::Side;
using protocol::Trade;

class Follower {
  public:
    void follow(std::span<const Unit> events) {
        std::uint32_t ordinal = 0;
        while (!events.empty()) {
            const auto& header = protocol::view<protocol::EventHeader>(events);
            expect(header.ordinal == ordinal++, "events are numbered within their command");
            apply(events.first(header.units), static_cast<protocol::EventType>(header.type));
            events = events.subspan(header.units);
        }
    }

    // Whether the levels of a book are those rebuilt here.
    void compare(const Matching& book, InstrumentId instrument, Side side) {
        std::map<Ticks, Lots> seen;
        book.visit_levels(instrument, side, 1000, [&](const protocol::LevelView& level) {
            seen[level.price] = level.total;
        });
        std::map<Ticks, Lots> rebuilt;
        for (const auto& [key, queue] : levels_) {
            if (std::get<0>(key) == instrument && std::get<1>(key) == side) {
                rebuilt[std::get<2>(key)] = total(queue);
            }
        }
        expect(seen == rebuilt, "the levels are those that the events tell");
    }

    [[nodiscard]] const std::string& fault() const LIFETIME_BOUND { return fault_; }

  private:
    struct Resting {
        OrderId order;
        Lots left;
    };
    using Key = std::tuple<InstrumentId, Side, Ticks>;
    using Queue = std::list<Resting>;

    void apply(std::span<const Unit> units, protocol::EventType type) {
        if (type == protocol::EventType::order_rested) {
            rested(protocol::view<OrderRested>(units));
        } else if (type == protocol::EventType::order_reduced) {
            reduced(protocol::view<OrderReduced>(units));
        } else if (type == protocol::EventType::order_removed) {
            removed(protocol::view<OrderRemoved>(units));
        } else if (type == protocol::EventType::trade) {
            traded(protocol::view<Trade>(units));
        } else {
            expect(type == protocol::EventType::remainder_canceled, "no other events come here");
            expect(protocol::view<RemainderCanceled>(units).quantity > Lots(0),
                   "what is canceled is something");
        }
    }

    void rested(const OrderRested& event) {
        Queue& queue = levels_[{event.instrument, event.side, event.price}];
        queue.push_back({.order = event.order, .left = event.quantity});
        expect(total(queue) == event.level_total, "level total after resting");
    }

    void reduced(const OrderReduced& event) {
        Queue& queue = levels_[{event.instrument, event.side, event.price}];
        const auto found = find(queue, event.order);
        expect(found != queue.end() && event.quantity < found->left, "a reduction reduces");
        if (found != queue.end()) {
            found->left = event.quantity;
        }
        expect(total(queue) == event.level_total, "level total after a reduction");
    }

    void removed(const OrderRemoved& event) {
        const Key key{event.instrument, event.side, event.price};
        const auto found = find(levels_[key], event.order);
        expect(found != levels_[key].end() && event.quantity == found->left,
               "what is removed was there");
        drop(key, found, event.level_total);
    }

    void traded(const Trade& event) {
        const Side side = opposite(event.taker_side);
        const Key key{event.instrument, side, event.price};
        expect(best(event.instrument, side) == event.price, "trades happen at the best price");
        Queue& queue = levels_[key];
        expect(!queue.empty() && queue.front().order == event.maker, "the oldest trades first");
        expect(event.number.value() == ++trades_[event.instrument], "trade numbers are gapless");
        const auto found = find(queue, event.maker);
        if (found == queue.end()) {
            return;
        }
        found->left -= event.quantity;
        expect(found->left == event.maker_left, "the maker's rest");
        if (event.maker_left == Lots(0)) {
            drop(key, found, event.level_total);
        } else {
            expect(event.taker_left == Lots(0), "a maker is left only by a taker that is done");
            expect(total(queue) == event.level_total, "level total after a trade");
        }
    }

    void drop(const Key& key, Queue::iterator found, Lots level_total) {
        Queue& queue = levels_[key];
        if (found != queue.end()) {
            queue.erase(found);
        }
        expect(total(queue) == level_total, "level total after a removal");
        if (queue.empty()) {
            levels_.erase(key);
        }
    }

    [[nodiscard]] std::optional<Ticks> best(InstrumentId instrument, Side side) const {
        std::optional<Ticks> best;
        for (const auto& [key, queue] : levels_) {
            const auto& [book, book_side, price] = key;
            if (book == instrument && book_side == side && !queue.empty() &&
                (!best || (side == Side::buy ? price > *best : price < *best))) {
                best = price;
            }
        }
        return best;
    }

    [[nodiscard]] static Queue::iterator find(Queue& queue, OrderId order) {
        return std::ranges::find(queue, order, &Resting::order);
    }

    [[nodiscard]] static Lots total(const Queue& queue) {
        Lots total;
        for (const Resting& resting : queue) {
            total += resting.left;
        }
        return total;
    }

    void expect(bool is_kept, std::string_view promise) {
        if (!is_kept && fault_.empty()) {
            fault_ = promise;
        }
    }

    std::map<Key, Queue> levels_;
    std::map<InstrumentId, std::uint64_t> trades_;
    std::string fault_;
};

std::string follow_seed(const World& world, std::uint64_t seed, std::uint32_t steps) {
    Prng prng(seed);
    Venue<Matching> venue(world);
    Follower follower;
    for (std::uint32_t at = 0; at < steps; ++at) {
        std::array<std::uint8_t, Step::size> bytes{};
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(prng.next());
        }
        follower.follow(venue.play(step_of(bytes)).events);
        for (std::uint32_t book = 0; book < world.ranges.size(); ++book) {
            follower.compare(venue.book(), InstrumentId(book), Side::buy);
            follower.compare(venue.book(), InstrumentId(book), Side::sell);
        }
        if (!follower.fault().empty()) {
            return follower.fault() + " at step " + std::to_string(at);
        }
    }
    return "";
}

TEST(Follower, rebuilds_the_books_and_sees_price_time_priority) {
    for (std::uint64_t seed = 100; seed < 104; ++seed) {
        EXPECT_EQ(follow_seed(tiny_world(), seed, 4000), "") << "seed " << seed;
    }
    EXPECT_EQ(follow_seed(wide_world(), 7, 2000), "");
}

TEST(Follower, the_same_stream_gives_the_same_events_again) {
    Prng prng(9);
    Venue<Matching> first(tiny_world());
    Venue<Matching> second(tiny_world());
    for (std::uint32_t at = 0; at < 1000; ++at) {
        std::array<std::uint8_t, Step::size> bytes{};
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(prng.next());
        }
        ASSERT_EQ(difference(first.play(step_of(bytes)), second.play(step_of(bytes))), "");
    }
}

}  // namespace
}  // namespace miletus::matching
