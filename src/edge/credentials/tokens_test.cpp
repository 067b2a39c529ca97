// Families of tokens: their lives, their ends, and that there are never too many.
#include "edge/credentials/tokens.hpp"

#include "base/prng.hpp"
#include "edge/credentials/example_test.hpp"

#include <gtest/gtest.h>

namespace miletus::credentials {
namespace {

Terms of_connection(std::uint32_t key, std::uint64_t connection) {
    return {.key = KeyId(key), .session = "", .connection = Connection(connection)};
}
Terms of_session(std::uint32_t key, std::string_view name) {
    return {.key = KeyId(key), .session = std::string(name)};
}

TEST(Tokens, an_access_token_is_good_until_it_expires) {
    Tokens tokens({});
    const TokenPair pair = *tokens.issue(of_connection(1, 5), noon);
    EXPECT_EQ(pair.expires_in, 31'536'000);
    EXPECT_EQ(*tokens.check(pair.access_token, noon), pair.family);
    const Nanos year{31'536'000'000'000'000};
    EXPECT_TRUE(tokens.check(pair.access_token, UnixNanos(noon.value() + year.value() - 1)));
    EXPECT_EQ(tokens.check(pair.access_token, noon + year).error(), Denial::expired_token);
}

TEST(Tokens, a_session_s_token_lasts_a_quarter_of_an_hour_and_is_refreshed_afterwards) {
    Tokens tokens({});
    const TokenPair pair = *tokens.issue(of_session(1, "s"), noon);
    EXPECT_EQ(pair.expires_in, 900);
    const UnixNanos later = noon + Nanos(900'000'000'000);
    EXPECT_EQ(tokens.check(pair.access_token, later).error(), Denial::expired_token);
    const Outcome<TokenPair> next = tokens.refresh(pair.refresh_token, later);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->family, pair.family);
    EXPECT_TRUE(tokens.check(next->access_token, later));
    EXPECT_EQ(tokens.check(pair.access_token, later).error(), Denial::invalid_token);
}

TEST(Tokens, a_token_may_live_as_long_as_it_was_asked_to) {
    Tokens tokens({});
    Terms terms = of_connection(1, 0);
    terms.expires_after = second;
    const TokenPair pair = *tokens.issue(terms, noon);
    EXPECT_EQ(pair.expires_in, 1);
    EXPECT_TRUE(tokens.check(pair.access_token, noon));
    EXPECT_FALSE(tokens.check(pair.access_token, noon + second));
}

TEST(Tokens, what_is_not_a_token_is_not_let_in) {
    Tokens tokens({});
    const TokenPair pair = *tokens.issue(of_connection(1, 0), noon);
    for (const std::string& text : {std::string(), std::string("x"), pair.refresh_token,
                                    pair.access_token + "x", std::string(100'000, 'x')}) {
        EXPECT_EQ(tokens.check(text, noon).error(), Denial::invalid_token);
    }
    EXPECT_EQ(tokens.refresh(pair.access_token, noon).error(), Denial::invalid_token);
    EXPECT_TRUE(tokens.check(pair.access_token, noon));
}

TEST(Tokens, a_refresh_token_shown_twice_ends_its_family) {
    Tokens tokens({});
    const TokenPair first = *tokens.issue(of_session(1, "s"), noon);
    const TokenPair other = *tokens.issue(of_session(1, "s"), noon);
    const Outcome<TokenPair> second_pair = tokens.refresh(first.refresh_token, noon);
    const Outcome<TokenPair> third_pair = tokens.refresh(second_pair->refresh_token, noon);
    ASSERT_TRUE(third_pair);
    EXPECT_EQ(tokens.refresh(first.refresh_token, noon).error(), Denial::invalid_token);
    EXPECT_EQ(tokens.check(third_pair->access_token, noon).error(), Denial::invalid_token);
    EXPECT_EQ(tokens.refresh(third_pair->refresh_token, noon).error(), Denial::invalid_token);
    EXPECT_TRUE(tokens.check(other.access_token, noon));
    EXPECT_EQ(tokens.size(), 1U);
    tokens.check_invariants();
}

TEST(Tokens, a_refresh_token_of_long_ago_is_unknown_and_does_no_harm) {
    Tokens tokens({});
    const TokenPair first = *tokens.issue(of_session(1, "s"), noon);
    TokenPair last = first;
    for (int count = 0; count < 20; ++count) {
        last = *tokens.refresh(last.refresh_token, noon);
        tokens.check_invariants();
    }
    EXPECT_EQ(tokens.refresh(first.refresh_token, noon).error(), Denial::invalid_token);
    EXPECT_TRUE(tokens.check(last.access_token, noon));
}

TEST(Tokens, a_refresh_token_expires_too) {
    Tokens tokens({});
    const TokenPair pair = *tokens.issue(of_session(1, "s"), noon);
    EXPECT_EQ(tokens.refresh(pair.refresh_token, noon + Nanos(31'536'000'000'000'000)).error(),
              Denial::expired_token);
    EXPECT_EQ(tokens.size(), 0U);
}

TEST(Tokens, those_of_a_connection_end_with_it) {
    Tokens tokens({});
    const TokenPair bound = *tokens.issue(of_connection(1, 5), noon);
    const TokenPair elsewhere = *tokens.issue(of_connection(1, 6), noon);
    const TokenPair loose = *tokens.issue(of_connection(1, 0), noon);
    Terms terms = of_session(1, "s");
    terms.connection = Connection(5);
    const TokenPair session = *tokens.issue(terms, noon);
    tokens.revoke_connection(Connection(5));
    tokens.revoke_connection(Connection::none);
    EXPECT_FALSE(tokens.check(bound.access_token, noon));
    EXPECT_FALSE(tokens.refresh(bound.refresh_token, noon));
    EXPECT_TRUE(tokens.check(elsewhere.access_token, noon));
    EXPECT_TRUE(tokens.check(loose.access_token, noon));
    EXPECT_TRUE(tokens.check(session.access_token, noon));
    tokens.check_invariants();
}

TEST(Tokens, the_oldest_session_of_a_key_makes_room_for_the_seventeenth) {
    Tokens tokens({});
    std::vector<TokenPair> pairs;
    const TokenPair other = *tokens.issue(of_session(2, "s"), noon);
    for (int count = 0; count < 17; ++count) {
        pairs.push_back(*tokens.issue(of_session(1, "s" + std::to_string(count)), noon));
    }
    EXPECT_FALSE(tokens.check(pairs[0].access_token, noon));
    EXPECT_TRUE(tokens.check(pairs[1].access_token, noon));
    EXPECT_TRUE(tokens.check(pairs[16].access_token, noon));
    EXPECT_TRUE(tokens.check(other.access_token, noon));
    tokens.check_invariants();
}

TEST(Tokens, logins_elsewhere_do_not_end_what_an_open_connection_stands_on) {
    Tokens tokens({.sessions_per_key = 3, .others_per_key = 3});
    const TokenPair live = *tokens.issue(of_connection(1, 5), noon);
    Terms terms = of_session(1, "s");
    terms.connection = Connection(6);
    const TokenPair session = *tokens.issue(terms, noon);
    for (int count = 0; count < 10; ++count) {
        ASSERT_TRUE(tokens.issue(of_connection(1, 0), noon));
        ASSERT_TRUE(tokens.issue(of_session(1, "t"), noon));
        tokens.check_invariants();
    }
    EXPECT_TRUE(tokens.check(live.access_token, noon));
    EXPECT_TRUE(tokens.check(session.access_token, noon));
    // Whose connection is gone makes room like any other.
    tokens.revoke_connection(Connection(6));
    for (int count = 0; count < 3; ++count) {
        ASSERT_TRUE(tokens.issue(of_session(1, "t"), noon));
    }
    EXPECT_FALSE(tokens.check(session.access_token, noon));
    tokens.check_invariants();
}

TEST(Tokens, an_expired_login_makes_room_before_an_older_one_that_is_good) {
    for (const std::size_t per_key : {std::size_t{2}, std::size_t{10}}) {
        Tokens tokens({.families = 2, .others_per_key = per_key});
        const TokenPair old = *tokens.issue(of_connection(1, 0), noon);
        Terms terms = of_connection(1, 0);
        terms.expires_after = second;
        const TokenPair brief = *tokens.issue(terms, noon);
        const TokenPair next = *tokens.issue(of_connection(1, 0), noon + second);
        EXPECT_TRUE(tokens.check(old.access_token, noon + second));
        EXPECT_FALSE(tokens.find(brief.family));
        static_cast<void>(tokens.issue(of_connection(1, 0), noon + second));
        EXPECT_FALSE(tokens.find(old.family));
        EXPECT_TRUE(tokens.find(next.family));
        tokens.check_invariants();
    }
}

TEST(Tokens, where_connections_stand_on_all_of_them_a_new_login_is_refused) {
    for (const std::size_t per_key : {std::size_t{2}, std::size_t{10}}) {
        Tokens tokens({.families = 2, .others_per_key = per_key});
        const TokenPair one = *tokens.issue(of_connection(1, 1), noon);
        const TokenPair two = *tokens.issue(of_connection(1, 2), noon);
        EXPECT_EQ(tokens.issue(of_connection(1, 3), noon).error(), Denial::too_many_logins);
        EXPECT_EQ(tokens.issue(of_connection(1, 0), noon).error(), Denial::too_many_logins);
        EXPECT_TRUE(tokens.check(one.access_token, noon));
        // Who stands on one of them may log in again, and stands on that one then.
        const TokenPair again = *tokens.issue(of_connection(1, 1), noon);
        EXPECT_FALSE(tokens.find(one.family));
        EXPECT_EQ(tokens.issue(of_connection(1, 3), noon).error(), Denial::too_many_logins);
        tokens.revoke_connection(Connection(2));
        EXPECT_TRUE(tokens.issue(of_connection(1, 3), noon));
        EXPECT_TRUE(tokens.check(again.access_token, noon));
        EXPECT_FALSE(tokens.check(two.access_token, noon));
        tokens.check_invariants();
    }
}

TEST(Tokens, a_key_s_tokens_end_with_it) {
    Tokens tokens({});
    const TokenPair one = *tokens.issue(of_session(1, "s"), noon);
    const TokenPair two = *tokens.issue(of_connection(1, 4), noon);
    const TokenPair other = *tokens.issue(of_connection(2, 4), noon);
    tokens.revoke_key(KeyId(1));
    EXPECT_FALSE(tokens.check(one.access_token, noon));
    EXPECT_FALSE(tokens.check(two.access_token, noon));
    EXPECT_TRUE(tokens.check(other.access_token, noon));
    tokens.check_invariants();
}

TEST(Tokens, random_lives_leave_the_tables_sound_and_bounded) {
    Prng prng(3);
    Tokens tokens({.families = 20, .sessions_per_key = 3, .others_per_key = 6});
    std::vector<TokenPair> pairs;
    UnixNanos now = noon;
    for (int step = 0; step < 20'000; ++step) {
        now = now + Nanos(static_cast<std::int64_t>(prng.below(100)) * 1'000'000'000);
        const auto key = static_cast<std::uint32_t>(prng.below(5));
        const bool is_any = !pairs.empty();
        const TokenPair any = is_any ? pairs[prng.below(pairs.size())] : TokenPair();
        switch (prng.below(8)) {
            case 0: {
                Terms terms = of_session(key, "s");
                terms.connection = Connection(prng.below(20));
                if (const auto pair = tokens.issue(terms, now)) {
                    pairs.push_back(*pair);
                }
                break;
            }
            case 1:
            case 2:
                if (const auto pair = tokens.issue(of_connection(key, prng.below(20)), now)) {
                    pairs.push_back(*pair);
                }
                break;
            case 3:
                tokens.revoke(any.family);
                break;
            case 4:
                tokens.revoke_connection(Connection(prng.below(20)));
                break;
            case 5:
                if (prng.one_in(10)) {
                    tokens.revoke_key(KeyId(key));
                }
                break;
            default:
                if (auto next = tokens.refresh(any.refresh_token, now)) {
                    pairs.push_back(*next);
                }
        }
        tokens.check_invariants();
        if (pairs.size() > 60) {
            pairs.erase(pairs.begin(), pairs.begin() + 20);
        }
    }
    EXPECT_GT(tokens.size(), 0U);
}

}  // namespace
}  // namespace miletus::credentials
