// Ring: messages of 64-byte units from one thread to one or more others, bounded, in the order they
// were written. With one reader it is a queue between two threads; with several, each sees every
// message. Full is an answer, not a wait.
#pragma once

#include "base/gate.hpp"
#include "base/unit_buffer.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace miletus {

class Ring {
  public:
    Ring(std::uint32_t units, std::uint32_t message_units_max, std::uint32_t readers)
        : buffer_(units, message_units_max), gate_(readers) {}

    // ---- The writer's thread ----
    // The next `count` units, to be filled before anything else; empty where the slowest reader is
    // too far behind.
    [[nodiscard]] std::optional<std::span<Unit>> try_append(std::uint32_t count) LIFETIME_BOUND {
        const std::uint64_t end = buffer_.position() + count;
        if (end > buffer_.capacity() && !gate_.is_free_before(end - buffer_.capacity())) {
            return std::nullopt;
        }
        return buffer_.append(count);
    }
    // Shows the readers everything appended so far.
    void publish() { gate_.publish(buffer_.position()); }

    [[nodiscard]] const UnitBuffer& buffer() const LIFETIME_BOUND { return buffer_; }
    [[nodiscard]] Gate& gate() LIFETIME_BOUND { return gate_; }
    [[nodiscard]] const Gate& gate() const LIFETIME_BOUND { return gate_; }

  private:
    UnitBuffer buffer_;
    Gate gate_;
};

// One reader of a ring, or of any buffer that a gate stands before. `Header` begins each message
// and has its length in `units`. Owned by the reader's thread.
template <class Header>
class RingReader {
  public:
    RingReader(const UnitBuffer& buffer, Gate& gate, std::uint32_t reader)
        : buffer_(buffer), gate_(gate), reader_(reader) {}

    // Calls visit(units) for each message that waits, as long as it returns true: a message for
    // which it returns false waits on. Gives all that were taken back at once, and returns how many
    // they were.
    template <class Visit>
    std::uint64_t poll(Visit visit) {
        const std::uint64_t start = position_;
        const std::uint64_t published = gate_.published();
        std::uint64_t taken = 0;
        while (position_ != published) {
            const std::uint32_t units =
                view_as<Header>(buffer_.shared_at(position_, units_for(sizeof(Header)))).units;
            if (!visit(buffer_.shared_at(position_, units))) {
                break;
            }
            position_ += units;
            ++taken;
        }
        if (position_ != start) {
            gate_.give_back(reader_, position_);
        }
        return taken;
    }

    // Units that wait for it. Any thread may ask.
    [[nodiscard]] std::uint64_t backlog() const { return gate_.backlog(reader_); }
    // Passes over what lies before the position.
    void skip_to(std::uint64_t position) {
        position_ = position;
        gate_.give_back(reader_, position_);
    }

  private:
    const UnitBuffer& buffer_;
    Gate& gate_;
    std::uint32_t reader_;
    std::uint64_t position_ = 0;
};

}  // namespace miletus
