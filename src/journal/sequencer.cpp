// Numbers and times.
#include "journal/sequencer.hpp"

#include "protocol/records.hpp"

#include <algorithm>

namespace miletus::journal {

bool Sequencer::may_stamp(UnixNanos now) {
    const UnixNanos before = std::max(last_time_, last_look_);
    has_jumped_ = !trusts_clock_ && (has_jumped_ || now - before > jump_max);
    last_look_ = std::max(before, now);
    return !has_jumped_;
}

void Sequencer::stamp(std::span<Unit> command, UnixNanos now) {
    ASSERT(!has_jumped_);
    last_time_ = std::max(last_time_, now);
    protocol::CommandHeader header = view_as<protocol::CommandHeader>(command);
    header.sequence = next_;
    header.time = last_time_;
    header.epoch = epoch_;
    place_in(command, header);
    next_ = Sequence(next_.value() + 1);
    trusts_clock_ = false;
}

}  // namespace miletus::journal
