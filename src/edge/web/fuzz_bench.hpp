// What both fuzzers of this folder drive: a small server, two clients, and an owner that takes or
// holds back as the input says.
#pragma once

#include "base/assert.hpp"
#include "edge/web/bench_test.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace miletus::web {

class FuzzBench {
  public:
    static constexpr std::uint32_t head_max = 512;
    static constexpr std::uint32_t body_max = 400;
    static constexpr std::uint32_t out_max = 4096;

    FuzzBench() : server_(network_.venue(), clock_, small(), std::nullopt) {
        network_.be_calm();
        for (host::ConnectionId& client : clients_) {
            client = *network_.clients().connect("door:0");
        }
        turn();
    }

    void say(std::size_t client, std::span<const std::byte> bytes) {
        static_cast<void>(network_.clients().send(clients_[client], bytes));
        turn();
    }
    // The next piece of input is preceded by a byte: who speaks, whether the owner takes what it is
    // shown, whether it answers at once, and how long the piece is.
    void play(std::span<const std::byte> input) {
        while (!input.empty()) {
            const auto head = std::to_integer<std::size_t>(input.front());
            input = input.subspan(1);
            takes_ = (head & 2U) == 0;
            answers_ = (head & 4U) == 0;
            const std::size_t length = std::min(1 + (head >> 3U) * (head >> 3U), input.size());
            say(head & 1U, input.first(length));
            input = input.subspan(length);
        }
        takes_ = true;
        answers_ = true;
        clock_.pass(Nanos(300'000'000));
        for (int count = 0; count < 4; ++count) {
            turn();
        }
    }

  private:
    static Settings small() {
        return {.connections_max = 2,
                .head_bytes_max = head_max,
                .target_bytes_max = 128,
                .body_bytes_max = body_max,
                .message_bytes_max = body_max,
                .out_bytes_behind = 1024,
                .out_bytes_max = out_max};
    }

    void turn() {
        std::size_t shown = 0;
        server_.hear([&](const Inbound& inbound) {
            ++shown;
            ASSERT(shown < 10'000);
            return take(inbound);
        });
        for (const ConnectionId waiting : unanswered_) {
            if (answers_) {
                server_.respond(waiting, {.body = "later"});
            }
        }
        if (answers_) {
            unanswered_.clear();
        }
        server_.send_all();
        std::array<std::byte, 65536> room{};
        for (const host::ConnectionId client : clients_) {
            static_cast<void>(network_.clients().receive(client, room));
        }
    }

    bool take(const Inbound& inbound) {
        if (!takes_) {
            return false;
        }
        switch (inbound.kind) {
            case Inbound::Kind::request:
                check_request(inbound);
                unanswered_.insert(inbound.connection);
                break;
            case Inbound::Kind::opened_websocket:
                ASSERT(inbound.target.starts_with("/ws/api/v2") && inbound.body.empty());
                ASSERT(sockets_.insert(inbound.connection).second);
                break;
            case Inbound::Kind::message:
                ASSERT(sockets_.contains(inbound.connection));
                ASSERT(inbound.body.size() <= body_max);
                ASSERT(is_utf8(std::as_bytes(std::span(inbound.body))));
                static_cast<void>(server_.send(inbound.connection, inbound.body));
                break;
            case Inbound::Kind::closed:
                ASSERT(!server_.is_open(inbound.connection));
                unanswered_.erase(inbound.connection);
                ASSERT(gone_.insert(inbound.connection).second);
                break;
        }
        ASSERT(inbound.kind == Inbound::Kind::closed || !gone_.contains(inbound.connection));
        return true;
    }
    void check_request(const Inbound& inbound) const {
        const std::string_view method = inbound.method;
        ASSERT(method == "GET" || method == "HEAD" || method == "POST");
        ASSERT(inbound.target.starts_with('/') && inbound.target.size() <= 2 * head_max);
        ASSERT(inbound.target.find_first_of(" \r\n") == std::string_view::npos);
        ASSERT(inbound.authorization.find_first_of("\r\n") == std::string_view::npos);
        ASSERT(inbound.body.size() <= body_max);
        // The one before was answered.
        ASSERT(!unanswered_.contains(inbound.connection));
        ASSERT(!sockets_.contains(inbound.connection));
    }

    HandClock clock_;
    simulation::SimulatedNetwork network_{1, std::size_t{1} << 16U};
    Server server_;
    std::array<host::ConnectionId, 2> clients_{};
    std::set<ConnectionId> unanswered_;
    std::set<ConnectionId> sockets_;
    std::set<ConnectionId> gone_;
    bool takes_ = true;
    bool answers_ = true;
};

}  // namespace miletus::web
