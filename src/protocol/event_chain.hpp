// EventChain: one digest of all events so far, and the check of what `Attested` events claim about
// it. Each command's events are hashed behind the digest before them, so that equal digests mean
// equal histories. For readers of events: the engine computes none. Owned by one thread.
#pragma once

#include "base/hash.hpp"
#include "base/unit_buffer.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <span>

namespace miletus::protocol {

class EventChain {
  public:
    // All events up to and with those of `upto` have this digest; of sequence 0 it is zero.
    struct Point {
        Sequence upto;
        Hash128 digest;
        friend constexpr bool operator==(const Point&, const Point&) = default;
    };
    enum class Claim : std::uint8_t { none, agrees, differs, not_known };

    // Begins behind `last`, and keeps the value at each multiple of `interval` until the next one.
    EventChain(std::uint64_t interval, const Point& last);

    // The next event, in order and without a gap; whole commands only are part of the digest. Says
    // what became of the claim, where the event is one.
    [[nodiscard]] Claim read(std::span<const Unit> event);

    // After the last whole command.
    [[nodiscard]] const Point& last() const LIFETIME_BOUND { return last_; }
    // At the last multiple of the interval: what can be attested. Sequence 0 where none was met.
    [[nodiscard]] const Point& kept() const LIFETIME_BOUND { return kept_; }

  private:
    void begin(Sequence sequence);
    void end();
    [[nodiscard]] Claim judge(const Point& claim) const;

    std::uint64_t interval_;
    Point last_;
    Point kept_;
    Xxh3 hash_;
    bool is_inside_ = false;  // of a command's events
};

}  // namespace miletus::protocol
