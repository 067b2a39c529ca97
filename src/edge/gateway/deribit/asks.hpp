// Asks: what the gateway asked the engine for and was not told yet. Commands are numbered within
// sessions of the gateway's own, and finished in the order in which they were sent: one line of
// those that wait is enough. The same holds for queries and their answers. What the sequencer does
// not take at once waits here, and meanwhile nothing more is taken in.
#pragma once

#include "base/annotations.hpp"
#include "base/unit_buffer.hpp"
#include "edge/gateway/deribit/line.hpp"
#include "edge/gateway/deribit/schema/schema.hpp"
#include "edge/web/web.hpp"
#include "protocol/codec.hpp"
#include "protocol/intake.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace miletus::deribit {

// Whom to answer, and what.
struct Waiting {
    web::ConnectionId connection{};
    bool is_websocket = false;
    bool is_nobody = true;  // what the gateway does of itself
    std::string id;         // of the request, as it was sent
    UnixNanos received;
};

struct Identity {
    AccountId account;
    SessionId session;
    ClientSequence number;
    friend constexpr bool operator==(const Identity&, const Identity&) = default;
};

// A command or a query under way. Those of one request lie together in the line.
struct Ask {
    AccountId account;
    SessionId session;
    ClientSequence number;
    Method method{};
    OrderId order;        // of an edit or a cancel
    bool is_last = true;  // of its request: it is answered then
    // Of a query: what was asked about.
    choices::Kind kind{};
    bool is_detailed = false;
    std::string subject;
    Waiting waiting;

    // Another's place: texts keep their room.
    void renew(const Identity& identity) {
        account = identity.account;
        session = identity.session;
        number = identity.number;
        method = {};
        order = {};
        is_last = true;
        kind = {};
        is_detailed = false;
        subject.clear();
        waiting.connection = {};
        waiting.is_websocket = false;
        waiting.is_nobody = true;
        waiting.id.clear();
        waiting.received = {};
    }
};

class Asks {
  public:
    explicit Asks(protocol::Intake& intake) : intake_(intake) {}

    // A number that none of the gateway's own has had.
    [[nodiscard]] ClientSequence next_number() { return ClientSequence(++last_number_); }
    // Whether anything more may be asked now.
    [[nodiscard]] bool is_open() const { return delayed_.empty(); }

    // Sends a message under this identity. The ask joins the line; the caller fills in what it
    // wants to know of it later.
    template <class Message>
    Ask& send_command(Message message, const Identity& identity, std::string_view label = {}) {
        return send(commands_, message, identity, label, false);
    }
    template <class Message>
    Ask& send_query(Message message, const Identity& identity) {
        return send(queries_, message, identity, {}, true);
    }
    // What could not be sent before; whether anything went.
    bool send_delayed();
    void publish() { intake_.publish(); }

    // ---- What came back ----
    // The ask that this ends, which stays at the front until finish_command(); none where somebody
    // else sent it.
    [[nodiscard]] Ask* find_command(const protocol::Completed& completed) LIFETIME_BOUND {
        return front_of(commands_, {.account = completed.account,
                                    .session = completed.session,
                                    .number = completed.client_sequence});
    }
    void finish_command() { commands_.take(); }
    [[nodiscard]] Ask* find_query(const Identity& identity) LIFETIME_BOUND {
        return front_of(queries_, identity);
    }
    void finish_query() { queries_.take(); }
    // How many wait for an answer.
    [[nodiscard]] std::size_t size() const { return commands_.size() + queries_.size(); }
    [[nodiscard]] bool is_idle() const {
        return commands_.is_empty() && queries_.is_empty() && delayed_.empty();
    }

  private:
    struct Delayed {
        bool is_query = false;
        std::vector<Unit> message;
    };

    template <class Message>
    Ask& send(Line<Ask>& line, Message& message, const Identity& identity, std::string_view label,
              bool is_query) {
        message.header.account = identity.account;
        message.header.session = identity.session;
        message.header.client_sequence = identity.number;
        std::span<const Unit> units;
        if constexpr (protocol::Grouped<Message>) {
            units = protocol::encode(message, std::span<const char>(label), room_);
        } else {
            units = protocol::encode(message, room_);
        }
        submit(units, is_query);
        Ask& ask = line.add();
        ask.renew(identity);
        return ask;
    }
    void submit(std::span<const Unit> message, bool is_query);
    [[nodiscard]] bool try_submit(std::span<const Unit> message, bool is_query);
    [[nodiscard]] static Ask* front_of(Line<Ask>& line, const Identity& identity);

    protocol::Intake& intake_;
    Line<Ask> commands_;
    Line<Ask> queries_;
    std::vector<Delayed> delayed_;  // in order; nothing overtakes them
    std::array<Unit, protocol::units_max()> room_{};
    std::uint64_t last_number_ = 0;
};

}  // namespace miletus::deribit
