// Reading: the methods that only read the folds, and the methods that this module does not know.
// What is refused is refused before anything was written.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <expected>

namespace miletus::deribit {

// Whether answer_public() answers it: what everybody may read of the present and the past.
[[nodiscard]] bool is_public_reading(Method method);
// Writes the result. `now` is the gateway's clock; what is told as "when" comes from the folds.
[[nodiscard]] std::expected<void, Failure> answer_public(const Call& call, const Markets& markets,
                                                         UnixNanos now, JsonWriter& writer);

// Whether answer_private() answers it: what an account may read of itself, margins left out.
[[nodiscard]] bool is_private_reading(Method method);
// The account is who asks, or one that it may ask for (subaccount_id is not looked at).
[[nodiscard]] std::expected<void, Failure> answer_private(const Call& call, AccountId account,
                                                          const Markets& markets,
                                                          const client_feed::Accounts& accounts,
                                                          UnixNanos now, JsonWriter& writer);

// The version that public/hello and public/test answer: the one that clients expect.
inline constexpr std::string_view interface_version = "1.2.26";

}  // namespace miletus::deribit
