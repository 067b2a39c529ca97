// Takes the log over for the one command that makes replay pass over another.
#include "audit/audit.hpp"
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
        JournalResult<journal::Recovered> recovered =
            journal::recover(**disk, {}, {}, Sequence(1), [](std::span<const Unit>) {});
        if (!recovered) {
            return failure_of(recovered);
        }
        return std::make_unique<LogTaker>(std::move(*disk), std::move(*lock), *recovered);
    }
    LogTaker(std::unique_ptr<FolderDisk> disk, host::FolderLock lock,
             const journal::Recovered& recovered)
        : disk_(std::move(disk)),
          lock_(std::move(lock)),
          segments_(*disk_, {}, recovered.superblock.first_segment, recovered.tail.place.segment),
          writer_(*disk_, segments_, {}, recovered),
          sequencer_({.next = recovered.tail.place.first,
                      .last_time = recovered.last_time,
                      .epoch = recovered.superblock.epoch}) {}

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
    if (sequence == Sequence(0) || sequence > (*log)->last()) {
        return refuse(out, "the log has no command " + std::to_string(sequence.value()) +
                               "; its last is " + std::to_string((*log)->last().value()));
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
