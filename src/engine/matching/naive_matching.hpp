// NaiveMatching: the books as a trader would specify them, slow and obvious. It answers to the
// whole interface of Matching and must agree with it event for event and byte for byte: tests and
// fuzzers play the same commands to both. Never part of the exchange. Owned by one thread.
#pragma once

#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/matching/matching.hpp"
#include "protocol/event_writer.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace miletus::matching {

class NaiveMatching {
  public:
    NaiveMatching(const Limits& limits, const instruments::Instruments& instruments,
                  protocol::EventWriter& events);

    [[nodiscard]] Result<void> admit_books(const protocol::ListingTerms& terms,
                                           std::uint32_t books) const;
    void open_book(InstrumentId instrument, const protocol::ListingTerms& terms);
    void enroll(AccountId account, OwnerId owner);

    template <MakerGate Gate = EveryMaker>
    [[nodiscard]] Result<Ticks> admit(const NewOrder& order, UnixNanos now, Gate gate = {}) const {
        return admit_asking(order, now, asked(gate));
    }
    [[nodiscard]] OrderId next_order_id() const;
    template <MakerGate Gate = EveryMaker>
    OrderId place(const NewOrder& order, Ticks price, Gate gate = {}) {
        return place_asking(order, price, asked(gate));
    }
    template <MakerGate Gate = EveryMaker>
    [[nodiscard]] std::optional<Ticks> reach(const NewOrder& order, Ticks price, UnixNanos now,
                                             Gate gate = {}) const {
        return reach_asking(order, price, now, asked(gate));
    }

    [[nodiscard]] Result<OrderView> find(OrderId order, AccountId account) const;
    [[nodiscard]] Result<Ticks> admit_amend(const Amendment& amendment, UnixNanos now) const;
    [[nodiscard]] bool keeps_place(const Amendment& amendment) const;
    template <MakerGate Gate = EveryMaker>
    void amend(const Amendment& amendment, Ticks price, Gate gate = {}) {
        amend_asking(amendment, price, asked(gate));
    }

    void cancel(OrderId order, protocol::RemovalReason reason);
    void drop_expired(InstrumentId instrument, protocol::Side side, UnixNanos now);

    [[nodiscard]] std::optional<Ticks> best(InstrumentId instrument, protocol::Side side) const;
    [[nodiscard]] TradeNumber last_trade(InstrumentId instrument) const;
    [[nodiscard]] std::uint32_t open_orders(InstrumentId instrument) const;
    [[nodiscard]] std::uint32_t open_orders_of(AccountId account) const;
    template <class Visit>
    void visit_levels(InstrumentId instrument, protocol::Side side, std::uint32_t depth,
                      Visit visit) const {
        for (const auto& [price, queue] : book(instrument).side(side)) {
            if (depth-- == 0) {
                return;
            }
            visit(protocol::LevelView{.price = price, .total = total_of(queue), .side = side});
        }
    }
    [[nodiscard]] OrderId any_order(InstrumentId instrument) const;

    // Hints change nothing, so here they do nothing.
    void hint_book(InstrumentId) const {}
    void hint_entry(InstrumentId, protocol::Side, Ticks) const {}
    void hint_level(InstrumentId, protocol::Side, Ticks) const {}
    void hint_tail(InstrumentId, protocol::Side, Ticks) const {}
    void hint_order(OrderId) const {}
    void hint_neighbours(OrderId) const {}

    void encode(StateEncoder& encoder) const;
    void check_invariants() const;

    // How many stretches of 64 prices hold an order: each takes one level page of the fast book.
    [[nodiscard]] std::size_t level_pages_in_use() const { return stretches_in_use().size(); }

  private:
    struct Order {
        OrderId id;
        InstrumentId instrument;
        AccountId account;
        protocol::Side side = protocol::Side::buy;
        protocol::SelfTrade self_trade = protocol::SelfTrade::cancel_taker;
        protocol::PostOnly post_only = protocol::PostOnly::off;
        Ticks price;
        Lots left;
        UnixNanos expires;  // 0 for never
    };

    // One price: the orders waiting there, oldest first.
    using Queue = std::list<OrderId>;

    struct BestFirst {
        protocol::Side side;
        bool operator()(Ticks left, Ticks right) const {
            return side == protocol::Side::buy ? left > right : left < right;
        }
    };
    using Levels = std::map<Ticks, Queue, BestFirst>;

    struct Book {
        protocol::ListingTerms terms;
        Levels bids{BestFirst{protocol::Side::buy}};
        Levels asks{BestFirst{protocol::Side::sell}};
        std::uint64_t trades = 0;

        [[nodiscard]] Levels& side(protocol::Side side) {
            return side == protocol::Side::buy ? bids : asks;
        }
        [[nodiscard]] const Levels& side(protocol::Side side) const {
            return side == protocol::Side::buy ? bids : asks;
        }
    };

    // 64 neighbouring prices of one side of one book, counted from the best end of the range.
    struct Stretch {
        InstrumentId instrument;
        protocol::Side side;
        std::int64_t number;
        friend auto operator<=>(const Stretch&, const Stretch&) = default;
    };

    // How much of the orders in these slots may trade.
    using Allowances = std::map<std::uint32_t, Allowance>;
    template <MakerGate Gate>
    [[nodiscard]] Allowances asked(Gate gate) const {
        Allowances allowances;
        for (const auto& [id, order] : open_) {
            allowances[id.slot()] = gate.allowance(id.slot());
        }
        return allowances;
    }
    [[nodiscard]] static Lots lots_of(const Allowance& allowed) { return Lots(allowed.lots); }
    [[nodiscard]] Result<Ticks> admit_asking(const NewOrder& order, UnixNanos now,
                                             const Allowances& allowances) const;
    OrderId place_asking(const NewOrder& order, Ticks price, const Allowances& allowances);
    [[nodiscard]] std::optional<Ticks> reach_asking(const NewOrder& order, Ticks price,
                                                    UnixNanos now,
                                                    const Allowances& allowances) const;
    void amend_asking(const Amendment& amendment, Ticks price, const Allowances& allowances);

    [[nodiscard]] static bool can_rest(const NewOrder& order);
    [[nodiscard]] static bool is_over(UnixNanos expires, UnixNanos now);
    // A buyer accepts its limit or less, a seller its limit or more.
    [[nodiscard]] static bool accepts(protocol::Side side, Ticks limit, Ticks price);

    [[nodiscard]] Reject check_form(const NewOrder& order, UnixNanos now) const;
    [[nodiscard]] Reject check_limit(InstrumentId instrument, protocol::Side side,
                                     Ticks price) const;
    [[nodiscard]] Result<Ticks> limit_of(const NewOrder& order) const;
    [[nodiscard]] Result<Ticks> resolve_crossing(InstrumentId instrument, protocol::Side side,
                                                 protocol::PostOnly post_only, Ticks price) const;
    [[nodiscard]] Result<Ticks> just_outside_spread(InstrumentId instrument,
                                                    protocol::Side side) const;
    [[nodiscard]] Reject check_room(const NewOrder& order, Ticks price) const;

    [[nodiscard]] std::optional<OrderId> best_match(const Order& taker) const;
    [[nodiscard]] std::optional<protocol::RemovalReason> take(Order& taker,
                                                              const Allowances& allowances);
    [[nodiscard]] std::optional<protocol::RemovalReason> meet_own(Order& taker, Order& maker);
    void exchange(Order& taker, Order& maker);
    void take_then_rest(Order taker, bool may_rest, const Allowances& allowances);
    void rest(const Order& order);
    void reduce(Order& order, Lots by, protocol::RemovalReason reason);
    void remove(OrderId id, protocol::RemovalReason reason);
    void leave_queue(const Order& order);
    void emit_remainder(const Order& taker, Lots gone, protocol::RemovalReason reason);

    [[nodiscard]] OrderId take_slot();
    void free_slot(std::uint32_t slot);
    [[nodiscard]] Stretch stretch_of(InstrumentId instrument, protocol::Side side,
                                     Ticks price) const;
    [[nodiscard]] std::set<Stretch> stretches_in_use() const;
    [[nodiscard]] bool has_level_page(InstrumentId instrument, protocol::Side side,
                                      Ticks price) const;

    [[nodiscard]] const Book& book(InstrumentId instrument) const { return books_.at(instrument); }
    [[nodiscard]] Lots total_of(const Queue& queue) const;
    [[nodiscard]] Lots level_total(const Order& order) const;
    [[nodiscard]] OwnerId owner_of(AccountId account) const;

    Limits limits_;
    const instruments::Instruments& instruments_;
    protocol::EventWriter& events_;
    std::map<InstrumentId, Book> books_;
    std::map<AccountId, OwnerId> owners_;
    std::map<OrderId, Order> open_;
    std::vector<std::uint32_t> generations_;  // of slot 1, 2, …
    std::vector<std::uint32_t> free_slots_;   // the last freed is taken first
};

}  // namespace miletus::matching
