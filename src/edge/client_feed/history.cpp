// Marks, and walking on from them.
#include "edge/client_feed/history.hpp"

#include "protocol/codec.hpp"

#include <algorithm>
#include <iterator>

namespace miletus::client_feed {

using protocol::EventHeader;
using protocol::view;

History::History(std::uint32_t units) : events_(units, protocol::units_max()) {
    ASSERT(units >= units_between_marks);
}

void History::begin_after(Sequence last) {
    if (marks_.empty()) {
        last_ = last;
        marks_.push_back({.first = Sequence(last.value() + 1), .position = 0});
    }
}

void History::append(std::span<const Unit> event) {
    const auto& header = view<EventHeader>(event);
    const std::uint64_t position = events_.position();
    const bool is_mark_due =
        marks_.empty() || position - marks_.back().position >= units_between_marks;
    if (header.ordinal == 0 && is_mark_due) {
        marks_.push_back({.first = header.sequence, .position = position});
    }
    std::ranges::copy(event, events_.append(static_cast<std::uint32_t>(event.size())).begin());
    last_ = header.sequence;
    while (!holds(marks_.front().position)) {
        marks_.pop_front();
        // A command whose events fill all of it: what comes after it can be told.
        if (marks_.empty()) {
            marks_.push_back({.first = Sequence(last_.value() + 1), .position = end()});
        }
    }
}

std::optional<std::uint64_t> History::find_after(const native::EventPlace& heard) const {
    const auto after = std::ranges::upper_bound(marks_, heard.sequence, {}, &Mark::first);
    const bool is_before_all = after == marks_.begin();
    const bool has_heard_it_whole = heard.ordinal == native::whole_command;
    if (is_before_all && (heard.sequence != oldest() || !has_heard_it_whole)) {
        return std::nullopt;
    }
    std::uint64_t position = is_before_all ? after->position : std::prev(after)->position;
    while (position != end()) {
        const auto& header = view<EventHeader>(events_.at(position, 1));
        const native::EventPlace place{.sequence = header.sequence, .ordinal = header.ordinal};
        if (place > heard) {
            break;
        }
        position += header.units;
    }
    return position;
}

std::span<const Unit> History::at(std::uint64_t position) const {
    const auto& header = view<EventHeader>(events_.at(position, 1));
    return events_.at(position, header.units);
}

}  // namespace miletus::client_feed
