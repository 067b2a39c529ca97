// The whole engine, driven with a flow of one instrument: commands in the format of the journal,
// from accounts with money. A first pass learns the order ids that the engine gives, which later
// commands name, and proves the trades; every later pass applies the same bytes to a fresh engine.
// As a rule the accounts are rich and nothing else goes on. In a full venue they are on margin,
// hold options in three expiries besides, and between the flow's commands the index and marks move.
#pragma once

#include "bench/flow.hpp"
#include "bench/venue.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace miletus::bench {

// What a client has learned from the answers to the flow's commands.
struct Answers {
    explicit Answers(const Flow& flow) : orders(flow.id_end), filled(flow.id_end) {}

    std::vector<OrderId> orders;          // by client id
    std::vector<std::uint32_t> filled;    // by client id, so far
    std::vector<std::uint32_t> replaced;  // the whole quantity of each replacement, in turn
    std::uint64_t refused = 0;
    TradeTotals totals;
};

// Small tables, and a ring of events that stays in cache, as it does where readers keep up.
[[nodiscard]] Limits engine_limits();

enum class Surroundings : std::uint8_t { bare, full };

class EngineMarket {
  public:
    // Open, with accounts and instrument.
    EngineMarket() : EngineMarket(Surroundings::bare) {}
    explicit EngineMarket(Surroundings surroundings);

    // Encodes, applies and reads the answers.
    void learn(std::span<const Command> commands, Answers& answers);

    // Lays out commands whose answers are known; valid until the next call.
    [[nodiscard]] std::span<const Unit> encode(std::span<const Command> commands,
                                               const Answers& answers);
    // The commands that set the venue up.
    [[nodiscard]] std::span<const Unit> opening() const LIFETIME_BOUND { return venue_.issued(); }
    // Applies what encode() laid out.
    void apply(std::span<const Unit> commands) { venue_.engine().apply_all(commands); }
    [[nodiscard]] Venue& venue() LIFETIME_BOUND { return venue_; }

  private:
    void encode_prices();
    void encode_one(const Command& command, OrderId order, std::uint32_t replaced);
    void read_answers(const Command& command, Answers& answers);

    Venue venue_;
    Series series_;
    std::vector<Unit> units_;
    std::vector<std::uint64_t> client_ids_;  // by order slot, while learning
    std::vector<std::uint64_t> placed_;      // orders so far, by account
    std::uint64_t encoded_ = 0;              // commands of the flow
    std::size_t replacements_ = 0;
    Surroundings surroundings_;
};

}  // namespace miletus::bench
