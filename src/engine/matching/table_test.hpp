// A table to trade at: one book of either kind, a few accounts, and the events of the last command.
#pragma once

#include "base/hash.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/matching/matching.hpp"
#include "protocol/codec.hpp"
#include "protocol/event_writer.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace miletus::matching {

// An order in bare numbers. Accounts 1 to 4 have an owner each; account 5 is owner 1's second.
struct Wish {
    std::uint32_t account = 1;
    std::int64_t price = 100;
    std::int64_t quantity = 1;
    protocol::TimeInForce time_in_force = protocol::TimeInForce::good_til_canceled;
    protocol::PostOnly post_only = protocol::PostOnly::off;
    protocol::SelfTrade self_trade = protocol::SelfTrade::cancel_taker;
    protocol::OrderType order_type = protocol::OrderType::limit;
    std::int64_t expires = 0;
    std::optional<std::int64_t> worst = std::nullopt;  // of a market order
};

struct PriceRange {
    std::int64_t low;
    std::int64_t high;
};

[[nodiscard]] inline Limits table_limits() {
    Limits limits;
    limits.assets = 2;
    limits.underlyings = 1;
    limits.instruments = 2;
    limits.accounts = 8;
    limits.orders = 64;
    limits.level_pages = 32;
    limits.directory_entries = 1U << 16U;
    limits.orders_per_account = 32;
    limits.orders_per_instrument = 48;
    limits.fills_per_command = 16;
    limits.event_units = 256;
    return limits;
}

template <class Book>
class Table {
  public:
    explicit Table(PriceRange range, const Limits& limits = table_limits())
        : instruments_(limits), events_(limits.event_units), book_(limits, instruments_, events_) {
        static_cast<void>(instruments_.add_asset(protocol::Name("BASE"), 0));
        static_cast<void>(instruments_.add_asset(protocol::Name("QUOTE"), 6));
        static_cast<void>(
            instruments_.add_underlying(protocol::Name("BASE_QUOTE"), AssetId(0), AssetId(1)));
        const protocol::ListingTerms terms{.tick = IndexPrice(10),
                                           .lot = Amount(1),
                                           .price_low = Ticks(range.low),
                                           .price_high = Ticks(range.high),
                                           .lots_max = Lots(1'000'000)};
        const auto listing = instruments_.draft({.kind = protocol::InstrumentKind::perpetual,
                                                 .underlying = UnderlyingId(0),
                                                 .expiry = {},
                                                 .strike = {},
                                                 .terms = terms,
                                                 .steps = {}},
                                                now_);
        ASSERT(listing.has_value() && book_.admit_books(terms, 1).has_value());
        book_.open_book(instruments_.list(*listing), terms);
        enter(protocol::InstrumentState::open);
        for (std::uint32_t account = 1; account <= 5; ++account) {
            book_.enroll(AccountId(account), OwnerId(account == 5 ? 1 : account));
        }
    }

    void enter(protocol::InstrumentState state) { instruments_.set_state(instrument, state); }
    void set_band(std::int64_t low, std::int64_t high) {
        ASSERT(instruments_.set_band(instrument, Ticks(low), Ticks(high)).has_value());
    }
    void wait(std::int64_t nanos) { now_ = now_ + Nanos(nanos); }

    // From now on these orders may not trade.
    void doubt(OrderId order, protocol::RemovalReason reason, std::uint32_t allowed = 0) {
        doubts_[order.slot()] = {.lots = allowed, .reason = reason};
    }

    // Places an order that must be admitted.
    OrderId buy(const Wish& wish) { return place(order_of(protocol::Side::buy, wish)); }
    OrderId sell(const Wish& wish) { return place(order_of(protocol::Side::sell, wish)); }

    // Why an order is refused; none where it would be admitted.
    [[nodiscard]] Reject refusal_of_buy(const Wish& wish) const {
        return refusal(book_.admit(order_of(protocol::Side::buy, wish), now_, Doubts{&doubts_}));
    }
    [[nodiscard]] Reject refusal_of_sell(const Wish& wish) const {
        return refusal(book_.admit(order_of(protocol::Side::sell, wish), now_, Doubts{&doubts_}));
    }

    // The worst price at which any of a limit order would trade, if all of it would.
    [[nodiscard]] std::optional<std::int64_t> reach_of_buy(const Wish& wish) const {
        return price(book_.reach(order_of(protocol::Side::buy, wish), Ticks(wish.price), now_,
                                 Doubts{&doubts_}));
    }

    void cancel(OrderId order) {
        begin();
        book_.cancel(order, protocol::RemovalReason::client);
        book_.check_invariants();
    }

    // None where the amendment was admitted and done.
    Reject amend(OrderId order, std::int64_t price, std::int64_t left) {
        begin();
        const Amendment amendment{.order = order, .price = Ticks(price), .left = Lots(left)};
        const Result<Ticks> settled = book_.admit_amend(amendment, now_);
        if (settled) {
            book_.amend(amendment, *settled, Doubts{&doubts_});
            book_.check_invariants();
        }
        return refusal(settled);
    }

    void sweep_expired(protocol::Side side) {
        begin();
        book_.drop_expired(instrument, side, now_);
        book_.check_invariants();
    }

    [[nodiscard]] Reject refusal_to_find(OrderId order, std::uint32_t account) const {
        return refusal(book_.find(order, AccountId(account)));
    }
    [[nodiscard]] std::optional<std::int64_t> best_bid() const {
        return price(book_.best(instrument, protocol::Side::buy));
    }
    [[nodiscard]] std::optional<std::int64_t> best_ask() const {
        return price(book_.best(instrument, protocol::Side::sell));
    }

    // The events of the last command, of one kind, in their order.
    template <class Event>
    [[nodiscard]] std::vector<Event> events() const {
        std::vector<Event> found;
        events_.visit_from(events_.start(), [&](std::span<const Unit> units) {
            if (protocol::view<protocol::EventHeader>(units).type ==
                static_cast<std::uint8_t>(Event::type)) {
                found.push_back(protocol::view<Event>(units));
            }
        });
        return found;
    }

    // The makers of the last command's trades, in their order.
    [[nodiscard]] std::vector<OrderId> makers() const {
        std::vector<OrderId> makers;
        for (const protocol::Trade& trade : events<protocol::Trade>()) {
            makers.push_back(trade.maker);
        }
        return makers;
    }

    [[nodiscard]] Hash128 state() const {
        Xxh3 hash;
        {
            StateEncoder encoder(hash);
            book_.encode(encoder);
        }
        return hash.digest();
    }

    [[nodiscard]] const Book& book() const LIFETIME_BOUND { return book_; }

    static constexpr InstrumentId instrument{0};

  private:
    using DoubtedSlots = std::map<std::uint32_t, Allowance>;
    struct Doubts {
        const DoubtedSlots* slots;
        [[nodiscard]] Allowance allowance(std::uint32_t slot) const {
            const auto found = slots->find(slot);
            return found != slots->end() ? found->second : Allowance{};
        }
    };

    void begin() {
        sequence_ = Sequence(sequence_.value() + 1);
        events_.begin(sequence_, now_);
    }

    [[nodiscard]] static NewOrder order_of(protocol::Side side, const Wish& wish) {
        return {.instrument = instrument,
                .account = AccountId(wish.account),
                .side = side,
                .order_type = wish.order_type,
                .time_in_force = wish.time_in_force,
                .post_only = wish.post_only,
                .self_trade = wish.self_trade,
                .price = Ticks(wish.price),
                .quantity = Lots(wish.quantity),
                .expires = UnixNanos(wish.expires),
                .worst = wish.worst ? std::optional(Ticks(*wish.worst)) : std::nullopt};
    }

    OrderId place(const NewOrder& order) {
        begin();
        const Result<Ticks> price = book_.admit(order, now_, Doubts{&doubts_});
        ASSERT(price.has_value());
        const OrderId placed = book_.place(order, *price, Doubts{&doubts_});
        book_.check_invariants();
        return placed;
    }

    template <class Value>
    [[nodiscard]] static Reject refusal(const Result<Value>& result) {
        return result ? Reject::none : result.error();
    }
    [[nodiscard]] static std::optional<std::int64_t> price(std::optional<Ticks> ticks) {
        return ticks ? std::optional(ticks->value()) : std::nullopt;
    }

    instruments::Instruments instruments_;
    protocol::EventWriter events_;
    Book book_;
    UnixNanos now_{1000};
    Sequence sequence_;
    DoubtedSlots doubts_;
};

}  // namespace miletus::matching
