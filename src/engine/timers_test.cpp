// Timers against a sorted set: what is due when, in the order of time, and of setting where times
// are equal.
#include "engine/timers.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace miletus::engine {
namespace {

Timers::Counts up_to(std::uint32_t orders, std::uint32_t instruments = 1) {
    return {orders + 1, instruments, 3, 5, 2};
}

Subject order(std::uint32_t slot) {
    return {.kind = TimerKind::order, .number = slot};
}

Hash128 hash_of(const Timers& timers) {
    Xxh3 hash;
    {
        StateEncoder encoder(hash);
        timers.encode(encoder);
    }
    return hash.digest();
}

TEST(Timers, nothing_is_due_at_first) {
    const Timers timers(up_to(3));
    EXPECT_FALSE(timers.is_due(UnixNanos(1'000'000)));
}

TEST(Timers, one_is_due_at_its_time_and_not_before) {
    Timers timers(up_to(3));
    timers.set(order(2), UnixNanos(10));
    EXPECT_FALSE(timers.is_due(UnixNanos(9)));
    EXPECT_TRUE(timers.is_due(UnixNanos(10)));
    EXPECT_EQ(timers.pop(), order(2U));
    EXPECT_FALSE(timers.is_due(UnixNanos(10)));
}

TEST(Timers, earlier_ones_come_first) {
    Timers timers(up_to(3));
    timers.set(order(1), UnixNanos(30));
    timers.set(order(2), UnixNanos(10));
    timers.set(order(3), UnixNanos(20));
    EXPECT_EQ(timers.pop(), order(2U));
    EXPECT_EQ(timers.pop(), order(3U));
    EXPECT_EQ(timers.pop(), order(1U));
}

TEST(Timers, equal_times_keep_the_order_in_which_they_were_set) {
    Timers timers(up_to(5));
    for (const std::uint32_t subject : {4U, 2U, 5U, 1U, 3U}) {
        timers.set(order(subject), UnixNanos(7));
    }
    for (const std::uint32_t subject : {4U, 2U, 5U, 1U, 3U}) {
        EXPECT_EQ(timers.pop(), order(subject));
    }
}

TEST(Timers, setting_one_again_replaces_it_and_puts_it_behind_its_equals) {
    Timers timers(up_to(2));
    timers.set(order(1), UnixNanos(5));
    timers.set(order(2), UnixNanos(8));
    timers.set(order(1), UnixNanos(8));
    EXPECT_FALSE(timers.is_due(UnixNanos(5)));
    EXPECT_EQ(timers.pop(), order(2U));
    EXPECT_EQ(timers.pop(), order(1U));
    EXPECT_FALSE(timers.is_due(UnixNanos(8)));
}

TEST(Timers, canceling_none_is_fine_and_canceling_one_takes_only_that) {
    Timers timers(up_to(2));
    timers.cancel(order(1));
    timers.set(order(1), UnixNanos(1));
    timers.set(order(2), UnixNanos(2));
    timers.cancel(order(1));
    EXPECT_FALSE(timers.is_due(UnixNanos(1)));
    EXPECT_EQ(timers.pop(), order(2U));
}

TEST(Timers, the_hash_depends_on_times_subjects_and_order_of_setting) {
    Timers one(up_to(2));
    Timers other(up_to(2));
    EXPECT_EQ(hash_of(one), hash_of(other));
    one.set(order(1), UnixNanos(5));
    one.set(order(2), UnixNanos(5));
    other.set(order(2), UnixNanos(5));
    EXPECT_NE(hash_of(one), hash_of(other));
    other.set(order(1), UnixNanos(5));
    EXPECT_NE(hash_of(one), hash_of(other));
}

// The same in plain words.
class SortedTimers {
  public:
    void set(Subject subject, UnixNanos due) {
        cancel(subject);
        order_[{due, next_id_++}] = subject;
    }
    void cancel(Subject subject) {
        std::erase_if(order_, [&](const auto& timer) { return timer.second == subject; });
    }
    [[nodiscard]] std::optional<UnixNanos> due(Subject subject) const {
        for (const auto& [key, other] : order_) {
            if (other == subject) {
                return key.first;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] bool is_due(UnixNanos now) const {
        return !order_.empty() && order_.begin()->first.first <= now;
    }
    Subject pop() {
        const Subject subject = order_.begin()->second;
        order_.erase(order_.begin());
        return subject;
    }

  private:
    std::map<std::pair<UnixNanos, std::uint64_t>, Subject> order_;
    std::uint64_t next_id_ = 1;
};

TEST(Timers, any_stream_gives_what_a_sorted_set_gives) {
    const Timers::Counts counts = up_to(40, 10);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Timers heap(counts);
        SortedTimers sorted;
        for (std::uint32_t at = 0; at < 3000; ++at) {
            const std::size_t kind = prng.below(timer_kinds);
            const Subject subject{
                .kind = static_cast<TimerKind>(kind),
                .number = static_cast<std::uint32_t>(prng.below(counts.at(kind)))};
            const UnixNanos moment(prng.between(0, 30));
            const std::uint64_t draw = prng.below(10);
            if (draw < 6) {
                heap.set(subject, moment);
                sorted.set(subject, moment);
            } else if (draw < 8) {
                heap.cancel(subject);
                sorted.cancel(subject);
            } else {
                ASSERT_EQ(heap.is_due(moment), sorted.is_due(moment));
                if (sorted.is_due(moment)) {
                    ASSERT_EQ(heap.pop(), sorted.pop());
                }
            }
            ASSERT_EQ(heap.due(subject), sorted.due(subject));
            heap.check_invariants();
        }
    }
}

struct Collector final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

TEST(Timers, the_same_number_of_each_kind_is_another_subject) {
    Timers timers(up_to(1, 2));
    using enum TimerKind;
    for (const TimerKind kind : {venue, account, underlying, instrument, order}) {
        timers.set({.kind = kind, .number = 1}, UnixNanos(7));
    }
    timers.cancel({.kind = underlying, .number = 1});
    EXPECT_EQ(timers.due({.kind = account, .number = 1}), UnixNanos(7));
    EXPECT_EQ(timers.due({.kind = account, .number = 0}), std::nullopt);
    EXPECT_EQ(timers.due({.kind = underlying, .number = 1}), std::nullopt);
    for (const TimerKind kind : {venue, account, instrument, order}) {
        EXPECT_EQ(timers.pop(), (Subject{.kind = kind, .number = 1}));
    }
    EXPECT_FALSE(timers.is_due(UnixNanos(7)));
}

TEST(Timers, the_last_number_of_a_kind_is_not_the_first_of_the_next) {
    Timers timers(up_to(3, 2));
    timers.set(order(3), UnixNanos(1));
    timers.set({.kind = TimerKind::instrument, .number = 0}, UnixNanos(2));
    EXPECT_EQ(timers.pop(), order(3));
    EXPECT_EQ(timers.pop(), (Subject{.kind = TimerKind::instrument, .number = 0}));
    EXPECT_DEATH(timers.set(order(4), UnixNanos(1)), "ASSERT");
    EXPECT_DEATH(timers.cancel({.kind = TimerKind::venue, .number = 2}), "ASSERT");
}

std::vector<std::byte> bytes_of(const Timers& timers) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        timers.encode(encoder);
    }
    return collector.bytes;
}

TEST(Timers, restored_under_other_limits_they_fall_due_in_the_same_order) {
    const std::vector<Subject> left = {{.kind = TimerKind::venue, .number = 1},
                                       order(2),
                                       {.kind = TimerKind::account, .number = 4},
                                       {.kind = TimerKind::instrument, .number = 1},
                                       {.kind = TimerKind::underlying, .number = 0}};
    Timers written(up_to(3, 2));
    for (const Subject subject : left) {
        written.set(subject, UnixNanos(7));
    }
    written.set(order(3), UnixNanos(7));
    written.cancel(order(3));
    Timers read(up_to(10, 20));
    const std::vector<std::byte> bytes = bytes_of(written);
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "");
    EXPECT_TRUE(decoder.is_at_end());
    EXPECT_EQ(hash_of(read), hash_of(written));
    read.set(order(1), UnixNanos(7));
    for (const Subject subject : left) {
        EXPECT_EQ(read.pop(), subject);
    }
    EXPECT_EQ(read.pop(), order(1));
}

TEST(Timers, of_a_subject_beyond_the_limits_none_is_restored) {
    Timers written(up_to(3, 2));
    written.set({.kind = TimerKind::instrument, .number = 1}, UnixNanos(7));
    Timers read(up_to(3, 1));
    const std::vector<std::byte> bytes = bytes_of(written);
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "a timer is beyond the limits");
}

// A snapshot with one byte changed had two timers of one id, due at one time.
TEST(Timers, two_of_one_key_are_not_restored) {
    Timers written(up_to(3, 2));
    written.set(order(1), UnixNanos(7));
    written.set(order(2), UnixNanos(7));
    std::vector<std::byte> bytes = bytes_of(written);
    constexpr std::size_t head = 12;
    constexpr std::size_t size = 21;
    bytes[head + 2 * size - 8] = bytes[head + size - 8];
    Timers read(up_to(3, 2));
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "two timers have one key");
}

}  // namespace
}  // namespace miletus::engine
