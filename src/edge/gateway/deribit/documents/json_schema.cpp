// References lead into components.
#include "edge/gateway/deribit/documents/json_schema.hpp"

#include <string>
#include <utility>

namespace miletus::deribit {

namespace {

void write_reference(JsonWriter& json, Object object) {
    json.text("$ref", "#/components/schemas/" + std::string(row(object).name));
}

void write_list(JsonWriter& json, std::string_view type) {
    json.text("type", "array");
    json.key("items");
    json.begin_object();
    json.text("type", type);
    json.end_object();
}

void write_list(JsonWriter& json, Object object) {
    json.text("type", "array");
    json.key("items");
    json.begin_object();
    write_reference(json, object);
    json.end_object();
}

void write_levels(JsonWriter& json, bool has_action) {
    json.text("type", "array");
    json.key("items");
    json.begin_object();
    json.text("type", "array");
    json.key("prefixItems");
    json.begin_array();
    if (has_action) {
        json.begin_object();
        json.key("enum");
        json.begin_array();
        json.text("new");
        json.text("change");
        json.text("delete");
        json.end_array();
        json.end_object();
    }
    for (int number = 0; number < 2; ++number) {
        json.begin_object();
        json.text("type", "number");
        json.end_object();
    }
    json.end_array();
    json.end_object();
}

// A field that may be null is either.
void write_nullable(JsonWriter& json, const Shape& shape) {
    json.key("anyOf");
    json.begin_array();
    json.begin_object();
    write_shape(json, shape);
    json.end_object();
    json.begin_object();
    json.text("type", "null");
    json.end_object();
    json.end_array();
}

void write_field(JsonWriter& json, const FieldRow& field) {
    json.key(field.name);
    json.begin_object();
    json.text("description", field.sentence);
    if (field.presence == Presence::nullable) {
        write_nullable(json, field.shape);
    } else {
        write_shape(json, field.shape);
    }
    json.end_object();
}

void write_object(JsonWriter& json, const ObjectRow& object) {
    json.key(object.name);
    json.begin_object();
    json.text("type", "object");
    json.text("description", object.sentence);
    json.key("properties");
    json.begin_object();
    for (const FieldRow& field : object.fields) {
        write_field(json, field);
    }
    json.end_object();
    json.key("required");
    json.begin_array();
    for (const FieldRow& field : object.fields) {
        if (field.presence != Presence::sometimes) {
            json.text(field.name);
        }
    }
    json.end_array();
    json.end_object();
}

void write_type(JsonWriter& json, std::string_view key, std::string_view type) {
    json.key(key);
    json.begin_object();
    json.text("type", type);
    json.end_object();
}

void write_error_schema(JsonWriter& json) {
    json.key("error");
    json.begin_object();
    json.text("type", "object");
    json.key("properties");
    json.begin_object();
    json.key("code");
    json.begin_object();
    json.text("type", "integer");
    json.key("enum");
    json.begin_array();
    for (const ErrorCode code : all_errors()) {
        json.integer(std::to_underlying(code));
    }
    json.end_array();
    json.end_object();
    json.key("message");
    json.begin_object();
    json.text("type", "string");
    json.key("enum");
    json.begin_array();
    for (const ErrorCode code : all_errors()) {
        json.text(message(code));
    }
    json.end_array();
    json.end_object();
    json.key("data");
    json.begin_object();
    json.text("type", "object");
    json.key("properties");
    json.begin_object();
    write_type(json, "reason", "string");
    write_type(json, "param", "string");
    json.end_object();
    json.end_object();
    json.end_object();
    json.end_object();
}

}  // namespace

void write_shape(JsonWriter& json, const Shape& shape) {
    switch (shape.form) {
        case Form::nothing:
        case Form::any_object:
            break;  // anything
        case Form::text:
            json.text("type", "string");
            break;
        case Form::number:
            json.text("type", "number");
            break;
        case Form::integer:
            json.text("type", "integer");
            break;
        case Form::flag:
            json.text("type", "boolean");
            break;
        case Form::number_or_text:
            json.raw("type", R"(["number","string"])");
            break;
        case Form::texts:
            write_list(json, "string");
            break;
        case Form::numbers:
            write_list(json, "number");
            break;
        case Form::rows:
            json.text("type", "array");
            json.raw("items", R"({"type":"array","items":{"type":"number"}})");
            break;
        case Form::levels:
            write_levels(json, false);
            break;
        case Form::changes:
            write_levels(json, true);
            break;
        case Form::object:
            write_reference(json, shape.object);
            break;
        case Form::objects:
            write_list(json, shape.object);
            break;
    }
}

void write_words(JsonWriter& json, std::string_view key, ChoiceSet set) {
    json.key(key);
    json.begin_array();
    for (const std::string_view word : words(set)) {
        json.text(word);
    }
    json.end_array();
}

void write_parameter_type(JsonWriter& json, const ParameterRow& row) {
    switch (type_of(row)) {
        case ParameterType::text:
            json.text("type", "string");
            break;
        case ParameterType::number:
            json.text("type", "number");
            break;
        case ParameterType::integer:
            json.text("type", "integer");
            break;
        case ParameterType::flag:
            json.text("type", "boolean");
            break;
        case ParameterType::choice:
            json.text("type", "string");
            write_words(json, "enum", row.choices);
            break;
        case ParameterType::texts:
            write_list(json, "string");
            break;
        case ParameterType::list:
            json.text("type", "array");
            break;
        case ParameterType::object:
            json.text("type", "object");
            break;
    }
}

void write_schemas(JsonWriter& json) {
    json.key("schemas");
    json.begin_object();
    for (const ObjectRow& object : all_objects()) {
        write_object(json, object);
    }
    write_error_schema(json);
    json.end_object();
}

}  // namespace miletus::deribit
