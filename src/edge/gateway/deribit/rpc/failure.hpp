// Why a call is refused, in the words of the interface.
#pragma once

#include "edge/gateway/deribit/schema/schema.hpp"
#include "protocol/rejects.hpp"

#include <cstdint>
#include <string_view>

namespace miletus::deribit {

struct Failure {
    ErrorCode code{};
    std::string_view reason;  // of the program or of the call; empty where the code says all
    std::string_view param;   // a parameter's name from the schema, or empty
};

// Every reason that the venue can give.
[[nodiscard]] ErrorCode error_of(Reject reject);

// The same with the venue's own name of the reason beside it.
[[nodiscard]] Failure failure_of(Reject reject);

// A parameter that cannot be understood or is not known: invalid_params, and why.
[[nodiscard]] Failure wrong(Parameter parameter, std::string_view reason);

// The status of the HTTP response that carries it.
[[nodiscard]] std::uint16_t http_status(ErrorCode code);

}  // namespace miletus::deribit
