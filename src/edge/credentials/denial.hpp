// Denial: why somebody is not let in. A client is told as little as serves an honest one: an id
// that does not exist, a wrong secret and a disabled key are one and the same to it.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace miletus::credentials {

enum class Denial : std::uint8_t {
    malformed,            // the header or the parameters cannot be read
    invalid_credentials,  // who, or what proves it; also a key that is disabled
    stale_timestamp,      // more than a minute away from the venue's time
    replayed,             // a signed request that was used before
    forbidden_address,    // the key or the token may not be used from there
    invalid_token,        // unknown, used up, or taken back
    expired_token,
    unknown_subject,  // no account of the same user
    not_of_session,   // only tokens of sessions are forked
    bad_session_name,
    too_many_logins,  // as many tokens as may be, and open connections stand on all of them
};

// A word for programs: invalid_credentials.
[[nodiscard]] std::string_view word_of(Denial denial);
// Whether the client proved nothing (error 13004), else what it showed is worth nothing (13009).
[[nodiscard]] bool is_of_credentials(Denial denial);

template <class T>
struct [[nodiscard]] Outcome : std::expected<T, Denial> {
    using std::expected<T, Denial>::expected;
};
template <class T>
[[nodiscard]] std::unexpected<Denial> failure_of(const Outcome<T>& denied) {
    return std::unexpected(denied.error());
}

}  // namespace miletus::credentials
