// Canonical bytes and invariants of prices. Values of lots, and how many instruments wait for a
// delivery price, follow from the rest and are made anew.
#include "engine/prices/prices.hpp"

#include <limits>

namespace miletus::prices {

using instruments::Listing;

namespace {

constexpr std::int64_t basis_max = std::int64_t{1} << 60U;
constexpr std::int64_t price_max = std::int64_t{1} << 31U;
constexpr std::int64_t second_max = std::numeric_limits<std::int64_t>::max() / nanos_per_second;

bool is_price(Ticks price) {
    return is_within(price.value(), price_max);
}

bool can_be(const Book& book) {
    const bool is_in_order =
        book.standing_bid <= book.bid && book.bid <= book.ask && book.ask <= book.standing_ask;
    const bool stands = book.has_standing
                            ? book.has_sides && is_in_order
                            : book.standing_bid == Ticks(0) && book.standing_ask == Ticks(0);
    const bool has_sides =
        book.has_sides ? book.bid <= book.ask : book.bid == Ticks(0) && book.ask == Ticks(0);
    return stands && has_sides && is_price(book.bid) && is_price(book.ask) &&
           is_price(book.standing_bid) && is_price(book.standing_ask);
}

bool can_be(const Linear& linear) {
    return is_within(linear.fast, basis_max) && is_within(linear.slow, basis_max) &&
           can_be(linear.book) && linear.carry >= 0 && linear.carry < funding_divisor &&
           linear.funding_minute >= -1;
}

bool fits(Grid mark, LotValue grid_value) {
    const int128 value = int128{mark.value()} * grid_value.value();
    return value >= -mark_value_max && value <= mark_value_max;
}

}  // namespace

// ---- Encoding ----

void Prices::encode(StateEncoder& encoder) const {
    encoder.add(version_);
    for (std::uint32_t at = 0; at < instruments_.underlying_count(); ++at) {
        const Row& row = rows_[at];
        row.index.encode(encoder);
        encoder.add(row.sampled);
        encoder.add(row.sampled_price);
        encode_chain(encoder, row.linear);
        encode_chain(encoder, row.options);
        row.windows.encode(encoder);
    }
}

void Prices::encode_chain(StateEncoder& encoder, const Chain& chain) const {
    std::uint32_t count = 0;
    for (std::uint32_t link = chain.oldest; link != 0; link = quotes_[link - 1].newer) {
        ++count;
    }
    encoder.add(count);
    for (std::uint32_t link = chain.oldest; link != 0; link = quotes_[link - 1].newer) {
        const std::uint32_t place = link - 1;
        const Quote& quote = quotes_[place];
        encoder.add(InstrumentId(place));
        encode_quote(encoder, quote);
        if (quote.is_settled) {
            encoder.add(quote.index_value);
        } else if (!instruments::is_option(quote.kind)) {
            encode_linear(encoder, linears_[place]);
        } else {
            encode_book(encoder, option_books_[place]);
            if (quote.has_mark) {
                encode_option(encoder, options_[place]);
            }
        }
    }
}

void Prices::encode_quote(StateEncoder& encoder, const Quote& quote) const {
    encoder.add(static_cast<bool>(quote.is_settled));
    encoder.add(static_cast<bool>(quote.has_mark));
    encoder.add(static_cast<bool>(quote.has_last));
    encoder.add(quote.mark);
    encoder.add(quote.funding);
    encoder.add(quote.last);
}

void Prices::encode_linear(StateEncoder& encoder, const Linear& linear) const {
    encoder.add(linear.fast);
    encoder.add(linear.slow);
    encode_book(encoder, linear.book);
    encoder.add(linear.carry);
    encoder.add(linear.funding_minute);
}

void Prices::encode_book(StateEncoder& encoder, const Book& book) const {
    encoder.add(book.bid);
    encoder.add(book.ask);
    encoder.add(book.standing_bid);
    encoder.add(book.standing_ask);
    encoder.add(book.has_sides);
    encoder.add(book.has_standing);
}

void Prices::encode_option(StateEncoder& encoder, const Option& option) const {
    encoder.add(option.value);
    encoder.add(option.forward);
    encoder.add(option.delta);
    encoder.add(option.gamma);
    encoder.add(option.base_index);
}

// ---- Decoding ----

void Prices::decode(StateDecoder& decoder) {
    version_ = decoder.take<std::uint64_t>();
    for (std::uint32_t at = 0; at < instruments_.underlying_count() && decoder.is_sound(); ++at) {
        decode_row(decoder, UnderlyingId(static_cast<std::uint16_t>(at)));
    }
}

void Prices::decode_row(StateDecoder& decoder, UnderlyingId underlying) {
    Row& row = rows_[underlying.value()];
    row.index.decode(decoder);
    row.sampled = decoder.take<std::int64_t>();
    row.sampled_price = decoder.take<IndexPrice>();
    decoder.require(row.sampled >= 0 && row.sampled <= second_max &&
                        row.sampled_price >= IndexPrice(0) &&
                        row.sampled_price < IndexPrice(index_end) &&
                        (row.sampled_price == IndexPrice(0) || row.index.exists()),
                    "a sample of an index cannot be");
    decode_chain(decoder, underlying, false);
    decode_chain(decoder, underlying, true);
    row.windows.decode(decoder);
    if (decoder.is_sound()) {
        relate_windows(decoder, row);
    }
}

void Prices::decode_chain(StateDecoder& decoder, UnderlyingId underlying, bool is_of_options) {
    const std::uint32_t count =
        decoder.take_count(instruments_.count(), "more instruments have prices than there are");
    for (std::uint32_t at = 0; at < count && decoder.is_sound(); ++at) {
        const auto instrument = decoder.take<InstrumentId>();
        if (!decoder.require(instruments_.check_exists(instrument).has_value(),
                             "there is a price of no instrument")) {
            return;
        }
        const Listing& listing = instruments_.listing(instrument);
        if (!decoder.require(!quote(instrument).is_listed,
                             "there are two prices of one instrument") ||
            !decoder.require(listing.underlying == underlying &&
                                 instruments::is_option(listing.kind) == is_of_options &&
                                 check_listing(listing).has_value(),
                             "a price is of another instrument")) {
            return;
        }
        list(instrument);
        decode_quote(decoder, instrument);
    }
}

void Prices::decode_quote(StateDecoder& decoder, InstrumentId instrument) {
    Quote& quote = quotes_[instrument.value()];
    const bool is_option = instruments::is_option(quote.kind);
    quote.is_settled = decoder.take<bool>();
    quote.has_mark = decoder.take<bool>();
    quote.has_last = decoder.take<bool>();
    quote.mark = decoder.take<Grid>();
    quote.funding = decoder.take<LotValue>();
    quote.last = decoder.take<Ticks>();
    const bool is_perpetual = quote.kind == protocol::InstrumentKind::perpetual;
    if (!decoder.require(
            fits(quote.mark, quote.grid_value) && (quote.has_mark || quote.mark == Grid(0)),
            "a mark cannot be") ||
        !decoder.require(is_within(quote.funding.value(), is_perpetual ? funding_max : 0),
                         "funding cannot be") ||
        !decoder.require(quote.has_last ? is_price(quote.last) : quote.last == Ticks(0),
                         "a last trade cannot be")) {
        return;
    }
    quote.mark_value = instruments::value_per_lot(quote.grid_value, Ticks(quote.mark.value()));
    if (quote.is_settled) {
        quote.index_value = decoder.take<LotValue>();
        decoder.require(
            quote.index_value >= LotValue(0) && quote.index_value <= LotValue(lot_value_max),
            "a value of an index cannot be");
    } else if (!is_option) {
        Linear& linear = linears_[instrument.value()];
        decode_linear(decoder, linear);
        // A mark is at most a clamp from it, and its value must fit.
        decoder.require(fits(Grid(linear.slow >> (basis_digits - 1)), quote.grid_value),
                        "a basis cannot be");
    } else {
        decode_book(decoder, option_books_[instrument.value()]);
        if (quote.has_mark) {
            decode_option(decoder, instrument);
        }
    }
}

void Prices::decode_linear(StateDecoder& decoder, Linear& linear) {
    linear.fast = decoder.take<std::int64_t>();
    linear.slow = decoder.take<std::int64_t>();
    decode_book(decoder, linear.book);
    linear.carry = decoder.take<std::int64_t>();
    linear.funding_minute = decoder.take<std::int64_t>();
    decoder.require(can_be(linear), "what a mark is made of cannot be");
}

void Prices::decode_book(StateDecoder& decoder, Book& book) {
    book.bid = decoder.take<Ticks>();
    book.ask = decoder.take<Ticks>();
    book.standing_bid = decoder.take<Ticks>();
    book.standing_ask = decoder.take<Ticks>();
    book.has_sides = decoder.take<bool>();
    book.has_standing = decoder.take<bool>();
    decoder.require(can_be(book), "a sample of a book cannot be");
}

void Prices::decode_option(StateDecoder& decoder, InstrumentId instrument) {
    const Quote& quote = this->quote(instrument);
    OptionMark mark;
    mark.instrument = instrument;
    mark.value = decoder.take<LotValue>();
    mark.forward = decoder.take<LotValue>();
    mark.delta = decoder.take<std::int64_t>();
    mark.gamma = decoder.take<std::int64_t>();
    const auto base_index = decoder.take<IndexPrice>();
    const Row& row = rows_[quote.underlying.value()];
    if (!decoder.require(can_install(quote.underlying, mark) && base_index > IndexPrice(0) &&
                             base_index < IndexPrice(index_end) && row.index.exists(),
                         "an option's mark cannot be")) {
        return;
    }
    const LotValue base_value = lot_value(units_[instrument.value()], base_index);
    const Option& option = keep(mark, base_index, base_value, lift_of(mark.forward, base_value));
    Moves now(row.index.price());
    decoder.require(quote.mark == capped(units_[instrument.value()], marked(option, quote, now)),
                    "an option has another mark than its surface says");
}

void Prices::relate_windows(StateDecoder& decoder, Row& row) {
    for (const Window& seen : row.windows.all()) {
        Window* window = row.windows.find(seen.expiry);
        window->instruments = count_of(row, seen.expiry);
        decoder.require(window->instruments != 0, "nothing waits for a delivery window");
    }
    row.next_expiry = next_expiry_of(row);
}

// ---- Invariants ----

void Prices::check_invariants() const {
    std::uint32_t listed = 0;
    for (const Quote& quote : quotes_.items()) {
        listed += static_cast<std::uint32_t>(quote.is_listed);
    }
    for (const Row& row : rows_.items()) {
        listed -= check_chain(row, row.linear) + check_chain(row, row.options);
        row.index.check_invariants();
        row.windows.check_invariants();
        for (const Window& window : row.windows.all()) {
            ASSERT(window.instruments == count_of(row, window.expiry));
        }
        const UnixNanos next = next_expiry_of(row);
        ASSERT(next == UnixNanos(0) || row.next_expiry <= next);
    }
    ASSERT(listed == 0);
}

std::uint32_t Prices::check_chain(const Row& row, const Chain& chain) const {
    std::uint32_t count = 0;
    std::uint32_t older = 0;
    for (std::uint32_t link = chain.oldest; link != 0; link = quotes_[link - 1].newer) {
        const std::uint32_t place = link - 1;
        const Quote& quote = quotes_[place];
        ++count;
        ASSERT(quote.is_listed);
        ASSERT(quote.older == older);
        ASSERT(fits(quote.mark, quote.grid_value));
        older = link;
        if (quote.is_settled) {
            continue;
        }
        ASSERT(quote.index_value == lot_value(units_[place], row.index.price()));
        if (!instruments::is_option(quote.kind)) {
            ASSERT(can_be(linears_[place]));
            continue;
        }
        ASSERT(can_be(option_books_[place]));
        if (quote.has_mark) {
            Moves now(row.index.price());
            ASSERT(quote.mark == capped(units_[place], marked(options_[place], quote, now)));
        }
    }
    ASSERT(chain.newest == older);
    return count;
}

}  // namespace miletus::prices
