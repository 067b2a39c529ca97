// What must be true of every call that was read, or was not.
#pragma once

#include "base/assert.hpp"
#include "edge/gateway/deribit/rpc/json_check.hpp"
#include "edge/gateway/deribit/rpc/number.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <expected>
#include <string>

namespace miletus::deribit {

inline void check_value(const Parameters& parameters, const ParameterRow& row) {
    const std::string_view text = parameters.text(row.parameter);
    switch (type_of(row)) {
        case ParameterType::number:
            ASSERT(is_number(text));
            break;
        case ParameterType::integer:
            ASSERT(parameters.integer(row.parameter) == scaled_number(text, 0));
            ASSERT(parameters.integer(row.parameter).has_value());
            break;
        case ParameterType::choice:
            ASSERT(place_of(row.choices, text).has_value());
            break;
        case ParameterType::list:
        case ParameterType::object:
            ASSERT(is_json(text, 8));
            break;
        case ParameterType::texts:
            ASSERT(parameters.list(row.parameter).size() <= 100);
            break;
        case ParameterType::text:
        case ParameterType::flag:
            break;
    }
}

inline void check_call(const CallReader& reader, const std::expected<Call, Failure>& call) {
    std::string answer;
    const Timing timing;
    if (!call.has_value()) {
        ASSERT(message(call.error().code) != "error");
        write_error(answer, reader.id(), call.error(), timing);
    } else {
        ASSERT(row(call->method).is_built());
        write_result_head(answer, call->id);
        JsonWriter json(answer);
        json.begin_object();
        for (const ParameterRow& parameter : row(call->method).parameters) {
            if (call->parameters.has(parameter.parameter)) {
                check_value(call->parameters, parameter);
                json.text(name(parameter.parameter), call->parameters.text(parameter.parameter));
            } else {
                ASSERT(!parameter.need.is_required);
            }
        }
        json.end_object();
        write_result_tail(answer, timing);
    }
    ASSERT(is_json(answer, 4));
}

}  // namespace miletus::deribit
