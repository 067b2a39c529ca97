// What an operator asks, and what is told, on files of the test. The venue is one of a few lines,
// behind the operator's door.
#include "admin/admin.hpp"

#include "edge/native/native.hpp"
#include "host/socket_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <sstream>
#include <thread>

namespace miletus::admin {
namespace {

using credentials::Access;
using credentials::Area;

constexpr UnixNanos noon{1'767'225'600'000'000'000};

class AdminTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ =
            std::filesystem::temp_directory_path() / (std::string("miletus_admin_") + test->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        files_ = {.credentials = folder_ / "sealed", .seal_key = folder_ / "key"};
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    // What was told, and of mistakes.
    std::string said(bool is_done) {
        const std::string text = (is_done ? out_ : mistakes_).str();
        const std::string other = (is_done ? mistakes_ : out_).str();
        EXPECT_EQ(other, "");
        out_.str("");
        mistakes_.str("");
        return text;
    }
    static std::string word_after(const std::string& text, const std::string& mark) {
        std::istringstream rest(text.substr(text.find(mark) + mark.size()));
        std::string word;
        rest >> word;
        return word;
    }
    [[nodiscard]] credentials::Credentials opened() const {
        credentials::Sentence<credentials::Credentials> opened = credentials::Credentials::open(
            {.path = files_.credentials, .seal_key = files_.seal_key, .tokens = {}});
        EXPECT_TRUE(opened) << opened.error();
        return std::move(*opened);
    }
    struct Shown {
        std::string client_id;
        std::string secret;
    };
    Shown make_key(const KeyWish& wish) {
        EXPECT_TRUE(add_key(told_, files_, wish)) << mistakes_.str();
        const std::string text = said(true);
        return {.client_id = word_after(text, "client_id"), .secret = word_after(text, "secret")};
    }
    static credentials::Outcome<credentials::Login> log_in(credentials::Credentials& credentials,
                                                           const Shown& shown,
                                                           std::string_view address) {
        return credentials.log_in(
            {.client_id = shown.client_id, .client_secret = shown.secret, .scope = ""},
            {.address = credentials::IpAddress::parse(address).value(), .now = noon});
    }

    std::filesystem::path folder_;
    Files files_;
    std::ostringstream out_;
    std::ostringstream mistakes_;
    Told told_{.out = out_, .mistakes = mistakes_};
};

TEST_F(AdminTest, a_key_that_was_made_opens_the_door_until_it_is_disabled) {
    ASSERT_TRUE(init(told_, files_));
    ASSERT_TRUE(add_user(told_, files_, {.name = "alice", .accounts = {7, 8}}));
    EXPECT_NE(said(true).find("miletus admin account open 8 --owner 1"), std::string::npos);
    const Shown shown = make_key({.user = "alice",
                                  .account = 8,
                                  .name = "bot",
                                  .scope = "trade:read_write wallet:read_write",
                                  .addresses = {"10.0.0.0/8"},
                                  .now = noon});
    credentials::Credentials venue = opened();
    const auto login = log_in(venue, shown, "10.1.2.3");
    ASSERT_TRUE(login);
    EXPECT_EQ(login->grant.account, AccountId(8));
    EXPECT_EQ(login->scope, "connection trade:read_write wallet:read_write");
    EXPECT_FALSE(log_in(venue, shown, "11.1.2.3"));

    ASSERT_TRUE(bind_key(told_, files_, shown.client_id, {}));
    ASSERT_TRUE(scope_key(told_, files_, "1", "trade:read"));
    EXPECT_TRUE(*venue.reload_if_changed());
    EXPECT_EQ(log_in(venue, shown, "11.1.2.3")->scope, "connection trade:read");

    ASSERT_TRUE(enable_key(told_, files_, shown.client_id, false));
    EXPECT_TRUE(*venue.reload_if_changed());
    EXPECT_FALSE(log_in(venue, shown, "11.1.2.3"));
    ASSERT_TRUE(enable_key(told_, files_, shown.client_id, true));
    EXPECT_TRUE(*venue.reload_if_changed());
    EXPECT_TRUE(log_in(venue, shown, "11.1.2.3"));
    ASSERT_TRUE(remove_key(told_, files_, shown.client_id));
    EXPECT_TRUE(*venue.reload_if_changed());
    EXPECT_FALSE(log_in(venue, shown, "11.1.2.3"));
}

TEST_F(AdminTest, a_new_secret_ends_the_old_one) {
    ASSERT_TRUE(init(told_, files_) && add_user(told_, files_, {.name = "alice"}));
    said(true);
    const Shown old = make_key({.user = "alice", .now = noon});
    ASSERT_TRUE(reset_key(told_, files_, old.client_id));
    const Shown fresh{.client_id = old.client_id, .secret = word_after(said(true), "secret")};
    credentials::Credentials venue = opened();
    EXPECT_FALSE(log_in(venue, old, "::1"));
    EXPECT_TRUE(log_in(venue, fresh, "::1"));
}

TEST_F(AdminTest, the_usual_key_moves_no_money_out_and_a_reading_one_changes_nothing) {
    ASSERT_TRUE(init(told_, files_) && add_user(told_, files_, {.name = "alice"}));
    said(true);
    const Shown usual = make_key({.user = "alice", .now = noon});
    const Shown reader = make_key({.user = "alice", .is_read_only = true, .now = noon});
    credentials::Credentials venue = opened();
    const auto grant = log_in(venue, usual, "::1")->grant;
    EXPECT_TRUE(grant.scopes.allows(Area::trade, Access::read_write));
    EXPECT_FALSE(grant.scopes.allows(Area::wallet, Access::read_write));
    EXPECT_EQ(log_in(venue, reader, "::1")->grant.scopes, credentials::Scopes::all(Access::read));
}

TEST_F(AdminTest, lists_show_no_secret) {
    ASSERT_TRUE(init(told_, files_) && add_user(told_, files_, {.name = "alice", .owner = 5}) &&
                add_user(told_, files_, {.name = "bob"}));
    said(true);
    const Shown shown = make_key({.user = "bob", .name = "bot", .now = noon});
    ASSERT_TRUE(enable_key(told_, files_, "1", false));
    said(true);
    ASSERT_TRUE(list_keys(told_, files_));
    const std::string keys = said(true);
    EXPECT_EQ(keys.find(shown.secret), std::string::npos);
    EXPECT_TRUE(keys.starts_with(shown.client_id + "  key 1 of bob's account 2, bot, disabled\n"))
        << keys;
    ASSERT_TRUE(list_users(told_, files_));
    EXPECT_NE(said(true).find("\n1       alice                             5       1\n"),
              std::string::npos);
}

TEST_F(AdminTest, mistakes_are_told_and_change_nothing) {
    EXPECT_FALSE(list_users(told_, files_));
    EXPECT_NE(said(false).find("`miletus admin init` makes one"), std::string::npos);
    ASSERT_TRUE(init(told_, files_) && add_user(told_, files_, {.name = "alice"}));
    said(true);
    EXPECT_FALSE(init(told_, files_));
    EXPECT_EQ(said(false),
              "miletus: " + files_.credentials + " is there already, and stays as it is\n");
    EXPECT_FALSE(add_user(told_, files_, {.name = "alice"}));
    EXPECT_EQ(said(false), "miletus: there is a user alice already\n");
    EXPECT_FALSE(add_key(told_, files_, {.user = "eve", .now = noon}));
    EXPECT_EQ(said(false), "miletus: there is no user eve; `miletus admin user list` shows all\n");
    EXPECT_FALSE(add_key(told_, files_, {.user = "alice", .scope = "trade", .now = noon}));
    EXPECT_TRUE(said(false).starts_with("miletus: \"trade\" is no scope; write words such as"));
    EXPECT_FALSE(add_key(told_, files_, {.user = "alice", .addresses = {"10/8"}, .now = noon}));
    EXPECT_TRUE(said(false).starts_with("miletus: \"10/8\" is no address and no range"));
    EXPECT_FALSE(remove_key(told_, files_, "7"));
    EXPECT_EQ(said(false), "miletus: there is no key 7; `miletus admin key list` shows all\n");
    EXPECT_FALSE(add_accounts(told_, files_, {.name = "alice", .accounts = {2, 1}}));
    EXPECT_EQ(said(false), "miletus: account 1 is alice's already\n");
    EXPECT_EQ(opened().keyring().content().users().front().accounts.size(), 1U);
}

TEST_F(AdminTest, one_changes_the_file_at_a_time) {
    ASSERT_TRUE(init(told_, files_));
    said(true);
    const auto lock = host::FileLock::take(files_.credentials);
    ASSERT_TRUE(lock);
    EXPECT_FALSE(add_user(told_, files_, {.name = "alice"}));
    EXPECT_NE(said(false).find("does another process change it?"), std::string::npos);
}

// ---- The venue ----

// Answers what the operator sends: one asset, accounts below 100.
class SmallVenue {
  public:
    explicit SmallVenue(const std::string& address) : network_(*host::SocketNetwork::make()) {
        EXPECT_TRUE(network_->listen(address));
        thread_ = std::thread([this] { work(); });
    }
    ~SmallVenue() {
        stops_ = true;
        thread_.join();
    }

    std::atomic<std::int64_t> deposited = 0;

  private:
    void work() {
        native::ByteQueue in(std::size_t{1} << 18U);
        native::ByteQueue out(std::size_t{1} << 18U);
        std::optional<host::ConnectionId> client;
        while (!stops_) {
            network_->wait(5);
            static_cast<void>(network_->ready());
            while (const auto arrival = network_->accepted()) {
                client = arrival->connection;
                in.take(in.size());
                out.take(out.size());
            }
            if (!client.has_value()) {
                continue;
            }
            in.fill(network_->receive(*client, in.room(native::frame_max)).bytes);
            while (const auto frame = native::first_frame(in)) {
                answer(*frame, out);
                in.take(frame->size());
            }
            out.take(network_->send(*client, out.front()).bytes);
        }
    }
    void answer(const native::Frame& frame, native::ByteQueue& out) {
        if (frame.kind == native::FrameKind::hello) {
            ASSERT_TRUE(native::put_body(
                out, native::FrameKind::welcome,
                native::Welcome{.version = native::native_version, .answers_per_session = 16}));
            return;
        }
        const std::vector<Unit> message = [&] {
            const std::span<const Unit> units = native::as_message(frame.body, room_);
            return std::vector<Unit>(units.begin(), units.end());
        }();
        const auto& header = protocol::view<protocol::CommandHeader>(message);
        std::array<Unit, 4> units{};
        if (frame.kind == native::FrameKind::query) {
            answer_query(protocol::view<protocol::QueryAsset>(message), units, out);
            return;
        }
        protocol::Completed completed{.session = header.session,
                                      .client_sequence = header.client_sequence,
                                      .account = header.account,
                                      .reject = Reject::none};
        if (header.type == static_cast<std::uint16_t>(protocol::CommandType::deposit)) {
            deposited = protocol::view<protocol::Deposit>(message).amount.value();
        } else if (protocol::view<protocol::OpenAccount>(message).opened >= AccountId(100)) {
            completed.reject = Reject::unknown_account;
        }
        put(native::FrameKind::event, protocol::encode(completed, units), out);
    }
    void answer_query(const protocol::QueryAsset& query, std::span<Unit> units,
                      native::ByteQueue& out) {
        if (query.asset == AssetId(0)) {
            const protocol::AssetAnswer answer{.client_sequence = query.header.client_sequence,
                                               .name = protocol::Name("USDC"),
                                               .decimals = 6,
                                               .asset = query.asset};
            put(native::FrameKind::answer, protocol::encode(answer, units), out);
            return;
        }
        const protocol::Refused refused{.client_sequence = query.header.client_sequence,
                                        .reject = Reject::unknown_asset};
        put(native::FrameKind::answer, protocol::encode(refused, units), out);
    }
    static void put(native::FrameKind kind, std::span<const Unit> units, native::ByteQueue& out) {
        EXPECT_TRUE(native::put_frame(out, kind, std::as_bytes(units)));
    }

    std::unique_ptr<host::SocketNetwork> network_;
    std::vector<Unit> room_ = std::vector<Unit>(protocol::units_max());
    std::atomic<bool> stops_ = false;
    std::thread thread_;
};

TEST_F(AdminTest, accounts_and_deposits_go_to_the_venue_and_are_told_in_words) {
    const Door door{.address = "unix:" + (folder_ / "door").string(), .patience_seconds = 60};
    const SmallVenue venue(door.address);
    EXPECT_TRUE(open_account(told_, door, AccountId(7), OwnerId(3)));
    EXPECT_EQ(said(true), "account 7 is open, of owner 3\n");
    EXPECT_FALSE(open_account(told_, door, AccountId(100), OwnerId(3)));
    EXPECT_EQ(said(false), "miletus: the venue refused: " +
                               std::string(sentence(Reject::unknown_account)) + "\n");
    EXPECT_TRUE(deposit(told_, door, AccountId(7), "1000.5", "USDC"));
    EXPECT_EQ(said(true), "1000.5 USDC came into account 7\n");
    EXPECT_EQ(venue.deposited, 1'000'500'000);
    EXPECT_FALSE(deposit(told_, door, AccountId(7), "1", "BTC"));
    EXPECT_EQ(said(false), "miletus: the venue has no asset BTC; it has USDC\n");
    for (const std::string amount : {"0", "-1", "1.0000001", "x", ""}) {
        EXPECT_FALSE(deposit(told_, door, AccountId(7), amount, "USDC"));
        EXPECT_NE(said(false).find("is no amount of USDC"), std::string::npos);
    }
}

TEST_F(AdminTest, says_that_no_venue_is_there) {
    const Door door{.address = "unix:" + (folder_ / "door").string(), .patience_seconds = 1};
    EXPECT_FALSE(open_account(told_, door, AccountId(7), OwnerId(3)));
    EXPECT_NE(said(false).find("is the venue running"), std::string::npos);
}

// ---- The command line ----

TEST_F(AdminTest, the_words_of_the_command_line_are_verbs_and_options) {
    const auto run = [this](std::vector<std::string> words) {
        CLI::App app;
        CommandLine line;
        line.describe(app);
        std::ranges::reverse(words);
        try {
            app.parse(words);
        } catch (const CLI::ParseError& error) {
            mistakes_ << error.what();
            return false;
        }
        return line.run(told_);
    };
    const auto with_files = [this](std::vector<std::string> words) {
        words.insert(words.end(),
                     {"--credentials", files_.credentials, "--seal-key", files_.seal_key});
        return words;
    };
    EXPECT_TRUE(run(with_files({"init"})));
    EXPECT_TRUE(run(with_files({"user", "add", "alice", "--account", "7", "8"})));
    EXPECT_TRUE(run(with_files({"user", "accounts", "alice", "9"})));
    EXPECT_TRUE(run(with_files({"key", "add", "alice", "--scope", "trade:read_write account:read",
                                "--account", "9", "--ip", "10.0.0.0/8", "::1", "--name", "bot"})));
    EXPECT_TRUE(run(with_files({"key", "scope", "1", "trade:read", "wallet:read"})));
    EXPECT_TRUE(run(with_files({"key", "ip", "1", "10.0.0.1"})));
    EXPECT_TRUE(run(with_files({"key", "disable", "1"})));
    said(true);
    EXPECT_TRUE(run(with_files({"key", "list"})));
    EXPECT_NE(said(true).find("alice's account 9, bot, disabled\n    trade:read wallet:read\n"
                              "    from 10.0.0.1\n"),
              std::string::npos);
    EXPECT_TRUE(run(with_files({"key", "enable", "1"})));
    EXPECT_TRUE(run(with_files({"key", "reset", "1"})));
    EXPECT_TRUE(run(with_files({"key", "remove", "1"})));
    said(true);
    EXPECT_FALSE(run(with_files({"key", "remove"})));
    EXPECT_FALSE(run({"key"}));
    EXPECT_FALSE(run({"deposit", "7", "1"}));
    EXPECT_FALSE(run({"nonsense"}));
}

}  // namespace
}  // namespace miletus::admin
