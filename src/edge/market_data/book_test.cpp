// Levels against a map of them.
#include "base/prng.hpp"
#include "edge/market_data/market_data.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace miletus::market_data {
namespace {

using protocol::Side;

// From the worst price to the best.
using NaiveSide = std::map<Ticks, Lots, std::function<bool(Ticks, Ticks)>>;

NaiveSide naive_side(Side side) {
    return NaiveSide([side](Ticks left, Ticks right) {
        return side == Side::buy ? left < right : left > right;
    });
}

std::vector<Level> levels_of(const Ladder& ladder) {
    std::vector<Level> levels;
    ladder.visit([&levels](const Level& level) {
        levels.push_back(level);
        return true;
    });
    return levels;
}

std::vector<Level> levels_of(const NaiveSide& side) {
    std::vector<Level> levels;
    for (auto level = side.rbegin(); level != side.rend(); ++level) {
        levels.push_back({.price = level->first, .total = level->second});
    }
    return levels;
}

// Each level by itself, without an order of walking.
std::vector<Level> grouped(const NaiveSide& levels, Side side, std::int64_t group,
                           std::size_t depth) {
    NaiveSide sums = naive_side(side);
    for (const auto& [price, total] : levels) {
        std::int64_t at = price.value();
        while (at % group != 0) {
            at += side == Side::buy ? -1 : 1;
        }
        sums[Ticks(at)] += total;
    }
    std::vector<Level> all = levels_of(sums);
    all.resize(std::min(all.size(), depth));
    return all;
}

class Books {
  public:
    explicit Books(std::uint64_t seed) : prng_(seed) {}

    void step() {
        const Side side = prng_.one_in(2) ? Side::buy : Side::sell;
        const Ticks price(prng_.between(-40, 60));
        const Lots total(prng_.one_in(3) ? 0 : prng_.between(1, 9));
        NaiveSide& naive = side == Side::buy ? bids : asks;
        const auto known = naive.find(price);
        const Lots before = known != naive.end() ? known->second : Lots(0);
        EXPECT_EQ(book.side(side).total_at(price), before);
        book.set(side, price, total);
        if (total == Lots(0)) {
            naive.erase(price);
        } else {
            naive[price] = total;
        }
    }

    Book book;
    NaiveSide bids = naive_side(Side::buy);
    NaiveSide asks = naive_side(Side::sell);

  private:
    Prng prng_;
};

TEST(Book, holds_the_levels_that_a_map_holds) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Books books(seed);
        for (int at = 0; at < 500; ++at) {
            books.step();
            ASSERT_EQ(levels_of(books.book.bids()), levels_of(books.bids));
            ASSERT_EQ(levels_of(books.book.asks()), levels_of(books.asks));
        }
        std::size_t visited = 0;
        books.book.bids().visit_best(3, [&](const Level& level) {
            EXPECT_EQ(level, levels_of(books.bids)[visited]);
            ++visited;
        });
        EXPECT_EQ(visited, 3U);
        EXPECT_EQ(books.book.bids().best(), levels_of(books.bids).front());
    }
}

TEST(Book, changes_of_a_command_are_told_once_and_best_first) {
    Book book;
    std::vector<LevelChange> changes;
    book.set(Side::sell, Ticks(12), Lots(1));
    book.set(Side::sell, Ticks(11), Lots(2));
    book.set(Side::buy, Ticks(9), Lots(3));
    book.set(Side::sell, Ticks(12), Lots(4));
    book.set(Side::buy, Ticks(10), Lots(5));
    book.set(Side::buy, Ticks(8), Lots(5));
    book.set(Side::buy, Ticks(8), Lots(0));
    ASSERT_TRUE(book.complete(Sequence(7), UnixNanos(70), changes));
    const auto added = [](std::int64_t price, std::int64_t total, Side side) {
        return LevelChange{.price = Ticks(price),
                           .total = Lots(total),
                           .before = Lots(0),
                           .side = side,
                           .action = LevelAction::added};
    };
    EXPECT_EQ(changes, (std::vector{added(10, 5, Side::buy), added(9, 3, Side::buy),
                                    added(11, 2, Side::sell), added(12, 4, Side::sell)}));
    EXPECT_EQ(book.change_id(), Sequence(7));

    changes.clear();
    book.set(Side::sell, Ticks(11), Lots(1));
    book.set(Side::sell, Ticks(11), Lots(2));
    EXPECT_FALSE(book.complete(Sequence(8), UnixNanos(80), changes));
    EXPECT_TRUE(changes.empty());
    EXPECT_EQ(book.change_id(), Sequence(7));
    EXPECT_EQ(book.time(), UnixNanos(70));
}

TEST(GroupedBook, sums_up_what_falls_into_one_group) {
    for (const std::int64_t group : {1, 2, 5, 10, 25, 100, 250}) {
        for (const std::size_t depth : {1U, 10U, 20U}) {
            Books books(static_cast<std::uint64_t>(group));
            GroupedBook view(Ticks(group), depth);
            std::vector<LevelChange> changes;
            for (std::uint64_t at = 1; at <= 300; ++at) {
                books.step();
                static_cast<void>(books.book.complete(Sequence(at), UnixNanos(0), changes));
                const std::vector<Level> bids(view.bids().begin(), view.bids().end());
                const std::vector<Level> asks(view.asks().begin(), view.asks().end());
                const auto wanted_bids = grouped(books.bids, Side::buy, group, depth);
                const auto wanted_asks = grouped(books.asks, Side::sell, group, depth);
                const bool is_other = bids != wanted_bids || asks != wanted_asks;
                ASSERT_EQ(view.refresh(books.book), is_other);
                ASSERT_TRUE(std::ranges::equal(view.bids(), wanted_bids));
                ASSERT_TRUE(std::ranges::equal(view.asks(), wanted_asks));
                ASSERT_TRUE(!is_other || view.change_id() == books.book.change_id());
            }
        }
    }
}

TEST(BookFeed, says_nothing_of_what_came_to_nothing_and_its_chain_goes_on) {
    Book book;
    std::vector<LevelChange> changes;
    BookFeed feed;
    const auto complete = [&](std::uint64_t sequence) {
        const Sequence previous = book.change_id();
        changes.clear();
        ASSERT_TRUE(book.complete(Sequence(sequence), UnixNanos(0), changes));
        feed.take({.instrument = InstrumentId(1),
                   .previous = previous,
                   .change = Sequence(sequence),
                   .time = UnixNanos(0),
                   .levels = changes});
    };
    feed.start(InstrumentId(1), book);
    book.set(Side::buy, Ticks(5), Lots(2));
    complete(3);
    const auto first = feed.flush(book);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->previous, Sequence(0));
    EXPECT_EQ(first->change, Sequence(3));

    book.set(Side::buy, Ticks(6), Lots(1));
    complete(4);
    book.set(Side::buy, Ticks(6), Lots(0));
    complete(5);
    EXPECT_TRUE(feed.is_waiting());
    EXPECT_FALSE(feed.flush(book).has_value());
    EXPECT_FALSE(feed.is_waiting());
    EXPECT_EQ(feed.change_id(), Sequence(3));

    book.set(Side::buy, Ticks(5), Lots(0));
    complete(9);
    const auto last = feed.flush(book);
    ASSERT_TRUE(last.has_value());
    EXPECT_EQ(last->previous, Sequence(3));
    EXPECT_EQ(last->change, Sequence(9));
    ASSERT_EQ(last->levels.size(), 1U);
    EXPECT_EQ(last->levels[0].action, LevelAction::removed);
}

}  // namespace
}  // namespace miletus::market_data
