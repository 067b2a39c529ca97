// For people at a terminal.
#include "edge/gateway/deribit/documents/documents.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace miletus::deribit {

namespace {

void append_padded(std::string& out, std::string_view text, std::size_t width) {
    out += text;
    out.append(width > text.size() ? width - text.size() : 1, ' ');
}

[[nodiscard]] std::string_view type_name(ParameterType type) {
    switch (type) {
        case ParameterType::text:
            return "text";
        case ParameterType::number:
            return "number";
        case ParameterType::integer:
            return "integer";
        case ParameterType::flag:
            return "true or false";
        case ParameterType::choice:
            return "word";
        case ParameterType::texts:
            return "list of texts";
        case ParameterType::list:
            return "list";
        case ParameterType::object:
            return "object";
    }
    return "";
}

[[nodiscard]] std::string answer_of(const Shape& shape) {
    switch (shape.form) {
        case Form::nothing:
            return "nothing";
        case Form::text:
            return "a text";
        case Form::number:
        case Form::integer:
            return "a number";
        case Form::flag:
            return "true or false";
        case Form::number_or_text:
            return "a number or a text";
        case Form::texts:
            return "a list of texts";
        case Form::numbers:
            return "a list of numbers";
        case Form::rows:
            return "a list of lists of numbers";
        case Form::levels:
        case Form::changes:
            return "levels of a book";
        case Form::object:
            return std::string(row(shape.object).name);
        case Form::objects:
            return "a list of " + std::string(row(shape.object).name);
        case Form::any_object:
            return "an object";
    }
    return "";
}

void append_parameter(std::string& out, const ParameterRow& parameter, std::size_t width) {
    out += "    ";
    append_padded(out, name(parameter.parameter), width);
    out += type_name(type_of(parameter));
    out += parameter.need.is_required ? ", required. " : ". ";
    out += sentence(parameter.parameter);
    out += '\n';
    const std::string margin = "    " + std::string(width, ' ');
    if (type_of(parameter) == ParameterType::choice) {
        out += margin + "One of";
        for (const std::string_view word : words(parameter.choices)) {
            out += " " + std::string(word);
        }
        out += ".\n";
    }
    if (!parameter.need.otherwise.empty()) {
        out += margin + "Where left out: " + std::string(parameter.need.otherwise) + ".\n";
    }
}

void append_fields(std::string& out, Object object) {
    std::size_t width = 0;
    for (const FieldRow& field : row(object).fields) {
        width = std::max(width, field.name.size() + 2);
    }
    for (const FieldRow& field : row(object).fields) {
        out += "    ";
        append_padded(out, field.name, width);
        out += field.sentence;
        out += field.presence == Presence::sometimes ? " Not always there." : "";
        out += field.presence == Presence::nullable ? " May be null." : "";
        out += '\n';
    }
}

}  // namespace

std::string help() {
    constexpr std::size_t width = 50;
    std::string out = "Methods, over HTTP below /api/v2 and over a WebSocket at /ws/api/v2:\n";
    for (const MethodRow& method : all_methods()) {
        if (!method.is_built()) {
            continue;
        }
        out += "    ";
        append_padded(out, method.name, width);
        out += method.sentence;
        out += '\n';
    }
    out += "Channels, of a WebSocket:\n";
    for (const ChannelRow& channel : all_channels()) {
        if (!channel.is_built()) {
            continue;
        }
        out += "    ";
        append_padded(out, channel.pattern, width);
        out += channel.sentence;
        out += '\n';
    }
    return out;
}

std::string help(Method method) {
    const MethodRow& described = row(method);
    std::string out(described.name);
    out += "\n    ";
    out += described.sentence;
    out += '\n';
    if (!described.is_built()) {
        out += "    It is not built: calls are answered not_implemented.\n";
    }
    if (described.is_private()) {
        out += "    It needs a login whose scope has " + std::string(text(described.scope)) + ".\n";
    }
    if (described.transport == Transport::websocket_only) {
        out += "    It needs a WebSocket.\n";
    }
    std::size_t width = 0;
    for (const ParameterRow& parameter : described.parameters) {
        width = std::max(width, name(parameter.parameter).size() + 2);
    }
    out += described.parameters.empty() ? "It has no parameters.\n" : "Parameters:\n";
    for (const ParameterRow& parameter : described.parameters) {
        append_parameter(out, parameter, width);
    }
    const Shape& result = described.result;
    out += "It answers " + answer_of(result) + ".\n";
    if (result.form == Form::object || result.form == Form::objects) {
        append_fields(out, result.object);
    }
    return out;
}

}  // namespace miletus::deribit
