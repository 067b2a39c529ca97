// Threads that work, rest, fail and stop.
#include "serve/crew.hpp"

#include <gtest/gtest.h>

namespace miletus::serve {
namespace {

TEST(Crew, agents_take_turns_until_stopped) {
    std::atomic<int> first = 0;
    std::atomic<int> second = 0;
    Crew crew;
    crew.begin({{.name = "one",
                 .steps = {[&] { return ++first, Progress::made; },
                           [&] {
                               return ++second, Progress::made;
                           }},
                 .rest = {},
                 .processor = {}}});
    while (second < 1000) {
        std::this_thread::yield();
    }
    crew.stop();
    EXPECT_EQ(first, second);
    EXPECT_EQ(crew.failure(), std::nullopt);
}

TEST(Crew, rests_only_when_there_is_nothing_to_do) {
    std::atomic<int> rests = 0;
    std::atomic<bool> is_busy = true;
    std::atomic<int> steps = 0;
    Crew crew;
    crew.begin({{.name = "one",
                 .steps = {[&] {
                     return ++steps, progress_if(is_busy.load());
                 }},
                 .rest = [&](std::uint32_t) { ++rests; },
                 .processor = {}}});
    while (steps < 10'000) {
        std::this_thread::yield();
    }
    EXPECT_EQ(rests, 0);
    is_busy = false;
    while (rests == 0) {
        std::this_thread::yield();
    }
}

TEST(Crew, the_first_failure_stops_all) {
    Crew crew;
    crew.begin({{.name = "bad",
                 .steps = {[]() -> std::expected<Progress, std::string> {
                     return std::unexpected("the disk is gone");
                 }},
                 .rest = {},
                 .processor = {}},
                {.name = "good",
                 .steps = {[] {
                     return Progress::made;
                 }},
                 .rest = {},
                 .processor = {}}});
    while (!crew.failure()) {
        std::this_thread::yield();
    }
    crew.stop();
    EXPECT_EQ(crew.failure(), "the disk is gone");
}

TEST(Crew, a_processor_that_is_not_there_is_a_failure) {
    Crew crew;
    crew.begin({{.name = "lost",
                 .steps = {[] {
                     return Progress::made;
                 }},
                 .rest = {},
                 .processor = 1000}});
    while (!crew.failure()) {
        std::this_thread::yield();
    }
    EXPECT_EQ(crew.failure(), "pin to cpu 1000: Invalid argument");
}

}  // namespace
}  // namespace miletus::serve
