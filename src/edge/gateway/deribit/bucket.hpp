// Bucket: credits that flow back at a fixed rate, up to a cap. A call costs some; where they do not
// suffice it is refused, and nothing is taken.
#pragma once

#include "base/units.hpp"

#include <algorithm>
#include <cstddef>
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
    // So many calls more, which nobody asked: as far as there are credits.
    void drain(const Rate& rate, std::size_t calls) {
        const std::int64_t there = level_ / (std::max<std::int64_t>(rate.cost, 1) * scale);
        level_ -= std::min(there, static_cast<std::int64_t>(calls)) * rate.cost * scale;
    }
    // When it is full, if nothing more is taken; long ago where nothing was.
    [[nodiscard]] UnixNanos whole_at(const Rate& rate) const {
        const std::int64_t missing = is_filled_ ? rate.cap * scale - level_ : 0;
        if (missing <= 0) {
            return refilled_;
        }
        return refilled_ + (rate.per_second == 0 ? rest_max : Nanos(missing / rate.per_second));
    }

  private:
    static constexpr std::int64_t scale = 1'000'000'000;
    static constexpr Nanos rest_max{1'000'000'000'000};

    std::int64_t level_ = 0;  // in billionths of a credit
    UnixNanos refilled_;
    bool is_filled_ = false;
};

// Calls cost credits of their own kind of bucket, one for each account; who has not logged in
// shares one with its household (an address of IPv4, a /64 of IPv6). A cap of 0 counts none.
struct Rates {
    Rate non_matching{.cost = 500, .cap = 50'000, .per_second = 10'000};
    Rate instruments{.cost = 1000, .cap = 50'000, .per_second = 1'000};
    Rate subscription{.cost = 3000, .cap = 30'000, .per_second = 10'000};
    Rate matching{.cost = 1, .cap = 20, .per_second = 5};
};

struct Buckets {
    Bucket non_matching;
    Bucket instruments;
    Bucket subscription;
    Bucket matching;

    [[nodiscard]] UnixNanos whole_at(const Rates& rates) const {
        return std::max(
            {non_matching.whole_at(rates.non_matching), instruments.whole_at(rates.instruments),
             subscription.whole_at(rates.subscription), matching.whole_at(rates.matching)});
    }
};

}  // namespace miletus::deribit
