// The naive books' slots, pages and canonical bytes.
#include "engine/matching/naive_matching.hpp"

#include <algorithm>
#include <limits>

namespace miletus::matching {

using protocol::Side;

// ---- Slots ----

OrderId NaiveMatching::take_slot() {
    const OrderId id = next_order_id();
    if (free_slots_.empty()) {
        ASSERT(generations_.size() < limits_.orders);
        generations_.push_back(0);
    } else {
        free_slots_.pop_back();
    }
    return id;
}

// The next order in this slot gets another id. A slot that has run out of ids is not used again.
void NaiveMatching::free_slot(std::uint32_t slot) {
    if (++generations_[slot - 1] != std::numeric_limits<std::uint32_t>::max()) {
        free_slots_.push_back(slot);
    }
}

// ---- Level pages ----

NaiveMatching::Stretch NaiveMatching::stretch_of(InstrumentId instrument, Side side,
                                                 Ticks price) const {
    const protocol::ListingTerms& terms = book(instrument).terms;
    const Ticks from_best = side == Side::buy ? terms.price_high - price : price - terms.price_low;
    return {.instrument = instrument, .side = side, .number = from_best.value() / 64};
}

std::set<NaiveMatching::Stretch> NaiveMatching::stretches_in_use() const {
    std::set<Stretch> stretches;
    for (const auto& [id, order] : open_) {
        stretches.insert(stretch_of(order.instrument, order.side, order.price));
    }
    return stretches;
}

bool NaiveMatching::has_level_page(InstrumentId instrument, Side side, Ticks price) const {
    const std::set<Stretch> used = stretches_in_use();
    return used.size() < limits_.level_pages || used.contains(stretch_of(instrument, side, price));
}

// ---- Sums and bytes ----

Lots NaiveMatching::total_of(const Queue& queue) const {
    Lots total;
    for (const OrderId id : queue) {
        total += open_.at(id).left;
    }
    return total;
}

Lots NaiveMatching::level_total(const Order& order) const {
    const Levels& levels = book(order.instrument).side(order.side);
    const auto level = levels.find(order.price);
    return level == levels.end() ? Lots(0) : total_of(level->second);
}

OwnerId NaiveMatching::owner_of(AccountId account) const {
    const auto found = owners_.find(account);
    return found == owners_.end() ? OwnerId(0) : found->second;
}

void NaiveMatching::encode(StateEncoder& encoder) const {
    for (const auto& [instrument, book] : books_) {
        encoder.add(book.trades);
        encoder.add(open_orders(instrument));
        for (const Levels* levels : {&book.bids, &book.asks}) {
            for (const auto& [price, queue] : *levels) {
                for (const OrderId id : queue) {
                    const Order& order = open_.at(id);
                    const auto traits = instrument.value() * 256 +
                                        static_cast<std::uint32_t>(order.post_only) * 16 +
                                        static_cast<std::uint32_t>(order.self_trade) * 4 +
                                        (order.expires != UnixNanos(0) ? 2U : 0U) +
                                        static_cast<std::uint32_t>(order.side);
                    encoder.add(id);
                    encoder.add(order.account);
                    encoder.add(static_cast<std::int32_t>(price.value()));
                    encoder.add(static_cast<std::uint32_t>(order.left.value()));
                    encoder.add(traits);
                    encoder.add(order.expires);
                }
            }
        }
    }
    encoder.add(static_cast<std::uint32_t>(generations_.size()));
    for (const std::uint32_t generation : generations_) {
        encoder.add(generation);
    }
    std::for_each(free_slots_.rbegin(), free_slots_.rend(),
                  [&](std::uint32_t slot) { encoder.add(slot); });
}

void NaiveMatching::check_invariants() const {
    for (const auto& [instrument, book] : books_) {
        ASSERT(book.bids.empty() || book.asks.empty() ||
               book.bids.begin()->first < book.asks.begin()->first);
        std::size_t queued = 0;
        for (const Levels* levels : {&book.bids, &book.asks}) {
            for (const auto& [price, queue] : *levels) {
                ASSERT(!queue.empty());
                queued += queue.size();
            }
        }
        ASSERT(queued == open_orders(instrument));
    }
}

}  // namespace miletus::matching
