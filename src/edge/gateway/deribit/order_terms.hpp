// Order terms: what the parameters of a call ask for, in the units of the engine: prices to ticks,
// amounts to lots, words to enumerations. Exact or refused: nothing is rounded on the way in.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "edge/market_data/market_data.hpp"
#include "protocol/messages.hpp"

#include <expected>
#include <optional>
#include <string_view>
#include <variant>

namespace miletus::deribit {

// An order for the book at once, or one that waits for a price.
using NewOrder = std::variant<protocol::PlaceOrder, protocol::PlaceTrigger>;
using Amendment = std::variant<protocol::AmendOrder, protocol::AmendTrigger>;

[[nodiscard]] Checked<const market_data::Instrument*> instrument_of(
    const Parameters& parameters, const market_data::Markets& markets);

// What was given of `amount` and `contracts`: both must say the same.
[[nodiscard]] Checked<std::optional<Lots>> lots_of(const Parameters& parameters,
                                                   const market_data::Instrument& instrument,
                                                   const market_data::Markets& markets);
[[nodiscard]] Checked<std::optional<Ticks>> ticks_of(const Parameters& parameters,
                                                     Parameter parameter,
                                                     const market_data::Instrument& instrument);

// private/buy and private/sell.
[[nodiscard]] Checked<NewOrder> new_order(const Parameters& parameters, protocol::Side side,
                                          const market_data::Markets& markets, UnixNanos now);
// private/edit: what is left out stays as it is.
[[nodiscard]] Checked<Amendment> amendment(const Parameters& parameters,
                                           const client_feed::Order& order,
                                           const market_data::Markets& markets, UnixNanos now);
// private/close_position.
[[nodiscard]] Checked<protocol::ClosePosition> closing(const Parameters& parameters,
                                                       const market_data::Markets& markets);

}  // namespace miletus::deribit
