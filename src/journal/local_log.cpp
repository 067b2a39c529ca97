// A writer, its segments, and when to say that all is on the disk.
#include "journal/local_log.hpp"

#include "base/result.hpp"

namespace miletus::journal {

namespace {

// Steps without anything to do before the log says that all is durable: a busy client's next
// command must not wait behind that.
constexpr std::uint32_t steps_before_confirming = 256;

}  // namespace

JournalResult<std::unique_ptr<Log>> LocalLog::open(const LogDisks& disks, const Options& options,
                                                   LogId fresh, Sequence from,
                                                   const VisitCommands& visit) {
    const Recovered recovered = TRY(recover(disks.writing, options, fresh, from, visit));
    return std::unique_ptr<Log>(std::make_unique<LocalLog>(disks, options, recovered));
}

LocalLog::LocalLog(const LogDisks& disks, const Options& options, const Recovered& recovered)
    : recovered_(recovered),
      is_strict_(options.strict),
      segments_(disks.waiting, options, recovered_.superblock, recovered_.tail.place.segment),
      writer_(disks.writing, segments_, options, recovered_) {}

JournalResult<Progress> LocalLog::do_work() {
    const Sequence before = committed();
    idle_steps_ = writer_.is_idle() ? idle_steps_ + 1 : 0;
    if (is_time_to_confirm()) {
        writer_.confirm();
    }
    TRY(writer_.do_work());
    if (committed() != before) {
        return Progress::made;
    }
    return writer_.is_idle() ? Progress::none : Progress::waiting;
}

// Where answers wait for it, nothing else is to be waited for.
bool LocalLog::is_time_to_confirm() const {
    const std::uint32_t steps = is_strict_ ? 1 : steps_before_confirming;
    return idle_steps_ == steps && !writer_.is_confirmed();
}

JournalResult<void> LocalLog::close() {
    ASSERT(is_idle());
    // The superblock says it too: on a full disk that must do.
    if (writer_.has_place_to_confirm()) {
        writer_.confirm();
    }
    while (!writer_.is_idle()) {
        TRY(writer_.do_work());
    }
    return segments_.end(writer_.durable());
}

JournalResult<Progress> LocalLog::make_room() {
    return progress_if(TRY(segments_.do_work()));
}

JournalResult<Reader> LocalLog::read(host::Disk& disk, Sequence from) const {
    const Superblock& superblock = recovered_.superblock;
    const SegmentNumber segment = TRY(segment_holding(disk, superblock.first_segment, from));
    return Reader::open(disk, superblock.log, segment, Depth::checksums);
}

JournalResult<FoundSnapshot> LocalLog::get_snapshot(host::Disk& disk, Age age) const {
    return find_snapshot(disk, recovered_.superblock.log, age);
}

JournalResult<std::vector<Sequence>> LocalLog::put_snapshot(host::Disk& disk,
                                                            const Snapshot& snapshot) const {
    return journal::put_snapshot(disk, recovered_.superblock.log, snapshot);
}

}  // namespace miletus::journal
