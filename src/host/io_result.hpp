// What the operating system refuses: which operation, on what, and why. It is the environment's
// failure, not a client's and not a bug; only host, journal and edge know it.
#pragma once

#include "base/annotations.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace miletus::host {

struct IoError {
    std::string operation;  // a verb: "open", "write"
    std::string subject;    // the file or address
    int code = 0;           // errno

    // Such as: write journal/00000001.segment: No space left on device.
    [[nodiscard]] std::string sentence() const;
    // Nothing is broken: there is no room.
    [[nodiscard]] bool is_disk_full() const;
};

// A dropped std::expected gives no warning; this does.
template <class T>
struct [[nodiscard]] IoResult : std::expected<T, IoError> {
    using std::expected<T, IoError>::expected;
};

template <class T>
[[nodiscard]] std::unexpected<IoError> failure_of(const IoResult<T>& failed) {
    return std::unexpected(failed.error());
}

}  // namespace miletus::host
