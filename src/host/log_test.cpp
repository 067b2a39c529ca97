// Lines that programs can take apart again.
#include "host/log.hpp"

#include <gtest/gtest.h>

namespace miletus::host {
namespace {

TEST(Log, values_with_blanks_and_quotes_are_quoted) {
    const std::string line = log_line(
        LogLevel::warning, "refused",
        {{"sequence", 17}, {"file", "a b"}, {"why", "it said \"no\"\nand left"}, {"nothing", ""}});
    EXPECT_EQ(line.substr(line.find(" level")),
              " level=warning event=refused sequence=17 file=\"a b\" "
              "why=\"it said \\\"no\\\" and left\" nothing=\"\"");
}

TEST(Log, a_line_begins_with_its_time) {
    const std::string line = log_line(LogLevel::info, "ready", {});
    EXPECT_EQ(line.substr(0, 7), "time=20");
    EXPECT_EQ(line[31], 'Z');
}

}  // namespace
}  // namespace miletus::host
