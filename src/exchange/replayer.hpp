// Replayer: a journal's commands through an engine, as the live one had them: those that were
// vetoed are passed over, and the digest of all events is compared with each one that the log
// attests.
#pragma once

#include "engine/engine.hpp"
#include "protocol/event_chain.hpp"

#include <optional>
#include <set>
#include <span>

namespace miletus::exchange {

// What the log says of commands that must not be carried out. It stands behind them in the log, and
// must be known before them.
using Vetoes = std::set<Sequence>;
void add_vetoes(Vetoes& vetoes, std::span<const Unit> commands);

class Replayer {
  public:
    // Whether the events are digested: what attestations need, and nothing else does.
    enum class Digests : std::uint8_t { no, yes };

    // The engine is new or restored; the first command that counts is the one after its last.
    Replayer(engine::Engine& engine, const Vetoes& vetoes, Digests digests);

    // The next commands, up to the last that is wanted.
    void play(std::span<const Unit> commands, Sequence last);

    [[nodiscard]] std::uint64_t commands() const { return commands_; }
    [[nodiscard]] std::uint64_t attested() const { return attested_; }
    // The first command whose attestation these events do not agree with.
    [[nodiscard]] std::optional<Sequence> disagreement() const { return disagreement_; }

  private:
    void play_one(std::span<const Unit> command);
    void digest_events();

    engine::Engine& engine_;
    const Vetoes& vetoes_;
    Digests digests_;
    protocol::EventChain chain_;
    std::uint64_t commands_ = 0;
    std::uint64_t attested_ = 0;
    std::optional<Sequence> disagreement_;
};

// How many commands apart the log attests the digest.
constexpr std::uint64_t attest_interval = 65'536;

}  // namespace miletus::exchange
