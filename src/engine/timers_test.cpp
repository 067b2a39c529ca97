// Timers against a sorted set: what is due when, in the order of time, and of setting where times
// are equal.
#include "engine/timers.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace miletus::engine {
namespace {

Hash128 hash_of(const Timers& timers) {
    Xxh3 hash;
    {
        StateEncoder encoder(hash);
        timers.encode(encoder);
    }
    return hash.digest();
}

TEST(Timers, nothing_is_due_at_first) {
    const Timers timers({.orders = 3, .instruments = 0});
    EXPECT_FALSE(timers.is_due(UnixNanos(1'000'000)));
}

TEST(Timers, one_is_due_at_its_time_and_not_before) {
    Timers timers({.orders = 3, .instruments = 0});
    timers.set(2, UnixNanos(10));
    EXPECT_FALSE(timers.is_due(UnixNanos(9)));
    EXPECT_TRUE(timers.is_due(UnixNanos(10)));
    EXPECT_EQ(timers.pop(), 2U);
    EXPECT_FALSE(timers.is_due(UnixNanos(10)));
}

TEST(Timers, earlier_ones_come_first) {
    Timers timers({.orders = 3, .instruments = 0});
    timers.set(1, UnixNanos(30));
    timers.set(2, UnixNanos(10));
    timers.set(3, UnixNanos(20));
    EXPECT_EQ(timers.pop(), 2U);
    EXPECT_EQ(timers.pop(), 3U);
    EXPECT_EQ(timers.pop(), 1U);
}

TEST(Timers, equal_times_keep_the_order_in_which_they_were_set) {
    Timers timers({.orders = 5, .instruments = 0});
    for (const std::uint32_t subject : {4U, 2U, 5U, 1U, 3U}) {
        timers.set(subject, UnixNanos(7));
    }
    for (const std::uint32_t subject : {4U, 2U, 5U, 1U, 3U}) {
        EXPECT_EQ(timers.pop(), subject);
    }
}

TEST(Timers, setting_one_again_replaces_it_and_puts_it_behind_its_equals) {
    Timers timers({.orders = 2, .instruments = 0});
    timers.set(1, UnixNanos(5));
    timers.set(2, UnixNanos(8));
    timers.set(1, UnixNanos(8));
    EXPECT_FALSE(timers.is_due(UnixNanos(5)));
    EXPECT_EQ(timers.pop(), 2U);
    EXPECT_EQ(timers.pop(), 1U);
    EXPECT_FALSE(timers.is_due(UnixNanos(8)));
}

TEST(Timers, canceling_none_is_fine_and_canceling_one_takes_only_that) {
    Timers timers({.orders = 2, .instruments = 0});
    timers.cancel(1);
    timers.set(1, UnixNanos(1));
    timers.set(2, UnixNanos(2));
    timers.cancel(1);
    EXPECT_FALSE(timers.is_due(UnixNanos(1)));
    EXPECT_EQ(timers.pop(), 2U);
}

TEST(Timers, the_hash_depends_on_times_subjects_and_order_of_setting) {
    Timers one({.orders = 2, .instruments = 0});
    Timers other({.orders = 2, .instruments = 0});
    EXPECT_EQ(hash_of(one), hash_of(other));
    one.set(1, UnixNanos(5));
    one.set(2, UnixNanos(5));
    other.set(2, UnixNanos(5));
    EXPECT_NE(hash_of(one), hash_of(other));
    other.set(1, UnixNanos(5));
    EXPECT_NE(hash_of(one), hash_of(other));
}

// The same in plain words.
class SortedTimers {
  public:
    void set(std::uint32_t subject, UnixNanos due) {
        cancel(subject);
        const std::pair key(due, next_id_++);
        order_[key] = subject;
        keys_[subject] = key;
    }
    void cancel(std::uint32_t subject) {
        if (keys_.contains(subject)) {
            order_.erase(keys_[subject]);
            keys_.erase(subject);
        }
    }
    [[nodiscard]] bool is_due(UnixNanos now) const {
        return !order_.empty() && order_.begin()->first.first <= now;
    }
    std::uint32_t pop() {
        const std::uint32_t subject = order_.begin()->second;
        cancel(subject);
        return subject;
    }

  private:
    using Key = std::pair<UnixNanos, std::uint64_t>;
    std::map<Key, std::uint32_t> order_;
    std::map<std::uint32_t, Key> keys_;
    std::uint64_t next_id_ = 1;
};

TEST(Timers, any_stream_gives_what_a_sorted_set_gives) {
    constexpr std::uint32_t subjects = 40;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Timers heap({.orders = subjects, .instruments = 0});
        SortedTimers sorted;
        for (std::uint32_t at = 0; at < 3000; ++at) {
            const auto subject = static_cast<std::uint32_t>(1 + prng.below(subjects));
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

TEST(Timers, restored_under_other_limits_they_fall_due_in_the_same_order) {
    Timers written({.orders = 3, .instruments = 2});
    for (const std::uint32_t subject : {5U, 2U, 4U, 3U}) {
        written.set(subject, UnixNanos(7));
    }
    written.cancel(3);
    Collector collector;
    {
        StateEncoder encoder(collector);
        written.encode(encoder);
    }
    Timers read({.orders = 10, .instruments = 2});
    StateDecoder decoder(collector.bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "");
    EXPECT_TRUE(decoder.is_at_end());
    EXPECT_EQ(hash_of(read), hash_of(written));
    read.set(1, UnixNanos(7));
    for (const std::uint32_t subject : {12U, 2U, 11U, 1U}) {
        EXPECT_EQ(read.pop(), subject);
    }
}

// A snapshot with one byte changed had two timers of one id, due at one time.
TEST(Timers, two_of_one_key_are_not_restored) {
    Timers written({.orders = 3, .instruments = 2});
    written.set(1, UnixNanos(7));
    written.set(2, UnixNanos(7));
    Collector collector;
    {
        StateEncoder encoder(collector);
        written.encode(encoder);
    }
    constexpr std::size_t head = 12;
    constexpr std::size_t size = 21;
    collector.bytes[head + 2 * size - 8] = collector.bytes[head + size - 8];
    Timers read({.orders = 3, .instruments = 2});
    StateDecoder decoder(collector.bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "two timers have one key");
}

}  // namespace
}  // namespace miletus::engine
