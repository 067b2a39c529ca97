// What a running venue does by itself where it is asked to, once and by hand.
#include "audit/audit.hpp"
#include "base/result.hpp"
#include "host/folder_disk.hpp"
#include "journal/journal.hpp"

#include <ostream>

namespace miletus::audit {

using host::FolderDisk;
using journal::JournalResult;

namespace {

struct Trimmed {
    std::uint64_t segments = 0;
    Sequence kept_from{};
};

JournalResult<Trimmed> trim_folder(const std::string& folder) {
    const auto disk = FolderDisk::at(folder);
    if (!disk) {
        return failure_of(disk);
    }
    const auto lock = host::FolderLock::take(folder);
    if (!lock) {
        return failure_of(lock);
    }
    journal::Superblock superblock = TRY(journal::read_superblock(**disk)).superblock;
    const std::vector<Sequence> whole = TRY(journal::prune_snapshots(**disk, superblock.log));
    if (whole.size() < 2) {
        journal::Failure failure;
        failure.detail = "nothing is trimmed before there are two whole snapshots; there are " +
                         std::to_string(whole.size());
        return std::unexpected(failure);
    }
    const Sequence from(whole.back().value() + 1);
    return Trimmed{.segments = TRY(journal::trim(**disk, superblock, from)), .kept_from = from};
}

}  // namespace

bool trim(std::ostream& out, const std::string& folder) {
    const JournalResult<Trimmed> trimmed = trim_folder(folder);
    if (!trimmed) {
        out << trimmed.error().sentence() << "\n";
        return false;
    }
    out << "trimmed    " << trimmed->segments << " segments: all that follows command "
        << trimmed->kept_from.value() - 1 << " is kept\n";
    return true;
}

}  // namespace miletus::audit
