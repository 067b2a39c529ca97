// Stopping at each snapshot's sequence.
#include "audit/milestones.hpp"

#include "base/result.hpp"

#include <utility>

namespace miletus::audit {

using journal::snapshot_name;

Milestones::Milestones(journal::FoundSnapshots found, Sequence begin) : found_(std::move(found)) {
    while (is_due_at(begin)) {
        ++next_;
    }
}

void Milestones::play(exchange::Replayer& replayer, const engine::Engine& engine,
                      const journal::Record& record) {
    while (is_due_at(record.header.last)) {
        const journal::Snapshot& snapshot = found_.whole[next_];
        replayer.play(record.payload, snapshot.sequence);
        const bool agrees = snapshot.state == engine.state_hash() &&
                            snapshot.events == replayer.chain().last().digest;
        if (!agrees && wrong_.empty()) {
            wrong_ = snapshot_name(snapshot.sequence) + " is not what the log leads to";
        }
        ++passed_;
        ++next_;
    }
}

journal::JournalResult<void> Milestones::tell(std::ostream& out) const {
    for (const std::string& name : found_.bad) {
        out << "snapshot   " << name << " is bad: a start passes it over\n";
    }
    journal::Failure failure;
    failure.detail = wrong_;
    if (wrong_.empty() && next_ != found_.whole.size()) {
        failure.detail = "the log ends before " + snapshot_name(found_.whole[next_].sequence);
    }
    if (!failure.detail.empty()) {
        return std::unexpected(failure);
    }
    out << "snapshots  " << passed_ << " passed, and they hold the same\n";
    return {};
}

}  // namespace miletus::audit
