// Books as JSON: levels as pairs of price and amount, changes with what became of each level.
#pragma once

#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstddef>
#include <string_view>

namespace miletus::deribit {

// A list of pairs, the best first: `depth` at most.
void write_levels(JsonWriter& writer, std::string_view name, const Listing& listing,
                  const market_data::Ladder& ladder, std::size_t depth);

// The channel book.NAME.INTERVAL. First all levels, under the name that the channel's chain has
// reached (the book's own change_id, or a BookFeed's); then each change.
void write_book_snapshot(JsonWriter& writer, const Markets& markets, const Market& market,
                         Sequence change_id);
void write_book_change(JsonWriter& writer, const Markets& markets, const Market& market,
                       const market_data::BookChange& change);

// The channel book.NAME.GROUP.DEPTH.INTERVAL: the best levels, whole each time.
void write_grouped_book(JsonWriter& writer, const Markets& markets, const Market& market,
                        const market_data::GroupedBook& book);

}  // namespace miletus::deribit
