// Setting up the venue, and the three commands of a flow as messages.
#include "bench/engine_market.hpp"

#include "base/assert.hpp"
#include "bench/traders.hpp"

#include <array>

namespace miletus::bench {

using protocol::EventType;

namespace {

constexpr Amount plenty{1'000'000'000'000'000};  // more than an account can lose
// A sixth of what the flow makes an account hold.
constexpr Amount margin{50'000'000'000};
constexpr InstrumentId instrument{0};
constexpr std::size_t message_units = 2;  // each of the three commands fills two units

// Of a full venue. At three million commands a second the index moves a hundred times in each, and
// ten surfaces come: more often than at any venue.
constexpr std::array expiry_days = {7, 30, 90};
constexpr int strike_count = 33;
constexpr std::uint32_t option_count = 2 * expiry_days.size() * strike_count;
constexpr std::uint64_t commands_per_index = 30'000;
constexpr std::uint64_t commands_per_surface = 300'000;

}  // namespace

Limits engine_limits() {
    Limits limits;
    limits.accounts = account_end;
    limits.positions = 1U << 13U;
    limits.orders = 1U << 16U;
    limits.fills_per_command = 256;
    limits.orders_per_account = 1000;
    limits.instruments = 256;
    limits.settlements_per_command = 64;
    limits.event_units = 1U << 15U;  // one command fits it
    return limits;
}

EngineMarket::EngineMarket(Surroundings surroundings)
    : venue_(engine_limits()),
      client_ids_(std::size_t{engine_limits().orders} + 1),
      placed_(account_end),
      surroundings_(surroundings) {
    const bool is_full = surroundings == Surroundings::full;
    series_ = make_series(expiry_days, strike_count);
    venue_.list_future(UnixNanos(0));
    if (is_full) {
        venue_.list_future(series_.expiries.back());
        venue_.list_options(series_);
    }
    venue_.apply(venue_.index_update(venue_index));
    for (std::uint32_t account = 1; account < account_end; ++account) {
        venue_.open_account(AccountId(account), is_full ? margin : plenty);
    }
    if (is_full) {
        venue_.apply(venue_.surface(series_, venue_index));
        venue_.apply(venue_.marks_of_surface());
        venue_.fill_portfolios(
            {.accounts = account_end, .first_option = 2, .options = option_count});
    }
}

// Around where it began, so that nobody is worse off in the end.
void EngineMarket::encode_prices() {
    ++encoded_;
    if (surroundings_ == Surroundings::bare) {
        return;
    }
    const auto append = [this](std::span<const Unit> command) {
        units_.insert(units_.end(), command.begin(), command.end());
    };
    const auto turn = static_cast<std::int64_t>(encoded_ / commands_per_index);
    const IndexPrice index(venue_index.value() + (turn % 3 - 1) * venue_index.value() / 1000);
    if (encoded_ % commands_per_index == 0) {
        append(venue_.index_update(index));
    }
    if (encoded_ % commands_per_surface == 0) {
        append(venue_.surface(series_, index));
        append(venue_.marks_of_surface());
    }
}

void EngineMarket::encode_one(const Command& command, OrderId order, std::uint32_t replaced) {
    units_.resize(units_.size() + message_units);
    const std::span<Unit> out = std::span(units_).last(message_units);
    const protocol::CommandHeader header = venue_.next_header(account_of(command));
    if (command.operation == Operation::cancel) {
        protocol::encode(protocol::CancelOrder{.header = header, .order = order}, out);
    } else if (command.operation == Operation::replace) {
        protocol::encode(protocol::AmendOrder{.header = header,
                                              .order = order,
                                              .price = Ticks(command.price),
                                              .quantity = Lots(replaced)},
                         out);
    } else {
        // Each client counts its own ids up.
        std::uint64_t& placed = placed_[header.account.value()];
        protocol::encode(protocol::PlaceOrder{.header = header,
                                              .price = Ticks(command.price),
                                              .quantity = Lots(command.quantity),
                                              .client_order = ClientOrderId(++placed),
                                              .instrument = instrument,
                                              .side = command.side},
                         out);
    }
}

void EngineMarket::learn(std::span<const Command> commands, Answers& answers) {
    for (const Command& command : commands) {
        const std::uint32_t whole = answers.filled[command.id] + command.quantity;
        if (command.operation == Operation::replace) {
            answers.replaced.push_back(whole);
        }
        units_.clear();
        encode_prices();
        apply(units_);
        units_.clear();
        encode_one(command, answers.orders[command.id], whole);
        venue_.engine().apply(units_);
        read_answers(command, answers);
    }
}

// The command's completion comes last but names the order that its trades took part in.
void EngineMarket::read_answers(const Command& command, Answers& answers) {
    const auto visit = [&](EventType wanted, auto look) {
        const protocol::EventWriter& events = venue_.engine().events();
        events.visit_from(events.start(), [&](std::span<const Unit> event) {
            if (view_as<protocol::EventHeader>(event).type == static_cast<std::uint8_t>(wanted)) {
                look(event);
            }
        });
    };
    visit(EventType::completed, [&](std::span<const Unit> event) {
        const auto& completed = protocol::view<protocol::Completed>(event);
        answers.refused += completed.reject != Reject::none ? 1 : 0;
        answers.orders[command.id] = OrderId(completed.result);
        client_ids_[OrderId(completed.result).slot()] = command.id;
    });
    visit(EventType::trade, [&](std::span<const Unit> event) {
        const auto& trade = protocol::view<protocol::Trade>(event);
        const std::uint64_t maker = client_ids_[trade.maker.slot()];
        const auto lots = static_cast<std::uint32_t>(trade.quantity.value());
        answers.filled[maker] += lots;
        answers.filled[command.id] += lots;
        answers.totals.add(maker, command.id, trade.price.value(), lots);
    });
}

std::span<const Unit> EngineMarket::encode(std::span<const Command> commands,
                                           const Answers& answers) {
    units_.clear();
    for (const Command& command : commands) {
        const bool is_replace = command.operation == Operation::replace;
        const std::uint32_t replaced = is_replace ? answers.replaced[replacements_++] : 0;
        encode_prices();
        encode_one(command, answers.orders[command.id], replaced);
    }
    return units_;
}

}  // namespace miletus::bench
