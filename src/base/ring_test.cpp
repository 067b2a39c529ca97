// Rings within one thread, where every order of steps can be chosen, and between threads.
#include "base/ring.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <thread>
#include <vector>

namespace miletus {
namespace {

struct Header {
    std::uint32_t units = 0;
    std::uint32_t mark = 0;
};

// Fills a message with its mark, so that a reader sees any byte of another.
void write(std::span<Unit> units, std::uint32_t mark) {
    for (Unit& unit : units) {
        unit.bytes.fill(static_cast<std::byte>(mark));
    }
    place_in(units, Header{.units = static_cast<std::uint32_t>(units.size()), .mark = mark});
}

bool is_whole(std::span<const Unit> units) {
    const auto& header = view_as<Header>(units);
    return header.units == units.size() &&
           std::ranges::all_of(std::as_bytes(units).subspan(sizeof(Header)), [&](std::byte byte) {
               return byte == static_cast<std::byte>(header.mark);
           });
}

std::uint32_t units_of(std::uint32_t mark) {
    return 1 + mark * 7 % 5;
}

TEST(Ring, refuses_what_would_overtake_the_slowest_reader_and_says_nothing_is_lost) {
    Ring ring(16, 5, 2);
    RingReader<Header> fast(ring.buffer(), ring.gate(), 0);
    RingReader<Header> slow(ring.buffer(), ring.gate(), 1);
    std::uint32_t written = 0;
    while (const auto units = ring.try_append(units_of(written))) {
        write(*units, written++);
    }
    ring.publish();
    EXPECT_EQ(fast.poll([](std::span<const Unit>) { return true; }), written);
    EXPECT_FALSE(ring.try_append(5).has_value());
    EXPECT_EQ(ring.gate().backlog(0), 0U);
    EXPECT_GT(ring.gate().backlog(1), 10U);
    std::uint32_t next = 0;
    slow.poll([&](std::span<const Unit> units) {
        EXPECT_TRUE(is_whole(units));
        EXPECT_EQ(view_as<Header>(units).mark, next++);
        return true;
    });
    EXPECT_EQ(next, written);
    EXPECT_TRUE(ring.try_append(5).has_value());
}

TEST(Ring, shows_nothing_before_it_is_published) {
    Ring ring(16, 5, 1);
    RingReader<Header> reader(ring.buffer(), ring.gate(), 0);
    const auto count = [](std::span<const Unit>) {
        return true;
    };
    write(*ring.try_append(2), 1);
    EXPECT_EQ(reader.poll(count), 0U);
    write(*ring.try_append(3), 2);
    ring.publish();
    EXPECT_EQ(reader.poll(count), 2U);
    EXPECT_EQ(reader.poll(count), 0U);
}

TEST(Ring, a_message_that_is_not_taken_waits_on) {
    Ring ring(16, 5, 1);
    RingReader<Header> reader(ring.buffer(), ring.gate(), 0);
    for (std::uint32_t mark = 1; mark <= 3; ++mark) {
        write(*ring.try_append(2), mark);
    }
    ring.publish();
    EXPECT_EQ(
        reader.poll([](std::span<const Unit> units) { return view_as<Header>(units).mark != 3; }),
        2U);
    EXPECT_EQ(ring.gate().backlog(0), 2U);
    EXPECT_EQ(
        reader.poll([](std::span<const Unit> units) { return view_as<Header>(units).mark == 3; }),
        1U);
}

// Against a queue for each reader, through every kind of wrap.
TEST(Ring, every_reader_gets_every_message_whole_and_in_order) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Prng prng(seed);
        Ring ring(16, 5, 3);
        std::array<RingReader<Header>, 3> readers = {
            RingReader<Header>(ring.buffer(), ring.gate(), 0),
            RingReader<Header>(ring.buffer(), ring.gate(), 1),
            RingReader<Header>(ring.buffer(), ring.gate(), 2)};
        std::array<std::uint32_t, 3> next{};
        std::uint32_t written = 0;
        for (int step = 0; step < 500; ++step) {
            const std::uint64_t choice = prng.below(5);
            if (choice == 4) {
                ring.publish();
            } else if (choice == 3) {
                if (const auto units = ring.try_append(units_of(written))) {
                    write(*units, written++);
                }
            } else {
                std::uint64_t left = prng.below(4);
                readers[choice].poll([&](std::span<const Unit> units) {
                    if (left-- == 0) {
                        return false;
                    }
                    EXPECT_TRUE(is_whole(units));
                    EXPECT_EQ(view_as<Header>(units).mark, next[choice]++);
                    return true;
                });
            }
        }
        ASSERT_FALSE(HasFailure());
        EXPECT_GT(written, 20U);
    }
}

TEST(Ring, carries_messages_between_threads_whole_and_in_order) {
    constexpr std::uint32_t messages = 50'000;
    Ring ring(64, 5, 2);
    std::array<std::uint64_t, 2> wrong{};
    const auto read = [&](std::uint32_t number) {
        RingReader<Header> reader(ring.buffer(), ring.gate(), number);
        std::uint32_t next = 0;
        while (next < messages) {
            const std::uint64_t taken = reader.poll([&](std::span<const Unit> units) {
                wrong[number] += is_whole(units) && view_as<Header>(units).mark == next ? 0U : 1U;
                ++next;
                return true;
            });
            if (taken == 0) {
                std::this_thread::yield();
            }
        }
    };
    std::thread first(read, 0U);
    std::thread second(read, 1U);
    for (std::uint32_t mark = 0; mark < messages;) {
        if (const auto units = ring.try_append(units_of(mark))) {
            write(*units, mark++);
            continue;
        }
        ring.publish();
        std::this_thread::yield();
    }
    ring.publish();
    first.join();
    second.join();
    EXPECT_EQ(wrong[0], 0U);
    EXPECT_EQ(wrong[1], 0U);
}

}  // namespace
}  // namespace miletus
