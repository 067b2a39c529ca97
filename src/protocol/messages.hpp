// The messages themselves, from the .def tables: a struct, a type number and a field visitor each.
// A group's entries follow the fixed part directly; `group_count` says how many.
#pragma once

#include "base/unit_buffer.hpp"
#include "protocol/records.hpp"

#include <cstdint>
#include <string_view>

namespace miletus::protocol {

#define MESSAGE(number, Type, name, sentence) name = number,
enum class CommandType : std::uint16_t {
#include "protocol/commands.def"
};
#define MESSAGE(number, Type, name, sentence) name = number,
enum class EventType : std::uint8_t {
#include "protocol/events.def"
};
#define MESSAGE(number, Type, name, sentence) name = number,
enum class QueryType : std::uint16_t {
#include "protocol/queries.def"
};
#define MESSAGE(number, Type, name, sentence) name = number,
enum class AnswerType : std::uint8_t {
#include "protocol/answers.def"
};

#define STRUCT_OPENING(Header, Family, Type, message_name)           \
    struct Type {                                                    \
        static constexpr Family type = Family::message_name;         \
        static constexpr std::string_view name_text = #message_name; \
        Header header{};
#define STRUCT_GROUP(entry, bound)                      \
    using Entry = entry;                                \
    static constexpr std::uint32_t group_max = (bound); \
    std::uint32_t group_count{};
#define STRUCT_CLOSING \
    }                  \
    ;

#define MESSAGE(number, Type, name, sentence) STRUCT_OPENING(CommandHeader, CommandType, Type, name)
#define FIELD(type, name, sentence) type name{};
#define RESERVED(name, bytes) Reserved<bytes> name{};
#define GROUP(entry, name, bound, sentence) STRUCT_GROUP(entry, bound)
#define END_MESSAGE STRUCT_CLOSING
#include "protocol/commands.def"

#define MESSAGE(number, Type, name, sentence) STRUCT_OPENING(CommandHeader, QueryType, Type, name)
#define FIELD(type, name, sentence) type name{};
#define RESERVED(name, bytes) Reserved<bytes> name{};
#define GROUP(entry, name, bound, sentence) STRUCT_GROUP(entry, bound)
#define END_MESSAGE STRUCT_CLOSING
#include "protocol/queries.def"

#define MESSAGE(number, Type, name, sentence) STRUCT_OPENING(EventHeader, EventType, Type, name)
#define FIELD(type, name, sentence) type name{};
#define RESERVED(name, bytes) Reserved<bytes> name{};
#define GROUP(entry, name, bound, sentence) STRUCT_GROUP(entry, bound)
#define END_MESSAGE STRUCT_CLOSING
#include "protocol/events.def"

#define MESSAGE(number, Type, name, sentence) STRUCT_OPENING(EventHeader, AnswerType, Type, name)
#define FIELD(type, name, sentence) type name{};
#define RESERVED(name, bytes) Reserved<bytes> name{};
#define GROUP(entry, name, bound, sentence) STRUCT_GROUP(entry, bound)
#define END_MESSAGE STRUCT_CLOSING
#include "protocol/answers.def"

#undef STRUCT_OPENING
#undef STRUCT_GROUP
#undef STRUCT_CLOSING

template <class Message>
concept Grouped = requires { typename Message::Entry; };

// The exact layout: no padding the compiler may leave undefined, groups aligned behind the fixed
// part.
#define LAYOUT_CHECK(Type)                              \
    static_assert(std::is_trivially_copyable_v<Type> && \
                  std::has_unique_object_representations_v<Type> && sizeof(Type) % 8 == 0);
#define MESSAGE(number, Type, name, sentence) LAYOUT_CHECK(Type)
#include "protocol/commands.def"
#define MESSAGE(number, Type, name, sentence) LAYOUT_CHECK(Type)
#include "protocol/queries.def"
#define MESSAGE(number, Type, name, sentence) \
    LAYOUT_CHECK(Type)                        \
    static_assert(sizeof(Type) % sizeof(Unit) == 0);
#include "protocol/events.def"
#define MESSAGE(number, Type, name, sentence) \
    LAYOUT_CHECK(Type)                        \
    static_assert(sizeof(Type) % sizeof(Unit) == 0);
#include "protocol/answers.def"
#undef LAYOUT_CHECK

template <class Message>
[[nodiscard]] constexpr std::uint32_t units_of(std::uint32_t group_count) {
    if constexpr (Grouped<Message>) {
        return units_for(sizeof(Message) + group_count * sizeof(typename Message::Entry));
    } else {
        return units_for(sizeof(Message));
    }
}

template <class Message>
[[nodiscard]] constexpr std::uint32_t longest() {
    if constexpr (Grouped<Message>) {
        return units_of<Message>(Message::group_max);
    } else {
        return units_of<Message>(0);
    }
}

// The longest message of any family, for sizing rings.
[[nodiscard]] constexpr std::uint32_t units_max() {
    std::uint32_t most = 0;
#define MESSAGE(number, Type, name, sentence) \
    most = longest<Type>() > most ? longest<Type>() : most;
#include "protocol/commands.def"
#define MESSAGE(number, Type, name, sentence) \
    most = longest<Type>() > most ? longest<Type>() : most;
#include "protocol/queries.def"
#define MESSAGE(number, Type, name, sentence) \
    most = longest<Type>() > most ? longest<Type>() : most;
#include "protocol/events.def"
#define MESSAGE(number, Type, name, sentence) \
    most = longest<Type>() > most ? longest<Type>() : most;
#include "protocol/answers.def"
    return most;
}

}  // namespace miletus::protocol
