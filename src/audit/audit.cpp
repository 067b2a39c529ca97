// Each question is one walk through the journal.
#include "audit/audit.hpp"

#include "audit/command_text.hpp"
#include "audit/folder.hpp"
#include "audit/milestones.hpp"
#include "base/result.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"
#include "journal/journal.hpp"

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>

namespace miletus::audit {

using exchange::Replayer;
using host::FolderDisk;
using journal::Inspection;
using journal::JournalResult;
using journal::Record;
using protocol::CommandHeader;
using protocol::EventChain;
using protocol::view;

namespace {

using VisitCommand = std::function<void(std::span<const Unit> command)>;

bool fail(std::ostream& out, const std::string& sentence) {
    out << sentence << "\n";
    return false;
}

void visit_commands(const Record& record, const VisitCommand& visit) {
    std::span<const Unit> commands = record.payload;
    while (!commands.empty()) {
        const std::uint16_t units = view<CommandHeader>(commands).units;
        visit(commands.first(units));
        commands = commands.subspan(units);
    }
}

void tell(std::ostream& out, const Inspection& inspection) {
    const journal::Superblock& superblock = inspection.superblock.superblock;
    out << "epoch      " << superblock.epoch << "\n"
        << "segments   " << inspection.segments << ", from "
        << journal::segment_name(superblock.first_segment) << "\n"
        << "records    " << inspection.records << "\n"
        << "commands   " << inspection.commands << ", " << inspection.bytes << " bytes\n"
        << "sequences  " << inspection.first.value() << " to " << inspection.last.value() << "\n";
    if (inspection.superblock.bad_copies != 0) {
        out << "superblock " << inspection.superblock.bad_copies
            << " of its copies are bad; the next start makes them good\n";
    }
    if (inspection.torn) {
        out << "torn tail  " << inspection.torn->file << ", byte " << inspection.torn->offset
            << ", sequence " << inspection.torn->sequence.value() << ": "
            << journal::sentence(inspection.torn->damage)
            << "; never acknowledged, the next start clears it\n";
    }
}

// A sign of life every million commands.
class Progress {
  public:
    explicit Progress(std::ostream& out) : out_(out) {}

    void at(std::uint64_t commands) {
        if (commands / step != told_) {
            told_ = commands / step;
            out_ << "  " << commands << " commands, " << speed(commands) << "\n" << std::flush;
        }
    }
    [[nodiscard]] std::string speed(std::uint64_t commands) const {
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
        std::array<char, 64> text{};
        std::snprintf(text.data(), text.size(), "%.2f s, %.2f M commands/s", taken.count(),
                      static_cast<double>(commands) / 1e6 / std::max(taken.count(), 1e-9));
        return text.data();
    }

  private:
    static constexpr std::uint64_t step = 1'000'000;
    std::ostream& out_;
    std::uint64_t told_ = 0;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Where the log begins: at its first command, or at the oldest snapshot of a log that was trimmed.
JournalResult<EventChain::Point> begin(std::ostream& out, const std::string& folder, Sequence first,
                                       engine::Engine& engine) {
    if (first == Sequence(1)) {
        return EventChain::Point();
    }
    const auto disk = FolderDisk::at(folder);
    if (!disk) {
        return failure_of(disk);
    }
    const EventChain::Point oldest = TRY(exchange::restore(engine, **disk, journal::Age::oldest));
    if (oldest.upto.value() + 1 < first.value()) {
        journal::Failure failure;
        failure.detail = "the log before sequence " + std::to_string(first.value()) +
                         " was trimmed; what follows cannot be replayed without a snapshot";
        return std::unexpected(failure);
    }
    out << "restored   " << journal::snapshot_name(oldest.upto)
        << ", the oldest kept: the log before sequence " << first.value() << " was trimmed\n";
    return oldest;
}

JournalResult<journal::FoundSnapshots> find_snapshots(const std::string& folder) {
    const auto disk = FolderDisk::at(folder);
    if (!disk) {
        return failure_of(disk);
    }
    const journal::FoundSuperblock found = TRY(journal::read_superblock(**disk));
    return journal::find_all_snapshots(**disk, found.superblock.log);
}

// Whether the events are digested, as the log's attestations and its snapshots need it.
enum class Digests : std::uint8_t { no, yes };

// Where a log leads.
struct Played {
    std::unique_ptr<engine::Engine> engine;
    Hash128 events;  // their digest, where it was asked for
};

// Plays the log up to `to`, under its own terms, and tells where it leads. Fails where the log
// cannot be read, or its own attestations contradict it.
JournalResult<Played> play(std::ostream& out, const std::string& folder, Sequence to,
                           Digests digests) {
    const exchange::Settings settings = TRY(settings_of(folder));
    auto made = std::make_unique<engine::Engine>(settings.limits);
    engine::Engine& engine = *made;
    const Outline known = TRY(outline(folder));
    const EventChain::Point point = TRY(begin(out, folder, known.inspection.first, engine));
    if (to < point.upto) {
        journal::Failure failure;
        failure.detail = "what led to command " + std::to_string(to.value()) + " was trimmed";
        return std::unexpected(failure);
    }
    const EventChain chain(settings.attest_interval, point);
    Replayer replayer(engine, known.vetoes,
                      digests == Digests::yes ? std::optional(chain) : std::nullopt);
    std::optional<Milestones> milestones;
    if (digests == Digests::yes) {
        milestones.emplace(TRY(find_snapshots(folder)), point.upto);
    }
    Progress progress(out);
    const JournalResult<Inspection> inspection = inspect_folder(folder, [&](const Record& record) {
        if (milestones) {
            milestones->play(replayer, engine, record);
        }
        replayer.play(record.payload, to);
        progress.at(replayer.commands());
    });
    if (!inspection) {
        return failure_of(inspection);
    }
    TRY(replayer.check_attestations());
    engine.check_invariants();
    out << "replayed   " << replayer.commands() << " commands in "
        << progress.speed(replayer.commands()) << ", " << replayer.attested()
        << " attestations agree\n"
        << "state      " << hex(engine.state_hash()) << " after sequence "
        << engine.events().sequence().value() << "\n";
    if (milestones) {
        TRY(milestones->tell(out));
    }
    return Played{.engine = std::move(made),
                  .events = digests == Digests::yes ? replayer.chain().last().digest : Hash128()};
}

bool tell_played(std::ostream& out, const std::string& folder, Sequence to, Digests digests) {
    const JournalResult<Played> played = play(out, folder, to, digests);
    return played ? true : fail(out, played.error().sentence());
}

}  // namespace

bool stat(std::ostream& out, const std::string& folder) {
    const auto inspection = inspect_folder(folder, [](const Record&) {});
    if (!inspection) {
        return fail(out, inspection.error().sentence());
    }
    tell(out, *inspection);
    return true;
}

bool dump(std::ostream& out, const std::string& folder, const Range& range) {
    const auto inspection = inspect_folder(folder, [&](const Record& record) {
        if (record.header.last < range.from || record.header.first > range.to) {
            return;
        }
        visit_commands(record, [&](std::span<const Unit> command) {
            const Sequence sequence = view<CommandHeader>(command).sequence;
            if (sequence >= range.from && sequence <= range.to) {
                out << text_of(command) << "\n";
            }
        });
    });
    return inspection ? true : fail(out, inspection.error().sentence());
}

bool verify(std::ostream& out, const std::string& folder) {
    return stat(out, folder) && tell_played(out, folder, Range{}.to, Digests::yes);
}

bool replay(std::ostream& out, const std::string& folder, Sequence to) {
    return tell_played(out, folder, to, Digests::no);
}

bool replay_hash(std::ostream& out, const std::string& folder, Sequence to) {
    std::ostringstream story;
    const JournalResult<Played> played = play(story, folder, to, Digests::no);
    if (!played) {
        return fail(out, played.error().sentence());
    }
    out << hex(played->engine->state_hash()) << "\n";
    return true;
}

// From the first command on, where it is there, so that nothing rests on an earlier snapshot.
bool snapshot(std::ostream& out, const std::string& folder) {
    const auto lock = host::FolderLock::take(folder);
    if (!lock) {
        return fail(out, lock.error().sentence());
    }
    const JournalResult<Played> played = play(out, folder, Range{}.to, Digests::yes);
    if (!played) {
        return fail(out, played.error().sentence());
    }
    const auto disk = FolderDisk::at(folder);
    if (!disk) {
        return fail(out, disk.error().sentence());
    }
    const auto superblock = journal::read_superblock(**disk);
    if (!superblock) {
        return fail(out, superblock.error().sentence());
    }
    const auto kept = journal::put_snapshot(**disk, superblock->superblock.log,
                                            exchange::snapshot_of(*played->engine, played->events));
    if (!kept) {
        return fail(out, kept.error().sentence());
    }
    out << "kept       " << journal::snapshot_name(played->engine->events().sequence()) << "\n";
    return true;
}

}  // namespace miletus::audit
