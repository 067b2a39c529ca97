// Looking for records block by block, and clearing what is no longer part of the log.
#include "journal/survey.hpp"

#include "base/result.hpp"

#include <algorithm>

namespace miletus::journal {

namespace {

constexpr std::uint64_t piece = std::uint64_t{1} << 20U;

// What may have been written of a segment whose header was under way: that, and two records.
constexpr std::uint64_t start_of_segment =
    host::disk_block + 2 * std::uint64_t{record_units(payload_units_max)} * sizeof(Unit);

class Surveyor {
  public:
    Surveyor(host::Disk& disk, LogId log) : disk_(disk), buffer_(piece / sizeof(Unit)), log_(log) {}

    JournalResult<void> look(host::FileId file, SegmentNumber segment, std::uint64_t begin,
                             std::uint64_t end) {
        Remains remains{.segment = segment};
        for (std::uint64_t offset = begin; offset < end; offset += piece) {
            const std::uint64_t size = std::min(piece, end - offset);
            const std::span<Unit> units = buffer_.items().first(size / sizeof(Unit));
            if (!disk_.read({.file = file, .offset = offset}, units)) {
                return std::unexpected(
                    Failure(Damage::unreadable, segment_name(segment), offset, Sequence(0)));
            }
            look_at(units, offset, remains);
        }
        if (remains.end != 0) {
            found_.remains.push_back(remains);
        }
        return {};
    }

    [[nodiscard]] const Survey& found() const LIFETIME_BOUND { return found_; }

  private:
    void look_at(std::span<const Unit> units, std::uint64_t offset, Remains& remains) {
        for (; !units.empty(); units = units.subspan(host::units_per_block)) {
            const std::span<const Unit> block = units.first(host::units_per_block);
            if (!is_zero(block)) {
                remains.begin = remains.end == 0 ? offset : remains.begin;
                remains.end = offset + host::disk_block;
                if (is_record_of(block,
                                 {.log = log_, .segment = remains.segment, .offset = offset})) {
                    ++found_.records;
                    found_.durable = std::max(found_.durable, view_as<RecordHeader>(block).durable);
                }
            }
            offset += host::disk_block;
        }
    }

    host::Disk& disk_;
    Block<Unit> buffer_;
    LogId log_;
    Survey found_;
};

JournalResult<void> clear_remains(host::Disk& disk, host::FileId file, const Remains& remains) {
    const Block<Unit> zeros(piece / sizeof(Unit));
    for (std::uint64_t offset = remains.begin; offset < remains.end; offset += piece) {
        const std::uint64_t size = std::min(piece, remains.end - offset);
        TRY(disk.write({.file = file, .offset = offset}, zeros.items().first(size / sizeof(Unit))));
    }
    return {};
}

}  // namespace

JournalResult<Survey> survey_behind(host::Disk& disk, const Reader& reader) {
    const std::vector<host::FileInfo> files = TRY(disk.list());
    const Expected& place = reader.position();
    Surveyor surveyor(disk, place.log);
    for (SegmentNumber segment = place.segment;; segment = next(segment)) {
        const auto info = std::ranges::find(files, segment_name(segment), &host::FileInfo::name);
        if (info == files.end()) {
            return surveyor.found();
        }
        const bool is_its_own = segment == place.segment;
        const std::uint64_t whole_size = info->size / host::disk_block * host::disk_block;
        const std::uint64_t end =
            is_its_own ? reader.segment_size() : std::min(whole_size, start_of_segment);
        const host::FileId file = TRY(disk.open(info->name));
        const JournalResult<void> looked =
            surveyor.look(file, segment, is_its_own ? place.offset : 0, end);
        disk.close(file);
        TRY(looked);
    }
}

JournalResult<std::optional<TornTail>> judge(const Reader& reader, const Survey& survey,
                                             Sequence durable) {
    const Sequence next_command = reader.position().first;
    Failure failure = reader.failure();
    // A segment's header is on the disk before its first record is written.
    const bool is_header_lost = failure.offset == 0 && survey.records != 0;
    const bool was_durable = std::max(durable, survey.durable) >= next_command;
    const bool can_be_torn =
        failure.damage != Damage::unknown_version && failure.damage != Damage::unreadable;
    if (was_durable && failure.damage == Damage::empty) {
        failure.damage = Damage::missing;
    }
    if (is_header_lost || was_durable || !can_be_torn) {
        return std::unexpected(failure);
    }
    if (survey.remains.empty()) {
        return std::optional<TornTail>();
    }
    return std::optional(TornTail{.file = failure.file,
                                  .offset = failure.offset,
                                  .sequence = next_command,
                                  .damage = failure.damage});
}

JournalResult<void> clear(host::Disk& disk, const Survey& survey) {
    for (const Remains& remains : survey.remains) {
        const host::FileId file = TRY(disk.open(segment_name(remains.segment)));
        const JournalResult<void> cleared = clear_remains(disk, file, remains);
        disk.close(file);
        TRY(cleared);
    }
    return {};
}

}  // namespace miletus::journal
