// Snapshots: states of the engine after a sequence, in files beside the segments, so that a start
// need not carry out the whole log again. What the bytes mean is the engine's business; here they
// are kept whole: a file appears complete or not at all, a bad one is passed over for the one
// before it, and two are kept.
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
    Hash128 state;  // the engine's hash of it
    std::vector<std::byte> bytes;
};

struct FoundSnapshot {
    std::optional<Snapshot> newest;  // of those that are whole
    std::vector<std::string> bad;    // younger ones, by name
};

[[nodiscard]] std::string snapshot_name(Sequence sequence);
[[nodiscard]] JournalResult<void> put_snapshot(host::Disk& disk, LogId log,
                                               const Snapshot& snapshot);
[[nodiscard]] JournalResult<FoundSnapshot> find_snapshot(host::Disk& disk, LogId log);

}  // namespace miletus::journal
