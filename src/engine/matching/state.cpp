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

void Matching::encode(StateEncoder& encoder) const {
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        const Book& book = books_[at];
        encoder.add(book.trades);
        encoder.add(book.orders);
        for (const Ladder& ladder : book.ladders) {
            for (std::uint32_t rank = ladder.best; rank != no_rank;
                 rank = ladders_.next(ladder, rank)) {
                const Level& level = ladders_.level(ladders_.level_at(ladder, rank));
                for (std::uint32_t slot = level.head; slot != 0; slot = orders_[slot].next) {
                    const Order& order = orders_[slot];
                    encoder.add(id_of(slot));
                    encoder.add(order.account);
                    encoder.add(order.price);
                    encoder.add(order.quantity);
                    encoder.add(order.traits);
                    encoder.add(OrderTraits(order.traits).expires() ? expiries_[slot]
                                                                    : UnixNanos(0));
                }
            }
        }
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
