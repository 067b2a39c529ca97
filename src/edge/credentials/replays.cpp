// What was used stays refused: while it is remembered, because it is; later, because it is stale,
// or older than what was let go.
#include "edge/credentials/replays.hpp"

#include "base/assert.hpp"
#include "base/hash.hpp"
#include "edge/credentials/keyring.hpp"

#include <algorithm>

namespace miletus::credentials {

namespace {

constexpr std::int64_t millisecond_ns = 1'000'000;

}  // namespace

// A hash that two requests share by a key's own design refuses that key's own requests, and no
// other.
bool Replays::admit(KeyId key, std::int64_t timestamp_ms, std::string_view what, UnixNanos now) {
    ASSERT(most_per_key_ > 0);
    Seen& seen = by_key_[key.value()];
    const std::int64_t window_ms = signature_window.value() / millisecond_ns;
    const std::int64_t stale_ms = now.value() / millisecond_ns - window_ms - 1;
    seen.uses.erase(seen.uses.begin(), seen.uses.lower_bound({stale_ms, 0}));
    // The clock may be set back: what was forgotten as stale is not new again.
    seen.forgotten_ms = std::max(seen.forgotten_ms, stale_ms - 1);
    if (timestamp_ms <= seen.forgotten_ms ||
        !seen.uses.emplace(timestamp_ms, xxh3_64(std::as_bytes(std::span(what)))).second) {
        return false;
    }
    if (seen.uses.size() > most_per_key_) {
        seen.forgotten_ms = std::max(seen.forgotten_ms, seen.uses.begin()->first);
        seen.uses.erase(seen.uses.begin(), seen.uses.lower_bound({seen.forgotten_ms + 1, 0}));
    }
    return true;
}

void Replays::forget(KeyId key) {
    by_key_.erase(key.value());
}

std::size_t Replays::size() const {
    std::size_t sum = 0;
    for (const auto& [key, seen] : by_key_) {
        sum += seen.uses.size();
    }
    return sum;
}

}  // namespace miletus::credentials
