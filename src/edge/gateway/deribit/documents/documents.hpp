// The interface described from its tables, for programs and for people: OpenAPI of the methods,
// AsyncAPI of the channels, and plain text. It keeps nothing; any thread may call it.
#pragma once

#include "edge/gateway/deribit/schema/schema.hpp"

#include <string>

namespace miletus::deribit {

// OpenAPI 3.1, as JSON: every method, parameter, object and error.
[[nodiscard]] std::string openapi();

// AsyncAPI 3.0, as JSON: every channel and what it tells.
[[nodiscard]] std::string asyncapi();

// A line for each method and channel.
[[nodiscard]] std::string help();

// All of one method: its parameters and what it answers.
[[nodiscard]] std::string help(Method method);

}  // namespace miletus::deribit
