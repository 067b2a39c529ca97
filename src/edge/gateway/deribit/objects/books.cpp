// Levels, and what became of them.
#include "edge/gateway/deribit/objects/books.hpp"

#include "edge/gateway/deribit/objects/words.hpp"

namespace miletus::deribit {

namespace {

using market_data::BookChange;
using market_data::Level;
using market_data::LevelAction;
using market_data::LevelChange;
using market_data::price_decimals;

void write_level(JsonWriter& writer, const Listing& listing, const Level& level) {
    writer.begin_array();
    writer.decimal(listing.price_of(level.price), price_decimals);
    writer.decimal(listing.amount_of(level.total), listing.base.decimals);
    writer.end_array();
}

void write_triple(JsonWriter& writer, const Listing& listing, std::string_view action,
                  const Level& level) {
    writer.begin_array();
    writer.text(action);
    writer.decimal(listing.price_of(level.price), price_decimals);
    writer.decimal(listing.amount_of(level.total), listing.base.decimals);
    writer.end_array();
}

std::string_view action_word(LevelAction action) {
    switch (action) {
        case LevelAction::added:
            return "new";
        case LevelAction::changed:
            return "change";
        case LevelAction::removed:
            return "delete";
    }
    return "change";
}

void write_all_levels(JsonWriter& writer, std::string_view name, const Listing& listing,
                      const market_data::Ladder& ladder) {
    writer.key(name);
    writer.begin_array();
    ladder.visit([&](const Level& level) {
        write_triple(writer, listing, "new", level);
        return true;
    });
    writer.end_array();
}

void write_changes(JsonWriter& writer, std::string_view name, const Listing& listing,
                   std::span<const LevelChange> changes) {
    writer.key(name);
    writer.begin_array();
    for (const LevelChange& change : changes) {
        write_triple(writer, listing, action_word(change.action),
                     {.price = change.price, .total = change.total});
    }
    writer.end_array();
}

void write_pairs(JsonWriter& writer, std::string_view name, const Listing& listing,
                 std::span<const Level> levels) {
    writer.key(name);
    writer.begin_array();
    for (const Level& level : levels) {
        write_level(writer, listing, level);
    }
    writer.end_array();
}

std::int64_t number_of(Sequence change) {
    return static_cast<std::int64_t>(change.value());
}

}  // namespace

void write_levels(JsonWriter& writer, std::string_view name, const Listing& listing,
                  const market_data::Ladder& ladder, std::size_t depth) {
    writer.key(name);
    writer.begin_array();
    ladder.visit_best(depth, [&](const Level& level) { write_level(writer, listing, level); });
    writer.end_array();
}

void write_book_snapshot(JsonWriter& writer, const Markets& markets, const Market& market,
                         Sequence change_id) {
    const Listing listing = listing_of(markets, market);
    const market_data::Book& book = market.book();
    writer.begin_object();
    writer.text("type", "snapshot");
    writer.integer("timestamp", milliseconds(book.time()));
    writer.text("instrument_name", listing.instrument.name.view());
    writer.integer("change_id", number_of(change_id));
    write_all_levels(writer, "bids", listing, book.bids());
    write_all_levels(writer, "asks", listing, book.asks());
    writer.end_object();
}

void write_book_change(JsonWriter& writer, const Markets& markets, const Market& market,
                       const BookChange& change) {
    const Listing listing = listing_of(markets, market);
    writer.begin_object();
    writer.text("type", "change");
    writer.integer("timestamp", milliseconds(change.time));
    writer.text("instrument_name", listing.instrument.name.view());
    writer.integer("prev_change_id", number_of(change.previous));
    writer.integer("change_id", number_of(change.change));
    write_changes(writer, "bids", listing, change.of(protocol::Side::buy));
    write_changes(writer, "asks", listing, change.of(protocol::Side::sell));
    writer.end_object();
}

void write_grouped_book(JsonWriter& writer, const Markets& markets, const Market& market,
                        const market_data::GroupedBook& book) {
    const Listing listing = listing_of(markets, market);
    writer.begin_object();
    writer.integer("timestamp", milliseconds(book.time()));
    writer.text("instrument_name", listing.instrument.name.view());
    writer.integer("change_id", number_of(book.change_id()));
    write_pairs(writer, "bids", listing, book.bids());
    write_pairs(writer, "asks", listing, book.asks());
    writer.end_object();
}

}  // namespace miletus::deribit
