// The superblock, then the files.
#include "journal/trim.hpp"

#include "base/result.hpp"
#include "journal/reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace miletus::journal {

namespace {

SegmentNumber before(SegmentNumber number) {
    return SegmentNumber(std::to_underlying(number) - 1);
}

// Of a row of files that ends where the log begins.
SegmentNumber oldest_left(const std::vector<host::FileInfo>& files, SegmentNumber first) {
    SegmentNumber oldest = first;
    while (std::ranges::find(files, segment_name(before(oldest)), &host::FileInfo::name) !=
           files.end()) {
        oldest = before(oldest);
    }
    return oldest;
}

}  // namespace

JournalResult<std::uint64_t> trim(host::Disk& disk, Superblock& superblock, Sequence from) {
    const SegmentNumber first = TRY(segment_holding(disk, superblock.first_segment, from));
    if (first != superblock.first_segment) {
        superblock.first_segment = first;
        ++superblock.writes;
        TRY(write_superblock(disk, superblock));
    }
    return remove_trimmed(disk, first);
}

JournalResult<std::uint64_t> remove_trimmed(host::Disk& disk, SegmentNumber first) {
    const SegmentNumber oldest = oldest_left(TRY(disk.list()), first);
    for (SegmentNumber number = oldest; number < first; number = next(number)) {
        TRY(disk.remove(segment_name(number)));
    }
    return std::to_underlying(first) - std::to_underlying(oldest);
}

}  // namespace miletus::journal
