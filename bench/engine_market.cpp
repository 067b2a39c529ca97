// Setting up the venue, and the three commands of a flow as messages.
#include "bench/engine_market.hpp"

#include "base/assert.hpp"
#include "bench/traders.hpp"

namespace miletus::bench {

using protocol::EventType;

namespace {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC
constexpr std::int64_t nanos_per_command = 125;
constexpr std::int64_t money = 1'000'000'000'000'000;  // of each account: more than it can lose
constexpr InstrumentId instrument{0};
constexpr std::size_t message_units = 2;  // each of the three commands fills two units

}  // namespace

Limits engine_limits() {
    Limits limits;
    limits.accounts = account_end;
    limits.positions = 1U << 10U;
    limits.orders = 1U << 16U;
    limits.fills_per_command = 256;
    limits.orders_per_account = 1000;
    limits.instruments = 16;
    limits.settlements_per_command = 64;
    limits.event_units = 1U << 14U;  // one command fits it
    return limits;
}

EngineMarket::EngineMarket()
    : engine_(std::make_unique<engine::Engine>(engine_limits())),
      client_ids_(std::size_t{engine_limits().orders} + 1),
      placed_(account_end) {
    set_up();
}

void EngineMarket::set_up() {
    issue(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
    issue(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
    issue(protocol::AddUnderlying{
        .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)});
    const protocol::ListingTerms terms{.tick = IndexPrice(500'000),
                                       .lot = Amount(10'000),
                                       .price_low = Ticks(0),
                                       .price_high = Ticks(price_end - 1),
                                       .lots_max = Lots(1'000'000)};
    issue(protocol::ListFuture{.terms = terms, .underlying = UnderlyingId(0)});
    issue(protocol::SetBand{
        .low = terms.price_low, .high = terms.price_high, .instrument = instrument});
    const auto parameter = [this](protocol::Parameter name, std::int64_t value) {
        issue(protocol::SetParameter{
            .value = value, .underlying = UnderlyingId(0), .parameter = name});
    };
    parameter(protocol::Parameter::index_sources_min, 1);
    parameter(protocol::Parameter::index_source_age, 86'400'000);
    parameter(protocol::Parameter::collar_perpetual, 10'000'000);
    const protocol::SourcePrice source{.price = IndexPrice(std::int64_t{price_end} / 2 * 500'000),
                                       .time = {},
                                       .source = 0,
                                       .weight = 1};
    issue(protocol::UpdateIndex{.underlying = UnderlyingId(0)},
          std::span<const protocol::SourcePrice>(&source, 1));
    issue(protocol::SetInstrumentState{.instrument = instrument,
                                       .state = protocol::InstrumentState::open});
    for (std::uint32_t account = 1; account < account_end; ++account) {
        issue(protocol::OpenAccount{.owner = OwnerId(account), .opened = AccountId(account)});
        issue(protocol::Deposit{
            .amount = Amount(money), .receiver = AccountId(account), .asset = AssetId(1)});
    }
}

protocol::CommandHeader EngineMarket::next_header(AccountId account) {
    ++sequence_;
    const UnixNanos time(start_ns + static_cast<std::int64_t>(sequence_) * nanos_per_command);
    return {.account = account,
            .session = SessionId(account.value()),
            .client_sequence = ClientSequence(sequence_),
            .ingress_time = time,
            .sequence = Sequence(sequence_),
            .time = time};
}

// One of the operator's commands; none may be refused.
template <class Message, class... Entries>
void EngineMarket::issue(Message message, const Entries&... entries) {
    message.header = next_header(AccountId(0));
    std::vector<Unit> units(
        protocol::units_of<Message>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
    engine_->apply(protocol::encode(message, entries..., units));
    opening_.insert(opening_.end(), units.begin(), units.end());
    engine_->events().visit_from(engine_->events().start(), [](std::span<const Unit> event) {
        if (view_as<protocol::EventHeader>(event).type ==
            static_cast<std::uint8_t>(EventType::completed)) {
            ASSERT(protocol::view<protocol::Completed>(event).reject == Reject::none);
        }
    });
}

void EngineMarket::encode_one(const Command& command, OrderId order, std::uint32_t replaced) {
    units_.resize(units_.size() + message_units);
    const std::span<Unit> out = std::span(units_).last(message_units);
    const protocol::CommandHeader header = next_header(account_of(command));
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
        encode_one(command, answers.orders[command.id], whole);
        engine_->apply(units_);
        read_answers(command, answers);
    }
}

// The command's completion comes last but names the order that its trades took part in.
void EngineMarket::read_answers(const Command& command, Answers& answers) {
    const auto visit = [&](EventType wanted, auto look) {
        engine_->events().visit_from(engine_->events().start(), [&](std::span<const Unit> event) {
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
        encode_one(command, answers.orders[command.id], replaced);
    }
    return units_;
}

void EngineMarket::apply(std::span<const Unit> units) {
    engine_->apply_all(units);
}

}  // namespace miletus::bench
