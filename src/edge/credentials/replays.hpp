// Replays: the signed requests that were let in, until their timestamps are stale. Of each key so
// many are remembered; where a key has sent more, its oldest timestamps are refused from then on,
// so that what is forgotten can never be used again.
#pragma once

#include "base/units.hpp"
#include "edge/credentials/register.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace miletus::credentials {

class Replays {
  public:
    explicit Replays(std::size_t most_per_key) : most_per_key_(most_per_key) {}

    // Whether the request is new, which it then no longer is: `what` is all that was signed beside
    // the time. Stale ones are the caller's business.
    [[nodiscard]] bool admit(KeyId key, std::int64_t timestamp_ms, std::string_view what,
                             UnixNanos now);
    // A key that is no more; ids are never given twice.
    void forget(KeyId key);
    [[nodiscard]] std::size_t size() const;

  private:
    struct Seen {
        std::set<std::pair<std::int64_t, std::uint64_t>> uses;  // timestamp and the rest, hashed
        std::int64_t forgotten_ms = 0;                          // the last timestamp let go
    };

    std::size_t most_per_key_;
    std::unordered_map<KeyId::Value, Seen> by_key_;
};

}  // namespace miletus::credentials
