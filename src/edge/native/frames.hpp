// Frames: a head of eight bytes, then a body. Little-endian, no padding.
#pragma once

#include "edge/native/byte_queue.hpp"
#include "protocol/codec.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace miletus::native {

constexpr std::uint32_t native_version = 1;

enum class FrameKind : std::uint8_t {
    // From the client.
    hello = 1,
    command = 2,
    query = 3,
    ping = 4,
    // From the venue.
    welcome = 16,
    event = 17,
    answer = 18,
    pong = 19,
    refused = 20,
    goodbye = 21,
};

struct FrameHead {
    std::uint32_t length{};  // of the body, in bytes
    FrameKind kind{};
    protocol::Reserved<3> reserved{};
};
static_assert(sizeof(FrameHead) == 8);

// The largest body is the longest message.
constexpr std::size_t body_max = std::size_t{protocol::units_max()} * sizeof(Unit);
constexpr std::size_t frame_max = sizeof(FrameHead) + body_max;

// What a connection is told beside the answers to its own commands and queries.
enum class Feed : std::uint8_t {
    answers = 0,     // nothing
    account = 1,     // what happens to the account, and what is public
    everything = 2,  // all events; for the operator
};

// The place of an event: its command, and which of the command's events it is.
struct EventPlace {
    Sequence sequence{};
    std::uint32_t ordinal{};
    friend constexpr auto operator<=>(const EventPlace&, const EventPlace&) = default;
};

// In place of an ordinal: all events of the command.
constexpr std::uint32_t whole_command = std::numeric_limits<std::uint32_t>::max();

using Key = std::array<std::uint8_t, 32>;

struct Hello {
    std::uint32_t version{};
    AccountId account{};
    SessionId session{};
    Sequence after{};  // with `resumes`: the last event that was heard
    std::uint32_t after_ordinal{};
    Feed feed{};
    std::uint8_t resumes{};  // 1 to be told what came after it; 0 to begin with now
    protocol::Reserved<2> reserved{};
    Key key{};
};
static_assert(sizeof(Hello) == 64);

struct Welcome {
    std::uint32_t version{};
    std::uint32_t epoch{};
    Sequence last{};    // the last command whose events were told to somebody
    Sequence oldest{};  // the oldest command after which a feed can go on
    std::uint32_t answers_per_session{};
    protocol::Reserved<4> reserved{};
};
static_assert(sizeof(Welcome) == 32);

// A command or query that was turned away before it got a number.
struct RefusedFrame {
    ClientSequence client_sequence{};
    Reject reject{};
    protocol::Reserved<6> reserved{};
};
static_assert(sizeof(RefusedFrame) == 16);

struct Ping {
    std::uint64_t token{};
};

// 4 is used no more.
enum class Parting : std::uint8_t {
    malformed = 1,
    unknown_version = 2,
    not_admitted = 3,
    resume_too_old = 5,
    replaced = 6,
    too_slow = 7,
    silent = 8,
    venue_full = 9,
    stopping = 10,
    resume_unknown = 11,
};
[[nodiscard]] std::string_view sentence_of(Parting parting);

struct Goodbye {
    Sequence last{};  // as in Welcome
    Parting parting{};
    protocol::Reserved<7> reserved{};
};
static_assert(sizeof(Goodbye) == 16);

template <class Body>
concept FixedBody =
    std::is_trivially_copyable_v<Body> && std::has_unique_object_representations_v<Body>;

template <FixedBody Body>
[[nodiscard]] std::optional<Body> body_as(std::span<const std::byte> bytes) {
    if (bytes.size() != sizeof(Body)) {
        return std::nullopt;
    }
    std::array<std::byte, sizeof(Body)> copy;
    std::ranges::copy(bytes, copy.begin());
    return std::bit_cast<Body>(copy);
}

// ---- Into a queue ----

// False where there is no room, and nothing was written.
[[nodiscard]] bool put_frame(ByteQueue& queue, FrameKind kind, std::span<const std::byte> body);

template <FixedBody Body>
[[nodiscard]] bool put_body(ByteQueue& queue, FrameKind kind, const Body& body) {
    return put_frame(queue, kind, std::as_bytes(std::span(&body, 1)));
}

// ---- Out of a queue ----

struct Frame {
    FrameKind kind{};
    std::span<const std::byte> body;
    [[nodiscard]] std::size_t size() const { return sizeof(FrameHead) + body.size(); }
};

// Whether the front of the queue begins as no frame can.
[[nodiscard]] bool is_malformed(const ByteQueue& queue);
// The first frame, where all of it is there. It stays until take(frame.size()).
[[nodiscard]] std::optional<Frame> first_frame(const ByteQueue& queue LIFETIME_BOUND);

// A message's bytes as units, if they can be one; empty otherwise.
[[nodiscard]] std::span<const Unit> as_message(std::span<const std::byte> body,
                                               std::span<Unit> room LIFETIME_BOUND);

}  // namespace miletus::native
