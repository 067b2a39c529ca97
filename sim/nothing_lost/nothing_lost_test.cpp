// The demonstration holds what it promises.
#include "sim/nothing_lost/nothing_lost.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace miletus::nothing_lost {
namespace {

TEST(NothingLost, tells_the_same_story_each_time) {
    std::ostringstream out;
    EXPECT_TRUE(run(out, testing::TempDir() + "miletus_nothing_lost")) << out.str();
    EXPECT_EQ(out.str(),
              "11. Nothing lost\n\n"
              "     a venue comes up on a socket, epoch 1\n"
              "     a trader's order is on the disk and acknowledged\n"
              "     the venue ends at once, without a goodbye\n"
              "     it comes up again, epoch 2\n"
              "     the trader sends it again under its number: told its first answer, and nothing "
              "is done twice\n"
              "     the order still rests, and is canceled by its client's id\n\n");
}

}  // namespace
}  // namespace miletus::nothing_lost
