// Decoding: one generic check, instantiated for each message of each table.
#include "protocol/codec.hpp"

#include "protocol/fields.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace miletus::protocol {

namespace {

template <class Value>
Reject check(const Value& value) {
    if constexpr (requires { value.is_zero(); }) {
        return value.is_zero() ? Reject::none : Reject::reserved_not_zero;
    } else if constexpr (requires { value.is_padded(); }) {
        return value.is_padded() ? Reject::none : Reject::reserved_not_zero;
    } else if constexpr (std::is_enum_v<Value>) {
        return is_valid(value) ? Reject::none : Reject::unknown_value;
    } else {
        return Reject::none;
    }
}

// What follows a message's end in its last unit, a word at a time: fixed parts end on whole words.
bool is_zero(std::span<const std::byte> bytes) {
    constexpr std::size_t word = sizeof(std::uint64_t);
    std::uint64_t any = 0;
    while (bytes.size() >= word) {
        std::array<std::byte, word> next{};
        std::ranges::copy(bytes.first<word>(), next.begin());
        any |= std::bit_cast<std::uint64_t>(next);
        bytes = bytes.subspan(word);
    }
    return any == 0 &&
           std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

bool is_control(char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return code < 0x20 || code == 0x7F;
}

template <class Message>
[[gnu::cold]] Reject first_fault(const Message& message) {
    Reject first = Reject::none;
    visit_fields(message, [&first](std::string_view, const auto& value, std::string_view) {
        if (first == Reject::none) {
            first = check(value);
        }
    });
    return first;
}

// All fields at once and without a branch each, since nearly every message is fine; which field is
// not is looked up afterwards.
template <class Message>
Reject check_fields(const Message& message) {
    bool is_fine = true;
    visit_fields(message, [&is_fine](std::string_view, const auto& value, std::string_view) {
        is_fine &= check(value) == Reject::none;
    });
    return is_fine ? Reject::none : first_fault(message);
}

// What an entry of a group holds beside plain numbers.
template <class Entry>
Reject check_entry(const Entry& entry) {
    Reject first = Reject::none;
    const auto check_next = [&first](const auto& value) {
        first = first != Reject::none ? first : check(value);
    };
    if constexpr (requires { entry.side; }) {
        check_next(entry.side);
    }
    if constexpr (std::is_same_v<Entry, OrderView>) {
        check_next(entry.state);
        check_next(entry.order_type);
        check_next(entry.post_only);
        check_next(entry.trigger);
        check_next(entry.reference);
    }
    if constexpr (requires { entry.reserved; }) {
        check_next(entry.reserved);
    }
    return first;
}

template <class Message>
Reject check_group(std::span<const Unit> units) {
    if constexpr (Grouped<Message>) {
        if constexpr (std::is_same_v<typename Message::Entry, char>) {
            return std::ranges::any_of(text<Message>(units), is_control)
                       ? Reject::text_not_printable
                       : Reject::none;
        } else {
            for (const auto& entry : group<Message>(units)) {
                const Reject refused = check_entry(entry);
                if (refused != Reject::none) {
                    return refused;
                }
            }
        }
    }
    return Reject::none;
}

template <class Message>
Reject check_message(std::span<const Unit> units) {
    if (units.size() < units_of<Message>(0)) {
        return Reject::truncated;
    }
    const auto& message = view<Message>(units);
    std::size_t bytes = sizeof(Message);
    std::uint32_t count = 0;
    if constexpr (Grouped<Message>) {
        count = message.group_count;
        if (count > Message::group_max) {
            return Reject::group_too_long;
        }
        bytes += count * sizeof(typename Message::Entry);
    }
    if (units.size() != units_of<Message>(count)) {
        return Reject::wrong_length;
    }
    if (!is_zero(std::as_bytes(units).subspan(bytes))) {
        return Reject::reserved_not_zero;
    }
    const Reject fields = check_fields(message);
    return fields != Reject::none ? fields : check_group<Message>(units);
}

// What all messages share; `Header` is the family's.
template <class Header>
Reject check_header(std::span<const Unit> units) {
    if (units.empty()) {
        return Reject::truncated;
    }
    const auto& header = view<Header>(units);
    if (header.version != schema_version) {
        return Reject::unknown_version;
    }
    if (header.units > units.size()) {
        return Reject::truncated;
    }
    return header.units == units.size() ? Reject::none : Reject::wrong_length;
}

Reject check_command_header(std::span<const Unit> units) {
    const Reject shared = check_header<CommandHeader>(units);
    if (shared != Reject::none) {
        return shared;
    }
    const auto& header = view<CommandHeader>(units);
    const bool is_clean = header.reserved == 0 && header.reserved_too == 0;
    return is_clean ? Reject::none : Reject::reserved_not_zero;
}

Reject check_command_body(std::span<const Unit> units) {
    switch (view<CommandHeader>(units).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return check_message<Type>(units);
#include "protocol/commands.def"
        default:
            return Reject::unknown_type;
    }
}

Reject check_query_body(std::span<const Unit> units) {
    switch (view<CommandHeader>(units).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return check_message<Type>(units);
#include "protocol/queries.def"
        default:
            return Reject::unknown_type;
    }
}

Reject check_event_body(std::span<const Unit> units) {
    switch (view<EventHeader>(units).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return check_message<Type>(units);
#include "protocol/events.def"
        default:
            return Reject::unknown_type;
    }
}

Reject check_answer_body(std::span<const Unit> units) {
    switch (view<EventHeader>(units).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return check_message<Type>(units);
#include "protocol/answers.def"
        default:
            return Reject::unknown_type;
    }
}

// The type, once header and body have passed; else the first refusal.
template <class Type, class Header>
Result<Type> decoded(std::span<const Unit> units, Reject header,
                     Reject (*body)(std::span<const Unit>)) {
    if (header != Reject::none) {
        return Refusal(header);
    }
    const Reject refused = body(units);
    if (refused != Reject::none) {
        return Refusal(refused);
    }
    return static_cast<Type>(view<Header>(units).type);
}

}  // namespace

Result<CommandType> decode_command(std::span<const Unit> units) {
    return decoded<CommandType, CommandHeader>(units, check_command_header(units),
                                               check_command_body);
}

Result<QueryType> decode_query(std::span<const Unit> units) {
    return decoded<QueryType, CommandHeader>(units, check_command_header(units), check_query_body);
}

Result<EventType> decode_event(std::span<const Unit> units) {
    return decoded<EventType, EventHeader>(units, check_header<EventHeader>(units),
                                           check_event_body);
}

Result<AnswerType> decode_answer(std::span<const Unit> units) {
    return decoded<AnswerType, EventHeader>(units, check_header<EventHeader>(units),
                                            check_answer_body);
}

}  // namespace miletus::protocol
