// What the tests of this folder share: a server over the simulated network, clients that speak raw
// bytes, and an owner that answers everything with what it was told.
#pragma once

#include "edge/web/web.hpp"
#include "host/clock.hpp"
#include "sim/simulated_network/simulated_network.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::web {

class HandClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return now_; }
    void pass(Nanos span) { now_ = now_ + span; }

  private:
    UnixNanos now_{1'700'000'000'000'000'000};
};

// A client's frame, as a naive writer makes it.
inline std::string client_frame(unsigned first_byte, std::string_view payload,
                                std::array<unsigned char, 4> mask = {0x11, 0x22, 0x33, 0x44}) {
    std::string frame(1, static_cast<char>(first_byte));
    const std::size_t size = payload.size();
    const auto put = [&](std::size_t count) {
        for (std::size_t left = count; left != 0; --left) {
            frame += static_cast<char>(size >> (8 * (left - 1)) & 0xFFU);
        }
    };
    if (size < 126) {
        frame += static_cast<char>(0x80U | size);
    } else if (size < 65536) {
        frame += static_cast<char>(0x80U | 126U);
        put(2);
    } else {
        frame += static_cast<char>(0x80U | 127U);
        put(8);
    }
    for (const unsigned char byte : mask) {
        frame += static_cast<char>(byte);
    }
    for (std::size_t at = 0; at < size; ++at) {
        frame += static_cast<char>(static_cast<unsigned char>(payload[at]) ^ mask[at % 4]);
    }
    return frame;
}

inline std::string text_frame(std::string_view text) {
    return client_frame(0x81, text);
}

inline std::string close_frame(unsigned code, std::string_view reason) {
    std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    payload += reason;
    return client_frame(0x88, payload);
}

constexpr std::string_view upgrade_request =
    "GET /ws/api/v2 HTTP/1.1\r\nHost: venue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// What a server's frame of text is, in a naive writer's words.
inline std::string server_frame(unsigned first_byte, std::string_view payload) {
    std::string frame = client_frame(first_byte, payload, {});
    const std::size_t head = payload.size() < 126 ? 2 : payload.size() < 65536 ? 4 : 10;
    frame[1] = static_cast<char>(static_cast<unsigned char>(frame[1]) & 0x7FU);
    return frame.erase(head, 4);
}

class Bench {
  public:
    using Client = host::ConnectionId;

    explicit Bench(const Settings& settings = {}, std::uint64_t seed = 1,
                   std::size_t bytes_under_way_max = std::size_t{1} << 22U)
        : network_(seed, bytes_under_way_max),
          server_(network_.venue(), clock_, settings, std::nullopt) {
        network_.be_calm();
    }

    Client connect(const std::string& where = "door:0") {
        const Client client = *network_.clients().connect(where);
        turn();
        return client;
    }
    // Clients that ask for one find their WebSocket open.
    Client connect_websocket(const std::string& where = "door:0") {
        const Client client = connect(where);
        say(client, upgrade_request);
        heard_[client].clear();
        return client;
    }
    void send(Client client, std::string_view bytes) {
        while (!bytes.empty()) {
            const host::Transfer sent =
                network_.clients().send(client, std::as_bytes(std::span(bytes)));
            bytes.remove_prefix(sent.bytes);
            if (!sent.is_open) {
                return;
            }
            if (!bytes.empty()) {
                turn();
            }
        }
    }
    void say(Client client, std::string_view bytes) {
        send(client, bytes);
        turn();
    }
    // What this client hears back to these bytes, all of it.
    std::string answer_to(std::string_view bytes) {
        const Client client = connect();
        say(client, bytes);
        return heard(client);
    }

    void turn() {
        for (int count = 0; count < 3; ++count) {
            server_.hear([&](const Inbound& inbound) { return take(inbound); });
            server_.send_all();
            listen();
        }
    }
    void pass(Nanos span) {
        constexpr Nanos step{500'000'000};
        for (Nanos passed; passed < span; passed += step) {
            clock_.pass(step);
            turn();
        }
    }

    std::string& heard(Client client) { return heard_[client]; }
    [[nodiscard]] bool is_over(Client client) { return is_over_[client]; }
    void hang_up(Client client) {
        network_.clients().close(client);
        is_gone_[client] = true;
    }
    Server& server() { return server_; }
    simulation::SimulatedNetwork& network() { return network_; }
    HandClock& clock() { return clock_; }

    // What the owner was shown, one line each, and whether it takes and answers it.
    std::vector<std::string> shown;
    std::vector<Inbound> last;  // its views no longer hold
    bool takes = true;
    bool answers = true;
    bool listens = true;  // the clients

  private:
    bool take(const Inbound& inbound) {
        if (!takes) {
            return false;
        }
        last.push_back(inbound);
        switch (inbound.kind) {
            case Inbound::Kind::request:
                shown.push_back(told(inbound));
                if (answers) {
                    server_.respond(inbound.connection, {.body = shown.back()});
                }
                return true;
            case Inbound::Kind::opened_websocket:
                shown.push_back("opened " + std::string(inbound.target));
                return true;
            case Inbound::Kind::message:
                shown.push_back("message " + std::string(inbound.body));
                if (answers) {
                    server_.send(inbound.connection, inbound.body);
                }
                return true;
            case Inbound::Kind::closed:
                shown.push_back("closed " + std::to_string(static_cast<unsigned>(inbound.code)));
                return true;
        }
        return true;
    }
    static std::string told(const Inbound& inbound) {
        std::string line(inbound.method);
        for (const std::string_view part : {inbound.target, inbound.body}) {
            line += part.empty() ? "" : " " + std::string(part);
        }
        return line;
    }
    void listen() {
        std::array<std::byte, 65536> room{};
        const auto ready = network_.clients().ready();
        for (const Client client : std::vector<Client>(ready.begin(), ready.end())) {
            if (!listens || is_gone_[client]) {
                continue;
            }
            const host::Transfer got = network_.clients().receive(client, room);
            for (const std::byte byte : std::span(room).first(got.bytes)) {
                heard_[client] += static_cast<char>(byte);
            }
            is_over_[client] = !got.is_open;
        }
    }

    HandClock clock_;
    simulation::SimulatedNetwork network_;
    Server server_;
    std::map<Client, std::string> heard_;
    std::map<Client, bool> is_over_;
    std::map<Client, bool> is_gone_;
};

inline std::vector<std::string> words(std::initializer_list<std::string> list) {
    return list;
}

}  // namespace miletus::web
