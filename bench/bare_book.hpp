// The baseline: price-time priority and nothing else. No accounts, no limits, no checks, no
// sequence numbers; raw pointers, and everything inlined. It shows how fast a book can go on this
// machine; how much slower the product is shows what its features cost.
#pragma once

#include "base/memory.hpp"
#include "bench/flow.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::bench {

class BareBook {
  public:
    static constexpr std::string_view name = "bare book";

    explicit BareBook(const Flow& flow);

    void apply(const Command& command);
    void run(std::span<const Command> commands);
    // The same, asking ahead for the memory that the commands behind will touch.
    void run_ahead(std::span<const Command> commands);

    [[nodiscard]] std::uint64_t position() const { return event_count_; }
    // The trades since a position that is less than a ring ago, all of them made by this command.
    void add_trades_since(std::uint64_t position, const Command& command,
                          TradeTotals& totals) const;

  private:
    using Side = protocol::Side;

    static constexpr std::uint32_t slots_max = 4'000'000;
    static constexpr std::uint64_t ring_size = 8192;
    static constexpr std::uint32_t book_pages = price_end / 64;
    static constexpr std::size_t stride = 8;  // commands from one step of asking ahead to the next

    struct Order {
        std::uint32_t next;  // slots; 0 is none
        std::uint32_t prev;
        std::uint32_t quantity;
        std::int32_t price;
        std::uint64_t id;
        std::uint32_t level;
        std::uint16_t instrument;
        Side side;
        bool is_live;
    };
    static_assert(sizeof(Order) == 32);

    struct Level {
        std::uint32_t head;
        std::uint32_t tail;
        std::uint64_t total;
    };

    // Both sides share the levels, for no price has buys and sells at once. A page is 64 levels. A
    // bit says that a level, a page, or one of 64 pages is occupied.
    struct alignas(64) Book {
        std::int32_t bid;
        std::int32_t ask;
        std::uint64_t summary;
        std::array<std::uint64_t, book_pages / 64> page_bits;
        std::array<std::uint64_t, book_pages> level_bits;
        std::array<std::uint32_t, book_pages> pages;  // 0 until one of its levels is needed
    };

    enum class EventType : std::uint32_t { accepted, trade, canceled, replaced, refused };
    struct alignas(32) Event {
        std::uint64_t order;
        std::uint64_t taker;
        std::int32_t price;
        std::uint32_t quantity;
        std::uint32_t instrument;
        EventType type;
    };
    static_assert(sizeof(Event) == 32);

    void emit(EventType type, std::uint64_t order, std::uint64_t taker, std::int32_t price,
              std::uint32_t quantity, std::uint32_t instrument);
    std::uint32_t allocate();
    void release(std::uint32_t slot);
    void set(Book& book, std::int32_t price);
    void clear(Book& book, std::int32_t price);
    [[nodiscard]] static std::uint32_t level_of(const Book& book, std::int32_t price);
    [[nodiscard]] std::int32_t next_above(const Book& book, std::int32_t price) const;
    [[nodiscard]] std::int32_t next_below(const Book& book, std::int32_t price) const;

    template <Side side>
    std::uint32_t take(Book& book, const Command& command);
    template <Side side>
    std::uint32_t take_level(Book& book, const Command& command, std::uint32_t left);
    void rest(Book& book, const Command& command, std::uint32_t left, std::uint32_t slot);
    void unlink(const Order& order);
    [[nodiscard]] std::uint32_t take_any(Book& book, const Command& command);
    void place(const Command& command);
    void cancel(const Command& command);
    void replace(const Command& command);
    void step(const Command& command);

    void ask_for_entry(const Command& command) const;
    void ask_for_level(const Command& command) const;
    void ask_for_neighbours(const Command& command) const;

    Block<Order> order_block_;
    Block<Level> level_block_;
    Block<Book> book_block_;
    Block<std::uint32_t> slot_block_;
    Block<Event> event_block_;
    Order* orders_;
    Level* levels_;
    Book* books_;
    std::uint32_t* slots_;  // by client id
    Event* events_;
    std::uint64_t event_count_ = 0;
    std::uint32_t free_ = 0;
    std::uint32_t slots_used_ = 0;
    std::uint32_t pages_used_ = 0;
};

}  // namespace miletus::bench
