// Server: the conversations with everyone who came in. See web.hpp.
#pragma once

#include "base/annotations.hpp"
#include "edge/web/frames.hpp"
#include "edge/web/settings.hpp"
#include "edge/web/tls.hpp"
#include "host/address.hpp"
#include "host/clock.hpp"
#include "host/network.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace miletus::web {

// One that was closed is never meant by another's id: where it is gone, nothing happens.
enum class ConnectionId : std::uint64_t {};

// What a client did. The views hold during the visit only.
struct Inbound {
    enum class Kind : std::uint8_t {
        request,           // to be answered by respond(), now or later; the next one waits for that
        opened_websocket,  // messages may be sent from now on
        message,           // of text, over a WebSocket
        closed,            // the last that is told of this connection, whoever ended it
    };
    Kind kind = Kind::request;
    ConnectionId connection{};
    std::string_view method{};         // GET, HEAD or POST
    std::string_view target{};         // as it was sent, not decoded
    std::string_view authorization{};  // what the header of that name says
    std::string_view content_type{};
    std::string_view body{};  // of a request, or the text of a message
    CloseCode code{};         // why a WebSocket ended
    host::Address address{};
    std::uint32_t door = 0;
    bool is_tls = false;
    UnixNanos received{};  // when its last byte was read
};

struct Response {
    unsigned status = 200;
    std::string_view body{};
    std::string_view content_type = "application/json";
    std::string_view more_headers{};  // whole lines, each with its \r\n
    bool is_last = false;             // the connection is closed behind it
};

enum class Sent : std::uint8_t {
    taken,
    behind,  // taken, but more waits than Settings::out_bytes_behind
    gone,    // it is closed, or was just now for being too slow, or is no WebSocket
};

class Server {
  public:
    // A door that speaks TLS needs an identity.
    Server(host::Network& network, host::Clock& clock, const Settings& settings,
           std::optional<TlsIdentity> identity);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // One turn: lets in who waits, reads, and shows what came: visit(const Inbound&) returns
    // whether it took it. What it does not take is shown again in a later turn, and nothing more is
    // read from that connection until then. During a visit everything below may be called. Whether
    // there was anything to do.
    template <class Visit>
    bool hear(Visit&& visit) {
        bool has_worked = begin_turn();
        while (const Inbound* inbound = next()) {
            const bool is_taken = visit(*inbound);
            has_worked |= is_taken;
            settle(is_taken);
        }
        return has_worked;
    }
    // Writes what waits, all of a connection's at once. Whether anything went out.
    bool send_all();

    // ---- HTTP ----
    // Answers the request that waits for it; nothing where none does.
    void respond(ConnectionId connection, const Response& response);

    // ---- WebSocket ----
    // Copied behind what waits; it leaves with send_all().
    Sent send(ConnectionId connection, std::string_view text);
    Sent send(ConnectionId connection, const Frame& frame);
    void ping(ConnectionId connection);

    // Ends a connection once what waits for it has been sent: a WebSocket with this code and at
    // most 123 bytes of reason. Nothing more is read from it.
    void close(ConnectionId connection, CloseCode code, std::string_view reason);

    // ---- Queries ----
    [[nodiscard]] bool is_open(ConnectionId connection) const;
    // Bytes not sent yet; 0 where it is gone.
    [[nodiscard]] std::size_t waiting_bytes(ConnectionId connection) const;
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::size_t websockets() const;
    [[nodiscard]] const Counters& counters() const LIFETIME_BOUND;

    // ---- Stopping ----
    // Nobody is let in and nothing more is read.
    void stop_reading();
    // Closes every WebSocket with "going away", and every other connection that awaits nothing.
    void say_goodbye();
    // Whether everything that was to be told has been sent.
    [[nodiscard]] bool has_told_all() const;

  private:
    class Room;

    bool begin_turn();
    [[nodiscard]] const Inbound* next() LIFETIME_BOUND;
    void settle(bool is_taken);

    std::unique_ptr<Room> room_;
};

}  // namespace miletus::web
