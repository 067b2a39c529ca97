// Snapshots: states of the engine after a sequence, in files beside the segments, so that a start
// need not carry out the whole log again. What the bytes mean is the engine's business; here they
// are kept whole: a file appears complete or not at all, a bad one is passed over for the one
// before it, and two that are whole are kept.
#pragma once

#include "host/disk.hpp"
#include "journal/failure.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace miletus::journal {

struct Snapshot {
    Sequence sequence{};
    Hash128 state;   // the engine's hash of it
    Hash128 events;  // the digest of all events so far
    std::vector<std::byte> bytes;
};

struct FoundSnapshot {
    std::optional<Snapshot> whole;
    std::vector<std::string> bad;  // those passed over, by name
};

struct FoundSnapshots {
    std::vector<Snapshot> whole;   // oldest first, without their bytes
    std::vector<std::string> bad;  // by name
};

// Which of those that are whole.
enum class Age : std::uint8_t { youngest, oldest };

[[nodiscard]] std::string snapshot_name(Sequence sequence);
[[nodiscard]] JournalResult<FoundSnapshot> find_snapshot(host::Disk& disk, LogId log, Age age);
// The youngest of those that hold no more than this.
[[nodiscard]] JournalResult<FoundSnapshot> find_snapshot_upto(host::Disk& disk, LogId log,
                                                              Sequence upto);
[[nodiscard]] JournalResult<FoundSnapshots> find_all_snapshots(host::Disk& disk, LogId log);
// Reads it back, and returns what prune_snapshots() does.
[[nodiscard]] JournalResult<std::vector<Sequence>> put_snapshot(host::Disk& disk, LogId log,
                                                                const Snapshot& snapshot);
// Removes all but the two youngest that are whole, and returns these, youngest first: where there
// are two, no start will need the log before the second.
[[nodiscard]] JournalResult<std::vector<Sequence>> prune_snapshots(host::Disk& disk, LogId log);

}  // namespace miletus::journal
