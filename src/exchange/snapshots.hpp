// Between engine and journal: the engine's state as a snapshot beside the log, and back.
#pragma once

#include "engine/engine.hpp"
#include "journal/journal.hpp"
#include "protocol/event_chain.hpp"

namespace miletus::exchange {

// To be kept once all that the engine applied is durable; `events` is the digest of all that it
// told.
[[nodiscard]] journal::Snapshot snapshot_of(const engine::Engine& engine, Hash128 events);

// Into a new engine, which stays new where there is no whole one. Returns where the digest of
// events goes on. A snapshot that does not lead to the state it names is refused: it is whole, so
// the log, the limits or the program are others.
[[nodiscard]] journal::JournalResult<protocol::EventChain::Point> restore(
    engine::Engine& engine, const journal::FoundSnapshot& found);
// From the folder of a log that nobody has open; there may be none.
[[nodiscard]] journal::JournalResult<protocol::EventChain::Point> restore(engine::Engine& engine,
                                                                          host::Disk& disk,
                                                                          journal::Age age);
// The youngest that holds no more than this.
[[nodiscard]] journal::JournalResult<protocol::EventChain::Point> restore_upto(
    engine::Engine& engine, host::Disk& disk, Sequence upto);

}  // namespace miletus::exchange
