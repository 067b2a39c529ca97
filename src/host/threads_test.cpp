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

constexpr int waits = 1000;

long times_asleep() {
    rusage used{};
    EXPECT_EQ(getrusage(RUSAGE_THREAD, &used), 0);
    return used.ru_nvcsw;
}

// Calls wait() so many times; how often the thread slept.
template <class Wait>
long sleeps_in(Wait wait) {
    const long before = times_asleep();
    for (int count = 0; count < waits; ++count) {
        wait();
    }
    return times_asleep() - before;
}

TEST(Threads, who_waits_for_long_leaves_the_processor) {
    Patience others;
    EXPECT_GT(sleeps_in([&others] { others.wait(); }), waits / 2);
}

TEST(Threads, who_waits_for_short_only_offers_it) {
    Patience others;
    EXPECT_LT(sleeps_in([&others] {
                  others.wait();
                  others.reset();
              }),
              waits / 2);
}

}  // namespace
}  // namespace miletus::host
