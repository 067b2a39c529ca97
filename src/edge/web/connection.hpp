// Connection: one client's end: what was read and not yet taken, what waits to be sent, and where
// in its conversation it stands.
#pragma once

#include "base/units.hpp"
#include "edge/web/buffer.hpp"
#include "edge/web/chunks.hpp"
#include "edge/web/frames.hpp"
#include "edge/web/request.hpp"
#include "edge/web/tls_stream.hpp"
#include "host/network.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

namespace miletus::web {

constexpr UnixNanos never{std::numeric_limits<std::int64_t>::max()};

struct Connection {
    enum class Stage : std::uint8_t {
        head,       // of a request
        body,       // whose length is known
        chunks,     // of a body whose length is not
        answering,  // a request was shown: the next is not looked at before its response
        websocket,  // frames, both ways
        ending,     // nothing more is read; what waits is sent
        lingering,  // all was sent, and the other end was told: until it closes too
        dead,       // closed, and taken out at the end of the turn
    };
    // What stands at the front of `in`, whole, for the owner to take.
    enum class Offer : std::uint8_t { none, request, opened, message };

    host::ConnectionId id{};
    std::uint32_t generation = 0;
    std::uint32_t door = 0;
    host::Address address;

    Stage stage = Stage::head;
    Offer offer = Offer::none;
    bool is_tls = false;
    bool is_websocket = false;
    bool is_queued = false;   // among those that are looked at in the next turn
    bool has_news = false;    // the network says that there is something to read
    bool has_ended = false;   // the other end sends nothing more
    bool is_told = false;     // among those that are sent something
    bool was_shown = false;   // the owner knows of it
    bool has_spoken = false;  // its first request has begun
    bool has_begun = false;   // so has the one at the front
    bool awaits_answer = false;
    bool has_parted = false;  // it ended, and whoever had to know was noted
    bool was_pinged = false;
    bool has_said_end = false;   // of TLS
    bool has_fragments = false;  // a message began and is not whole
    CloseCode close_code = CloseCode::broken;

    Buffer in;
    Buffer out;
    Buffer sealed;  // under TLS: what `out` became
    std::unique_ptr<TlsStream> tls;

    HeadFinder finder;
    Request request;
    std::optional<ChunkDecoder> chunks;
    // In `in`: a body or message as far as it is put together, and where reading goes on.
    std::size_t start = 0;
    std::size_t end = 0;
    std::size_t next = 0;

    UnixNanos received;               // the last bytes
    UnixNanos deadline = never;       // what then happens depends on the stage
    UnixNanos partial_since = never;  // of a message that is not whole

    [[nodiscard]] std::size_t waiting_bytes() const {
        return out.size() + sealed.size() + (tls ? tls->waiting_bytes() : 0);
    }
    [[nodiscard]] std::size_t lent_bytes() const {
        return in.lent_bytes() + out.lent_bytes() + sealed.lent_bytes();
    }
    [[nodiscard]] bool is_open() const { return stage < Stage::ending; }
    // The clock was set, or nobody looked at it.
    void shift_time(Nanos passed) {
        for (UnixNanos* const moment : {&deadline, &partial_since}) {
            *moment = *moment == never ? never : *moment + passed;
        }
    }
    // What stands at the front was taken.
    void forget_front(Pool& pool) {
        in.take(pool, next);
        start = 0;
        end = 0;
        next = 0;
        offer = Offer::none;
        has_begun = false;
        has_fragments = false;
        finder = {};
        chunks.reset();
        partial_since = never;
    }
};

}  // namespace miletus::web
