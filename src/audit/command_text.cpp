// Fields by the tables, so that a new command needs nothing here.
#include "audit/command_text.hpp"

#include "base/result.hpp"
#include "protocol/codec.hpp"
#include "protocol/field_text.hpp"
#include "protocol/fields.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <type_traits>

namespace miletus::audit {

using protocol::CommandHeader;
using protocol::view;

namespace {

template <class Message>
std::string text_of_message(std::span<const Unit> units) {
    const auto& message = view<Message>(units);
    std::string text(Message::name_text);
    protocol::visit_fields(
        message, [&text](std::string_view name, const auto& value, std::string_view) {
            if constexpr (!requires { value.is_zero(); }) {
                text += " " + std::string(name) + "=" + protocol::field_text(value);
            }
        });
    if constexpr (protocol::Grouped<Message>) {
        if constexpr (std::is_same_v<typename Message::Entry, char>) {
            text += " \"" + std::string(protocol::text<Message>(units)) + "\"";
        } else {
            text += " entries=" + std::to_string(message.group_count);
        }
    }
    return text;
}

std::string text_of_body(std::span<const Unit> units) {
    const Result<protocol::CommandType> type = protocol::decode_command(units);
    if (!type) {
        return "undecodable: " + std::string(name(type.error()));
    }
    switch (*type) {
#define MESSAGE(number, Type, name, sentence) \
    case protocol::CommandType::name:         \
        return text_of_message<protocol::Type>(units);
#include "protocol/commands.def"
    }
    return "?";
}

std::string padded(std::uint64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::string text_of(UnixNanos time) {
    const std::chrono::sys_time<std::chrono::nanoseconds> moment{
        std::chrono::nanoseconds(time.value())};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(moment - day);
    const auto of = [](auto count, std::size_t width) {
        return padded(static_cast<std::uint64_t>(count), width);
    };
    return of(static_cast<int>(date.year()), 4) + "-" + of(static_cast<unsigned>(date.month()), 2) +
           "-" + of(static_cast<unsigned>(date.day()), 2) + "T" + of(clock.hours().count(), 2) +
           ":" + of(clock.minutes().count(), 2) + ":" + of(clock.seconds().count(), 2) + "." +
           of(clock.subseconds().count(), 9);
}

std::string text_of(std::span<const Unit> command) {
    const auto& header = view<CommandHeader>(command);
    std::string text = std::to_string(header.sequence.value()) + " " + text_of(header.time) +
                       " account=" + std::to_string(header.account.value());
    if (header.session != SessionId(0)) {
        text += " session=" + std::to_string(header.session.value()) + "/" +
                std::to_string(header.client_sequence.value());
    }
    return text + " " + text_of_body(command);
}

}  // namespace miletus::audit
