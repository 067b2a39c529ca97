// Addresses of both kinds, to text and back.
#include "host/address.hpp"

#include <gtest/gtest.h>

namespace miletus::host {
namespace {

std::string there_and_back(std::string_view text) {
    const auto address = address_of(text);
    return address ? text_of(*address) : "none";
}

TEST(Address, is_text_and_back_in_its_shortest_form) {
    EXPECT_EQ(there_and_back("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(there_and_back("2001:db8:0:0:0:0:0:1"), "2001:db8::1");
    EXPECT_EQ(there_and_back("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(text_of(Address()), "");
}

TEST(Address, is_numeric_or_nothing) {
    for (const char* text :
         {"", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4 ", "::g", "1.2.3.4/8"}) {
        EXPECT_EQ(there_and_back(text), "none") << text;
    }
}

TEST(Address, of_this_machine_is_known) {
    for (const char* text : {"127.0.0.1", "127.9.9.9", "::1"}) {
        EXPECT_TRUE(address_of(text).value_or(Address()).is_local()) << text;
    }
    EXPECT_TRUE(Address().is_local());
    EXPECT_FALSE(address_of("192.0.2.7")->is_local());
    EXPECT_FALSE(address_of("::2")->is_local());
}

TEST(Address, a_household_is_a_net_of_64_bits_or_one_address_of_four) {
    const auto household = [](const char* text) {
        return text_of(address_of(text).value_or(Address()).household());
    };
    EXPECT_EQ(household("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    EXPECT_EQ(household("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(household("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(Address().household(), Address());
}

}  // namespace
}  // namespace miletus::host
