// Risk and clearing without an engine around them: 200 instruments, and accounts that each hold 20
// positions over three expiries and have ten open orders. What an account gets over time is spread
// over memory, as it is where others get theirs in between.
#pragma once

#include "base/prng.hpp"
#include "engine/clearing/clearing.hpp"
#include "engine/prices/small_market.hpp"
#include "engine/risk/risk.hpp"

#include <cstdint>
#include <vector>

namespace miletus::bench {

class MarginDesk {
  public:
    static constexpr std::uint32_t positions_per_account = 20;
    static constexpr std::uint32_t orders_per_account = 10;

    explicit MarginDesk(std::uint32_t accounts);

    enum class Kind : std::uint8_t { future, option_buy, option_sell };
    static constexpr std::uint32_t kinds = 3;
    // An order that the account can bear, in something that it holds.
    [[nodiscard]] risk::Proposal proposal(AccountId account, Kind kind);
    // An order of many lots in this instrument, which holds nothing.
    [[nodiscard]] accounts::OpenOrder order(AccountId account, InstrumentId instrument,
                                            protocol::Side side);

    prices::SmallMarket market;
    accounts::Accounts accounts;
    clearing::Clearing clearing;
    risk::Risk risk;
    InstrumentId perpetual;

  private:
    void list();
    void take_position(AccountId account, std::uint32_t place);

    InstrumentId future_;
    std::vector<InstrumentId> options_;
    Prng prng_{1};
};

}  // namespace miletus::bench
