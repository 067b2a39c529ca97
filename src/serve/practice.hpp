// Practice: a user with a key, in a file of credentials that is made where it is missing. For
// demonstrations: the secret is there to be shown.
#pragma once

#include "base/units.hpp"
#include "serve/config.hpp"

#include <expected>
#include <string>

namespace miletus::serve {

struct PracticeKey {
    std::string id;
    std::string secret;
};

// The key of the account, made on the first call; or why there is none, as a sentence.
[[nodiscard]] std::expected<PracticeKey, std::string> practice_key(const DeribitConfig& deribit,
                                                                   AccountId account,
                                                                   UnixNanos now);

}  // namespace miletus::serve
