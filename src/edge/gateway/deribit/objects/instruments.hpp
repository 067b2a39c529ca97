// What exists, as JSON: instruments, currencies, indexes, and what an instrument goes through.
#pragma once

#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstdint>

namespace miletus::deribit {

// INSTRUMENT
void write_instrument(JsonWriter& writer, const Markets& markets, const Market& market);
// {timestamp, state, instrument_name}, of the channel instrument.state.
void write_instrument_state(JsonWriter& writer, const market_data::LifeChange& change);

// A row of get_currencies.
void write_currency(JsonWriter& writer, const market_data::Asset& asset);
// {timestamp, index_name, price}, of the channel deribit_price_index.
void write_index(JsonWriter& writer, const market_data::Underlying& underlying);
// {index_price, estimated_delivery_price}
void write_index_price(JsonWriter& writer, const Markets& markets,
                       const market_data::Underlying& underlying);
// {high24h, low24h, change24h, high_volatility, index_name}, of deribit_price_statistics.
void write_index_statistics(JsonWriter& writer, const Markets& markets,
                            const market_data::Underlying& underlying);
// {seconds, price, is_estimated}, of the channel estimated_expiration_price.
void write_expiration_price(JsonWriter& writer, const Markets& markets,
                            const market_data::Underlying& underlying);
// {locked} or {maintenance}, of the channel platform_state.
void write_platform_state(JsonWriter& writer, const Markets& markets);
// Nobody needs a login to read.
void write_public_methods_state(JsonWriter& writer);
// {locked, locked_indices}, of the method status.
void write_status(JsonWriter& writer, const Markets& markets);

}  // namespace miletus::deribit
