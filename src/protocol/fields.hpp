// visit_fields(message, visit) calls visit(name, value, sentence) for each field in the table's
// order: the one way to check, print or document messages without naming their fields again.
#pragma once

#include "protocol/messages.hpp"

namespace miletus::protocol {

#define VISITOR_OPENING(Type)                                         \
    template <class Visit>                                            \
    constexpr void visit_fields([[maybe_unused]] const Type& message, \
                                [[maybe_unused]] Visit&& visit) {
#define VISITOR_CLOSING }

#define MESSAGE(number, Type, name, sentence) VISITOR_OPENING(Type)
#define FIELD(type, name, sentence) visit(#name, message.name, sentence);
#define RESERVED(name, bytes) visit(#name, message.name, "Zero.");
#define END_MESSAGE VISITOR_CLOSING
#include "protocol/commands.def"

#define MESSAGE(number, Type, name, sentence) VISITOR_OPENING(Type)
#define FIELD(type, name, sentence) visit(#name, message.name, sentence);
#define RESERVED(name, bytes) visit(#name, message.name, "Zero.");
#define END_MESSAGE VISITOR_CLOSING
#include "protocol/queries.def"

#define MESSAGE(number, Type, name, sentence) VISITOR_OPENING(Type)
#define FIELD(type, name, sentence) visit(#name, message.name, sentence);
#define RESERVED(name, bytes) visit(#name, message.name, "Zero.");
#define END_MESSAGE VISITOR_CLOSING
#include "protocol/events.def"

#define MESSAGE(number, Type, name, sentence) VISITOR_OPENING(Type)
#define FIELD(type, name, sentence) visit(#name, message.name, sentence);
#define RESERVED(name, bytes) visit(#name, message.name, "Zero.");
#define END_MESSAGE VISITOR_CLOSING
#include "protocol/answers.def"

#undef VISITOR_OPENING
#undef VISITOR_CLOSING

}  // namespace miletus::protocol
