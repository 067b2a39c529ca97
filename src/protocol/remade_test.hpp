// Messages made anew from what decoding left readable: each field by its meaning, reserved bytes
// and padding not at all. Where the bytes come out the same, decoding accepted one encoding and no
// other.
#pragma once

#include "protocol/codec.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace miletus::protocol {

template <std::size_t room>
[[nodiscard]] FixedText<room> remade(const FixedText<room>& text) {
    return FixedText<room>(text.view());
}
template <class Value>
[[nodiscard]] Value remade(const Value& value) {
    if constexpr (std::is_same_v<Value, Reject>) {
        ASSERT(name(value) != "unknown_reject");
        return value;
    } else if constexpr (std::is_enum_v<Value>) {
        const std::optional<Value> named = value_named<Value>(name(value));
        ASSERT(named.has_value());
        return *named;
    } else {
        return value;
    }
}
[[nodiscard]] inline LevelView remade(const LevelView& entry) {
    return {.price = entry.price, .total = entry.total, .side = remade(entry.side)};
}
[[nodiscard]] inline BalanceView remade(const BalanceView& entry) {
    return {.balance = entry.balance,
            .held = entry.held,
            .session = entry.session,
            .worth = entry.worth,
            .asset = entry.asset};
}
[[nodiscard]] inline OrderView remade(const OrderView& entry) {
    return {.order = entry.order,
            .client_order = entry.client_order,
            .price = entry.price,
            .left = entry.left,
            .filled = entry.filled,
            .trigger_price = entry.trigger_price,
            .instrument = entry.instrument,
            .side = remade(entry.side),
            .state = remade(entry.state),
            .order_type = remade(entry.order_type),
            .post_only = remade(entry.post_only),
            .reduce_only = entry.reduce_only,
            .trigger = remade(entry.trigger),
            .reference = remade(entry.reference)};
}
[[nodiscard]] inline PositionView remade(const PositionView& entry) {
    return {.lots = entry.lots,
            .cost = entry.cost,
            .unrealised = entry.unrealised,
            .mark = entry.mark,
            .initial = entry.initial,
            .maintenance = entry.maintenance,
            .instrument = entry.instrument};
}

#define MESSAGE(number, Type, name, sentence)            \
    [[nodiscard]] inline Type remade(const Type& made) { \
        Type anew;                                       \
        anew.header = made.header;
#define FIELD(type, name, sentence) anew.name = remade(made.name);
#define END_MESSAGE \
    return anew;    \
    }
#include "protocol/commands.def"

#define MESSAGE(number, Type, name, sentence)            \
    [[nodiscard]] inline Type remade(const Type& made) { \
        Type anew;                                       \
        anew.header = made.header;
#define FIELD(type, name, sentence) anew.name = remade(made.name);
#define END_MESSAGE \
    return anew;    \
    }
#include "protocol/queries.def"

#define MESSAGE(number, Type, name, sentence)            \
    [[nodiscard]] inline Type remade(const Type& made) { \
        Type anew;                                       \
        anew.header = made.header;
#define FIELD(type, name, sentence) anew.name = remade(made.name);
#define END_MESSAGE \
    return anew;    \
    }
#include "protocol/events.def"

#define MESSAGE(number, Type, name, sentence)            \
    [[nodiscard]] inline Type remade(const Type& made) { \
        Type anew;                                       \
        anew.header = made.header;
#define FIELD(type, name, sentence) anew.name = remade(made.name);
#define END_MESSAGE \
    return anew;    \
    }
#include "protocol/answers.def"

// Whether a decoded message of this type, made anew and encoded, has the bytes it came with.
template <class Message>
[[nodiscard]] bool survives_as(std::span<const Unit> units) {
    std::vector<Unit> room(units.size());
    std::span<const Unit> encoded;
    const Message message = remade(view<Message>(units));
    if constexpr (Grouped<Message>) {
        std::vector<typename Message::Entry> entries;
        for (const auto& entry : group<Message>(units)) {
            entries.push_back(remade(entry));
        }
        encoded = encode(message, std::span<const typename Message::Entry>(entries), room);
    } else {
        encoded = encode(message, room);
    }
    return std::ranges::equal(std::as_bytes(encoded), std::as_bytes(units));
}

[[nodiscard]] inline bool survives(CommandType type, std::span<const Unit> units) {
    switch (type) {
#define MESSAGE(number, Type, name, sentence) \
    case CommandType::name:                   \
        return survives_as<Type>(units);
#include "protocol/commands.def"
    }
    return false;
}

[[nodiscard]] inline bool survives(QueryType type, std::span<const Unit> units) {
    switch (type) {
#define MESSAGE(number, Type, name, sentence) \
    case QueryType::name:                     \
        return survives_as<Type>(units);
#include "protocol/queries.def"
    }
    return false;
}

[[nodiscard]] inline bool survives(EventType type, std::span<const Unit> units) {
    switch (type) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        return survives_as<Type>(units);
#include "protocol/events.def"
    }
    return false;
}

[[nodiscard]] inline bool survives(AnswerType type, std::span<const Unit> units) {
    switch (type) {
#define MESSAGE(number, Type, name, sentence) \
    case AnswerType::name:                    \
        return survives_as<Type>(units);
#include "protocol/answers.def"
    }
    return false;
}

// Raw bytes as units: a last unit that is cut short is left out.
[[nodiscard]] inline std::vector<Unit> units_from(std::span<const std::byte> bytes) {
    std::vector<Unit> units(bytes.size() / sizeof(Unit));
    for (std::size_t at = 0; at < units.size(); ++at) {
        std::ranges::copy(bytes.subspan(at * sizeof(Unit), sizeof(Unit)), units[at].bytes.begin());
    }
    return units;
}

}  // namespace miletus::protocol
