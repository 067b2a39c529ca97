// Shadow: a second engine that follows the log from the disk, some way behind the first: it proves
// that the log leads where the venue went, and keeps snapshots without the venue waiting for them.
// Where its own events are not those that the log attests, it fails, and the process must end: one
// of the two engines is wrong, and nobody knows which. Owned by a thread that may wait, with a disk
// of its own.
#pragma once

#include "base/progress.hpp"
#include "engine/engine.hpp"
#include "exchange/replayer.hpp"
#include "exchange/settings.hpp"

#include <memory>
#include <optional>

namespace miletus::exchange {

using journal::JournalResult;

class Exchange;

class Shadow {
  public:
    // From the newest snapshot, beside an exchange that was opened just now and outlives it.
    static JournalResult<std::unique_ptr<Shadow>> open(Exchange& exchange, host::Disk& disk,
                                                       const Settings& settings);
    Shadow(Exchange& exchange, host::Disk& disk, const Settings& settings,
           std::unique_ptr<engine::Engine> engine, const protocol::EventChain& chain,
           journal::Reader reader);

    // The log's next record, where it is durable, and the snapshots that fall due in it.
    [[nodiscard]] JournalResult<Progress> do_work();

    [[nodiscard]] const engine::Engine& engine() const LIFETIME_BOUND { return *engine_; }
    // How many attestations agreed; how many snapshots were kept.
    [[nodiscard]] std::uint64_t attested() const { return replayer_.attested(); }
    [[nodiscard]] std::uint64_t snapshots() const { return snapshots_; }

  private:
    [[nodiscard]] Sequence last() const { return engine_->events().sequence(); }
    [[nodiscard]] std::optional<journal::Record> next_record();
    [[nodiscard]] JournalResult<void> play(const journal::Record& record);
    [[nodiscard]] JournalResult<void> keep_snapshot();

    Exchange& exchange_;
    host::Disk& disk_;
    std::uint64_t snapshot_interval_;
    bool trims_;
    std::unique_ptr<engine::Engine> engine_;
    Replayer replayer_;
    journal::Reader reader_;
    std::uint64_t snapshots_ = 0;
};

}  // namespace miletus::exchange
