// The demonstration holds what it promises.
#include "sim/demo/demo.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace miletus::demo {

namespace {

// All but the line that tells a measured time.
std::string story(std::uint64_t seed) {
    std::ostringstream out;
    EXPECT_TRUE(run(out, seed));
    std::string text = out.str();
    const std::size_t from = text.find("     (");
    return text.erase(from, text.find('\n', from) - from);
}

TEST(Demo, tells_the_same_story_for_the_same_seed) {
    EXPECT_EQ(story(1), story(1));
}

TEST(Demo, tells_another_story_for_another_seed) {
    EXPECT_NE(story(1), story(2));
}

}  // namespace

}  // namespace miletus::demo
