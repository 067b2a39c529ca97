// One market of N futures and some traders, and the three things that a command can do to it.
#include "bench/product_book.hpp"

#include "base/assert.hpp"
#include "bench/traders.hpp"

#include <algorithm>

namespace miletus::bench {

using protocol::Side;

namespace {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC
constexpr std::int64_t nanos_per_day = 86'400'000'000'000;
constexpr std::int64_t nanos_per_command = 1000;
constexpr std::uint32_t lots_max = 1'000'000;
constexpr std::size_t stride = 8;  // commands from one step of looking ahead to the next

Limits limits_for(const Flow& flow) {
    const std::uint32_t instruments = flow.terms.instruments;
    Limits limits;
    limits.instruments = instruments;
    limits.accounts = account_end;
    limits.orders = 4'000'000;
    limits.orders_per_account = limits.orders;
    limits.orders_per_instrument = limits.orders;
    limits.level_pages = instruments == 1 ? 2000 : 200 * instruments;
    limits.directory_entries = instruments * 2 * (price_end / 64);
    limits.fills_per_command = 1000;
    limits.event_units = 4096;
    return limits;
}

bool has_order(const Command& command) {
    return command.operation == Operation::cancel || command.operation == Operation::replace;
}

}  // namespace

ProductBook::ProductBook(const Flow& flow)
    : limits_(limits_for(flow)),
      instruments_(limits_),
      events_(limits_.event_units),
      matching_(limits_, instruments_, events_),
      orders_(flow.id_end),
      client_ids_(std::size_t{limits_.orders} + 1) {
    list_instruments(flow.terms.instruments);
    open_accounts();
    // Touched here, so that mapping it is not timed.
    std::ranges::fill(orders_.items(), OrderId());
}

void ProductBook::list_instruments(std::uint32_t count) {
    const AssetId base = *instruments_.add_asset(protocol::Name("BTC"), 8);
    const AssetId quote = *instruments_.add_asset(protocol::Name("USDC"), 6);
    const UnderlyingId underlying =
        *instruments_.add_underlying(protocol::Name("BTC_USDC"), base, quote);
    const protocol::ListingTerms terms{.tick = IndexPrice(500'000),
                                       .lot = Amount(10'000),
                                       .price_low = Ticks(0),
                                       .price_high = Ticks(price_end - 1),
                                       .lots_max = Lots(lots_max)};
    ASSERT(matching_.admit_books(terms, count).has_value());
    for (std::uint32_t day = 1; day <= count; ++day) {
        const UnixNanos expiry(start_ns + day * nanos_per_day);
        const instruments::ListingRequest request{.kind = protocol::InstrumentKind::future,
                                                  .underlying = underlying,
                                                  .expiry = expiry,
                                                  .strike = IndexPrice(0),
                                                  .terms = terms,
                                                  .steps = {}};
        const InstrumentId instrument =
            instruments_.list(*instruments_.draft(request, UnixNanos(start_ns)));
        matching_.open_book(instrument, terms);
        instruments_.set_state(instrument, protocol::InstrumentState::open);
        ASSERT(instruments_.set_band(instrument, terms.price_low, terms.price_high).has_value());
    }
}

void ProductBook::open_accounts() {
    for (std::uint32_t account = 1; account < limits_.accounts; ++account) {
        matching_.enroll(AccountId(account), OwnerId(account));
    }
}

inline void ProductBook::step(const Command& command) {
    ++sequence_;
    events_.begin(Sequence(sequence_),
                  UnixNanos(start_ns + static_cast<std::int64_t>(sequence_) * nanos_per_command));
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

[[gnu::always_inline]] inline void ProductBook::place(const Command& command) {
    const matching::NewOrder order{.instrument = InstrumentId(command.instrument),
                                   .account = account_of(command),
                                   .side = command.side,
                                   .order_type = protocol::OrderType::limit,
                                   .time_in_force = protocol::TimeInForce::good_til_canceled,
                                   .post_only = protocol::PostOnly::off,
                                   .self_trade = protocol::SelfTrade::cancel_taker,
                                   .price = Ticks(command.price),
                                   .quantity = Lots(command.quantity),
                                   .expires = UnixNanos(0)};
    const Result<Ticks> price = matching_.admit(order, events_.time());
    ASSERT(price.has_value());
    orders_[command.id] = matching_.place(order, *price);
}

[[gnu::always_inline]] inline void ProductBook::cancel(const Command& command) {
    const OrderId order = orders_[command.id];
    ASSERT(matching_.check_owner(order, account_of(command)) == Reject::none);
    matching_.cancel(order, protocol::RemovalReason::client);
}

[[gnu::always_inline]] inline void ProductBook::replace(const Command& command) {
    const OrderId order = orders_[command.id];
    ASSERT(matching_.check_owner(order, account_of(command)) == Reject::none);
    const matching::Amendment amendment{
        .order = order, .price = Ticks(command.price), .left = Lots(command.quantity)};
    const Result<Ticks> price = matching_.admit_amend(amendment, events_.time());
    ASSERT(price.has_value());
    matching_.amend(amendment, *price);
}

void ProductBook::apply(const Command& command) {
    step(command);
}

void ProductBook::run(std::span<const Command> commands) {
    for (const Command& command : commands) {
        step(command);
    }
}

void ProductBook::run_ahead(std::span<const Command> commands) {
    std::size_t at = 0;
    for (; at + 3 * stride < commands.size(); ++at) {
        hint_book(commands[at + 3 * stride]);
        hint_level(commands[at + 2 * stride]);
        hint_neighbours(commands[at + stride]);
        step(commands[at]);
    }
    for (; at < commands.size(); ++at) {
        step(commands[at]);
    }
}

// The books themselves are few and warm; their directories and the client's ids are neither.
void ProductBook::hint_book(const Command& command) const {
    __builtin_prefetch(&orders_[command.id], 1);
    matching_.hint_entry(InstrumentId(command.instrument), command.side, Ticks(command.price));
}

void ProductBook::hint_level(const Command& command) const {
    if (has_order(command)) {
        matching_.hint_order(orders_[command.id]);
    }
    if (command.operation != Operation::cancel) {
        matching_.hint_level(InstrumentId(command.instrument), command.side, Ticks(command.price));
    }
}

void ProductBook::hint_neighbours(const Command& command) const {
    if (has_order(command)) {
        matching_.hint_neighbours(orders_[command.id]);
    }
    if (command.operation != Operation::cancel) {
        matching_.hint_tail(InstrumentId(command.instrument), command.side, Ticks(command.price));
    }
}

Hash128 ProductBook::state_hash() const {
    Xxh3 hash;
    {
        StateEncoder encoder(hash);
        matching_.encode(encoder);
    }
    return hash.digest();
}

void ProductBook::add_trades_since(std::uint64_t position, const Command& command,
                                   TradeTotals& totals) {
    client_ids_[orders_[command.id].slot()] = command.id;
    events_.visit_from(position, [&](std::span<const Unit> units) {
        if (view_as<protocol::EventHeader>(units).type !=
            static_cast<std::uint8_t>(protocol::EventType::trade)) {
            return;
        }
        const auto& trade = protocol::view<protocol::Trade>(units);
        totals.add(client_ids_[trade.maker.slot()], client_ids_[trade.taker.slot()],
                   trade.price.value(), static_cast<std::uint64_t>(trade.quantity.value()));
    });
}

}  // namespace miletus::bench
