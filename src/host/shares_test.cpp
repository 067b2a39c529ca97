// Cuts leave nothing out and take nothing twice.
#include "host/shares.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace miletus::host {
namespace {

TEST(Shares, follow_each_other_and_leave_nothing_out) {
    for (const std::size_t count : {0U, 1U, 4095U, 4096U, 4097U, 100000U}) {
        for (const std::size_t threads : {1U, 2U, 7U, 64U}) {
            std::size_t next = 0;
            for (std::size_t thread = 0; thread < threads; ++thread) {
                const Share share = share_of(count, 4096, threads, thread);
                EXPECT_EQ(share.first, next);
                next += share.count;
            }
            EXPECT_EQ(next, count);
        }
    }
}

TEST(Shares, differ_by_one_grain_at_most) {
    EXPECT_EQ(share_of(10, 1, 4, 0), (Share{0, 3}));
    EXPECT_EQ(share_of(10, 1, 4, 1), (Share{3, 3}));
    EXPECT_EQ(share_of(10, 1, 4, 2), (Share{6, 2}));
    EXPECT_EQ(share_of(10, 1, 4, 3), (Share{8, 2}));
}

TEST(Shares, are_each_worked_on_once) {
    std::vector<std::atomic<int>> visits(1000);
    for (const std::size_t threads : {1U, 2U, 7U}) {
        share_out(visits.size(), 16, threads, [&](Share share) {
            for (std::size_t at = share.first; at < share.first + share.count; ++at) {
                visits[at].fetch_add(1);
            }
        });
    }
    for (const std::atomic<int>& visit : visits) {
        EXPECT_EQ(visit.load(), 3);
    }
}

TEST(Shares, of_nothing_are_one_that_is_empty) {
    int calls = 0;
    share_out(0, 16, 7, [&](Share share) {
        ++calls;
        EXPECT_EQ(share, (Share{0, 0}));
    });
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace miletus::host
