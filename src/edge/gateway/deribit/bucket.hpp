// Bucket: credits that flow back at a fixed rate, up to a cap. A call costs some; where they do not
// suffice it is refused, and nothing is taken.
#pragma once

#include "base/units.hpp"

#include <algorithm>
#include <cstdint>

namespace miletus::deribit {

struct Rate {
    std::int64_t cost = 0;  // of one call
    std::int64_t cap = 0;
    std::int64_t per_second = 0;
};

class Bucket {
  public:
    // Whether a call may pass now.
    [[nodiscard]] bool take(const Rate& rate, UnixNanos now) {
        const std::int64_t cap = rate.cap * scale;
        if (!is_filled_) {
            is_filled_ = true;
            level_ = cap;
            refilled_ = now;
        }
        // As much as fills it, at most: a long rest does not overflow.
        const Nanos passed = std::clamp(now - refilled_, Nanos(0), rest_max);
        level_ = std::min(cap, level_ + passed.value() * rate.per_second);
        refilled_ = now;
        if (level_ < rate.cost * scale) {
            return false;
        }
        level_ -= rate.cost * scale;
        return true;
    }

  private:
    static constexpr std::int64_t scale = 1'000'000'000;
    static constexpr Nanos rest_max{1'000'000'000'000};

    std::int64_t level_ = 0;  // in billionths of a credit
    UnixNanos refilled_;
    bool is_filled_ = false;
};

}  // namespace miletus::deribit
