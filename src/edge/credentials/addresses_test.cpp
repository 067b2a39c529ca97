// Addresses and ranges as text, and who is in them.
#include "edge/credentials/addresses.hpp"

#include <gtest/gtest.h>

namespace miletus::credentials {
namespace {

std::string told(std::string_view text) {
    const std::optional<IpAddress> address = IpAddress::parse(text);
    return address.has_value() ? address->text() : "none";
}

bool is_in(std::string_view range, std::string_view address) {
    return IpRange::parse(range).value().contains(IpAddress::parse(address).value());
}

TEST(Addresses, reads_what_people_write) {
    EXPECT_EQ(told("127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(told("255.255.255.0"), "255.255.255.0");
    EXPECT_EQ(told("::"), "::");
    EXPECT_EQ(told("::1"), "::1");
    EXPECT_EQ(told("2001:DB8::8a2e:370:7334"), "2001:db8::8a2e:370:7334");
    EXPECT_EQ(told("1:2:3:4:5:6:7:8"), "1:2:3:4:5:6:7:8");
    EXPECT_EQ(told("1:2:3:4:5:6:7::"), "1:2:3:4:5:6:7:0");
    EXPECT_EQ(told("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
    EXPECT_EQ(told("1:0:0:2:0:0:0:3"), "1:0:0:2::3");
    EXPECT_EQ(told("1:0:0:2:3:0:0:4"), "1::2:3:0:0:4");
    EXPECT_EQ(told("fe80:0:0:0:0:0:0:0"), "fe80::");
    EXPECT_EQ(told("64:ff9b::1.2.3.4"), "64:ff9b::102:304");
}

TEST(Addresses, version_4_in_the_clothes_of_version_6_is_version_4) {
    EXPECT_EQ(IpAddress::parse("::ffff:1.2.3.4"), IpAddress::parse("1.2.3.4"));
    EXPECT_EQ(told("::ffff:102:304"), "1.2.3.4");
    EXPECT_TRUE(is_in("1.2.3.0/24", "::ffff:1.2.3.4"));
    EXPECT_TRUE(is_in("::ffff:1.2.3.0/120", "1.2.3.4"));
}

TEST(Addresses, refuses_what_is_none) {
    for (const std::string_view text : {"",
                                        "1",
                                        "1.2.3",
                                        "1.2.3.4.5",
                                        "256.1.1.1",
                                        "1.2.3.04",
                                        "01.2.3.4",
                                        "1..2.3",
                                        "1.2.3.",
                                        "-1.2.3.4",
                                        " 1.2.3.4",
                                        "1.2.3.4 ",
                                        "0x1.2.3.4",
                                        ":",
                                        ":::",
                                        "1::2::3",
                                        "1:2:3:4:5:6:7",
                                        "1:2:3:4:5:6:7:8:9",
                                        "1:2:3:4:5:6:7:8::",
                                        "12345::",
                                        "g::",
                                        "1:",
                                        ":1",
                                        "::1:",
                                        "1.2.3.4::",
                                        "1.2.3.4:5:6:7:8:9:a",
                                        "::1.2.3",
                                        "::1.2.3.4.5",
                                        "[::1]",
                                        "::1%eth0",
                                        "1:2:3:4:5:6:7:1.2.3.4"}) {
        EXPECT_EQ(told(text), "none") << text;
    }
}

TEST(Addresses, ranges_are_told_as_they_are_read) {
    for (const std::string_view text :
         {"10.0.0.0/8", "0.0.0.0/0", "1.2.3.4", "2001:db8::/32", "::/0", "::1"}) {
        EXPECT_EQ(IpRange::parse(text).value().text(), text);
    }
    EXPECT_EQ(IpRange::parse("1.2.3.4/32").value().text(), "1.2.3.4");
}

TEST(Addresses, refuses_ranges_that_say_two_things) {
    for (const std::string_view text :
         {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "::1/127",
          "::/129", "/8", "::ffff:0:0/95", "10.0.0.0/ 8"}) {
        EXPECT_FALSE(IpRange::parse(text).has_value()) << text;
    }
}

TEST(Addresses, a_range_holds_those_that_share_its_bits) {
    EXPECT_TRUE(is_in("10.0.0.0/8", "10.255.0.1"));
    EXPECT_FALSE(is_in("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(is_in("10.1.128.0/17", "10.1.200.1"));
    EXPECT_FALSE(is_in("10.1.128.0/17", "10.1.127.255"));
    EXPECT_FALSE(is_in("1.2.3.4", "1.2.3.5"));
    EXPECT_TRUE(is_in("0.0.0.0/0", "1.2.3.4"));
    EXPECT_FALSE(is_in("0.0.0.0/0", "::1"));
    EXPECT_TRUE(is_in("::/0", "1.2.3.4"));
    EXPECT_TRUE(is_in("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(is_in("2001:db8::/33", "2001:db8:8000::1"));
}

}  // namespace
}  // namespace miletus::credentials
