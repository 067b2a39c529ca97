// The words of denials.
#include "edge/credentials/denial.hpp"

namespace miletus::credentials {

std::string_view word_of(Denial denial) {
    switch (denial) {
        case Denial::malformed:
            return "malformed";
        case Denial::invalid_credentials:
            return "invalid_credentials";
        case Denial::stale_timestamp:
            return "stale_timestamp";
        case Denial::replayed:
            return "replayed";
        case Denial::forbidden_address:
            return "forbidden_address";
        case Denial::invalid_token:
            return "invalid_token";
        case Denial::expired_token:
            return "expired_token";
        case Denial::unknown_subject:
            return "unknown_subject";
        case Denial::not_of_session:
            return "not_of_session";
        case Denial::bad_session_name:
            return "bad_session_name";
        case Denial::too_many_logins:
            return "too_many_logins";
    }
    return "";
}

bool is_of_credentials(Denial denial) {
    return denial != Denial::invalid_token && denial != Denial::expired_token &&
           denial != Denial::too_many_logins;
}

}  // namespace miletus::credentials
