// What a reader made of a request, in one line.
#pragma once

#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <string>
#include <string_view>

namespace miletus::deribit {

// "private/buy id=1 amount=10 …", with what the client sent, or "-32602 why (which)".
[[nodiscard]] inline std::string told(const std::expected<Call, Failure>& call) {
    if (!call.has_value()) {
        const Failure& failure = call.error();
        std::string text = std::to_string(std::to_underlying(failure.code));
        text += failure.reason.empty() ? "" : " " + std::string(failure.reason);
        text += failure.param.empty() ? "" : " (" + std::string(failure.param) + ")";
        return text;
    }
    std::string text(row(call->method).name);
    text += call->id.empty() ? "" : " id=" + std::string(call->id);
    text += call->access_token.empty() ? "" : " token=" + std::string(call->access_token);
    for (const ParameterRow& parameter : row(call->method).parameters) {
        if (!call->parameters.has(parameter.parameter)) {
            continue;
        }
        text += " " + std::string(name(parameter.parameter)) + "=";
        if (type_of(parameter) != ParameterType::texts) {
            text += call->parameters.text(parameter.parameter);
            continue;
        }
        for (const std::string_view element : call->parameters.list(parameter.parameter)) {
            text += "<" + std::string(element) + ">";
        }
    }
    return text;
}

}  // namespace miletus::deribit
