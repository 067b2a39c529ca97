// The bare book's commands. Everything is forced inline into the loop over them.
#include "bench/bare_book.hpp"

#include <algorithm>
#include <bit>

namespace miletus::bench {

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif
namespace {

std::size_t level_count(const Flow& flow) {
    const std::size_t pages = flow.terms.instruments == 1 ? 2000 : 200;
    return pages * flow.terms.instruments * 64;
}
std::uint32_t lowest(std::uint64_t word) {
    return static_cast<std::uint32_t>(std::countr_zero(word));
}
std::uint32_t highest(std::uint64_t word) {
    return 63 - static_cast<std::uint32_t>(std::countl_zero(word));
}
constexpr std::uint64_t bit(std::uint32_t at) {
    return std::uint64_t{1} << (at & 63U);
}
std::uint64_t above(std::uint64_t word, std::uint32_t at) {
    return word & (~std::uint64_t{1} << (at & 63U));
}
std::uint64_t below(std::uint64_t word, std::uint32_t at) {
    return word & (bit(at) - 1);
}

}  // namespace

[[gnu::always_inline]] inline std::uint32_t BareBook::level_of(const Book& book,
                                                               std::int32_t price) {
    const auto at = static_cast<std::uint32_t>(price);
    return book.pages[at >> 6U] * 64 + (at & 63U);
}

[[gnu::always_inline]] inline void BareBook::emit(EventType type, std::uint64_t order,
                                                  std::uint64_t taker, std::int32_t price,
                                                  std::uint32_t quantity,
                                                  std::uint32_t instrument) {
    events_[event_count_++ % ring_size] = {order, taker, price, quantity, instrument, type};
}

BareBook::BareBook(const Flow& flow)
    : order_block_(std::size_t{slots_max} + 1),
      level_block_(level_count(flow)),
      book_block_(flow.terms.instruments),
      slot_block_(flow.id_end),
      event_block_(ring_size),
      orders_(order_block_.items().data()),
      levels_(level_block_.items().data()),
      books_(book_block_.items().data()),
      slots_(slot_block_.items().data()),
      events_(event_block_.items().data()) {
    for (Book& book : book_block_.items()) {
        book.bid = -1;
        book.ask = price_end;
    }
    // Touched here, so that mapping it is not timed.
    std::ranges::fill(slot_block_.items(), 0U);
    std::ranges::fill(event_block_.items(), Event{});
}

[[gnu::always_inline]] inline std::uint32_t BareBook::allocate() {
    const std::uint32_t slot = free_;
    if (slot != 0) [[likely]] {
        free_ = orders_[slot].next;
        return slot;
    }
    return ++slots_used_;
}

[[gnu::always_inline]] inline void BareBook::release(std::uint32_t slot) {
    orders_[slot].is_live = false;
    orders_[slot].next = free_;
    free_ = slot;
}

[[gnu::always_inline]] inline void BareBook::set(Book& book, std::int32_t price) {
    const auto at = static_cast<std::uint32_t>(price);
    const std::uint32_t page = at >> 6U;
    if (book.level_bits[page] == 0) {
        book.page_bits[page >> 6U] |= bit(page);
        book.summary |= bit(page >> 6U);
    }
    book.level_bits[page] |= bit(at);
}

[[gnu::always_inline]] inline void BareBook::clear(Book& book, std::int32_t price) {
    const auto at = static_cast<std::uint32_t>(price);
    const std::uint32_t page = at >> 6U;
    const std::uint64_t levels = book.level_bits[page] & ~bit(at);
    book.level_bits[page] = levels;
    if (levels == 0) [[unlikely]] {
        const std::uint64_t pages = book.page_bits[page >> 6U] & ~bit(page);
        book.page_bits[page >> 6U] = pages;
        if (pages == 0) {
            book.summary &= ~bit(page >> 6U);
        }
    }
}

// The lowest occupied price above this one, or price_end.
[[gnu::always_inline]] inline std::int32_t BareBook::next_above(const Book& book,
                                                                std::int32_t price) const {
    const auto at = static_cast<std::uint32_t>(price);
    std::uint32_t page = at >> 6U;
    std::uint64_t found = above(book.level_bits[page], at);
    if (found != 0) [[likely]] {
        return static_cast<std::int32_t>(page * 64 + lowest(found));
    }
    std::uint32_t group = page >> 6U;
    found = above(book.page_bits[group], page);
    if (found == 0) {
        const std::uint64_t groups = above(book.summary, group);
        if (groups == 0) {
            return price_end;
        }
        group = lowest(groups);
        found = book.page_bits[group];
    }
    page = group * 64 + lowest(found);
    return static_cast<std::int32_t>(page * 64 + lowest(book.level_bits[page]));
}

// The highest occupied price below this one, or -1.
[[gnu::always_inline]] inline std::int32_t BareBook::next_below(const Book& book,
                                                                std::int32_t price) const {
    const auto at = static_cast<std::uint32_t>(price);
    std::uint32_t page = at >> 6U;
    std::uint64_t found = below(book.level_bits[page], at);
    if (found != 0) [[likely]] {
        return static_cast<std::int32_t>(page * 64 + highest(found));
    }
    std::uint32_t group = page >> 6U;
    found = below(book.page_bits[group], page);
    if (found == 0) {
        const std::uint64_t groups = below(book.summary, group);
        if (groups == 0) {
            return -1;
        }
        group = highest(groups);
        found = book.page_bits[group];
    }
    page = group * 64 + highest(found);
    return static_cast<std::int32_t>(page * 64 + highest(book.level_bits[page]));
}

[[gnu::always_inline]] inline std::uint32_t BareBook::take_any(Book& book, const Command& command) {
    return command.side == Side::buy ? take<Side::buy>(book, command)
                                     : take<Side::sell>(book, command);
}

// Returns what is left of the command's quantity.
template <protocol::Side side>
[[gnu::always_inline]] inline std::uint32_t BareBook::take(Book& book, const Command& command) {
    std::uint32_t left = command.quantity;
    while (side == Side::buy ? book.ask <= command.price : book.bid >= command.price) {
        left = take_level<side>(book, command, left);
        if (left == 0) {
            return 0;
        }
    }
    return left;
}

template <protocol::Side side>
[[gnu::always_inline]] inline std::uint32_t BareBook::take_level(Book& book, const Command& command,
                                                                 std::uint32_t left) {
    const std::int32_t price = side == Side::buy ? book.ask : book.bid;
    Level& level = levels_[level_of(book, price)];
    std::uint32_t slot = level.head;
    do {
        Order& maker = orders_[slot];
        const std::uint32_t next = maker.next;
        __builtin_prefetch(&orders_[next], 1);
        const std::uint32_t traded = std::min(left, maker.quantity);
        emit(EventType::trade, maker.id, command.id, price, traded, command.instrument);
        left -= traded;
        level.total -= traded;
        if (traded != maker.quantity) {
            maker.quantity -= traded;
            maker.prev = 0;
            level.head = slot;
            return 0;
        }
        release(slot);
        slot = next;
    } while (left != 0 && slot != 0);
    level.head = slot;
    if (slot != 0) {
        orders_[slot].prev = 0;
        return 0;
    }
    level.tail = 0;
    clear(book, price);
    (side == Side::buy ? book.ask : book.bid) =
        side == Side::buy ? next_above(book, price) : next_below(book, price);
    return left;
}

[[gnu::always_inline]] inline void BareBook::rest(Book& book, const Command& command,
                                                  std::uint32_t left, std::uint32_t slot) {
    std::uint32_t& page = book.pages[static_cast<std::uint32_t>(command.price) >> 6U];
    if (page == 0) [[unlikely]] {
        page = ++pages_used_;
    }
    const std::uint32_t index = level_of(book, command.price);
    Level& level = levels_[index];
    orders_[slot] = {.next = 0,
                     .prev = level.tail,
                     .quantity = left,
                     .price = command.price,
                     .id = command.id,
                     .level = index,
                     .instrument = command.instrument,
                     .side = command.side,
                     .is_live = true};
    if (level.head != 0) {
        orders_[level.tail].next = slot;
    } else {
        level.head = slot;
        set(book, command.price);
        if (command.side == Side::buy) {
            book.bid = std::max(book.bid, command.price);
        } else {
            book.ask = std::min(book.ask, command.price);
        }
    }
    level.tail = slot;
    level.total += left;
}

[[gnu::always_inline]] inline void BareBook::unlink(const Order& order) {
    Level& level = levels_[order.level];
    level.total -= order.quantity;
    (order.prev != 0 ? orders_[order.prev].next : level.head) = order.next;
    (order.next != 0 ? orders_[order.next].prev : level.tail) = order.prev;
    if (level.head == 0) [[unlikely]] {
        Book& book = books_[order.instrument];
        clear(book, order.price);
        if (order.side == Side::buy) {
            if (order.price == book.bid) {
                book.bid = next_below(book, order.price);
            }
        } else if (order.price == book.ask) {
            book.ask = next_above(book, order.price);
        }
    }
}

[[gnu::always_inline]] inline void BareBook::place(const Command& command) {
    emit(EventType::accepted, command.id, 0, command.price, command.quantity, command.instrument);
    Book& book = books_[command.instrument];
    const std::uint32_t left = take_any(book, command);
    std::uint32_t slot = 0;
    if (left != 0) {
        slot = allocate();
        rest(book, command, left, slot);
    }
    slots_[command.id] = slot;
}

[[gnu::always_inline]] inline void BareBook::cancel(const Command& command) {
    const std::uint32_t slot = slots_[command.id];
    const Order& order = orders_[slot];
    if (!order.is_live || order.id != command.id) [[unlikely]] {
        emit(EventType::refused, command.id, 0, 0, 0, command.instrument);
        return;
    }
    emit(EventType::canceled, command.id, 0, order.price, order.quantity, command.instrument);
    unlink(order);
    release(slot);
}

[[gnu::always_inline]] inline void BareBook::replace(const Command& command) {
    const std::uint32_t slot = slots_[command.id];
    const Order& order = orders_[slot];
    if (!order.is_live || order.id != command.id) [[unlikely]] {
        emit(EventType::refused, command.id, 0, 0, 0, command.instrument);
        return;
    }
    emit(EventType::replaced, command.id, 0, command.price, command.quantity, command.instrument);
    unlink(order);
    Book& book = books_[command.instrument];
    const std::uint32_t left = take_any(book, command);
    if (left != 0) {
        rest(book, command, left, slot);
    } else {
        release(slot);
    }
}

[[gnu::always_inline]] inline void BareBook::step(const Command& command) {
    switch (command.operation) {
        case Operation::place:
        case Operation::take:
            place(command);
            break;
        case Operation::cancel:
            cancel(command);
            break;
        case Operation::replace:
            replace(command);
            break;
    }
}

void BareBook::apply(const Command& command) {
    step(command);
}

void BareBook::run(std::span<const Command> commands) {
    for (const Command& command : commands) {
        step(command);
    }
}

void BareBook::run_ahead(std::span<const Command> commands) {
    const Command* command = commands.data();
    const Command* const end = command + commands.size();
    for (; end - command > static_cast<std::ptrdiff_t>(3 * stride); ++command) {
        ask_for_entry(command[3 * stride]);
        ask_for_level(command[2 * stride]);
        ask_for_neighbours(command[stride]);
        step(*command);
    }
    for (; command != end; ++command) {
        step(*command);
    }
}

[[gnu::always_inline]] inline void BareBook::ask_for_entry(const Command& command) const {
    const Book& book = books_[command.instrument];
    const std::uint32_t page = static_cast<std::uint32_t>(command.price) >> 6U;
    __builtin_prefetch(&slots_[command.id], 1);
    __builtin_prefetch(&book, 1);
    __builtin_prefetch(&book.pages[page], 1);
    __builtin_prefetch(&book.level_bits[page], 1);
}

[[gnu::always_inline]] inline void BareBook::ask_for_level(const Command& command) const {
    if (command.operation == Operation::cancel || command.operation == Operation::replace) {
        __builtin_prefetch(&orders_[slots_[command.id]], 1);
    }
    if (command.operation != Operation::cancel) {
        __builtin_prefetch(&levels_[level_of(books_[command.instrument], command.price)], 1);
    }
}

[[gnu::always_inline]] inline void BareBook::ask_for_neighbours(const Command& command) const {
    if (command.operation == Operation::cancel || command.operation == Operation::replace) {
        const Order& order = orders_[slots_[command.id]];
        __builtin_prefetch(&orders_[order.next], 1);
        __builtin_prefetch(&orders_[order.prev], 1);
        __builtin_prefetch(&levels_[order.level], 1);
    }
    if (command.operation != Operation::cancel) {
        const Book& book = books_[command.instrument];
        __builtin_prefetch(&orders_[levels_[level_of(book, command.price)].tail], 1);
    }
}

void BareBook::add_trades_since(std::uint64_t position, const Command&, TradeTotals& totals) const {
    for (std::uint64_t at = position; at != event_count_; ++at) {
        const Event& event = events_[at % ring_size];
        if (event.type == EventType::trade) {
            totals.add(event.order, event.taker, event.price, event.quantity);
        }
    }
}
#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif

}  // namespace miletus::bench
