// Room: everyone who is connected, and the turns in which they are heard and sent to. It is what
// Server hides.
#pragma once

#include "edge/web/conversation.hpp"
#include "edge/web/server.hpp"

#include <deque>
#include <map>
#include <vector>

namespace miletus::web {

class Server::Room {
  public:
    Room(host::Network& network, host::Clock& clock, const Settings& settings,
         std::optional<TlsIdentity> identity);
    ~Room();
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;

    // ---- A turn ----
    [[nodiscard]] bool begin_turn();
    // What is to be shown next, or nothing more in this turn.
    [[nodiscard]] const Inbound* next() LIFETIME_BOUND;
    void settle(bool is_taken);
    [[nodiscard]] bool send_all();

    // ---- What the owner says ----
    [[nodiscard]] Connection* find(ConnectionId id) LIFETIME_BOUND;
    void respond(Connection& connection, const Response& response);
    [[nodiscard]] Sent send(ConnectionId id, Opcode opcode, std::span<const std::byte> payload);
    [[nodiscard]] Sent send(ConnectionId id, const Frame& frame);
    void end(Connection& connection, CloseCode code, std::string_view reason);
    void stop_reading() { is_stopping_ = true; }
    void say_goodbye();

    [[nodiscard]] bool has_told_all() const;
    [[nodiscard]] std::size_t connections() const { return present_; }
    [[nodiscard]] std::size_t websockets() const { return websockets_; }
    [[nodiscard]] const Counters& counters() const LIFETIME_BOUND { return counters_; }

  private:
    using Slot = std::uint32_t;  // by the network's number
    struct Place {
        std::unique_ptr<Connection> connection;
        std::uint32_t generation = 0;
    };
    // An end that the owner was not told yet.
    struct Parted {
        ConnectionId connection{};
        CloseCode code{};
        host::Address address;
        std::uint32_t door = 0;
        bool is_tls = false;
    };

    // ---- Who comes and goes ----
    void welcome_arrivals();
    [[nodiscard]] bool has_place_for(const host::Arrival& arrival) const;
    void turn_away(const host::Arrival& arrival);
    void look_at_deadlines();
    void expire(Connection& connection);
    void kill(Connection& connection, CloseCode code);
    void sweep();

    // ---- In ----
    [[nodiscard]] bool reads_on(Connection& connection);
    void receive(Connection& connection);
    void unseal(Connection& connection, std::span<const std::byte> bytes);
    void discard(Connection& connection);
    void came_to_its_end(Connection& connection);
    [[nodiscard]] const Inbound* show(Connection& connection) LIFETIME_BOUND;
    [[nodiscard]] const Inbound* show_parted() LIFETIME_BOUND;
    void queue(Connection& connection);

    // ---- Out ----
    // After anything that may have written to it, or ended it.
    void look_after(Connection& connection);
    [[nodiscard]] Sent sent(Connection& connection);
    [[nodiscard]] bool is_too_slow(const Connection& connection) const;
    [[nodiscard]] bool is_crowding(const Connection& connection) const;
    // Whether nothing may be added to what it holds: then it is closed.
    [[nodiscard]] bool held_too_much(Connection& connection);
    [[nodiscard]] Connection* listening(ConnectionId id) LIFETIME_BOUND;
    bool send(Connection& connection);
    [[nodiscard]] bool send_from(Connection& connection, Buffer& buffer);
    void seal(Connection& connection);
    void finish(Connection& connection);
    void tell(Connection& connection);

    [[nodiscard]] static Slot slot_of(const Connection& connection) {
        return static_cast<Slot>(connection.id);
    }
    [[nodiscard]] static ConnectionId id_of(const Connection& connection) {
        return static_cast<ConnectionId>(std::uint64_t{connection.generation} << 32U |
                                         slot_of(connection));
    }

    host::Network& network_;
    host::Clock& clock_;
    Settings settings_;
    std::optional<TlsIdentity> identity_;
    Counters counters_;
    Pool pool_;
    Conversation conversation_;

    std::vector<Place> places_;
    std::map<host::Address, std::uint32_t> guests_;  // connections by household
    std::vector<Slot> queued_;
    std::vector<Slot> told_;
    std::vector<Slot> dead_;
    std::vector<Slot> turn_;     // those that are heard in this turn
    std::vector<Slot> sending_;  // those that are sent to
    std::deque<Parted> parted_;
    std::size_t at_ = 0;       // in `turn_`
    std::size_t first_ = 0;    // who of them goes first
    std::uint32_t shown_ = 0;  // of one connection in this turn
    bool has_read_ = false;    // from it
    bool shows_parted_ = false;
    bool has_worked_ = false;
    Connection* current_ = nullptr;
    Inbound inbound_;

    std::vector<std::byte> received_;
    std::vector<std::byte> plain_;
    std::size_t present_ = 0;
    std::size_t websockets_ = 0;
    UnixNanos now_;
    UnixNanos deadlines_checked_;
    bool is_stopping_ = false;
};

}  // namespace miletus::web
