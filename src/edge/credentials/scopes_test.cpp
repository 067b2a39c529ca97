// Words of scopes, and that none of them gives more than the key has.
#include "edge/credentials/scopes.hpp"

#include <gtest/gtest.h>

namespace miletus::credentials {
namespace {

Scopes most(std::string_view text) {
    return parse_maximum(text).value();
}

std::string granted(std::string_view asked, std::string_view key) {
    return parse_scope(asked).granted(most(key)).text();
}

TEST(Scopes, reading_and_writing_is_more_than_reading) {
    const Scopes scopes = most("trade:read_write account:read");
    EXPECT_TRUE(scopes.allows(Area::trade, Access::read_write));
    EXPECT_TRUE(scopes.allows(Area::trade, Access::read));
    EXPECT_TRUE(scopes.allows(Area::account, Access::read));
    EXPECT_FALSE(scopes.allows(Area::account, Access::read_write));
    EXPECT_FALSE(scopes.allows(Area::wallet, Access::read));
    EXPECT_TRUE(scopes.allows(Area::wallet, Access::none));
    EXPECT_EQ(scopes.text(), "account:read trade:read_write");
}

TEST(Scopes, a_maximum_is_written_without_mistakes) {
    EXPECT_EQ(most(""), Scopes());
    EXPECT_EQ(most("  wallet:none\tcustody:read "), most("custody:read"));
    for (const std::string_view text :
         {"trade", "trade:", "trade:write", ":read", "trade:read,account:read", "connection",
          "Trade:read", "trade:read_write:read"}) {
        EXPECT_FALSE(parse_maximum(text).has_value()) << text;
    }
}

TEST(Scopes, more_than_the_key_has_is_cut_down) {
    EXPECT_EQ(granted("trade:read_write wallet:read_write", "trade:read"), "trade:read");
    EXPECT_EQ(granted("trade:read", "trade:read_write"), "trade:read");
    EXPECT_EQ(granted("trade:none", "trade:read_write account:read"), "account:read");
    EXPECT_EQ(granted("", "trade:read_write account:read"), "account:read trade:read_write");
    EXPECT_EQ(granted("trade:admin all nonsense:read_write", "trade:read"), "trade:read");
}

TEST(Scopes, no_request_gets_more_than_the_key_in_any_area) {
    for (const Access key : {Access::none, Access::read, Access::read_write}) {
        for (const Access asked : {Access::none, Access::read, Access::read_write}) {
            for (std::size_t area = 0; area < area_count; ++area) {
                const auto here = static_cast<Area>(area);
                const std::string text =
                    std::string(word_of(here)) + ":" + std::string(word_of(asked));
                const Scopes got = parse_scope(text).granted(Scopes::all(key));
                EXPECT_EQ(got.access(here), std::min(key, asked)) << text;
            }
        }
    }
}

TEST(Scopes, a_request_names_its_session_its_end_and_its_address) {
    const ScopeRequest request =
        parse_scope("session:nautilus-data expires:60 ip:10.1.2.3 mainaccount trade:read");
    EXPECT_EQ(request.session, "nautilus-data");
    EXPECT_EQ(request.expires_after, Nanos(60'000'000'000));
    EXPECT_EQ(request.address, IpAddress::parse("10.1.2.3"));
    EXPECT_FALSE(request.has_bad_address);
    EXPECT_EQ(request.areas.at(1), Access::read);
}

TEST(Scopes, what_cannot_be_read_in_a_request_is_passed_over_but_for_an_address) {
    const ScopeRequest request = parse_scope(
        "session: session:a\"b expires:0 expires:-1 expires:99999999999 expires:x read_write :");
    EXPECT_TRUE(request.session.empty());
    EXPECT_FALSE(request.expires_after.has_value());
    EXPECT_TRUE(parse_scope("ip:10.0.0").has_bad_address);
    EXPECT_TRUE(parse_scope("ip:10.0.0 ip:10.0.0.1").has_bad_address);
    EXPECT_FALSE(is_session_name(std::string(session_name_max + 1, 'a')));
    EXPECT_TRUE(is_session_name(std::string(session_name_max, 'a')));
}

}  // namespace
}  // namespace miletus::credentials
