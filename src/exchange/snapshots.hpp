// Between engine and journal: the engine's state as a snapshot beside the log, and back.
#pragma once

#include "engine/engine.hpp"
#include "journal/journal.hpp"
#include "protocol/event_chain.hpp"

#include <vector>

namespace miletus::exchange {

// All that the engine applied must be durable; `events` is the digest of all that it told. Returns
// which snapshots there are now, youngest first.
[[nodiscard]] journal::JournalResult<std::vector<Sequence>> keep_snapshot(
    host::Disk& disk, journal::LogId log, const engine::Engine& engine, Hash128 events);

// Into a new engine, from a whole snapshot of the folder's log; the engine stays new where there is
// none. Returns where the digest of events goes on. A snapshot that does not lead to the state it
// names is refused: it is whole, so the log, the limits or the program are others.
[[nodiscard]] journal::JournalResult<protocol::EventChain::Point> restore(host::Disk& disk,
                                                                          engine::Engine& engine,
                                                                          journal::Age age);

}  // namespace miletus::exchange
