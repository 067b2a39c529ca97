// The codec. Encoding lays a message out in units; decoding checks that units from outside are
// exactly what encoding would have produced, so that every later reader may trust them. Any bytes
// give a message or a named refusal.
#pragma once

#include "base/result.hpp"
#include "protocol/messages.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace miletus::protocol {

// Each checks the whole message: units.front() is its first unit, and it ends with the last one.
[[nodiscard]] Result<CommandType> decode_command(std::span<const Unit> units);
[[nodiscard]] Result<QueryType> decode_query(std::span<const Unit> units);
[[nodiscard]] Result<EventType> decode_event(std::span<const Unit> units);
[[nodiscard]] Result<AnswerType> decode_answer(std::span<const Unit> units);

template <class Message>
[[nodiscard]] const Message& view(std::span<const Unit> units LIFETIME_BOUND) {
    return view_as<Message>(units);
}

template <Grouped Message>
[[nodiscard]] std::span<const typename Message::Entry> group(std::span<const Unit> units
                                                             LIFETIME_BOUND) {
    return entries_after<typename Message::Entry, Message>(units, view<Message>(units).group_count);
}

// Labels are groups of letters.
template <Grouped Message>
[[nodiscard]] std::string_view text(std::span<const Unit> units LIFETIME_BOUND) {
    const std::span<const char> letters = group<Message>(units);
    return {letters.data(), letters.size()};
}

// Writes the message into the front of `out` and returns the units it took. Type, version and
// length in the header are filled in; padding is zero.
template <class Message>
std::span<Unit> encode(const Message& message, std::span<Unit> out LIFETIME_BOUND) {
    std::uint32_t count = 0;
    if constexpr (Grouped<Message>) {
        count = message.group_count;
        ASSERT(count <= Message::group_max);
    }
    const std::uint32_t units = units_of<Message>(count);
    const std::span<Unit> taken = out.first(units);
    std::ranges::fill(taken, Unit{});
    auto& placed = place_in(taken, message);
    placed.header.type = static_cast<decltype(placed.header.type)>(Message::type);
    placed.header.version = schema_version;
    placed.header.units = static_cast<std::uint16_t>(units);
    return taken;
}

template <Grouped Message>
std::span<Unit> encode(Message message, std::span<const typename Message::Entry> entries,
                       std::span<Unit> out LIFETIME_BOUND) {
    message.group_count = static_cast<std::uint32_t>(entries.size());
    const std::span<Unit> taken = encode(message, out);
    std::ranges::copy(
        entries,
        entries_after<typename Message::Entry, Message>(taken, message.group_count).begin());
    return taken;
}

}  // namespace miletus::protocol
