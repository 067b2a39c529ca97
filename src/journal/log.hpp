// Log: the one order of commands, kept where nothing gets lost. A journal of one's own implements
// it (LocalLog); so can a cluster, where a command counts once enough journals have it. What was
// appended may be carried out before it is committed; nobody is told of it before. Whoever reads
// does so on a thread and a disk of its own, since every replica keeps the log in a folder too.
#pragma once

#include "base/progress.hpp"
#include "journal/reader.hpp"
#include "journal/recovery.hpp"
#include "journal/snapshots.hpp"

namespace miletus::journal {

// Who may append.
enum class Role : std::uint8_t { leader, follower };

class Log {
  public:
    virtual ~Log() = default;

    // ---- The log's thread ----
    // Whether this many more units can be taken in now.
    [[nodiscard]] virtual bool has_room(std::size_t units) const = 0;
    // The next command, whole, as the sequencer numbered it.
    virtual void append(std::span<const Unit> command) = 0;
    // Goes on with what was appended. Never waits.
    [[nodiscard]] virtual JournalResult<Progress> do_work() = 0;
    // Everything up to here stays, whatever happens.
    [[nodiscard]] virtual Sequence committed() const = 0;
    // Whether all that was appended is committed.
    [[nodiscard]] virtual bool is_idle() const = 0;
    // Ends in good order, and says so in the log. Only when idle.
    [[nodiscard]] virtual JournalResult<void> close() = 0;

    // ---- A thread that may wait ----
    // Keeps place for what will come, and lets go of what was trimmed.
    [[nodiscard]] virtual JournalResult<Progress> make_room() = 0;

    // ---- Any thread ----
    [[nodiscard]] virtual Role role() const = 0;
    // A new one with each process that takes the log over.
    [[nodiscard]] virtual std::uint32_t epoch() const = 0;
    // Whether there was no room left when it was last tried.
    [[nodiscard]] virtual bool is_full() const = 0;
    // No start will need what lies before this command.
    virtual void trim(Sequence before) = 0;
    // What the start found.
    [[nodiscard]] virtual const Recovered& recovered() const = 0;

    // ---- Readers, each with a disk for the same folder ----
    [[nodiscard]] virtual JournalResult<Reader> read(host::Disk& disk, Sequence from) const = 0;
    [[nodiscard]] virtual JournalResult<FoundSnapshot> get_snapshot(host::Disk& disk,
                                                                    Age age) const = 0;
    // Returns which there are now, youngest first.
    [[nodiscard]] virtual JournalResult<std::vector<Sequence>> put_snapshot(
        host::Disk& disk, const Snapshot& snapshot) const = 0;
};

}  // namespace miletus::journal
