// The native gateway: connections in, commands and queries on to the sequencer; events and answers
// back, to those they concern. It gives every command the identity of its connection, and judges
// nothing else. What it cannot pass on it does not read, so that back-pressure reaches the client;
// who falls further behind than events are kept is sent away, and may come back and go on from the
// event it heard last. Owned by one thread.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/native/connection.hpp"
#include "edge/native/native.hpp"
#include "host/clock.hpp"
#include "host/log.hpp"
#include "host/network.hpp"
#include "protocol/durable_reader.hpp"
#include "protocol/intake.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace miletus::native_gateway {

// The world around it.
struct Surroundings {
    host::Network& network;
    host::Clock& clock;
    host::Log& log;
    protocol::Intake& intake;
    protocol::DurableReader& events;
    protocol::DurableReader& answers;
};

struct Settings {
    std::uint32_t connections_max = 256;
    std::uint32_t in_bytes = 1U << 16U;  // of each connection; more than a frame
    std::uint32_t out_bytes = 1U << 18U;
    Nanos silence_max{30'000'000'000};
    // Doors that let the operator in, by number; the others let accounts in.
    std::vector<bool> is_operators_door;
    // Where this is empty, accounts need no key; else those without one stay outside.
    std::map<AccountId, native::Key> keys;
};

// What welcomes say.
struct Venue {
    std::uint32_t epoch = 0;
    std::uint32_t answers_per_session = 0;
};

// Since the start.
struct Counters {
    std::uint64_t arrivals = 0;
    std::uint64_t commands = 0;
    std::uint64_t queries = 0;
    std::uint64_t refused = 0;    // before they got a number
    std::uint64_t held_back = 0;  // tries that the sequencer did not take
    std::uint64_t fell_behind = 0;
    std::uint64_t resumed = 0;
    std::uint64_t sent_away = 0;
};

class Gateway {
  public:
    // The history holds what happened before, as far as it can be told.
    Gateway(const Surroundings& surroundings, const Settings& settings, const Venue& venue,
            client_feed::History history);

    // Whether there was anything to do.
    bool do_work();

    // ---- Stopping ----
    // Nothing more is read.
    void stop_reading() { is_stopping_ = true; }
    // Whether everything that was told has been sent.
    [[nodiscard]] bool has_told_all() const;
    // Whether somebody waits for the sequencer, and so the sockets cannot be waited for.
    [[nodiscard]] bool is_held_back() const { return !readable_.empty(); }
    void say_goodbye();

    [[nodiscard]] const Counters& counters() const LIFETIME_BOUND { return counters_; }
    [[nodiscard]] std::size_t connections() const { return present_; }
    // All that was told to anyone.
    [[nodiscard]] const client_feed::History& history() const LIFETIME_BOUND { return history_; }

  private:
    using Slot = std::uint32_t;
    enum class Step : std::uint8_t { done, blocked, gone };

    void look_at_clock();

    // ---- In ----
    void welcome_arrivals();
    void turn_away(host::ConnectionId connection);
    [[nodiscard]] bool is_operators_door(std::uint32_t door) const;
    bool pass_on_departures();
    bool hear_all();
    [[nodiscard]] bool hear(Slot slot);
    [[nodiscard]] Step take_frames(Connection& connection);
    [[nodiscard]] Step take_frame(Connection& connection, const native::Frame& frame);
    [[nodiscard]] Step take_hello(Connection& connection, std::span<const std::byte> body);
    [[nodiscard]] std::optional<native::Parting> judge(const Connection& connection,
                                                       const native::Hello& hello) const;
    [[nodiscard]] bool admits(const Connection& connection, const native::Hello& hello) const;
    [[nodiscard]] Step take_command(Connection& connection, std::span<const std::byte> body);
    [[nodiscard]] Step take_query(Connection& connection, std::span<const std::byte> body);
    [[nodiscard]] Step take_ping(Connection& connection, std::span<const std::byte> body);
    [[nodiscard]] Step refuse(Connection& connection, std::span<const Unit> message, Reject reject);
    [[nodiscard]] std::span<const Unit> identified(const Connection& connection,
                                                   std::span<const Unit> message);

    // ---- Out ----
    bool tell_events();
    bool tell_answers();
    void tell(std::span<const Unit> event, std::uint64_t position);
    bool go_on_with_those_behind();
    void fall_behind(Connection& connection, std::uint64_t position);
    void mark_told(Connection& connection);
    bool send_all();
    [[nodiscard]] bool send(Connection& connection);
    bool send_silent_away();
    [[nodiscard]] Nanos patience_with(const Connection& connection) const;

    // ---- Ends ----
    void send_away(Connection& connection, native::Parting parting);
    void lose(Connection& connection, std::string_view why);

    [[nodiscard]] Connection& at(Slot slot) LIFETIME_BOUND { return *connections_[slot]; }
    [[nodiscard]] bool is_present(Slot slot) const {
        return slot < connections_.size() && connections_[slot] != nullptr;
    }
    [[nodiscard]] static Slot slot_of(const Connection& connection) {
        return static_cast<Slot>(connection.id);
    }

    host::Network& network_;
    host::Clock& clock_;
    host::Log& log_;
    protocol::Intake& intake_;
    protocol::DurableReader& events_;
    protocol::DurableReader& answers_;
    Settings settings_;
    Venue venue_;
    client_feed::History history_;
    client_feed::Audience audience_;
    Counters counters_;

    // Sessions whose end the sequencer has not been told yet.
    std::deque<client_feed::Listener> departures_;
    std::vector<std::unique_ptr<Connection>> connections_;  // by ConnectionId
    std::vector<Slot> readable_;
    std::vector<Slot> told_;
    std::vector<Slot> behind_;
    std::vector<Slot> turn_;  // those of this turn: the lists change meanwhile
    std::array<Unit, protocol::units_max()> message_{};
    std::size_t present_ = 0;
    std::size_t turns_ = 0;
    UnixNanos now_;
    UnixNanos silence_checked_;
    bool is_stopping_ = false;
};

}  // namespace miletus::native_gateway
