// Takes the log over for the one command that makes replay pass over another.
#include "audit/audit.hpp"
#include "base/result.hpp"
#include "host/clock.hpp"
#include "host/folder_disk.hpp"
#include "journal/journal.hpp"
#include "protocol/codec.hpp"

#include <memory>
#include <ostream>

namespace miletus::audit {

using host::FolderDisk;
using journal::JournalResult;

namespace {

// The process that takes over the log for this one command.
class LogTaker {
  public:
    static JournalResult<std::unique_ptr<LogTaker>> of(const std::string& folder) {
        auto disk = FolderDisk::at(folder);
        if (!disk) {
            return failure_of(disk);
        }
        auto lock = host::FolderLock::take(folder);
        if (!lock) {
            return failure_of(lock);
        }
        const journal::FoundSuperblock found = TRY(journal::read_superblock(**disk));
        const journal::SegmentHeader oldest =
            TRY(journal::read_segment_header(**disk, found.superblock.first_segment));
        const journal::Recovered recovered =
            TRY(journal::recover(**disk, {}, {}, oldest.first, [](std::span<const Unit>) {}));
        return std::make_unique<LogTaker>(std::move(*disk), std::move(*lock), oldest.first,
                                          recovered);
    }
    LogTaker(std::unique_ptr<FolderDisk> disk, host::FolderLock lock, Sequence first,
             const journal::Recovered& recovered)
        : disk_(std::move(disk)),
          lock_(std::move(lock)),
          first_(first),
          segments_(*disk_, {}, recovered.superblock, recovered.tail.place.segment),
          writer_(*disk_, segments_, {}, recovered),
          sequencer_({.next = recovered.tail.place.first,
                      .last_time = recovered.last_time,
                      .epoch = recovered.superblock.epoch}) {}

    // Of the commands that the log holds; those before were trimmed.
    [[nodiscard]] Sequence first() const { return first_; }
    [[nodiscard]] Sequence last() const { return sequencer_.last(); }

    JournalResult<void> append(std::span<Unit> command) {
        sequencer_.stamp(command, host::SystemClock().now());
        writer_.append(command);
        TRY(drain());
        writer_.confirm();
        return drain();
    }

  private:
    JournalResult<void> drain() {
        while (!writer_.is_idle()) {
            TRY(writer_.do_work());
            static_cast<void>(TRY(segments_.do_work()));
        }
        return {};
    }

    std::unique_ptr<FolderDisk> disk_;
    host::FolderLock lock_;
    Sequence first_;
    journal::Segments segments_;
    journal::Writer writer_;
    journal::Sequencer sequencer_;
};

bool refuse(std::ostream& out, const std::string& sentence) {
    out << sentence << "\n";
    return false;
}

}  // namespace

bool veto(std::ostream& out, const std::string& folder, Sequence sequence) {
    const auto log = LogTaker::of(folder);
    if (!log) {
        return refuse(out, log.error().sentence());
    }
    if (sequence < (*log)->first() || sequence > (*log)->last()) {
        return refuse(out, "the log has no command " + std::to_string(sequence.value()) +
                               "; its first is " + std::to_string((*log)->first().value()) +
                               ", its last " + std::to_string((*log)->last().value()));
    }
    Block<Unit> command(1 + protocol::units_of<protocol::Veto>(0));
    const std::span<Unit> encoded =
        protocol::encode(protocol::Veto{.vetoed = sequence}, command.items());
    const JournalResult<void> appended = (*log)->append(encoded);
    if (!appended) {
        return refuse(out, appended.error().sentence());
    }
    out << "command " << (*log)->last().value() << " vetoes command " << sequence.value()
        << ": every replay passes over it\n";
    return true;
}

}  // namespace miletus::audit
