// A client's way in, from what it shows to what it may do.
#include "edge/credentials/credentials.hpp"

#include "edge/credentials/example_test.hpp"
#include "edge/credentials/letters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace miletus::credentials {
namespace {

class CredentialsTest : public testing::Test {
  protected:
    [[nodiscard]] static Asker asker(std::uint64_t connection = 0, UnixNanos now = noon) {
        return {.address = address("10.0.0.1"), .connection = Connection(connection), .now = now};
    }
    Outcome<Login> log_in(KeyId key, std::string_view scope = "", std::uint64_t connection = 0) {
        return credentials_.log_in(
            {.client_id = example_.id(key), .client_secret = example_.secret(key), .scope = scope},
            asker(connection));
    }
    [[nodiscard]] std::string header(const HttpRequest& request, std::string_view nonce,
                                     UnixNanos now = noon) const {
        const std::string time = std::to_string(now.value() / 1'000'000);
        const std::string text = time + "\n" + std::string(nonce) + "\n" +
                                 std::string(request.method) + "\n" + std::string(request.target) +
                                 "\n" + std::string(request.body) + "\n";
        return "deri-hmac-sha256 id=" + example_.id(example_.main) + ",ts=" + time +
               ",sig=" + signature_of(example_.secret(example_.main), text) +
               ",nonce=" + std::string(nonce);
    }
    [[nodiscard]] static Denial denial_of(const auto& outcome) {
        return outcome ? Denial{} : outcome.error();
    }

    Example example_;
    Credentials credentials_{example_.copy(), {}};
};

constexpr HttpRequest get{
    .method = "GET", .target = "/api/v2/private/buy?amount=10&label=a%20b", .body = ""};

TEST_F(CredentialsTest, a_secret_is_worth_a_token_of_all_that_the_key_may) {
    const Outcome<Login> login = log_in(example_.main, "", 3);
    ASSERT_TRUE(login);
    EXPECT_EQ(login->scope,
              "connection mainaccount account:read_write trade:read_write wallet:read_write "
              "block_trade:read_write block_rfq:read_write custody:read_write");
    EXPECT_EQ(login->sid, "");
    EXPECT_EQ(login->tokens.expires_in, 31'536'000);
    const Outcome<Grant> grant = credentials_.check(login->tokens.access_token, asker(3));
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->account, AccountId(7));
    EXPECT_TRUE(grant->is_main);
    EXPECT_TRUE(grant->scopes.allows(Area::trade, Access::read_write));
}

TEST_F(CredentialsTest, nobody_gets_more_than_the_key_has) {
    const Outcome<Login> login = log_in(example_.sub, "session:s trade:read_write wallet:read");
    ASSERT_TRUE(login);
    EXPECT_EQ(login->scope, "session:s account:read trade:read");
    EXPECT_EQ(login->tokens.expires_in, 900);
    EXPECT_NE(login->sid, "");
    EXPECT_EQ(log_in(example_.sub, "account:none trade:none")->scope, "connection");
}

TEST_F(CredentialsTest, two_who_sign_in_the_same_millisecond_with_the_same_nonce_come_in) {
    const std::string time = std::to_string(noon.value() / 1'000'000);
    const std::string signature =
        signature_of(example_.secret(example_.main), time + "\n" + time + "\n");
    const std::string id = example_.id(example_.main);
    const SignedLogin login{.client_id = id,
                            .timestamp = time,
                            .nonce = time,
                            .data = "",
                            .signature = signature,
                            .scope = ""};
    EXPECT_TRUE(credentials_.log_in(login, asker(1)));
    EXPECT_TRUE(credentials_.log_in(login, asker(2)));
}

TEST_F(CredentialsTest, a_signed_request_is_good_once) {
    const Outcome<Grant> grant = credentials_.authorize(header(get, "n1"), get, asker());
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->account, AccountId(7));
    EXPECT_EQ(grant->family, FamilyId(0));
    EXPECT_EQ(denial_of(credentials_.authorize(header(get, "n1"), get, asker())), Denial::replayed);
    EXPECT_TRUE(credentials_.authorize(header(get, "n2"), get, asker()));
}

TEST_F(CredentialsTest, two_requests_of_one_millisecond_with_one_nonce_are_two) {
    const HttpRequest other{.method = "GET", .target = "/api/v2/private/sell", .body = ""};
    const HttpRequest with_body{.method = "GET", .target = get.target, .body = "x"};
    for (const HttpRequest& each : {get, other, with_body}) {
        EXPECT_TRUE(credentials_.authorize(header(each, "n1"), each, asker()));
    }
    EXPECT_EQ(denial_of(credentials_.authorize(header(other, "n1"), other, asker())),
              Denial::replayed);
}

TEST_F(CredentialsTest, a_signed_request_that_failed_may_come_again) {
    const std::string good = header(get, "n1");
    const HttpRequest other{.method = "GET", .target = "/api/v2/private/sell", .body = ""};
    EXPECT_EQ(denial_of(credentials_.authorize(good, other, asker())), Denial::invalid_credentials);
    EXPECT_EQ(
        denial_of(credentials_.authorize(good, get, asker(0, noon + Nanos(61 * 1'000'000'000LL)))),
        Denial::stale_timestamp);
    EXPECT_TRUE(credentials_.authorize(good, get, asker()));
}

TEST_F(CredentialsTest, a_signature_covers_method_target_and_body_byte_by_byte) {
    const HttpRequest post{.method = "POST", .target = "/api/v2/private/buy", .body = "{}"};
    const std::string good = header(post, "n1");
    for (const HttpRequest& other :
         {HttpRequest{.method = "GET", .target = post.target, .body = post.body},
          HttpRequest{.method = "POST", .target = "/api/v2/private/buy?", .body = post.body},
          HttpRequest{.method = "POST", .target = post.target, .body = "{ }"},
          HttpRequest{.method = "POST", .target = "/api/v2/private/buy\n{}", .body = ""}}) {
        EXPECT_EQ(denial_of(credentials_.authorize(good, other, asker())),
                  Denial::invalid_credentials);
    }
    EXPECT_TRUE(credentials_.authorize(good, post, asker()));
}

TEST_F(CredentialsTest, basic_and_bearer_open_too) {
    const std::string both = example_.id(example_.main) + ":" + example_.secret(example_.main);
    std::string pair = base64url_of(std::as_bytes(std::span(both)));
    std::replace(pair.begin(), pair.end(), '-', '+');
    std::replace(pair.begin(), pair.end(), '_', '/');
    EXPECT_TRUE(credentials_.authorize("Basic " + pair, get, asker()));
    const Outcome<Login> login = log_in(example_.main);
    EXPECT_TRUE(credentials_.authorize("bearer " + login->tokens.access_token, get, asker()));
    EXPECT_EQ(denial_of(credentials_.authorize("bearer x", get, asker())), Denial::invalid_token);
    EXPECT_EQ(denial_of(credentials_.authorize("Digest x", get, asker())), Denial::malformed);
}

TEST_F(CredentialsTest, a_key_is_good_from_its_addresses_alone) {
    const Outcome<Login> login = log_in(example_.bobs);
    ASSERT_TRUE(login);
    Asker elsewhere = asker();
    elsewhere.address = address("11.0.0.1");
    EXPECT_EQ(denial_of(credentials_.check(login->tokens.access_token, elsewhere)),
              Denial::forbidden_address);
    EXPECT_EQ(denial_of(credentials_.refresh(login->tokens.refresh_token, elsewhere)),
              Denial::forbidden_address);
    EXPECT_EQ(denial_of(credentials_.log_in({.client_id = example_.id(example_.bobs),
                                             .client_secret = example_.secret(example_.bobs),
                                             .scope = ""},
                                            elsewhere)),
              Denial::forbidden_address);
    EXPECT_EQ(denial_of(credentials_.log_in(
                  {.client_id = example_.id(example_.bobs), .client_secret = "wrong", .scope = ""},
                  elsewhere)),
              Denial::invalid_credentials);
    EXPECT_TRUE(credentials_.refresh(login->tokens.refresh_token, asker()));
}

TEST_F(CredentialsTest, a_token_may_be_bound_to_an_address) {
    const Outcome<Login> login = log_in(example_.main, "ip:10.0.0.1");
    ASSERT_TRUE(login);
    EXPECT_TRUE(login->scope.ends_with(" ip:10.0.0.1"));
    Asker elsewhere = asker();
    elsewhere.address = address("10.0.0.2");
    EXPECT_TRUE(credentials_.check(login->tokens.access_token, asker()));
    EXPECT_EQ(denial_of(credentials_.check(login->tokens.access_token, elsewhere)),
              Denial::forbidden_address);
    EXPECT_EQ(denial_of(log_in(example_.main, "ip:10.0.0")), Denial::malformed);
    EXPECT_EQ(denial_of(log_in(example_.main, "ip:10.0.0.2")), Denial::forbidden_address);
}

TEST_F(CredentialsTest, a_connection_stands_on_what_it_refreshed) {
    const Outcome<Login> first = log_in(example_.main, "session:mine");
    ASSERT_TRUE(first);
    const Outcome<Login> mine = credentials_.refresh(first->tokens.refresh_token, asker(7));
    ASSERT_TRUE(mine);
    for (int count = 0; count < 20; ++count) {
        EXPECT_TRUE(log_in(example_.main, "session:other"));
    }
    EXPECT_TRUE(credentials_.renewed(mine->grant, asker(7)));
    credentials_.closed(Connection(7));
    for (int count = 0; count < 16; ++count) {
        EXPECT_TRUE(log_in(example_.main, "session:other"));
    }
    EXPECT_FALSE(credentials_.renewed(mine->grant, asker(7)));
}

TEST_F(CredentialsTest, a_refused_refresh_leaves_the_token_as_it_was) {
    const Outcome<Login> login = log_in(example_.bobs, "session:s");
    Asker elsewhere = asker();
    elsewhere.address = address("11.0.0.1");
    EXPECT_FALSE(credentials_.refresh(login->tokens.refresh_token, elsewhere));
    const Outcome<Login> refreshed = credentials_.refresh(login->tokens.refresh_token, asker());
    ASSERT_TRUE(refreshed);
    EXPECT_EQ(refreshed->sid, login->sid);
    EXPECT_EQ(refreshed->scope, login->scope);
    EXPECT_FALSE(credentials_.check(login->tokens.access_token, asker()));
    EXPECT_FALSE(credentials_.refresh(login->tokens.refresh_token, asker()));
    EXPECT_FALSE(credentials_.check(refreshed->tokens.access_token, asker()));
}

TEST_F(CredentialsTest, a_main_account_s_token_is_exchanged_for_its_subaccounts_and_back) {
    const Outcome<Login> main = log_in(example_.main);
    const Outcome<Login> sub = credentials_.exchange(main->tokens.refresh_token, AccountId(8),
                                                     "trade:read_write account:none", asker());
    ASSERT_TRUE(sub);
    EXPECT_EQ(sub->grant.account, AccountId(8));
    EXPECT_FALSE(sub->grant.is_main);
    EXPECT_FALSE(sub->grant.scopes.allows(Area::account, Access::read));
    const Outcome<Login> back = credentials_.exchange(sub->tokens.refresh_token, AccountId(7),
                                                      "account:read_write", asker());
    ASSERT_TRUE(back);
    EXPECT_FALSE(back->grant.scopes.allows(Area::account, Access::read));
    EXPECT_TRUE(credentials_.check(main->tokens.access_token, asker()));
    EXPECT_EQ(
        denial_of(credentials_.exchange(main->tokens.refresh_token, AccountId(9), "", asker())),
        Denial::unknown_subject);
}

TEST_F(CredentialsTest, a_subaccount_s_token_is_for_no_other_account) {
    const Outcome<Login> sub = log_in(example_.sub);
    EXPECT_EQ(
        denial_of(credentials_.exchange(sub->tokens.refresh_token, AccountId(7), "", asker())),
        Denial::unknown_subject);
    EXPECT_TRUE(credentials_.exchange(sub->tokens.refresh_token, AccountId(8), "", asker()));
}

TEST_F(CredentialsTest, a_session_is_forked_and_both_live_on) {
    const Outcome<Login> first = log_in(example_.main, "session:one trade:read");
    const Outcome<Login> second_login =
        credentials_.fork(first->tokens.refresh_token, "two", asker());
    ASSERT_TRUE(second_login);
    EXPECT_TRUE(second_login->scope.starts_with("session:two mainaccount "));
    EXPECT_FALSE(second_login->grant.scopes.allows(Area::trade, Access::read_write));
    EXPECT_NE(second_login->sid, first->sid);
    EXPECT_TRUE(credentials_.check(first->tokens.access_token, asker()));
    EXPECT_EQ(denial_of(credentials_.fork(first->tokens.refresh_token, "a b", asker())),
              Denial::bad_session_name);
    const Outcome<Login> connection = log_in(example_.main);
    EXPECT_EQ(denial_of(credentials_.fork(connection->tokens.refresh_token, "two", asker())),
              Denial::not_of_session);
}

TEST_F(CredentialsTest, a_connection_s_grant_lasts_until_its_end_or_its_expiry) {
    const Outcome<Login> login = log_in(example_.main, "expires:60", 4);
    EXPECT_TRUE(credentials_.renewed(login->grant, asker(4)));
    EXPECT_EQ(denial_of(credentials_.renewed(login->grant, asker(4, noon + Nanos(60'000'000'000)))),
              Denial::expired_token);
    credentials_.closed(Connection(4));
    EXPECT_EQ(denial_of(credentials_.renewed(login->grant, asker(4))), Denial::invalid_token);
    const Outcome<Login> other = log_in(example_.main);
    credentials_.log_out(other->grant);
    EXPECT_EQ(denial_of(credentials_.check(other->tokens.access_token, asker())),
              Denial::invalid_token);
}

// ---- The file ----

class ReloadTest : public CredentialsTest {
  protected:
    void SetUp() override {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::temp_directory_path() /
                  (std::string("miletus_reload_") + test->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        settings_ = {.path = folder_ / "file", .seal_key = folder_ / "key", .tokens = {}};
        ASSERT_TRUE(SealKey::make(settings_.seal_key));
        write();
        Sentence<Credentials> opened = Credentials::open(settings_);
        ASSERT_TRUE(opened);
        credentials_ = std::move(*opened);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void write() const {
        ASSERT_TRUE(
            write_sealed(settings_.path, example_.content, *SealKey::read(settings_.seal_key)));
    }

    std::filesystem::path folder_;
    Settings settings_;
};

TEST_F(ReloadTest, what_an_operator_changes_holds_from_then_on) {
    const Outcome<Login> login = log_in(example_.main);
    ASSERT_TRUE(login);
    EXPECT_FALSE(*credentials_.reload_if_changed());
    ASSERT_TRUE(example_.content.limit(example_.main, *parse_maximum("trade:read")));
    write();
    EXPECT_TRUE(*credentials_.reload_if_changed());
    EXPECT_FALSE(*credentials_.reload_if_changed());
    const Outcome<Grant> grant = credentials_.check(login->tokens.access_token, asker());
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->scopes.text(), "trade:read");
}

TEST_F(ReloadTest, the_tokens_of_a_disabled_key_do_not_come_back_with_it) {
    const Outcome<Login> login = log_in(example_.main);
    const Outcome<Login> other = log_in(example_.sub);
    for (const bool is_enabled : {false, true}) {
        ASSERT_TRUE(example_.content.enable(example_.main, is_enabled));
        write();
        EXPECT_TRUE(*credentials_.reload_if_changed());
        EXPECT_FALSE(credentials_.check(login->tokens.access_token, asker()));
        EXPECT_EQ(log_in(example_.main).has_value(), is_enabled);
    }
    EXPECT_TRUE(credentials_.check(other->tokens.access_token, asker()));
}

TEST_F(ReloadTest, a_file_that_cannot_be_read_is_told_once_and_changes_nothing) {
    const Outcome<Login> login = log_in(example_.main);
    std::filesystem::resize_file(settings_.path, 40);
    EXPECT_EQ(credentials_.reload_if_changed().error(),
              settings_.path + ": is cut short, or damaged; restore a copy of it");
    EXPECT_FALSE(*credentials_.reload_if_changed());
    EXPECT_TRUE(credentials_.check(login->tokens.access_token, asker()));
    std::filesystem::remove(settings_.path);
    EXPECT_FALSE(credentials_.reload_if_changed());
    EXPECT_FALSE(*credentials_.reload_if_changed());
    EXPECT_TRUE(log_in(example_.main));
    write();
    EXPECT_TRUE(*credentials_.reload_if_changed());
}

}  // namespace
}  // namespace miletus::credentials
