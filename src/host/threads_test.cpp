// What the system says of a thread that asked for it.
#include "host/threads.hpp"

#include <gtest/gtest.h>
#include <sched.h>

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

}  // namespace
}  // namespace miletus::host
