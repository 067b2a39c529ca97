// The venue's reasons in the words of the interface.
#include "edge/gateway/deribit/rpc/failure.hpp"

namespace miletus::deribit {

ErrorCode error_of(Reject reject) {
    switch (reject) {
#define ANSWERED(reject, error) \
    case Reject::reject:        \
        return ErrorCode::error;
#include "edge/gateway/deribit/rpc/refusals.def"
    }
    return ErrorCode::error;
}

Failure failure_of(Reject reject) {
    return {.code = error_of(reject), .reason = name(reject), .param = ""};
}

Failure wrong(Parameter parameter, std::string_view reason) {
    return {.code = ErrorCode::invalid_params, .reason = reason, .param = name(parameter)};
}

std::uint16_t http_status(ErrorCode code) {
    using enum ErrorCode;
    if (code == authorization_required || code == invalid_credentials || code == unauthorized) {
        return 401;
    }
    return code == too_many_requests || code == too_many_concurrent_requests ? 429 : 400;
}

}  // namespace miletus::deribit
