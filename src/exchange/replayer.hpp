// Replayer: a journal's commands through an engine, as the live one had them: those that were
// vetoed are passed over, and the digest of all events is compared with each one that the log
// attests.
#pragma once

#include "engine/engine.hpp"
#include "journal/journal.hpp"
#include "protocol/event_chain.hpp"

#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <span>

namespace miletus::exchange {

// What the log says of commands that must not be carried out. It stands behind them in the log, and
// must be known before them.
using Vetoes = std::set<Sequence>;
void add_vetoes(Vetoes& vetoes, std::span<const Unit> commands);

using VisitEvent = std::function<void(std::span<const Unit> event)>;

class Replayer {
  public:
    // In place of a last command: all there are.
    static constexpr Sequence to_the_end{std::numeric_limits<std::uint64_t>::max()};

    // The engine is new or restored; the first command that counts is the one after its last. The
    // chain, where there is one, stands there as well: attestations are compared with it, and
    // nothing else needs it.
    Replayer(engine::Engine& engine, const Vetoes& vetoes,
             const std::optional<protocol::EventChain>& chain);

    // Calls visit(event) for each from now on.
    void watch(VisitEvent visit) { visit_ = std::move(visit); }
    // The next commands, up to the last that is wanted.
    void play(std::span<const Unit> commands, Sequence last);

    [[nodiscard]] std::uint64_t commands() const { return commands_; }
    [[nodiscard]] std::uint64_t attested() const { return attested_; }
    // Fails once the log attested other events, and names the first command that did.
    [[nodiscard]] journal::JournalResult<void> check_attestations() const;
    // After the last command.
    [[nodiscard]] const protocol::EventChain& chain() const LIFETIME_BOUND;

  private:
    [[nodiscard]] bool is_plain() const { return vetoes_.empty() && !chain_ && !visit_; }
    void play_one(std::span<const Unit> command);
    void play_all(std::span<const Unit> commands);
    void read_events();
    void digest(protocol::EventChain& chain, std::span<const Unit> event);

    engine::Engine& engine_;
    const Vetoes& vetoes_;
    std::optional<protocol::EventChain> chain_;
    VisitEvent visit_;
    std::uint64_t commands_ = 0;
    std::uint64_t attested_ = 0;
    std::optional<Sequence> disagreement_;
};

}  // namespace miletus::exchange
