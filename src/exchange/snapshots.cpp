// Encoding, restoring, comparing hashes.
#include "exchange/snapshots.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace miletus::exchange {

using journal::JournalResult;

namespace {

class Bytes final : public ByteSink {
  public:
    void update(std::span<const std::byte> added) override {
        bytes_.insert(bytes_.end(), added.begin(), added.end());
    }
    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

journal::Failure refusal(const journal::Snapshot& snapshot, std::string_view reason) {
    journal::Failure failure;
    failure.detail =
        journal::snapshot_name(snapshot.sequence) + " cannot be restored: " + std::string(reason);
    return failure;
}

bool has_journal(const std::vector<host::FileInfo>& files) {
    return std::ranges::find(files, journal::superblock_name, &host::FileInfo::name) != files.end();
}

}  // namespace

JournalResult<void> keep_snapshot(host::Disk& disk, journal::LogId log,
                                  const engine::Engine& engine) {
    Bytes bytes;
    engine.encode_snapshot(bytes);
    return journal::put_snapshot(disk, log,
                                 {.sequence = engine.events().sequence(),
                                  .state = engine.state_hash(),
                                  .bytes = bytes.take()});
}

JournalResult<void> restore_newest(host::Disk& disk, engine::Engine& engine) {
    if (!has_journal(TRY(disk.list()))) {
        return {};
    }
    const journal::FoundSuperblock found = TRY(journal::read_superblock(disk));
    const journal::FoundSnapshot snapshots =
        TRY(journal::find_snapshot(disk, found.superblock.log));
    if (!snapshots.newest) {
        return {};
    }
    const journal::Snapshot& newest = *snapshots.newest;
    const auto restored = engine.restore(newest.bytes);
    if (!restored) {
        return std::unexpected(refusal(newest, restored.error()));
    }
    const bool is_same =
        engine.events().sequence() == newest.sequence && engine.state_hash() == newest.state;
    if (!is_same) {
        return std::unexpected(refusal(newest, "it leads to another state"));
    }
    return {};
}

}  // namespace miletus::exchange
