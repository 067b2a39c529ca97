// Milestones: the snapshots beside a log, each of which must hold what the log leads to where
// replay passes it.
#pragma once

#include "exchange/exchange.hpp"
#include "journal/journal.hpp"

#include <ostream>
#include <string>

namespace miletus::audit {

class Milestones {
  public:
    // Those up to `begin` lie before what is played, or are what it begins with.
    Milestones(journal::FoundSnapshots found, Sequence begin);

    // Plays what of the record leads to the snapshots within, and compares. The replayer digests
    // events.
    void play(exchange::Replayer& replayer, const engine::Engine& engine,
              const journal::Record& record);
    // Fails where a snapshot holds something else, or the log ended before it.
    [[nodiscard]] journal::JournalResult<void> tell(std::ostream& out) const;

  private:
    [[nodiscard]] bool is_due_at(Sequence sequence) const {
        return next_ != found_.whole.size() && found_.whole[next_].sequence <= sequence;
    }

    journal::FoundSnapshots found_;
    std::size_t next_ = 0;
    std::uint64_t passed_ = 0;
    std::string wrong_;
};

}  // namespace miletus::audit
