// TLS, with OpenSSL's own client at the other end.
#include "edge/web/bench_test.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

namespace miletus::web {
namespace {

namespace files = std::filesystem;

constexpr Nanos step_ns{100'000'000};

const CertificateFiles& certificate_files() {
    static const CertificateFiles made = [] {
        const files::path folder = files::path(testing::TempDir()) / "web_tls_test";
        files::remove_all(folder);
        return *make_development_certificate(folder, {});
    }();
    return made;
}

TlsIdentity identity() {
    return std::move(*TlsIdentity::load(certificate_files().certificate, certificate_files().key));
}

// A client of OpenSSL behind memory, which trusts the server's certificate and no other.
class TlsClient {
  public:
    explicit TlsClient(int version)
        : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
        SSL_CTX_set_min_proto_version(context_.get(), version);
        SSL_CTX_set_max_proto_version(context_.get(), version);
        SSL_CTX_load_verify_file(context_.get(), certificate_files().certificate.c_str());
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set1_host(ssl_.get(), "localhost");
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_.get(), in_, out_);
        SSL_set_connect_state(ssl_.get());
    }

    void write(std::string_view text) { to_send_ += text; }
    void shut() { SSL_shutdown(ssl_.get()); }
    void renegotiate() { SSL_renegotiate(ssl_.get()); }

    // Goes on with what came, and hands over what is to be sent.
    std::string go_on(std::string_view came) {
        BIO_write(in_, came.data(), static_cast<int>(came.size()));
        ERR_clear_error();
        std::array<char, 20'000> room{};
        int got = 1;
        while (got > 0) {
            got = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
            heard.append(room.data(), static_cast<std::size_t>(std::max(got, 0)));
        }
        has_ended = SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN;
        has_failed = has_failed || SSL_get_error(ssl_.get(), got) == SSL_ERROR_SSL;
        if (SSL_is_init_finished(ssl_.get()) == 1 && !to_send_.empty() && !has_failed) {
            SSL_write(ssl_.get(), to_send_.data(), static_cast<int>(to_send_.size()));
            to_send_.clear();
        }
        std::string leaves(BIO_ctrl_pending(out_), '\0');
        BIO_read(out_, leaves.data(), static_cast<int>(leaves.size()));
        return leaves;
    }
    [[nodiscard]] bool has_shaken_hands() const { return SSL_is_init_finished(ssl_.get()) == 1; }

    std::string heard;
    bool has_ended = false;
    bool has_failed = false;

  private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    BIO* in_ = nullptr;
    BIO* out_ = nullptr;
    std::string to_send_;
};

// A server with a door of each kind, over a network that may cut what is sent into pieces.
class TlsBench {
  public:
    explicit TlsBench(std::uint64_t seed = 1, std::size_t bytes_under_way_max = 1U << 20U)
        : network_(seed, bytes_under_way_max),
          server_(network_.venue(), clock_, {.is_tls_door = {false, true}}, identity()) {
        link_ = *network_.clients().connect("door:1");
    }

    void turn(TlsClient& client) {
        server_.hear([&](const Inbound& inbound) {
            EXPECT_TRUE(inbound.is_tls);
            shown.push_back(inbound.kind == Inbound::Kind::closed ? "closed"
                                                                  : std::string(inbound.body));
            if (inbound.kind == Inbound::Kind::request) {
                server_.respond(inbound.connection, {.body = inbound.target});
            } else if (inbound.kind == Inbound::Kind::message) {
                server_.send(inbound.connection, inbound.body);
            }
            return true;
        });
        server_.send_all();
        std::array<std::byte, 65536> room{};
        const host::Transfer got = network_.clients().receive(link_, room);
        is_over = !got.is_open;
        std::string came;
        for (const std::byte byte : std::span(room).first(got.bytes)) {
            came += static_cast<char>(byte);
        }
        raw += came;
        under_way_ += client.go_on(came);
        const auto sent = network_.clients().send(link_, std::as_bytes(std::span(under_way_)));
        under_way_.erase(0, sent.bytes);
    }
    void turns(TlsClient& client, int count) {
        for (int left = count; left > 0; --left) {
            turn(client);
        }
    }
    void send_raw(std::string_view bytes) { under_way_ += bytes; }
    simulation::SimulatedNetwork& network() { return network_; }
    Server& server() { return server_; }
    HandClock& clock() { return clock_; }

    std::vector<std::string> shown;
    std::string raw;
    bool is_over = false;

  private:
    HandClock clock_;
    simulation::SimulatedNetwork network_;
    Server server_;
    host::ConnectionId link_{};
    std::string under_way_;
};

class Tls : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Versions, Tls, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

TEST_P(Tls, carries_a_websocket_from_end_to_end_in_any_pieces) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        TlsBench bench(seed, seed % 2 == 0 ? 600 : 1U << 16U);
        TlsClient client(GetParam());
        client.write(upgrade_request);
        bench.turns(client, 100);
        ASSERT_TRUE(client.has_shaken_hands()) << seed;
        ASSERT_TRUE(client.heard.starts_with("HTTP/1.1 101 ")) << seed;
        client.heard.clear();
        std::string expected;
        for (int count = 0; count < 50; ++count) {
            const std::string text(static_cast<std::size_t>(count) * 40, 't');
            client.write(text_frame(text));
            expected += server_frame(0x81, text);
        }
        client.write(close_frame(1000, ""));
        expected += server_frame(0x88, "\x03\xE8");
        bench.turns(client, 3000);
        EXPECT_EQ(client.heard, expected);
        EXPECT_TRUE(client.has_ended);  // properly, not only by the end of the bytes
        EXPECT_EQ(bench.shown.back(), "closed");
    }
}

TEST_P(Tls, carries_a_message_of_a_mebibyte) {
    TlsBench bench(1, 1U << 22U);
    bench.network().be_calm();
    TlsClient client(GetParam());
    client.write(upgrade_request);
    bench.turns(client, 10);
    client.heard.clear();
    const std::string text(1U << 20U, 'm');
    client.write(text_frame(text));
    bench.turns(client, 100);
    EXPECT_EQ(client.heard, server_frame(0x81, text));
}

TEST_P(Tls, ends_where_what_comes_is_not_sealed) {
    TlsBench bench;
    bench.network().be_calm();
    TlsClient client(GetParam());
    client.write("GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.turns(client, 10);
    EXPECT_TRUE(client.heard.ends_with("/1"));
    bench.send_raw("GET /2 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.turns(client, 10);
    EXPECT_TRUE(bench.is_over);
    EXPECT_EQ(bench.shown.size(), 2U);
    EXPECT_EQ(bench.shown.back(), "closed");
    EXPECT_EQ(bench.server().counters().malformed, 1U);
}

TEST_P(Tls, a_client_that_ends_it_is_heard_first) {
    TlsBench bench;
    bench.network().be_calm();
    TlsClient client(GetParam());
    client.write("GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.turns(client, 10);
    client.shut();
    bench.turns(client, 10);
    EXPECT_TRUE(client.heard.ends_with("/1"));
    EXPECT_TRUE(bench.is_over);
    bench.turns(client, 2);
    EXPECT_EQ(bench.server().connections(), 0U);
}

TEST(TlsOfOldVersions, are_refused) {
    TlsBench bench;
    bench.network().be_calm();
    TlsClient client(TLS1_1_VERSION);
    client.write("GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.turns(client, 10);
    EXPECT_FALSE(client.has_shaken_hands());
    EXPECT_TRUE(bench.shown.empty());
}

TEST(TlsOfOldVersions, do_not_shake_hands_anew) {
    TlsBench bench;
    bench.network().be_calm();
    TlsClient client(TLS1_2_VERSION);
    client.write("GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.turns(client, 10);
    client.renegotiate();
    client.write("GET /2 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.turns(client, 10);
    EXPECT_FALSE(client.heard.ends_with("/2"));
    EXPECT_TRUE(client.has_failed);
}

TEST(TlsDoor, answers_those_who_do_not_speak_it_with_an_alert_or_not_at_all) {
    TlsBench bench;
    bench.network().be_calm();
    TlsClient client(TLS1_3_VERSION);
    bench.send_raw("GET / HTTP/1.1\r\nHost: v\r\n\r\n");
    for (int count = 0; count < 5; ++count) {
        bench.turn(client);
    }
    EXPECT_TRUE(bench.shown.empty());
    EXPECT_EQ(bench.raw.find("HTTP"), std::string::npos);
    EXPECT_TRUE(bench.is_over);
}

TEST(TlsDoor, waits_for_a_handshake_as_long_as_it_says) {
    TlsBench bench;
    bench.network().be_calm();
    Server& server = bench.server();
    for (int count = 0; count < 105; ++count) {
        bench.clock().pass(step_ns);
        server.hear([](const Inbound&) { return true; });
        server.send_all();
    }
    server.hear([](const Inbound&) { return true; });
    EXPECT_EQ(server.connections(), 0U);
    EXPECT_EQ(server.counters().too_slow_in, 1U);
}

}  // namespace
}  // namespace miletus::web
