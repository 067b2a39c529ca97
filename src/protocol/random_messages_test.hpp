// Every message of every table, filled with random values that are valid.
#pragma once

#include "base/prng.hpp"
#include "protocol/codec.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace miletus::protocol {

template <class Value>
void fill(Prng& prng, Value& value) {
    if constexpr (std::is_same_v<Value, Reject>) {
        do {
            value = static_cast<Reject>(prng.below(700));
        } while (name(value) == "unknown_reject");
    } else if constexpr (std::is_enum_v<Value>) {
        do {
            value = static_cast<Value>(prng.below(16));
        } while (!is_valid(value));
    } else if constexpr (requires { value.letters; }) {
        const std::string letters(prng.below(value.letters.size() + 1), 'L');
        value = Value(letters);
    } else if constexpr (std::is_same_v<Value, char>) {
        value = static_cast<char>(' ' + prng.below(90));
    } else {
        std::array<std::uint8_t, sizeof(Value)> bytes{};
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(prng.next());
        }
        value = std::bit_cast<Value>(bytes);
        if constexpr (requires { value.side; }) {
            fill(prng, value.side);
        }
        if constexpr (std::is_same_v<Value, OrderView>) {
            fill(prng, value.state);
            fill(prng, value.order_type);
            fill(prng, value.post_only);
            fill(prng, value.trigger);
            fill(prng, value.reference);
        }
        if constexpr (requires { value.reserved; }) {
            value.reserved = {};
        }
    }
}

#define MESSAGE(number, Type, name, sentence)     \
    inline void fill(Prng& prng, Type& message) { \
        fill(prng, message.header);               \
        clean(message.header);
#define FIELD(type, name, sentence) fill(prng, message.name);
#define END_MESSAGE }

inline void clean(CommandHeader& header) {
    header.reserved = {};
    header.reserved_too = {};
}
inline void clean(EventHeader&) {}

#include "protocol/commands.def"

#define MESSAGE(number, Type, name, sentence)     \
    inline void fill(Prng& prng, Type& message) { \
        fill(prng, message.header);               \
        clean(message.header);
#define FIELD(type, name, sentence) fill(prng, message.name);
#define END_MESSAGE }
#include "protocol/queries.def"

#define MESSAGE(number, Type, name, sentence)     \
    inline void fill(Prng& prng, Type& message) { \
        fill(prng, message.header);               \
        clean(message.header);
#define FIELD(type, name, sentence) fill(prng, message.name);
#define END_MESSAGE }
#include "protocol/events.def"

#define MESSAGE(number, Type, name, sentence)     \
    inline void fill(Prng& prng, Type& message) { \
        fill(prng, message.header);               \
        clean(message.header);
#define FIELD(type, name, sentence) fill(prng, message.name);
#define END_MESSAGE }
#include "protocol/answers.def"

// An encoded message of this type; `entries` where it has a group.
template <class Message>
[[nodiscard]] std::vector<Unit> random_message(Prng& prng, std::uint32_t entries) {
    std::vector<Unit> room(longest<Message>());
    Message message;
    fill(prng, message);
    std::span<Unit> encoded;
    if constexpr (Grouped<Message>) {
        std::vector<typename Message::Entry> group(entries);
        for (auto& entry : group) {
            fill(prng, entry);
        }
        encoded = encode(message, std::span<const typename Message::Entry>(group), room);
    } else {
        encoded = encode(message, room);
    }
    return {encoded.begin(), encoded.end()};
}

// Calls visit.operator()<Message>() for each message of a table.
template <class Visit>
void visit_commands(Visit visit) {
#define MESSAGE(number, Type, name, sentence) visit.template operator()<Type>();
#include "protocol/commands.def"
}
template <class Visit>
void visit_queries(Visit visit) {
#define MESSAGE(number, Type, name, sentence) visit.template operator()<Type>();
#include "protocol/queries.def"
}
template <class Visit>
void visit_events(Visit visit) {
#define MESSAGE(number, Type, name, sentence) visit.template operator()<Type>();
#include "protocol/events.def"
}
template <class Visit>
void visit_answers(Visit visit) {
#define MESSAGE(number, Type, name, sentence) visit.template operator()<Type>();
#include "protocol/answers.def"
}

// The decoder of a message's own family.
template <class Message>
[[nodiscard]] auto decode_as(std::span<const Unit> units) {
    if constexpr (std::is_same_v<decltype(Message::type), const CommandType>) {
        return decode_command(units);
    } else if constexpr (std::is_same_v<decltype(Message::type), const QueryType>) {
        return decode_query(units);
    } else if constexpr (std::is_same_v<decltype(Message::type), const EventType>) {
        return decode_event(units);
    } else {
        return decode_answer(units);
    }
}

}  // namespace miletus::protocol
