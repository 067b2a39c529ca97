// Names in Deribit's manner: BTC_USDC-PERPETUAL, BTC_USDC-26MAR27, BTC_USDC-26MAR27-100000-C. A
// strike with decimals writes `d` for the point: 0d5.
#pragma once

#include "protocol/records.hpp"

namespace miletus::instruments {

[[nodiscard]] protocol::InstrumentName instrument_name(std::string_view underlying,
                                                       protocol::InstrumentKind kind,
                                                       UnixNanos expiry, IndexPrice strike);

}  // namespace miletus::instruments
