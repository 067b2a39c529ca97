// Matching: price-time priority over the books of all instruments. It emits an event for every
// change and decides nothing about money: it knows owners only to keep them from trading with
// themselves. Every operation comes as a pair: admit…() checks and changes nothing, then the change
// cannot fail. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "base/slab.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/matching/ladders.hpp"
#include "engine/matching/order.hpp"
#include "protocol/event_writer.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

namespace miletus::matching {

struct NewOrder {
    InstrumentId instrument;
    AccountId account;
    protocol::Side side = protocol::Side::buy;
    protocol::OrderType order_type = protocol::OrderType::limit;
    protocol::TimeInForce time_in_force = protocol::TimeInForce::good_til_canceled;
    protocol::PostOnly post_only = protocol::PostOnly::off;
    protocol::SelfTrade self_trade = protocol::SelfTrade::cancel_taker;
    Ticks price;  // of a limit order
    Lots quantity;
    UnixNanos expires;             // 0 for never
    std::optional<Ticks> worst{};  // a market order trades at no worse price
};

// How much of a resting order may trade, and why no more of it: it is cut down to that, or canceled
// where that is nothing.
struct Allowance {
    std::uint32_t lots = std::numeric_limits<std::uint32_t>::max();
    protocol::RemovalReason reason{};
};

// Asked about every resting order before it trades, since what was true when it came may be so no
// longer. Where a gate is asked what would happen, before anything does, it allows what it would
// allow whatever happened to the orders in front.
template <class Gate>
concept MakerGate = requires(Gate gate, std::uint32_t slot) {
    { gate.allowance(slot) } -> std::same_as<Allowance>;
};

// For books without accounts.
struct EveryMaker {
    [[nodiscard]] static Allowance allowance(std::uint32_t /*slot*/) { return {}; }
};

// Whether what is left of an order after taking may stay.
[[nodiscard]] constexpr bool may_rest(const NewOrder& order) {
    return order.order_type == protocol::OrderType::limit &&
           order.time_in_force < protocol::TimeInForce::immediate_or_cancel;
}

struct Amendment {
    OrderId order;
    Ticks price;
    Lots left;  // what it wants from now on
};

// An open order, as others may see it.
struct OrderView {
    InstrumentId instrument;
    AccountId account;
    protocol::Side side = protocol::Side::buy;
    Ticks price;
    Lots left;
    UnixNanos expires;
};

class Matching {
  public:
    Matching(const Limits& limits, const instruments::Instruments& instruments,
             protocol::EventWriter& events);

    // ---- Books and traders ----
    [[nodiscard]] Result<void> admit_books(const protocol::ListingTerms& terms,
                                           std::uint32_t books) const;
    void open_book(InstrumentId instrument, const protocol::ListingTerms& terms);
    void enroll(AccountId account, OwnerId owner);

    // ---- Orders ----
    // The price in force: a market order's band, a re-priced order's new limit.
    template <MakerGate Gate = EveryMaker>
    [[nodiscard]] Result<Ticks> admit(const NewOrder& order, UnixNanos now, Gate gate = {}) const;
    // The id that the next place() gives.
    [[nodiscard]] OrderId next_order_id() const;
    // Matches at the price that admit() gave, rests what may rest, cancels what may not.
    template <MakerGate Gate = EveryMaker>
    OrderId place(const NewOrder& order, Ticks price, Gate gate = {});
    // Whether an order at this price would meet one of the other side.
    [[nodiscard]] bool crosses(InstrumentId instrument, protocol::Side side, Ticks price) const {
        return crosses(books_[instrument.value()], side, static_cast<std::int32_t>(price.value()));
    }
    // The worst price at which any of the order would trade if it came now, at this limit; nothing
    // where some of it would be left.
    template <MakerGate Gate = EveryMaker>
    [[nodiscard]] std::optional<Ticks> reach(const NewOrder& order, Ticks price, UnixNanos now,
                                             Gate gate = {}) const;

    // Whether the order is open, and this account's.
    [[nodiscard]] Reject check_owner(OrderId order, AccountId account) const {
        if (!is_live(order)) {
            return Reject::unknown_order;
        }
        const bool is_own = orders_[order.slot()].account == account.value();
        return is_own ? Reject::none : Reject::not_your_order;
    }
    [[nodiscard]] bool has_expired(OrderId order, UnixNanos now) const {
        return has_expired(order.slot(), now);
    }
    [[nodiscard]] Result<OrderView> find(OrderId order, AccountId account) const;
    [[nodiscard]] Result<Ticks> admit_amend(const Amendment& amendment, UnixNanos now) const;
    // Whether the amendment would keep the order's place: the same price, and not more of it.
    [[nodiscard]] bool keeps_place(const Amendment& amendment) const;
    template <MakerGate Gate = EveryMaker>
    void amend(const Amendment& amendment, Ticks price, Gate gate = {});

    void cancel(OrderId order, protocol::RemovalReason reason);
    // Removes expired orders from the front of a side, as many as one command may meet, so that its
    // best is alive.
    void drop_expired(InstrumentId instrument, protocol::Side side, UnixNanos now);

    // ---- Orders that wait outside the books ----
    // They have an id and an owner, expire, and count among their account's; nothing else. What can
    // be said of their terms before they enter a book is said here; a market order's price is 0.
    [[nodiscard]] Result<void> admit_waiting(const NewOrder& order, UnixNanos now) const;
    [[nodiscard]] Result<void> admit_amended_waiting(const NewOrder& order, UnixNanos now) const;
    OrderId park(const NewOrder& order);
    [[nodiscard]] std::uint32_t parked_orders() const { return parked_; }
    [[nodiscard]] bool is_parked(OrderId order) const {
        return is_live(order) && orders_[order.slot()].level == 0;
    }
    // Without its type and how long it lives, which a resting order has no need of.
    [[nodiscard]] NewOrder parked(OrderId order) const;
    void amend_parked(const Amendment& amendment);
    void drop_parked(OrderId order);
    // It leaves its place, and the next place() gives it its id again; where it is refused instead,
    // that id is given no more.
    void unpark(OrderId order);
    void retire_next();

    // ---- What readers may ask ----
    [[nodiscard]] std::optional<Ticks> best(InstrumentId instrument, protocol::Side side) const;
    [[nodiscard]] TradeNumber last_trade(InstrumentId instrument) const;
    [[nodiscard]] std::uint32_t open_orders(InstrumentId instrument) const;
    [[nodiscard]] std::uint32_t open_orders_of(AccountId account) const;
    // No order lies in a slot above this one.
    [[nodiscard]] std::uint32_t slots_used() const { return orders_.used(); }
    // Calls visit(LevelView) for the best levels, best first.
    template <class Visit>
    void visit_levels(InstrumentId instrument, protocol::Side side, std::uint32_t depth,
                      Visit visit) const {
        const Ladder& levels = ladder(instrument, side);
        std::uint32_t rank = levels.best;
        for (; depth != 0 && rank != no_rank; --depth, rank = ladders_.next(levels, rank)) {
            visit(view_of(levels, rank, side));
        }
    }
    // Calls visit(OrderId) for the orders of a side, the best first.
    template <class Visit>
    void visit_orders(InstrumentId instrument, protocol::Side side, Visit visit) const {
        const Ladder& levels = ladder(instrument, side);
        for (std::uint32_t rank = levels.best; rank != no_rank;
             rank = ladders_.next(levels, rank)) {
            std::uint32_t slot = ladders_.level(ladders_.level_at(levels, rank)).head;
            for (; slot != 0; slot = orders_[slot].next) {
                visit(id_of(slot));
            }
        }
    }
    // One that rests or waits: what is left of it, without its type and how long it lives.
    [[nodiscard]] NewOrder open_order(OrderId order) const;
    // The oldest orders of an instrument's best level, buys first, for sweeping a closed book.
    [[nodiscard]] OrderId any_order(InstrumentId instrument) const;

    // ---- Looking ahead ----
    // Hints for a command that waits some places behind: they change nothing but the time it takes.
    // The further it is, the earlier in the chain of lines to fetch: book, then level and order,
    // then their neighbours. Ids, instruments and prices may be anything a client sent.
    void hint_book(InstrumentId instrument) const;
    void hint_entry(InstrumentId instrument, protocol::Side side, Ticks price) const;
    void hint_level(InstrumentId instrument, protocol::Side side, Ticks price) const;
    void hint_tail(InstrumentId instrument, protocol::Side side, Ticks price) const;
    void hint_order(OrderId order) const;
    void hint_neighbours(OrderId order) const;
    // Whether the live books have outgrown the cache, so that hints pay for themselves.
    [[nodiscard]] bool outgrows_cache() const;

    // ---- State ----
    // Orders that wait come first: which slots are free depends on them.
    void encode_parked(StateEncoder& encoder) const;
    void decode_parked(StateDecoder& decoder);
    void encode(StateEncoder& encoder) const;
    // Where the instruments are listed and the traders enrolled.
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct alignas(64) Book {
        std::array<Ladder, 2> ladders;  // by side
        std::uint64_t trades;
        std::uint32_t orders;
        std::uint32_t reserved;
    };
    static_assert(sizeof(Book) == 64);

    struct Trader {
        std::uint32_t owner;
        std::uint32_t open_orders;
    };

    // An incoming order while it takes.
    struct Taker {
        OrderId id;
        InstrumentId instrument;
        std::uint32_t account;
        std::uint32_t owner;
        protocol::Side side;
        protocol::SelfTrade self_trade;
        std::int32_t price;
        std::uint32_t left;
        std::uint32_t met;  // resting orders it came upon
        std::optional<protocol::RemovalReason> stopped;
    };

    // admission.cpp
    // (By value where the careful way is taken: an order whose address nobody needs stays in
    // registers.)
    [[nodiscard]] bool is_plain(const NewOrder& order) const;
    template <MakerGate Gate>
    [[nodiscard]] Result<Ticks> admit_with_care(NewOrder order, UnixNanos now, Gate gate) const;
    [[nodiscard]] Reject check_form(const NewOrder& order, UnixNanos now) const;
    [[nodiscard]] Reject check_room(const NewOrder& order, Ticks price) const;
    [[nodiscard]] Result<Ticks> limit_in_force(const NewOrder& order) const;
    [[nodiscard]] Result<Ticks> settle_crossing(InstrumentId instrument, protocol::Side side,
                                                protocol::PostOnly post_only, Ticks price) const;
    [[nodiscard]] Result<Ticks> amended_price(OrderTraits traits, Ticks asked) const;
    // A slot that is free, or was never used, has no quantity.
    [[nodiscard]] bool is_live(OrderId order) const {
        if (order.slot() > orders_.capacity()) {
            return false;
        }
        const Order& found = orders_[order.slot()];
        return found.quantity != 0 && found.generation == order.generation();
    }

    // waiting.cpp
    [[nodiscard]] Reject check_terms(const NewOrder& order) const;
    [[nodiscard]] std::uint32_t decode_parked_order(StateDecoder& decoder, std::uint32_t last);

    // state.cpp
    [[nodiscard]] std::uint32_t hinted_level(InstrumentId instrument, protocol::Side side,
                                             Ticks price) const;
    void encode_book(StateEncoder& encoder, const Book& book) const;
    void encode_order(StateEncoder& encoder, std::uint32_t slot) const;
    void decode_book(StateDecoder& decoder, InstrumentId instrument);
    [[nodiscard]] std::uint64_t decode_order(StateDecoder& decoder, InstrumentId instrument);
    void join(Ladder& ladder, std::uint32_t slot);
    void decode_slots(StateDecoder& decoder);
    [[nodiscard]] std::uint32_t check_level(const Ladder& ladder, std::uint32_t rank) const;

    // taking.hpp
    template <MakerGate Gate>
    OrderId place_with_care(NewOrder order, Ticks price, Gate gate);
    template <MakerGate Gate>
    void take_and_finish(Book& book, std::uint32_t slot, std::int32_t price, std::uint32_t left,
                         bool may_rest, Gate gate);
    template <MakerGate Gate>
    void take(Book& book, Taker& taker, Gate gate);
    template <MakerGate Gate>
    void take_level(Book& book, Ladder& makers, Taker& taker, Gate gate);

    // matching.cpp
    void fill(Book& book, Level& level, std::uint32_t slot, Taker& taker);
    void make_way(Book& book, Level& level, std::uint32_t slot, Taker& taker);
    void resolve_self_trade(Book& book, Level& level, std::uint32_t slot, Taker& taker);
    void cut_head(Book& book, Level& level, std::uint32_t slot, Allowance allowed);
    void reduce(Level& level, std::uint32_t slot, std::uint32_t by, protocol::RemovalReason reason);
    void remove_head(Book& book, Level& level, std::uint32_t slot, protocol::RemovalReason reason);
    void rest(Ladder& ladder, std::int32_t price, std::uint32_t level, std::uint32_t slot,
              std::uint32_t quantity);
    void rest_at(Book& book, std::uint32_t slot, std::int32_t price, std::uint32_t quantity);
    void remove(Book& book, std::uint32_t slot, protocol::RemovalReason reason);
    [[nodiscard]] std::uint32_t start_order(Book& book, const NewOrder& order);
    [[nodiscard]] Taker taker_for(std::uint32_t slot, std::int32_t price, std::uint32_t left) const;
    [[nodiscard]] static bool crosses(const Book& book, protocol::Side side, std::int32_t price) {
        const Ladder& makers = book.ladders[static_cast<std::size_t>(opposite(side))];
        return makers.best <= makers.rank_of(price);
    }
    void pop_head(Level& level, std::uint32_t slot);
    void close_order(Book& book, std::uint32_t slot);
    void retire(std::uint32_t slot);
    [[gnu::always_inline]] [[nodiscard]] static Ladder& ladder(Book& book, protocol::Side side) {
        return book.ladders[static_cast<std::size_t>(side)];
    }
    [[gnu::always_inline]] [[nodiscard]] const Ladder& ladder(InstrumentId instrument,
                                                              protocol::Side side) const {
        return books_[instrument.value()].ladders[static_cast<std::size_t>(side)];
    }
    [[nodiscard]] Book& book_of(const Order& order) {
        return books_[OrderTraits(order.traits).instrument().value()];
    }
    void emit_removed(const Order& order, std::uint32_t slot, std::int64_t level_total,
                      protocol::RemovalReason reason);
    void emit_remainder(const Taker& taker, protocol::RemovalReason reason);

    [[nodiscard]] protocol::LevelView view_of(const Ladder& ladder, std::uint32_t rank,
                                              protocol::Side side) const;
    [[nodiscard]] OrderId id_of(std::uint32_t slot) const {
        return {slot, orders_[slot].generation};
    }
    [[nodiscard]] bool has_expired(std::uint32_t slot, UnixNanos now) const {
        return OrderTraits(orders_[slot].traits).expires() && expiries_[slot] <= now;
    }

    const instruments::Instruments& instruments_;
    protocol::EventWriter& events_;
    Ladders ladders_;
    Slab<Order> orders_;
    Block<UnixNanos> expiries_;  // of orders whose traits say so
    Block<Book> books_;
    Block<Trader> traders_;
    std::uint32_t parked_ = 0;  // how many orders wait outside the books
    std::uint32_t orders_per_account_;
    std::uint32_t orders_per_instrument_;
    std::uint32_t fills_per_command_;
    std::uint32_t cache_bytes_;
};

}  // namespace miletus::matching

#include "engine/matching/hot_path.hpp"
#include "engine/matching/taking.hpp"
