// Session: a client's side of the native protocol, without a network: bytes go in, bytes come out.
// It numbers commands and keeps each until it is answered; after a lost connection it sends them
// again under the same numbers, so that each is carried out once, and goes on hearing events where
// it stopped. A program that starts again goes on with the numbers of its session, or takes a new
// one. Owned by one thread.
#pragma once

#include "edge/native/native.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace miletus::client {

struct Identity {
    AccountId account{};
    SessionId session{};
    native::Feed feed = native::Feed::account;
    native::Key key{};
    ClientSequence first{1};  // number of the first command
};

// What the venue says. The message is valid until the next one is heard.
struct Heard {
    native::FrameKind kind{};
    std::span<const Unit> message{};  // of an event or an answer
    bool is_repeat = false;           // an event that answers what was answered before
    native::Welcome welcome{};
    native::RefusedFrame refused{};
    native::Goodbye goodbye{};
    native::Ping pong{};
};

class Session {
  public:
    explicit Session(const Identity& identity);

    // ---- Saying ----
    // Whether the venue is sure to keep the answer until it is heard: it keeps so many of them.
    [[nodiscard]] bool may_submit() const;
    // Gives the command its number. It leaves now, or once connected; it waits for its answer.
    template <class Command>
    ClientSequence submit(Command command) {
        std::vector<Unit> units(protocol::units_of<Command>(0));
        number(command.header);
        protocol::encode(command, units);
        return keep(std::move(units));
    }
    template <protocol::Grouped Command>
    ClientSequence submit(Command command, std::span<const typename Command::Entry> entries) {
        std::vector<Unit> units(
            protocol::units_of<Command>(static_cast<std::uint32_t>(entries.size())));
        number(command.header);
        protocol::encode(command, entries, units);
        return keep(std::move(units));
    }
    // Asks. Nobody asks again: a query that is lost with its connection is the asker's to repeat.
    // False where it cannot leave now.
    template <class Query>
    [[nodiscard]] bool ask(Query query, ClientSequence number) {
        std::vector<Unit> units(protocol::units_of<Query>(0));
        query.header.client_sequence = number;
        protocol::encode(query, units);
        return is_welcome_ && put(native::FrameKind::query, std::as_bytes(std::span(units)));
    }
    // Keeps a quiet connection.
    bool ping(std::uint64_t token);

    // ---- The connection ----
    void connected();
    void disconnected();
    // The connection ended; what was received before is still to be heard.
    void ended() { is_welcome_ = false; }
    [[nodiscard]] bool is_welcome() const { return is_welcome_; }
    // What is to be sent, from the front.
    [[nodiscard]] std::span<const std::byte> outgoing() LIFETIME_BOUND;
    void sent(std::size_t bytes);
    // Where received bytes go.
    [[nodiscard]] std::span<std::byte> room() LIFETIME_BOUND;
    void received(std::size_t bytes) { in_.fill(bytes); }

    // ---- Hearing ----
    // The next thing the venue said; empty where no more has come. What is not of the protocol is
    // told as a goodbye.
    [[nodiscard]] std::optional<Heard> hear() LIFETIME_BOUND;

    // Commands without an answer, by number.
    [[nodiscard]] const std::map<std::uint64_t, std::vector<Unit>>& waiting() const LIFETIME_BOUND {
        return waiting_;
    }
    [[nodiscard]] const Identity& identity() const LIFETIME_BOUND { return identity_; }

  private:
    void number(protocol::CommandHeader& header) const;
    ClientSequence keep(std::vector<Unit> units);
    [[nodiscard]] bool put(native::FrameKind kind, std::span<const std::byte> body);
    void put_waiting();
    [[nodiscard]] std::optional<Heard> understand(const native::Frame& frame);
    [[nodiscard]] std::optional<Heard> understand_message(const native::Frame& frame);
    void note_event(Heard& heard);
    void note_welcome(const native::Welcome& welcome);

    Identity identity_;
    native::ByteQueue in_;
    native::ByteQueue out_;
    std::vector<Unit> message_;
    std::map<std::uint64_t, std::vector<Unit>> waiting_;
    std::uint64_t next_;
    std::uint64_t next_to_send_;  // of those that wait: the first that has not left
    std::optional<native::EventPlace> heard_last_;
    std::uint32_t answers_kept_ = 1;
    bool is_welcome_ = false;
};

}  // namespace miletus::client
