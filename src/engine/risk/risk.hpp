// Risk: what an order must hold before it may reach the book. Until margin comes, one honest rule:
// every order is fully funded. A buy holds its limit value. A sell holds what buying back could
// cost: of a future the value at the upper price band, of a put the strike, of a call the coin.
// Pure functions.
#pragma once

#include "base/result.hpp"
#include "engine/instruments/instruments.hpp"

namespace miletus::risk {

// What one lot of an order holds.
struct Hold {
    AssetId asset;
    Amount per_lot;
};

[[nodiscard]] Result<Hold> hold_of(const instruments::Listing& listing,
                                   const instruments::TradingRules& rules, protocol::Side side,
                                   Ticks price);

}  // namespace miletus::risk
