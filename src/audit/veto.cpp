// Takes the log over for the one command that makes replay pass over another.
#include "audit/audit.hpp"
#include "base/result.hpp"
#include "host/clock.hpp"
#include "host/folder_disk.hpp"
#include "journal/journal.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace miletus::audit {

using host::FolderDisk;
using journal::JournalResult;

namespace {

using protocol::CommandHeader;
using protocol::view;

// The last sequence whose events were claimed: an engine survived every command up to it, and a
// veto of one of them would contradict the claim.
Sequence attested_by(std::span<const Unit> commands, Sequence before) {
    Sequence attested = before;
    while (!commands.empty()) {
        const std::span<const Unit> command = commands.first(view<CommandHeader>(commands).units);
        const Result<protocol::CommandType> type = protocol::decode_command(command);
        if (type && *type == protocol::CommandType::attest) {
            attested = std::max(attested, view<protocol::Attest>(command).upto);
        }
        commands = commands.subspan(command.size());
    }
    return attested;
}

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
        Sequence attested;
        auto log =
            journal::LocalLog::open({.writing = **disk, .waiting = **disk}, {}, {}, oldest.first,
                                    [&attested](std::span<const Unit> commands) {
                                        attested = attested_by(commands, attested);
                                    });
        if (!log) {
            return failure_of(log);
        }
        return std::make_unique<LogTaker>(std::move(*disk), std::move(*lock),
                                          Bounds{.first = oldest.first, .attested = attested},
                                          std::move(*log));
    }
    struct Bounds {
        Sequence first;  // that the log holds: those before were trimmed
        Sequence attested;
    };
    LogTaker(std::unique_ptr<FolderDisk> disk, host::FolderLock lock, const Bounds& bounds,
             std::unique_ptr<journal::Log> log)
        : disk_(std::move(disk)),
          lock_(std::move(lock)),
          bounds_(bounds),
          log_(std::move(log)),
          sequencer_({.next = log_->recovered().tail.place.first,
                      .last_time = log_->recovered().last_time,
                      .epoch = log_->epoch()}) {}

    [[nodiscard]] const Bounds& bounds() const LIFETIME_BOUND { return bounds_; }
    [[nodiscard]] Sequence last() const { return sequencer_.last(); }

    JournalResult<void> append(std::span<Unit> command) {
        sequencer_.stamp(command, host::SystemClock().now());
        log_->append(command);
        while (!log_->is_idle()) {
            static_cast<void>(TRY(log_->do_work()));
            static_cast<void>(TRY(log_->make_room()));
        }
        return log_->close();
    }

  private:
    std::unique_ptr<FolderDisk> disk_;
    host::FolderLock lock_;
    Bounds bounds_;
    std::unique_ptr<journal::Log> log_;
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
    const Sequence first = (*log)->bounds().first;
    if (sequence < first || sequence > (*log)->last()) {
        return refuse(out, "the log has no command " + std::to_string(sequence.value()) +
                               "; its first is " + std::to_string(first.value()) + ", its last " +
                               std::to_string((*log)->last().value()));
    }
    if (sequence <= (*log)->bounds().attested) {
        return refuse(out, "command " + std::to_string(sequence.value()) +
                               " was carried out, and the log attests its events");
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
