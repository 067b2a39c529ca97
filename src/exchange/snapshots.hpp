// Between engine and journal: the engine's state as a snapshot beside the log, and back.
#pragma once

#include "engine/engine.hpp"
#include "journal/journal.hpp"

namespace miletus::exchange {

// All that the engine applied must be durable.
[[nodiscard]] journal::JournalResult<void> keep_snapshot(host::Disk& disk, journal::LogId log,
                                                         const engine::Engine& engine);

// Into a new engine, from the newest whole snapshot of the folder's log; the engine stays new where
// there is none. One that does not lead to the state it names is refused: it is whole, so the log,
// the limits or the program are others.
[[nodiscard]] journal::JournalResult<void> restore_newest(host::Disk& disk, engine::Engine& engine);

}  // namespace miletus::exchange
