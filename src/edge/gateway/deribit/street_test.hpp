// A whole venue behind the gateway, in memory and on one thread, and clients who speak raw HTTP and
// WebSocket to it: what the tests of this folder share.
#pragma once

#include "edge/gateway/deribit/deribit.hpp"
#include "exchange/exchange.hpp"
#include "host/log.hpp"
#include "sim/simulated_disk/simulated_disk.hpp"
#include "sim/simulated_network/simulated_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::deribit {

class HandClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return now_; }
    void pass(Nanos span) { now_ = now_ + span; }  // or back

  private:
    UnixNanos now_{1'767'254'400'000'000'000};  // 2026-01-01 08:00 UTC
};

// Tells nobody, and keeps every line to be searched for secrets.
class KeptLog final : public host::Log {
  public:
    void write(host::LogLevel level, std::string_view event,
               std::initializer_list<host::LogField> fields) override {
        text += host::log_line(level, event, fields);
    }
    std::string text;
};

inline exchange::Settings street_settings() {
    exchange::Settings settings;
    settings.limits.assets = 4;
    settings.limits.underlyings = 2;
    settings.limits.instruments = 16;
    settings.limits.accounts = 32;
    settings.limits.positions = 64;
    settings.limits.orders = 1024;
    settings.limits.waiting_orders = 64;
    settings.limits.labels = 256;
    settings.limits.level_pages = 256;
    settings.limits.directory_entries = 1U << 16U;
    settings.limits.sessions = 64;
    settings.limits.sessions_per_account = 16;
    settings.limits.fills_per_command = 16;
    settings.limits.settlements_per_command = 64;
    settings.limits.event_units = 1U << 17U;
    settings.journal = {.segment_bytes = 64 * host::disk_block,
                        .first_segment_bytes = 64 * host::disk_block,
                        .record_units = host::units_per_block - journal::record_header_units,
                        .spare_segments = 3};
    settings.ring_units = 1024;
    settings.answer_units = 1024;
    settings.snapshot_interval = 0;
    settings.seats = {{.hears_answers = true}};
    return settings;
}

inline client_feed::AccountsSettings small_accounts() {
    return {.accounts = 32,
            .assets = 4,
            .positions = 64,
            .open_orders = 1024,
            .closed_orders = 256,
            .closed_orders_per_account = 128,
            .trades = 256,
            .trades_per_account = 128,
            .transactions = 256,
            .transactions_per_account = 128,
            .settlements = 64,
            .settlements_per_account = 32};
}

struct Person {
    AccountId account;
    std::string id;
    std::string secret;
};

// Alice with account 7 and its subaccount 8, Bob with account 9.
struct People {
    credentials::Register content;
    Person alice;
    Person reader;  // Alice's too, and may only read
    Person bob;

    People() {
        using credentials::Access;
        using credentials::Scopes;
        const auto first = *content.add_user(
            {.name = "alice", .owner = OwnerId(1), .accounts = {AccountId(7), AccountId(8)}});
        const auto second =
            *content.add_user({.name = "bob", .owner = OwnerId(2), .accounts = {AccountId(9)}});
        alice = add(first, AccountId(7), Scopes::all(Access::read_write));
        reader = add(first, AccountId(7), Scopes::all(Access::read));
        bob = add(second, AccountId(9), Scopes::all(Access::read_write));
    }

  private:
    Person add(credentials::UserId user, AccountId account, const credentials::Scopes& most) {
        const auto key = *content.add_key({.user = user,
                                           .account = account,
                                           .name = "key",
                                           .most = most,
                                           .addresses = {},
                                           .created = UnixNanos(1)});
        return {.account = account,
                .id = content.key(key)->client_id,
                .secret = std::string(content.key(key)->secret.view())};
    }
};

class Street : public testing::Test {
  protected:
    using Client = host::ConnectionId;

    Street()
        : disk_(7),
          network_(1, std::size_t{1} << 22U),
          credentials_(
              credentials::Register(*credentials::Register::decode(people.content.encode())),
              credentials::Settings{.path = {}, .seal_key = {}, .tokens = {}}) {
        network_.be_calm();
        open();
        list();
    }

    ~Street() override { gateway.reset(); }
    Street(const Street&) = delete;
    Street& operator=(const Street&) = delete;

    // ---- The venue ----
    void open() {
        auto opened = exchange::Exchange::open(
            {.disk = disk_,
             .segments_disk = disk_,
             .clock = clock,
             .fresh_log = journal::LogId{1},
             .on_standing = [this](std::span<const Unit> event) { read(event); },
             .on_replayed =
                 [this](std::span<const Unit> event) {
                     read(event);
                 }},
            street_settings());
        ASSERT_TRUE(opened.has_value());
        exchange_ = std::move(*opened);
        exchange::Seat& seat = exchange_->seat(0);
        Settings settings;
        settings.rates.matching.cap = 0;
        settings.rates.non_matching.cap = 0;
        settings.rates.subscription.cap = 0;
        settings.rates.instruments.cap = 0;
        settings.rates.matching = matching.value_or(settings.rates.matching);
        settings.rates.non_matching = non_matching.value_or(settings.rates.non_matching);
        settings.epoch = exchange_->recovered().superblock.epoch;
        host::Network& sockets = network == nullptr ? network_.venue() : *network;
        gateway = std::make_unique<Gateway>(Surroundings{.network = sockets,
                                                         .clock = clock,
                                                         .log = log,
                                                         .intake = seat.intake(),
                                                         .events = seat.events(),
                                                         .answers = seat.answers(),
                                                         .markets = markets,
                                                         .accounts = *accounts,
                                                         .credentials = credentials_},
                                            settings, std::nullopt);
    }
    // The process ends and another goes on from the journal.
    void reopen() {
        gateway.reset();
        exchange_.reset();
        markets = market_data::Markets(rooms);
        accounts = std::make_unique<client_feed::Accounts>(small_accounts());
        open();
        work();
        submit(protocol::SetVenueState{.state = protocol::VenueState::normal});
    }
    void read(std::span<const Unit> event) {
        markets.read(event);
        static_cast<void>(accounts->read(event));
    }
    template <class Message, class... Entries>
    void submit(const Message& message, const Entries&... entries) {
        std::vector<Unit> units(
            protocol::units_of<Message>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
        protocol::encode(message, entries..., units);
        ASSERT_TRUE(exchange_->intake().submit_command(units));
        exchange_->intake().publish();
        work();
    }
    // BTC_USDC with a perpetual at 100,000, open; everybody has a million.
    void list() {
        work();
        submit(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
        submit(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
        submit(protocol::AddUnderlying{
            .name = protocol::Name("BTC_USDC"), .base = AssetId(1), .quote = AssetId(0)});
        list_future(UnixNanos(0));
        for (const Person* person : {&people.alice, &people.bob}) {
            const AccountId account = person->account;
            submit(protocol::OpenAccount{.owner = OwnerId(account.value()), .opened = account});
            submit(protocol::Deposit{
                .amount = Amount(1'000'000'000'000), .receiver = account, .asset = AssetId(0)});
        }
        tell_index(100'000);
        open_for_trading(InstrumentId(0));
        submit(protocol::SetVenueState{.state = protocol::VenueState::normal});
    }
    // A perpetual where there is no expiry.
    void list_future(UnixNanos expiry) {
        submit(protocol::ListFuture{.expiry = expiry,
                                    .terms = {.tick = IndexPrice(500'000),
                                              .lot = Amount(10'000),
                                              .price_low = Ticks(2),
                                              .price_high = Ticks(400'000),
                                              .lots_max = Lots(10'000'000)},
                                    .underlying = UnderlyingId(0)},
               std::vector<protocol::TickStep>());
    }
    void open_for_trading(InstrumentId instrument) {
        submit(protocol::SetInstrumentState{.instrument = instrument,
                                            .state = protocol::InstrumentState::open});
    }
    // Its number, and its name, are free for another one then.
    void archive(InstrumentId instrument) {
        submit(protocol::SetInstrumentState{.instrument = instrument,
                                            .state = protocol::InstrumentState::settling});
        pass(Nanos(1'000'000));
        submit(protocol::ArchiveInstrument{.instrument = instrument});
    }
    void tell_index(std::int64_t price) {
        std::vector<protocol::SourcePrice> sources;
        for (std::uint32_t source = 0; source < 3; ++source) {
            sources.push_back(
                {.price = IndexPrice(price * 1'000'000), .source = source, .weight = 1});
        }
        submit(protocol::UpdateIndex{.underlying = UnderlyingId(0)}, sources);
    }
    void work() {
        for (int turn = 0; turn < 40; ++turn) {
            let_venue_work();
            gateway->do_work();
            listen();
        }
    }
    void let_venue_work() {
        exchange_->sequence();
        exchange_->execute();
        ASSERT_TRUE(exchange_->write().has_value());
        ASSERT_TRUE(exchange_->make_room().has_value());
        exchange_->attest();
        exchange_->events().poll([](std::span<const Unit> /*event*/) { return true; });
        exchange_->answers().poll([](std::span<const Unit> /*answer*/) { return true; });
    }
    void pass(Nanos span) {
        clock.pass(span);
        work();
    }

    // ---- HTTP ----
    std::string http(const std::string& request) {
        const Client client = connect();
        send(client, request);
        work();
        const std::string told = take(client);
        const std::size_t body = told.find("\r\n\r\n");
        status = told.substr(9, 3);
        network_.clients().close(client);
        gone_[client] = true;
        return body == std::string::npos ? told : told.substr(body + 4);
    }
    std::string get(const std::string& target, const std::string& authorization = "") {
        const std::string header =
            authorization.empty() ? "" : "Authorization: " + authorization + "\r\n";
        return http("GET " + target + " HTTP/1.1\r\nHost: venue\r\n" + header + "\r\n");
    }
    // Signed as ccxt does.
    std::string get_signed(const Person& person, const std::string& target,
                           std::int64_t late_ms = 0) {
        const std::string ts = std::to_string(clock.now().value() / 1'000'000 - late_ms);
        const std::string nonce = std::to_string(++nonce_);
        const std::string signature = credentials::signature_of(
            person.secret, ts + "\n" + nonce + "\nGET\n" + target + "\n\n");
        return get(target, "deri-hmac-sha256 id=" + person.id + ",ts=" + ts + ",sig=" + signature +
                               ",nonce=" + nonce);
    }

    // ---- WebSocket ----
    Client connect(const std::string& from = "door:0") { return *network_.clients().connect(from); }
    Client open_websocket(const std::string& from = "door:0") {
        const Client client = connect(from);
        send(client,
             "GET /ws/api/v2 HTTP/1.1\r\nHost: venue\r\nUpgrade: websocket\r\nConnection: "
             "Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "Sec-WebSocket-Version: 13\r\n\r\n");
        work();
        static_cast<void>(take(client));
        return client;
    }
    // The answer, and what was told meanwhile, as texts.
    std::vector<std::string> call(Client client, const std::string& method,
                                  const std::string& params) {
        say(client, R"({"jsonrpc":"2.0","id":)" + std::to_string(++calls_) + R"(,"method":")" +
                        method + R"(","params":)" + params + "}");
        return hear(client);
    }
    std::string answer(Client client, const std::string& method, const std::string& params) {
        for (const std::string& told : call(client, method, params)) {
            if (told.contains("\"id\":" + std::to_string(calls_))) {
                return told;
            }
        }
        return "";
    }
    std::string log_in(Client client, const Person& person, const std::string& scope = "") {
        return answer(client, "public/auth",
                      R"({"grant_type":"client_credentials","client_id":")" + person.id +
                          R"(","client_secret":")" + person.secret + R"(","scope":")" + scope +
                          R"("})");
    }
    void say(Client client, const std::string& text) {
        send_text(client, text);
        work();
    }
    void send_text(Client client, const std::string& text) {
        std::string frame(1, static_cast<char>(0x81));
        if (text.size() < 126) {
            frame += static_cast<char>(0x80U | text.size());
        } else {
            frame += static_cast<char>(0x80U | 126U);
            frame += static_cast<char>(text.size() >> 8U);
            frame += static_cast<char>(text.size() & 0xffU);
        }
        frame += std::string(4, '\0') + text;
        send(client, frame);
    }
    // Texts of the frames that came.
    std::vector<std::string> hear(Client client) {
        std::vector<std::string> texts;
        std::string bytes = take(client);
        std::size_t at = 0;
        while (at + 2 <= bytes.size()) {
            const auto octet = [&](std::size_t place) {
                return static_cast<std::size_t>(static_cast<unsigned char>(bytes[place]));
            };
            std::size_t size = octet(at + 1);
            std::size_t head = 2;
            const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
            if (more != 0) {
                size = 0;
                for (std::size_t place = 0; place < more; ++place) {
                    size = size << 8U | octet(at + 2 + place);
                }
                head += more;
            }
            texts.push_back((octet(at) == 0x88 ? "close " : "") + bytes.substr(at + head, size));
            at += head + size;
        }
        return texts;
    }
    void hang_up(Client client) {
        network_.clients().close(client);
        gone_[client] = true;
        work();
    }

    void send(Client client, const std::string& bytes) {
        const std::span<const char> letters(bytes);
        static_cast<void>(network_.clients().send(client, std::as_bytes(letters)));
    }
    std::string take(Client client) { return std::exchange(heard_[client], ""); }
    void listen() {
        std::array<std::byte, 65536> room{};
        const auto ready = network_.clients().ready();
        for (const Client client : std::vector<Client>(ready.begin(), ready.end())) {
            while (!gone_[client]) {
                const host::Transfer got = network_.clients().receive(client, room);
                for (const std::byte byte : std::span(room).first(got.bytes)) {
                    heard_[client] += static_cast<char>(byte);
                }
                is_over[client] = !got.is_open;
                if (got.bytes == 0) {
                    break;
                }
            }
        }
    }

    // What stands behind the first `"name":` in the text, up to the next comma or bracket.
    static std::string value(const std::string& text, const std::string& name) {
        const std::size_t at = text.find("\"" + name + "\":");
        if (at == std::string::npos) {
            return "";
        }
        const std::size_t begin = at + name.size() + 3;
        if (text[begin] == '"') {
            return text.substr(begin + 1, text.find('"', begin + 1) - begin - 1);
        }
        return text.substr(begin, text.find_first_of(",}]", begin) - begin);
    }

    HandClock clock;
    KeptLog log;
    People people;
    market_data::Markets markets{market_data::Rooms()};
    std::unique_ptr<client_feed::Accounts> accounts =
        std::make_unique<client_feed::Accounts>(small_accounts());
    // From the next start on; without one nothing is counted.
    std::optional<Rate> matching{};  // orders
    std::optional<Rate> non_matching{};
    market_data::Rooms rooms{};        // of the markets
    host::Network* network = nullptr;  // before the simulated one
    std::unique_ptr<Gateway> gateway;
    std::string status;  // of the last answer over HTTP
    std::map<Client, bool> is_over;

    [[nodiscard]] host::Network& sockets() LIFETIME_BOUND { return network_.venue(); }

  private:
    simulation::SimulatedDisk disk_;
    simulation::SimulatedNetwork network_;
    credentials::Credentials credentials_;
    std::unique_ptr<exchange::Exchange> exchange_;
    std::map<Client, std::string> heard_;
    std::map<Client, bool> gone_;
    std::uint64_t nonce_ = 0;
    int calls_ = 0;
};

// ---- What is said and told ----

constexpr Nanos second{1'000'000'000};

[[nodiscard]] inline std::size_t count_of(const std::vector<std::string>& texts,
                                          std::string_view part) {
    return static_cast<std::size_t>(std::ranges::count_if(
        texts, [part](const std::string& text) { return text.contains(part); }));
}

[[nodiscard]] inline std::string one_with(const std::vector<std::string>& texts,
                                          std::string_view part) {
    const auto found = std::ranges::find_if(
        texts, [part](const std::string& text) { return text.contains(part); });
    return found == texts.end() ? "" : *found;
}

// The parameters of a call about the perpetual.
[[nodiscard]] inline std::string order(std::string_view rest) {
    return R"({"instrument_name":"BTC_USDC-PERPETUAL",)" + std::string(rest) + "}";
}

}  // namespace miletus::deribit
