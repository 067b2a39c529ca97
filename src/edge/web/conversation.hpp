// Conversation: what the bytes of one connection mean, in the order in which they came. It knows
// no network: it reads `in`, writes `out`, and says when the owner's turn is.
#pragma once

#include "edge/web/connection.hpp"
#include "edge/web/settings.hpp"
#include "edge/web/text.hpp"

#include <optional>
#include <string_view>

namespace miletus::web {

struct Response;

class Conversation {
  public:
    Conversation(const Settings& settings, Pool& pool, Counters& counters)
        : settings_(settings), pool_(pool), counters_(counters) {}

    enum class Step : std::uint8_t {
        offers,      // connection.offer stands for the owner to take
        wants_more,  // bytes, or the owner's answer
        ended,       // nothing more is read
        goes_on,
    };
    // Reads on until one of these.
    [[nodiscard]] Step read(Connection& connection, UnixNanos now);
    // What was offered has been taken.
    void take(Connection& connection, UnixNanos now);

    void respond(Connection& connection, const Response& response, UnixNanos now);
    void write_frame(Connection& connection, Opcode opcode, std::span<const std::byte> payload);
    // Says goodbye in the way of the connection: a WebSocket's close frame, or nothing.
    void end(Connection& connection, CloseCode code, std::string_view reason, UnixNanos now);
    // How a stage ends that lasted too long.
    void expire(Connection& connection, UnixNanos now);
    // A refusal by this server itself, behind which nothing is read.
    void refuse(Connection& connection, const Fault& fault, UnixNanos now);

    // Bytes that are kept from a connection whose turn it is not, at most.
    [[nodiscard]] bool may_read(const Connection& connection) const;

  private:
    // ---- HTTP ----
    [[nodiscard]] Step read_head(Connection& connection, UnixNanos now);
    [[nodiscard]] Step judge_head(Connection& connection, UnixNanos now);
    [[nodiscard]] Step begin_body(Connection& connection, UnixNanos now);
    [[nodiscard]] Step read_body(Connection& connection, UnixNanos now);
    [[nodiscard]] Step read_chunks(Connection& connection, UnixNanos now);
    [[nodiscard]] Step offer_request(Connection& connection, UnixNanos now);
    [[nodiscard]] Step refused(Connection& connection, const Fault& fault, UnixNanos now);
    void write_head(Connection& connection, const Response& response, UnixNanos now);
    void go_on(Connection& connection, UnixNanos now);

    // ---- WebSocket ----
    [[nodiscard]] bool is_websocket_path(std::string_view target) const;
    [[nodiscard]] Step upgrade(Connection& connection, UnixNanos now);
    [[nodiscard]] std::optional<Fault> fault_of_upgrade(const Connection& connection) const;
    [[nodiscard]] Step read_frames(Connection& connection, UnixNanos now);
    [[nodiscard]] Step read_data(Connection& connection, const FrameHead& head, UnixNanos now);
    [[nodiscard]] Step read_control(Connection& connection, const FrameHead& head, UnixNanos now);
    [[nodiscard]] Step broken_off(Connection& connection, CloseCode code, UnixNanos now);
    [[nodiscard]] Step wait_for_more(Connection& connection, UnixNanos now);

    void write(Connection& connection, std::string_view text);

    const Settings& settings_;
    Pool& pool_;
    Counters& counters_;
    DateHeader date_;
};

}  // namespace miletus::web
