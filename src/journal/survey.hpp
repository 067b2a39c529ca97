// Survey: what lies on the disk behind the point where a reader stopped. Records that survive there
// tell whether what is missing was acknowledged once; bytes that survive are cleared away.
#pragma once

#include "journal/reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace miletus::journal {

// Blocks with something in them.
struct Remains {
    SegmentNumber segment{};
    std::uint64_t begin = 0;  // bytes
    std::uint64_t end = 0;
};

struct Survey {
    std::vector<Remains> remains;
    std::uint32_t records = 0;  // headers of this log, in their place
    Sequence durable{};         // the highest that one of them knew of
};

// Bytes of writes that were under way when the process ended: nobody was told of them.
struct TornTail {
    std::string file;
    std::uint64_t offset = 0;
    Sequence sequence{};  // of the first command that it may have held
    Damage damage = Damage::none;
};

// From the reader's position to the end of its segment, and the start of those behind it. It looks
// into everything that may have been under way, and far beyond.
[[nodiscard]] JournalResult<Survey> survey_behind(host::Disk& disk, const Reader& reader);

// What it means that the reader stopped where it did, when all up to `durable` was acknowledged: a
// failure where that is missing, a torn tail, or simply the end.
[[nodiscard]] JournalResult<std::optional<TornTail>> judge(const Reader& reader,
                                                           const Survey& survey, Sequence durable);

// Writes zeros over what the survey found.
[[nodiscard]] JournalResult<void> clear(host::Disk& disk, const Survey& survey);

}  // namespace miletus::journal
