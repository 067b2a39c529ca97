// Makers: accounts that quote both sides of every instrument around what it is worth, and move
// their quotes as that moves. Each quote has a place of its own and a client's id after it; what
// rests there is what the events told. Quotes never take, and go with the process that sent them.
#pragma once

#include "base/prng.hpp"
#include "edge/crowd/fair.hpp"
#include "edge/crowd/market.hpp"
#include "edge/crowd/outbox.hpp"
#include "edge/crowd/settings.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace miletus::crowd {

class Makers {
  public:
    explicit Makers(const Settings& settings);

    void read(std::span<const Unit> event);
    // Before the first quote: their sessions' orders are to go with them. False where there was no
    // room.
    [[nodiscard]] bool introduce(Outbox& outbox);
    // Moves quotes to where they should be, as far as the budget goes; false where it went out.
    [[nodiscard]] bool quote(InstrumentId id, const Instrument& instrument, const Fair& fair,
                             const Market& market, Outbox& outbox, Prng& prng, UnixNanos now);
    [[nodiscard]] std::size_t resting() const { return by_order_.size(); }
    // On both sides.
    [[nodiscard]] bool is_quoted(InstrumentId instrument) const;

  private:
    struct Place {
        std::size_t maker = 0;
        InstrumentId instrument;
        std::size_t at = 0;
    };
    struct Quote {
        OrderId order{};  // none where it is 0
        Ticks price{};
        Lots left{};
        Lots filled{};
        ClientSequence asked{};  // of the command under way; none where it is 0
        UnixNanos wait_until{};  // after a refusal
    };
    struct Wish {
        protocol::Side side{};
        Ticks price{};
        Lots lots{};        // none where it is 0
        Ticks tolerance{};  // so far off is near enough
    };
    using Quotes = std::vector<Quote>;  // of an instrument, by place

    [[nodiscard]] std::optional<Place> place_of(AccountId account, InstrumentId instrument,
                                                ClientOrderId id) const;
    [[nodiscard]] Quote& at(const Place& place) LIFETIME_BOUND;
    [[nodiscard]] Quote* find(OrderId order) LIFETIME_BOUND;
    void forget(OrderId order);
    void hear(const protocol::Completed& completed);
    void hear(const protocol::OrderAccepted& accepted);
    void hear(const protocol::OrderRested& rested);
    void hear(const protocol::OrderAmended& amended);
    void hear(const protocol::OrderReduced& reduced);
    void hear(const protocol::OrderRemoved& removed);
    void hear(const protocol::RemainderCanceled& canceled);
    void hear(const protocol::Trade& trade);
    void hear(const protocol::InstrumentArchived& archived);
    template <class Other>
    void hear(const Other& /*event*/) {}
    void take_trade(OrderId order, Lots quantity, Lots left);
    [[nodiscard]] Wish wish_for(const Place& place, const Instrument& instrument, const Fair& fair,
                                const Market& market, Prng& prng) const;
    [[nodiscard]] bool follow(const Place& place, const Wish& wish, Outbox& outbox, UnixNanos now);
    [[nodiscard]] std::optional<ClientSequence> ask(const Place& place, const Quote& quote,
                                                    const Wish& wish, Outbox& outbox) const;

    const Settings& settings_;
    std::vector<std::map<InstrumentId, Quotes>> quotes_;  // by maker
    std::map<OrderId, Place> by_order_;
    std::map<ClientSequence, Place> asked_;
    std::size_t introduced_ = 0;
};

}  // namespace miletus::crowd
