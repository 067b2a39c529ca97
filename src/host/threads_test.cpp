// What the system says of a thread that asked for it.
#include "host/threads.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

namespace miletus::host {
namespace {

TEST(Threads, one_that_gives_way_runs_only_while_no_other_wants_to) {
    std::thread([] {
        ASSERT_TRUE(give_way_to_others().has_value());
        EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
    }).join();
    EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
}

long times_asleep() {
    rusage used{};
    EXPECT_EQ(getrusage(RUSAGE_THREAD, &used), 0);
    return used.ru_nvcsw;
}

TEST(Threads, who_waits_for_long_leaves_the_processor) {
    constexpr int waits = 1000;
    Patience others;
    const long before = times_asleep();
    for (int count = 0; count < waits; ++count) {
        others.wait();
    }
    EXPECT_GT(times_asleep() - before, waits / 2);
}

TEST(Threads, who_waits_for_short_only_offers_it) {
    constexpr int waits = 1000;
    Patience others;
    const long before = times_asleep();
    for (int count = 0; count < waits; ++count) {
        others.wait();
        others.reset();
    }
    EXPECT_LT(times_asleep() - before, waits / 2);
}

}  // namespace
}  // namespace miletus::host
