// Trimming: the oldest segments go, once snapshots hold what their commands led to. The superblock
// says first where the log begins from then on: a folder may hold more segments than the log, and
// never fewer.
#pragma once

#include "journal/superblock.hpp"

#include <cstdint>

namespace miletus::journal {

// Removes the segments that lie wholly before the sequence, oldest first, and returns how many.
// They are those of the superblock, which is written where there are any.
[[nodiscard]] JournalResult<std::uint64_t> trim(host::Disk& disk, Superblock& superblock,
                                                Sequence from);
// Removes the segments before the first, which the superblock on the disk no longer counts in:
// where the power went in the middle of a trim, they are still there.
[[nodiscard]] JournalResult<std::uint64_t> remove_trimmed(host::Disk& disk, SegmentNumber first);

}  // namespace miletus::journal
