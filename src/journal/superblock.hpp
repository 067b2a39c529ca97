// The superblock: what a journal says of itself outside its segments, in four copies of one block
// each. It names the log, the epoch in force, the oldest segment kept, and how far the log was
// durable at the latest when it was written.
#pragma once

#include "host/disk.hpp"
#include "journal/failure.hpp"
#include "journal/options.hpp"

namespace miletus::journal {

constexpr std::string_view superblock_name = "superblock";
constexpr std::string_view superblock_draft_name = "superblock.new";

struct Superblock {
    LogId log{};
    std::uint64_t writes = 0;  // how often it was written; the newest whole copy counts
    Sequence durable{};
    SegmentNumber first_segment{1};  // older ones are gone
    std::uint32_t epoch = 0;
    Terms terms{};
};

struct FoundSuperblock {
    Superblock superblock;
    std::uint32_t bad_copies = 0;  // made good again by the next write
};

// A new journal's first; the file appears whole, or not at all.
[[nodiscard]] JournalResult<void> create_superblock(host::Disk& disk, const Superblock& first);
[[nodiscard]] JournalResult<FoundSuperblock> read_superblock(host::Disk& disk);
// One copy after the other, so that a whole one is on the disk at any time.
[[nodiscard]] JournalResult<void> write_superblock(host::Disk& disk, const Superblock& superblock);

}  // namespace miletus::journal
