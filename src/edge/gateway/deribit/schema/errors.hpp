// The errors that an answer can carry, from errors.def: codes and messages as clients know them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::deribit {

enum class ErrorCode : std::int32_t {
#define FAILURE(code, name, message) name = code,
#include "edge/gateway/deribit/schema/errors.def"
};

// What the answer says beside the code; "error" where the code has no name.
[[nodiscard]] std::string_view message(ErrorCode code);

// All of them, in the order of the table.
[[nodiscard]] std::span<const ErrorCode> all_errors();

}  // namespace miletus::deribit
