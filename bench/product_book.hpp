// The product's matching, driven with a flow: each command takes the whole path that it takes
// inside the engine, checks and events included. Self-trade prevention, bands and limits are on and
// never strike, because the flow knows nothing of them and both books must make the same trades.
#pragma once

#include "base/memory.hpp"
#include "bench/flow.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/matching/matching.hpp"
#include "protocol/event_writer.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::bench {

class ProductBook {
  public:
    static constexpr std::string_view name = "matching";

    explicit ProductBook(const Flow& flow);

    void apply(const Command& command);
    void run(std::span<const Command> commands);
    // The same, with hints for the commands behind.
    void run_ahead(std::span<const Command> commands);

    [[nodiscard]] std::uint64_t position() const { return events_.position(); }
    [[nodiscard]] const protocol::EventWriter& events() const LIFETIME_BOUND { return events_; }
    [[nodiscard]] Hash128 state_hash() const;
    // The trades since a position that is less than a ring ago, all of them made by this command.
    void add_trades_since(std::uint64_t position, const Command& command, TradeTotals& totals);

  private:
    void list_instruments(std::uint32_t count);
    void open_accounts();
    [[gnu::always_inline]] void place(const Command& command);
    [[gnu::always_inline]] void cancel(const Command& command);
    [[gnu::always_inline]] void replace(const Command& command);
    [[gnu::always_inline]] void step(const Command& command);
    void hint_book(const Command& command) const;
    void hint_level(const Command& command) const;
    void hint_neighbours(const Command& command) const;

    Limits limits_;
    instruments::Instruments instruments_;
    protocol::EventWriter events_;
    matching::Matching matching_;
    Block<OrderId> orders_;            // by client id
    Block<std::uint64_t> client_ids_;  // by slot; kept where trades are looked at
    std::uint64_t sequence_ = 0;
};

}  // namespace miletus::bench
