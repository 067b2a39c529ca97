// Recovery: what a start finds in a journal's folder. It reads every command from a sequence on,
// tells a torn tail (never acknowledged: thrown away, and said) from damage (refused), makes good
// what has a second copy, and begins a new epoch.
#pragma once

#include "journal/options.hpp"
#include "journal/superblock.hpp"
#include "journal/survey.hpp"

#include <functional>
#include <optional>

namespace miletus::journal {

// Where the writer goes on.
struct Tail {
    Expected place;
    Chain chain{};
    std::uint64_t segment_size = 0;
};

struct Recovered {
    Superblock superblock;  // of the new epoch
    Tail tail;
    UnixNanos last_time{};
    bool is_new = false;
    std::uint32_t bad_superblocks = 0;
    std::optional<TornTail> torn;
};

// Calls visit(commands) for each record's commands from the sequence on, at least: a record that
// holds earlier ones as well is passed whole.
using VisitCommands = std::function<void(std::span<const Unit> commands)>;

// A new log's id comes from the caller, since chance does. What lies before `from` was durable: the
// caller holds its state.
[[nodiscard]] JournalResult<Recovered> recover(host::Disk& disk, const Options& options,
                                               LogId fresh, Sequence from,
                                               const VisitCommands& visit);

}  // namespace miletus::journal
