// One account at one command: from the newest snapshot that lies before it, then along the log.
#include "audit/audit.hpp"
#include "audit/folder.hpp"
#include "audit/statement.hpp"
#include "base/result.hpp"
#include "host/folder_disk.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace miletus::audit {

using host::FolderDisk;
using journal::JournalResult;
using protocol::EventChain;

namespace {

journal::Failure failure_saying(std::string detail) {
    journal::Failure failure;
    failure.detail = std::move(detail);
    return failure;
}

// The last command that is carried out.
JournalResult<Sequence> end_of(const journal::Inspection& inspection, Sequence wanted) {
    const bool is_named = wanted != Range{}.to;
    if (is_named && (wanted > inspection.last || wanted == Sequence(0))) {
        return std::unexpected(
            failure_saying("the log has no command " + std::to_string(wanted.value()) +
                           "; its first is " + std::to_string(inspection.first.value()) +
                           ", its last " + std::to_string(inspection.last.value())));
    }
    return std::min(wanted, inspection.last);
}

JournalResult<void> play_upto(engine::Engine& engine, FolderDisk& disk, const Outline& known,
                              Sequence end) {
    const EventChain::Point begin = TRY(exchange::restore_upto(engine, disk, end));
    const Sequence next(begin.upto.value() + 1);
    if (next < known.inspection.first) {
        return std::unexpected(
            failure_saying("what led to command " + std::to_string(end.value()) + " was trimmed"));
    }
    exchange::Replayer replayer(engine, known.vetoes, std::nullopt);
    TRY(journal::scan(disk, next,
                      [&](const journal::Record& record) { replayer.play(record.payload, end); }));
    if (engine.events().sequence() != end) {
        return std::unexpected(failure_saying("the log changed while it was read"));
    }
    return {};
}

struct Found {
    std::unique_ptr<engine::Engine> engine;
    Limits limits;
};

JournalResult<Found> engine_at(const AccountQuestion& question) {
    const auto disk = FolderDisk::at(question.folder);
    if (!disk) {
        return failure_of(disk);
    }
    const exchange::Settings settings = TRY(settings_of(question.folder));
    const Outline known = TRY(outline(question.folder));
    const Sequence end = TRY(end_of(known.inspection, question.at));
    auto engine = std::make_unique<engine::Engine>(settings.limits);
    TRY(play_upto(*engine, **disk, known, end));
    return Found{.engine = std::move(engine), .limits = settings.limits};
}

// What went wrong, and what one can do about it.
std::string advice(const journal::Failure& failure, const std::string& folder) {
    const bool is_damage = failure.damage != journal::Damage::none;
    return failure.sentence() +
           (is_damage ? "; put back a copy of " + folder + " that `miletus verify` finds whole"
                      : "; --journal names a venue's folder, `miletus journal stat` what it holds");
}

}  // namespace

bool account(std::ostream& out, const AccountQuestion& question) {
    const JournalResult<Found> found = engine_at(question);
    if (!found) {
        out << advice(found.error(), question.folder) << "\n";
        return false;
    }
    const auto statement = statement_of(*found->engine, {.account = question.account,
                                                         .order = question.order,
                                                         .instruments = found->limits.instruments});
    if (!statement) {
        out << statement.error() << "\n";
        return false;
    }
    if (question.wants_json) {
        tell_json(out, *statement);
    } else {
        tell(out, *statement);
    }
    return true;
}

}  // namespace miletus::audit
