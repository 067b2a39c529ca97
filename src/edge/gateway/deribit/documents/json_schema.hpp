// Shapes of the tables as JSON Schema.
#pragma once

#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "edge/gateway/deribit/schema/schema.hpp"

#include <string_view>

namespace miletus::deribit {

// The keywords of a schema, into an object that is open.
void write_shape(JsonWriter& json, const Shape& shape);
void write_parameter_type(JsonWriter& json, const ParameterRow& row);

// "words": [...]
void write_words(JsonWriter& json, std::string_view key, ChoiceSet set);

// "schemas": {...} with every object and the error.
void write_schemas(JsonWriter& json);

}  // namespace miletus::deribit
