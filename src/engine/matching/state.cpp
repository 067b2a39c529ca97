// Canonical bytes and invariants of all books.
#include "engine/matching/matching.hpp"

namespace miletus::matching {

using protocol::Side;

bool Matching::outgrows_cache() const {
    constexpr std::uint64_t page_bytes = 64 * sizeof(Level);
    // Slots are reused last first, so those ever used are those in use at the busiest moment. Each
    // has a line beside the book as well, in the accounts.
    const std::uint64_t bytes =
        orders_.used() * (sizeof(Order) + 64) + ladders_.pages_in_use() * page_bytes;
    return bytes > cache_bytes_;
}

// ---- Encoding ----

void Matching::encode(StateEncoder& encoder) const {
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        encode_book(encoder, books_[at]);
    }
    // Which ids come next is state: the free slots in their order, and each slot's generation.
    encoder.add(orders_.used());
    for (std::uint32_t slot = 1; slot <= orders_.used(); ++slot) {
        encoder.add(orders_[slot].generation);
    }
    for (std::uint32_t slot = orders_.first_free(); slot != 0; slot = orders_[slot].next) {
        encoder.add(slot);
    }
}

void Matching::encode_order(StateEncoder& encoder, std::uint32_t slot) const {
    const Order& order = orders_[slot];
    encoder.add(id_of(slot));
    encoder.add(order.account);
    encoder.add(order.price);
    encoder.add(order.quantity);
    encoder.add(order.traits);
    encoder.add(OrderTraits(order.traits).expires() ? expiries_[slot] : UnixNanos(0));
}

void Matching::encode_book(StateEncoder& encoder, const Book& book) const {
    encoder.add(book.trades);
    encoder.add(book.orders);
    for (const Ladder& ladder : book.ladders) {
        for (std::uint32_t rank = ladder.best; rank != no_rank;
             rank = ladders_.next(ladder, rank)) {
            const Level& level = ladders_.level(ladders_.level_at(ladder, rank));
            for (std::uint32_t slot = level.head; slot != 0; slot = orders_[slot].next) {
                encode_order(encoder, slot);
            }
        }
    }
}

// ---- Decoding ----

void Matching::decode(StateDecoder& decoder) {
    for (std::uint32_t at = 0; at < instruments_.count() && decoder.is_sound(); ++at) {
        decode_book(decoder, InstrumentId(at));
    }
    if (decoder.is_sound()) {
        decode_slots(decoder);
    }
}

void Matching::decode_book(StateDecoder& decoder, InstrumentId instrument) {
    const protocol::ListingTerms& terms = instruments_.listing(instrument).terms;
    if (!decoder.require(admit_books(terms, 1).has_value(),
                         "limits.directory_entries is too small")) {
        return;
    }
    open_book(instrument, terms);
    Book& book = books_[instrument.value()];
    book.trades = decoder.take<std::uint64_t>();
    const std::uint32_t orders =
        decoder.take_count(orders_per_instrument_, "limits.orders_per_instrument is too small");
    std::uint64_t last = 0;
    for (std::uint32_t at = 0; at < orders; ++at) {
        const std::uint64_t place = decode_order(decoder, instrument);
        if (!decoder.require(place >= last, "orders are not in order")) {
            return;
        }
        last = place;
    }
    const std::optional<Ticks> bid = best(instrument, Side::buy);
    const std::optional<Ticks> ask = best(instrument, Side::sell);
    decoder.require(!bid || !ask || *bid < *ask, "a book is crossed");
}

// Returns its place among the orders of its book: buys first, best first.
std::uint64_t Matching::decode_order(StateDecoder& decoder, InstrumentId instrument) {
    const auto id = decoder.take<OrderId>();
    const Order order{.next = 0,
                      .prev = 0,
                      .level = 0,
                      .generation = id.generation(),
                      .price = 0,
                      .quantity = 0,
                      .account = decoder.take<std::uint32_t>(),
                      .traits = 0};
    const auto price = decoder.take<std::int32_t>();
    const auto quantity = decoder.take<std::uint32_t>();
    const OrderTraits traits(decoder.take<std::uint32_t>());
    const auto expires = decoder.take<UnixNanos>();
    const instruments::TradingRules& rules = instruments_.rules(instrument);
    if (!decoder.require(id.slot() <= orders_.capacity(), "limits.orders is too small") ||
        !decoder.require(id.slot() != 0 && orders_[id.slot()].quantity == 0,
                         "two orders have one slot") ||
        !decoder.require(order.account < traders_.size(), "limits.accounts is too small") ||
        !decoder.require(traits.is_of(instrument) && traits.expires() == (expires != UnixNanos(0)),
                         "an order's traits cannot be") ||
        !decoder.require(quantity != 0 && Ticks(price) >= rules.price_low() &&
                             Ticks(price) <= rules.price_high(),
                         "an order cannot be in its book")) {
        return 0;
    }
    Book& book = books_[instrument.value()];
    Ladder& ladder = this->ladder(book, traits.side());
    const std::uint32_t rank = ladder.rank_of(price);
    Trader& trader = traders_[order.account];
    if (!decoder.require(ladders_.has_room_at(ladder, rank), "limits.level_pages is too small") ||
        !decoder.require(trader.open_orders < orders_per_account_,
                         "limits.orders_per_account is too small")) {
        return 0;
    }
    Order& restored = orders_[id.slot()];
    restored = order;
    restored.price = price;
    restored.quantity = quantity;
    restored.traits = traits.bits();
    expiries_[id.slot()] = expires;
    join(ladder, id.slot());
    ++book.orders;
    ++trader.open_orders;
    return std::uint64_t{static_cast<std::uint8_t>(traits.side())} << 32U | rank;
}

// Behind the orders of its level.
void Matching::join(Ladder& ladder, std::uint32_t slot) {
    Order& order = orders_[slot];
    const std::uint32_t rank = ladder.rank_of(order.price);
    order.level = ladders_.make_level(ladder, rank);
    Level& level = ladders_.level(order.level);
    order.prev = level.tail;
    orders_[level.tail].next = slot;  // slot 0 takes the write where the level is empty
    level.tail = slot;
    level.total += order.quantity;
    if (level.head == 0) {
        level.head = slot;
        ladders_.occupy(ladder, rank);
    }
}

// A slot rests in a book, is free, or has used its generations up: so the free ones need no count.
void Matching::decode_slots(StateDecoder& decoder) {
    constexpr std::uint32_t used_up = std::numeric_limits<std::uint32_t>::max();
    const std::uint32_t used = decoder.take_count(orders_.capacity(), "limits.orders is too small");
    std::uint64_t resting = parked_;
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        resting += books_[at].orders;
    }
    std::uint32_t free = 0;
    for (std::uint32_t slot = 1; slot <= used; ++slot) {
        Order& order = orders_[slot];
        const auto generation = decoder.take<std::uint32_t>();
        if (order.quantity == 0) {
            order.generation = generation;
            free += generation != used_up ? 1 : 0;
        } else if (decoder.require(order.generation == generation && generation != used_up,
                                   "an order has another's id")) {
            --resting;
        }
    }
    if (!decoder.require(resting == 0, "an order rests in a slot that was never used")) {
        return;
    }
    orders_.restore_used(used);
    std::uint32_t last = 0;
    for (; free != 0; --free) {
        const auto slot = decoder.take<std::uint32_t>();
        if (!decoder.require(slot <= used && orders_[slot].quantity == 0 &&
                                 orders_[slot].generation != used_up &&
                                 orders_.restore_free(last, slot),
                             "a slot is not free")) {
            return;
        }
        last = slot;
    }
}

// ---- Invariants ----

void Matching::check_invariants() const {
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        const Book& book = books_[at];
        std::uint32_t orders = 0;
        for (const Ladder& ladder : book.ladders) {
            ladders_.check_invariants(ladder);
            for (std::uint32_t rank = ladder.best; rank != no_rank;
                 rank = ladders_.next(ladder, rank)) {
                orders += check_level(ladder, rank);
            }
        }
        ASSERT(orders == book.orders);
        const std::optional<Ticks> bid = best(InstrumentId(at), Side::buy);
        const std::optional<Ticks> ask = best(InstrumentId(at), Side::sell);
        ASSERT(!bid || !ask || *bid < *ask);
    }
}

std::uint32_t Matching::check_level(const Ladder& ladder, std::uint32_t rank) const {
    const std::uint32_t index = ladders_.level_at(ladder, rank);
    const Level& level = ladders_.level(index);
    std::uint32_t orders = 0;
    std::int64_t total = 0;
    std::uint32_t last = 0;
    for (std::uint32_t slot = level.head; slot != 0; slot = orders_[slot].next) {
        const Order& order = orders_[slot];
        ASSERT(order.prev == last);
        ASSERT(order.level == index);
        ASSERT(order.price == ladder.price_of(rank));
        ASSERT(order.quantity != 0);
        total += order.quantity;
        last = slot;
        ++orders;
    }
    ASSERT(last == level.tail);
    ASSERT(total == level.total);
    return orders;
}

}  // namespace miletus::matching
