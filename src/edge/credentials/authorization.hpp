// The header `Authorization` of HTTP, parsed: a signature, an id and a secret, or a token. What it
// says is not yet believed.
#pragma once

#include "edge/credentials/denial.hpp"
#include "edge/credentials/secret.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace miletus::credentials {

// The texts lie in the header's.
struct HttpSignature {
    std::string_view client_id;
    std::string_view timestamp;
    std::string_view signature;
    std::string_view nonce;
};
struct BasicLogin {
    std::string client_id;
    Secret secret;
};
struct BearerToken {
    std::string_view token;
};
using Authorization = std::variant<HttpSignature, BasicLogin, BearerToken>;

// Schemes in any case. Of a signature id, ts, sig and nonce in any order with any spaces; words
// that nobody knows are passed over, one that comes twice is malformed.
[[nodiscard]] Outcome<Authorization> parse_authorization(std::string_view header);

}  // namespace miletus::credentials
