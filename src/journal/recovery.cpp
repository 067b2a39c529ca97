// Making, reading, judging the tail, beginning anew.
#include "journal/recovery.hpp"

#include "base/memory.hpp"
#include "base/result.hpp"
#include "journal/trim.hpp"

#include <algorithm>
#include <vector>

namespace miletus::journal {

namespace {

using Files = std::vector<host::FileInfo>;

bool has(const Files& files, std::string_view name) {
    return std::ranges::find(files, name, &host::FileInfo::name) != files.end();
}

// ---- A new journal ----

// Segments without a superblock are left over from a start that ended here; any that holds more
// than zeros belongs to a journal whose superblock is lost.
JournalResult<void> remove_leftovers(host::Disk& disk, const Files& files) {
    for (const host::FileInfo& file : files) {
        if (file.name == superblock_draft_name) {
            TRY(disk.remove(file.name));
        } else if (file.name == segment_name(SegmentNumber{1})) {
            const JournalResult<SegmentHeader> header = read_segment_header(disk, SegmentNumber(1));
            const bool is_unused =
                header ? header->first == Sequence(1) : header.error().damage == Damage::empty;
            if (!is_unused) {
                return std::unexpected(Failure(Damage::missing, superblock_name, 0, Sequence(0)));
            }
            TRY(disk.remove(file.name));
        } else if (file.name.ends_with(".segment")) {
            return std::unexpected(Failure(Damage::missing, superblock_name, 0, Sequence(0)));
        }
    }
    return {};
}

JournalResult<void> create(host::Disk& disk, const Files& files, const Options& options,
                           LogId fresh) {
    TRY(remove_leftovers(disk, files));
    const SegmentNumber first{1};
    const host::FileId file = TRY(disk.create(segment_name(first), options.first_segment_bytes));
    Block<Unit> block(segment_header_units);
    write_segment_header(block.items(), {.log = fresh,
                                         .size = options.first_segment_bytes,
                                         .segment = first,
                                         .epoch = 0,
                                         .first = Sequence(1),
                                         .chain = {}});
    const auto written = disk.write({.file = file, .offset = 0}, block.items());
    disk.close(file);
    TRY(written);
    TRY(create_superblock(disk, {.log = fresh, .writes = 1, .first_segment = first}));
    return {};
}

// ---- Reading ----

struct Reading {
    Sequence durable{};
    UnixNanos last_time{};
};

Reading read_all(Reader& reader, Sequence from, const VisitCommands& visit) {
    Reading reading;
    while (const std::optional<Record> record = reader.next()) {
        reading.durable = std::max(reading.durable, record->header.durable);
        if (record->payload.empty()) {
            continue;
        }
        reading.last_time = record->header.time;
        if (record->header.last >= from) {
            visit(record->payload);
        }
    }
    return reading;
}

// ---- The tail ----

// Clears away what was under way, or refuses.
JournalResult<std::optional<TornTail>> settle_tail(host::Disk& disk, const Reader& reader,
                                                   Sequence durable) {
    const Survey survey = TRY(survey_behind(disk, reader));
    const std::optional<TornTail> torn = TRY(judge(reader, survey, durable));
    if (torn) {
        TRY(clear(disk, survey));
    }
    return torn;
}

}  // namespace

JournalResult<Recovered> recover(host::Disk& disk, const Options& options, LogId fresh,
                                 Sequence from, const VisitCommands& visit) {
    const Files files = TRY(disk.list());
    Recovered recovered;
    recovered.is_new = !has(files, superblock_name);
    if (recovered.is_new) {
        TRY(create(disk, files, options, fresh));
    }
    const FoundSuperblock found = TRY(read_superblock(disk));
    recovered.superblock = found.superblock;
    recovered.bad_superblocks = found.bad_copies;
    static_cast<void>(TRY(remove_trimmed(disk, found.superblock.first_segment)));
    const SegmentNumber segment = TRY(segment_holding(disk, found.superblock.first_segment, from));
    JournalResult<Reader> reader =
        Reader::open(disk, found.superblock.log, segment, Depth::checksums);
    if (!reader) {
        return failure_of(reader);
    }
    const Reading reading = read_all(*reader, from, visit);
    recovered.last_time = reading.last_time;
    const Sequence before(from.value() - 1);
    recovered.torn = TRY(
        settle_tail(disk, *reader, std::max({before, reading.durable, found.superblock.durable})));
    recovered.tail = {.place = reader->position(),
                      .chain = TRY(reader->chain()),
                      .segment_size = reader->segment_size()};
    ++recovered.superblock.writes;
    ++recovered.superblock.epoch;
    recovered.superblock.durable = Sequence(recovered.tail.place.first.value() - 1);
    TRY(write_superblock(disk, recovered.superblock));
    return recovered;
}

}  // namespace miletus::journal
