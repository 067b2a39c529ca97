// DurableReader: one reader of the ring that events or answers come through, which sees each of
// them once the command that caused it is durable, and not before. Owned by the reader's thread.
#pragma once

#include "base/ring.hpp"
#include "protocol/messages.hpp"

#include <atomic>
#include <cstdint>
#include <span>

namespace miletus::protocol {

class DurableReader {
  public:
    // `durable` is the last sequence on the disk, as the journal says.
    DurableReader(const UnitBuffer& buffer, Gate& gate, std::uint32_t reader,
                  const std::atomic<std::uint64_t>& durable)
        : reader_(buffer, gate, reader), durable_(durable) {}

    // Calls visit(message) for each that may be known, in order, as long as it returns true: one
    // for which it returns false waits on. Returns how many were taken.
    template <class Visit>
    std::uint64_t poll(Visit visit) {
        const Sequence durable = this->durable();
        return reader_.poll([&](std::span<const Unit> message) {
            return view_as<EventHeader>(message).sequence <= durable && visit(message);
        });
    }
    [[nodiscard]] Sequence durable() const {
        return Sequence(durable_.load(std::memory_order_acquire));
    }
    // Units that wait for it, what is not durable yet included. Any thread may ask.
    [[nodiscard]] std::uint64_t backlog() const { return reader_.backlog(); }
    // Passes over what lies before the position.
    void skip_to(std::uint64_t position) { reader_.skip_to(position); }

  private:
    RingReader<EventHeader> reader_;
    const std::atomic<std::uint64_t>& durable_;
};

}  // namespace miletus::protocol
