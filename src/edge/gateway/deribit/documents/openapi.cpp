// Every method is an operation of HTTP, also those that need a WebSocket: they say so.
#include "edge/gateway/deribit/documents/documents.hpp"
#include "edge/gateway/deribit/documents/json_schema.hpp"

#include <string>

namespace miletus::deribit {

namespace {

void write_parameter(JsonWriter& json, const ParameterRow& row) {
    json.begin_object();
    json.text("name", name(row.parameter));
    json.text("in", "query");
    json.boolean("required", row.need.is_required);
    json.text("description", sentence(row.parameter));
    json.key("schema");
    json.begin_object();
    write_parameter_type(json, row);
    if (!row.need.otherwise.empty()) {
        const bool is_word =
            type_of(row) == ParameterType::choice || type_of(row) == ParameterType::text;
        json.key("default");
        is_word ? json.text(row.need.otherwise) : json.raw(row.need.otherwise);
    }
    json.end_object();
    json.end_object();
}

void write_result(JsonWriter& json, const MethodRow& method) {
    json.key("200");
    json.begin_object();
    json.text("description", "The result.");
    json.key("content");
    json.begin_object();
    json.key("application/json");
    json.begin_object();
    json.key("schema");
    json.begin_object();
    json.text("type", "object");
    json.key("properties");
    json.begin_object();
    json.raw("jsonrpc", R"({"const":"2.0"})");
    json.raw("id", R"({"type":["integer","string"]})");
    json.key("result");
    json.begin_object();
    write_shape(json, method.result);
    json.end_object();
    for (const std::string_view time : {"usIn", "usOut", "usDiff"}) {
        json.raw(time, R"({"type":"integer"})");
    }
    json.raw("testnet", R"({"type":"boolean"})");
    for (int depth = 0; depth < 5; ++depth) {
        json.end_object();
    }
}

void write_method(JsonWriter& json, const MethodRow& method) {
    json.key("/" + std::string(method.name));
    json.begin_object();
    json.key("get");
    json.begin_object();
    json.text("operationId", method.name);
    json.text("summary", method.sentence);
    json.key("tags");
    json.begin_array();
    json.text(method.name.substr(0, method.name.find('/')));
    json.end_array();
    json.boolean("x-built", method.is_built());
    json.boolean("x-websocket-only", method.transport == Transport::websocket_only);
    if (method.is_private()) {
        json.text("x-scope", text(method.scope));
        json.raw("security", R"([{"token":[]},{"key":[]}])");
    }
    json.key("parameters");
    json.begin_array();
    for (const ParameterRow& parameter : method.parameters) {
        write_parameter(json, parameter);
    }
    json.end_array();
    json.key("responses");
    json.begin_object();
    write_result(json, method);
    json.raw("default", R"({"$ref":"#/components/responses/failure"})");
    json.end_object();
    json.end_object();
    json.end_object();
}

}  // namespace

std::string openapi() {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("openapi", "3.1.0");
    json.raw("info", R"({"title":"Miletus, the Deribit interface","version":"2","description":)"
                     R"("The same methods are called over /ws/api/v2 as JSON-RPC 2.0."})");
    json.raw("servers", R"([{"url":"/api/v2"}])");
    json.key("paths");
    json.begin_object();
    for (const MethodRow& method : all_methods()) {
        write_method(json, method);
    }
    json.end_object();
    json.key("components");
    json.begin_object();
    json.raw("securitySchemes", R"({"token":{"type":"http","scheme":"bearer"},)"
                                R"("key":{"type":"http","scheme":"basic"}})");
    json.raw("responses",
             R"({"failure":{"description":"What went wrong.","content":{"application/json":)"
             R"({"schema":{"type":"object","properties":{"jsonrpc":{"const":"2.0"},)"
             R"("error":{"$ref":"#/components/schemas/error"}}}}}}})");
    write_schemas(json);
    json.end_object();
    json.end_object();
    return out;
}

}  // namespace miletus::deribit
