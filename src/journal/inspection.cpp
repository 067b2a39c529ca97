// One walk from the oldest record to the last.
#include "journal/inspection.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <vector>

namespace miletus::journal {

JournalResult<Inspection> inspect(host::Disk& disk, const VisitRecord& visit) {
    Inspection inspection;
    inspection.superblock = TRY(read_superblock(disk));
    const Superblock& superblock = inspection.superblock.superblock;
    JournalResult<Reader> reader =
        Reader::open(disk, superblock.log, superblock.first_segment, Depth::chain);
    if (!reader) {
        return failure_of(reader);
    }
    inspection.first = reader->position().first;
    Sequence durable = superblock.durable;
    while (const std::optional<Record> record = reader->next()) {
        ++inspection.records;
        inspection.commands += record->header.last.value() + 1 - record->header.first.value();
        inspection.bytes += record->payload.size_bytes();
        inspection.last_time = std::max(inspection.last_time, record->header.time);
        durable = std::max(durable, record->header.durable);
        visit(*record);
    }
    inspection.last = Sequence(reader->position().first.value() - 1);
    inspection.segments = std::to_underlying(reader->position().segment) -
                          std::to_underlying(superblock.first_segment) + 1;
    const Survey survey = TRY(survey_behind(disk, *reader));
    inspection.torn = TRY(judge(*reader, survey, durable));
    return inspection;
}

JournalResult<void> scan(host::Disk& disk, Sequence from, const VisitRecord& visit) {
    const std::vector<host::FileInfo> files = TRY(disk.list());
    if (std::ranges::find(files, superblock_name, &host::FileInfo::name) == files.end()) {
        return {};
    }
    const FoundSuperblock found = TRY(read_superblock(disk));
    const SegmentNumber segment = TRY(segment_holding(disk, found.superblock.first_segment, from));
    JournalResult<Reader> reader =
        Reader::open(disk, found.superblock.log, segment, Depth::checksums);
    if (!reader) {
        return failure_of(reader);
    }
    while (const std::optional<Record> record = reader->next()) {
        if (record->header.last >= from) {
            visit(*record);
        }
    }
    return {};
}

}  // namespace miletus::journal
