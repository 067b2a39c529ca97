// That no request is let in twice, however little is remembered.
#include "edge/credentials/replays.hpp"

#include "base/prng.hpp"
#include "edge/credentials/example_test.hpp"

#include <gtest/gtest.h>

#include <set>

namespace miletus::credentials {
namespace {

constexpr std::int64_t noon_ms = noon.value() / 1'000'000;

TEST(Replays, one_nonce_is_good_once_for_each_key_and_time) {
    Replays replays(100);
    EXPECT_TRUE(replays.admit(KeyId(1), noon_ms, "a", noon));
    EXPECT_FALSE(replays.admit(KeyId(1), noon_ms, "a", noon));
    EXPECT_TRUE(replays.admit(KeyId(1), noon_ms, "b", noon));
    EXPECT_TRUE(replays.admit(KeyId(1), noon_ms + 1, "a", noon));
    EXPECT_TRUE(replays.admit(KeyId(2), noon_ms, "a", noon));
    EXPECT_EQ(replays.size(), 4U);
}

TEST(Replays, what_was_forgotten_for_want_of_room_is_refused) {
    Replays replays(4);
    for (std::int64_t time = 0; time < 10; ++time) {
        EXPECT_TRUE(replays.admit(KeyId(1), noon_ms + time, "a", noon));
        EXPECT_LE(replays.size(), 4U);
    }
    for (std::int64_t time = 0; time < 10; ++time) {
        EXPECT_FALSE(replays.admit(KeyId(1), noon_ms + time, "a", noon));
    }
    EXPECT_FALSE(replays.admit(KeyId(1), noon_ms + 3, "new", noon));
    EXPECT_TRUE(replays.admit(KeyId(1), noon_ms + 9, "new", noon));
    EXPECT_TRUE(replays.admit(KeyId(2), noon_ms, "a", noon));
}

TEST(Replays, stale_ones_make_room_and_a_clock_set_back_does_not_revive_them) {
    Replays replays(100);
    EXPECT_TRUE(replays.admit(KeyId(1), noon_ms, "a", noon));
    const UnixNanos later = noon + Nanos(300'000'000'000);
    EXPECT_TRUE(replays.admit(KeyId(1), noon_ms + 300'000, "a", later));
    EXPECT_EQ(replays.size(), 1U);
    EXPECT_FALSE(replays.admit(KeyId(1), noon_ms, "a", noon));
}

TEST(Replays, agree_with_one_who_never_forgets_that_nothing_comes_twice) {
    Prng prng(7);
    Replays replays(8);
    std::set<std::pair<std::int64_t, std::uint64_t>> admitted;
    std::int64_t now_ms = noon_ms;
    int count = 0;
    for (int step = 0; step < 20'000; ++step) {
        now_ms += static_cast<std::int64_t>(prng.below(20));
        const std::int64_t time = now_ms - 60'000 + static_cast<std::int64_t>(prng.below(120'000));
        const std::int64_t coarse = time / 5000 * 5000;
        const std::uint64_t nonce = prng.below(3);
        if (coarse < now_ms - 60'000) {
            continue;  // stale, which its caller refuses
        }
        if (replays.admit(KeyId(1), coarse, std::to_string(nonce), UnixNanos(now_ms * 1'000'000))) {
            EXPECT_TRUE(admitted.emplace(coarse, nonce).second);
            ++count;
        }
        EXPECT_LE(replays.size(), 8U);
    }
    EXPECT_GT(count, 50);
}

}  // namespace
}  // namespace miletus::credentials
