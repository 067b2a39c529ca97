// Intake: the way into the exchange: a ring that carries commands and queries from one thread that
// takes them in to the sequencer. Full is an answer: whoever submits keeps the message and stops
// reading, so that back-pressure reaches the client.
#pragma once

#include "base/ring.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

namespace miletus::protocol {

// Copies a message whose header says this sequence from now on; false where the ring is full.
[[nodiscard]] inline bool copy_marked(Ring& ring, std::span<const Unit> message, Sequence mark) {
    ASSERT(view<CommandHeader>(message).units == message.size());
    const auto units = ring.try_append(static_cast<std::uint32_t>(message.size()));
    if (!units) {
        return false;
    }
    std::ranges::copy(message, units->begin());
    CommandHeader header = view<CommandHeader>(message);
    header.sequence = mark;
    place_in(*units, header);
    return true;
}

class Intake {
  public:
    // A power of two.
    explicit Intake(std::uint32_t units)
        : ring_(units, units_max(), 1), reader_(ring_.buffer(), ring_.gate(), 0) {
        // The longest message fits, or it would wait for ever.
        ASSERT(units >= units_max());
    }

    // ---- The thread that takes in ----
    // A message that decoded; false where the ring is full, and nothing was taken.
    [[nodiscard]] bool submit_command(std::span<const Unit> command) {
        return copy_marked(ring_, command, not_numbered);
    }
    [[nodiscard]] bool submit_query(std::span<const Unit> query) {
        return copy_marked(ring_, query, query_mark);
    }
    // Shows the sequencer everything submitted so far.
    void publish() { ring_.publish(); }

    // ---- The sequencer's thread ----
    // Calls visit(message, is_query) for each that waits, until it returns false.
    template <class Visit>
    std::uint64_t poll(Visit visit) {
        return reader_.poll([&visit](std::span<const Unit> message) {
            return visit(message, view<CommandHeader>(message).sequence == query_mark);
        });
    }

    // ---- Any thread ----
    // Units that wait.
    [[nodiscard]] std::uint64_t backlog() const { return ring_.gate().backlog(0); }

  private:
    // Commands have no number yet, so that one of them can tell queries apart.
    static constexpr Sequence not_numbered{0};
    static constexpr Sequence query_mark{std::numeric_limits<std::uint64_t>::max()};

    Ring ring_;
    RingReader<CommandHeader> reader_;
};

}  // namespace miletus::protocol
