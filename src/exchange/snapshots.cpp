// Encoding, restoring, comparing hashes.
#include "exchange/snapshots.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <optional>

namespace miletus::exchange {

using journal::JournalResult;
using protocol::EventChain;

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

journal::Snapshot snapshot_of(const engine::Engine& engine, Hash128 events) {
    Bytes bytes;
    engine.encode_snapshot(bytes);
    return {.sequence = engine.events().sequence(),
            .state = engine.state_hash(),
            .events = events,
            .bytes = bytes.take()};
}

JournalResult<EventChain::Point> restore(engine::Engine& engine, host::Disk& disk,
                                         journal::Age age) {
    if (!has_journal(TRY(disk.list()))) {
        return EventChain::Point();
    }
    const journal::FoundSuperblock found = TRY(journal::read_superblock(disk));
    const journal::FoundSnapshot wanted =
        TRY(journal::find_snapshot(disk, found.superblock.log, age));
    return restore(engine, wanted);
}

JournalResult<EventChain::Point> restore_upto(engine::Engine& engine, host::Disk& disk,
                                              Sequence upto) {
    const journal::FoundSuperblock found = TRY(journal::read_superblock(disk));
    const journal::FoundSnapshot wanted =
        TRY(journal::find_snapshot_upto(disk, found.superblock.log, upto));
    return restore(engine, wanted);
}

JournalResult<EventChain::Point> restore(engine::Engine& engine,
                                         const journal::FoundSnapshot& found) {
    if (!found.whole) {
        return EventChain::Point();
    }
    const journal::Snapshot& snapshot = *found.whole;
    const auto restored = engine.restore(snapshot.bytes);
    if (!restored) {
        return std::unexpected(refusal(snapshot, restored.error()));
    }
    const bool is_same =
        engine.events().sequence() == snapshot.sequence && engine.state_hash() == snapshot.state;
    if (!is_same) {
        return std::unexpected(refusal(snapshot, "it leads to another state"));
    }
    return EventChain::Point{.upto = snapshot.sequence, .digest = snapshot.events};
}

}  // namespace miletus::exchange
