// Inspection: reads a whole journal and changes nothing: every checksum, every link of the chain,
// and what a start would make of its tail. It runs beside a writer as well, whose last records it
// may then find torn.
#pragma once

#include "journal/recovery.hpp"

namespace miletus::journal {

struct Inspection {
    FoundSuperblock superblock;
    std::uint64_t segments = 0;
    std::uint64_t records = 0;
    std::uint64_t commands = 0;
    std::uint64_t bytes = 0;  // of commands
    Sequence first{};
    Sequence last{};
    UnixNanos last_time{};
    std::optional<TornTail> torn;
};

// Calls visit(record) for each.
using VisitRecord = std::function<void(const Record& record)>;

[[nodiscard]] JournalResult<Inspection> inspect(host::Disk& disk, const VisitRecord& visit);

// The records alone, from the one on that holds the sequence, without judging how they end: what a
// start wants to know before it begins. A folder without a journal has none.
[[nodiscard]] JournalResult<void> scan(host::Disk& disk, Sequence from, const VisitRecord& visit);

}  // namespace miletus::journal
