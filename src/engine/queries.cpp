// Queries: bounded looks at the state. The answer's sequence says as of which command it is true.
#include "engine/engine.hpp"

#include <algorithm>
#include <array>

namespace miletus::engine {

using protocol::CommandHeader;
using protocol::EventWriter;
using protocol::QueryType;
using protocol::Side;
using protocol::view;

namespace {

// Entries of an answer, up to its bound.
template <class Entry, std::uint32_t bound>
class Entries {
  public:
    [[nodiscard]] bool is_full() const { return count_ == bound; }
    void add(const Entry& entry) { entries_[count_++] = entry; }
    [[nodiscard]] std::span<const Entry> span() const LIFETIME_BOUND {
        return std::span(entries_).first(count_);
    }

  private:
    std::array<Entry, bound> entries_{};
    std::size_t count_ = 0;
};

}  // namespace

void Engine::answer(std::span<const Unit> query, EventWriter& answers) const {
    answers.begin(events_.sequence(), events_.time());
    const auto& header = view<CommandHeader>(query);
    const Result<QueryType> type = protocol::decode_query(query);
    const Reject refused = type ? answer_query(*type, query, answers) : type.error();
    if (refused != Reject::none) {
        answers.emit(protocol::Refused{.session = header.session,
                                       .client_sequence = header.client_sequence,
                                       .account = header.account,
                                       .reject = refused});
    }
}

Reject Engine::answer_query(QueryType type, std::span<const Unit> query,
                            EventWriter& answers) const {
    switch (type) {
        case QueryType::query_book:
            return answer_book(view<protocol::QueryBook>(query), answers);
        case QueryType::query_account:
            return answer_account(view<protocol::QueryAccount>(query), answers);
        case QueryType::query_positions:
            return answer_positions(view<protocol::QueryPositions>(query), answers);
        case QueryType::query_order:
            return answer_order(view<protocol::QueryOrder>(query), answers);
    }
    return Reject::unknown_type;
}

Reject Engine::answer_book(const protocol::QueryBook& query, EventWriter& answers) const {
    const Result<void> known = instruments_.check_exists(query.instrument);
    if (!known) {
        return known.error();
    }
    Entries<protocol::LevelView, protocol::BookAnswer::group_max> levels;
    const std::uint32_t depth =
        std::min({query.depth, limits_.levels_per_answer, protocol::BookAnswer::group_max / 2});
    for (const Side side : {Side::sell, Side::buy}) {
        matching_.visit_levels(query.instrument, side, depth,
                               [&levels](const protocol::LevelView& level) { levels.add(level); });
    }
    answers.emit(protocol::BookAnswer{.session = query.header.session,
                                      .client_sequence = query.header.client_sequence,
                                      .last_trade = matching_.last_trade(query.instrument),
                                      .instrument = query.instrument,
                                      .account = query.header.account,
                                      .state = instruments_.rules(query.instrument).state},
                 levels.span());
    return Reject::none;
}

Reject Engine::answer_account(const protocol::QueryAccount& query, EventWriter& answers) const {
    const AccountId account = query.header.account;
    const Result<void> known = accounts_.check_exists(account);
    if (!known) {
        return known.error();
    }
    Entries<protocol::BalanceView, protocol::AccountAnswer::group_max> balances;
    for (std::uint32_t at = 0; at < instruments_.asset_count() && !balances.is_full(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const accounts::Balance& balance = accounts_.balance(account, asset);
        balances.add({.balance = balance.total, .held = balance.held, .asset = asset});
    }
    answers.emit(protocol::AccountAnswer{.session = query.header.session,
                                         .client_sequence = query.header.client_sequence,
                                         .account = account,
                                         .owner = accounts_.owner(account),
                                         .open_orders = matching_.open_orders_of(account)},
                 balances.span());
    return Reject::none;
}

Reject Engine::answer_positions(const protocol::QueryPositions& query, EventWriter& answers) const {
    const AccountId account = query.header.account;
    const Result<void> known = accounts_.check_exists(account);
    if (!known) {
        return known.error();
    }
    Entries<protocol::PositionView, protocol::PositionsAnswer::group_max> positions;
    clearing_.visit_positions(account, [&positions](const clearing::Position& position) {
        if (position.lots != Lots(0) && !positions.is_full()) {
            positions.add(
                {.lots = position.lots, .cost = position.cost, .instrument = position.instrument});
        }
    });
    answers.emit(protocol::PositionsAnswer{.session = query.header.session,
                                           .client_sequence = query.header.client_sequence,
                                           .account = account},
                 positions.span());
    return Reject::none;
}

Reject Engine::answer_order(const protocol::QueryOrder& query, EventWriter& answers) const {
    const AccountId account = query.header.account;
    const Result<void> known = accounts_.check_exists(account);
    if (!known) {
        return known.error();
    }
    const std::optional<OrderId> open = accounts_.find(account, query.client_order);
    const accounts::ClosedOrder* closed = accounts_.find_closed(account, query.client_order);
    if (!open && closed == nullptr) {
        return Reject::unknown_order;
    }
    protocol::OrderAnswer answer = open ? answer_of(*open) : answer_of(*closed);
    answer.session = query.header.session;
    answer.client_sequence = query.header.client_sequence;
    answer.client_order = query.client_order;
    answer.account = account;
    answers.emit(answer);
    return Reject::none;
}

// One that is overdue and not yet swept has ended for whoever asks.
protocol::OrderAnswer Engine::answer_of(OrderId order) const {
    const accounts::OpenOrder& open = accounts_.order(order.slot());
    const Result<matching::OrderView> found = matching_.find(order, open.account);
    ASSERT(found.has_value());
    protocol::OrderAnswer answer{.order = order,
                                 .price = found->price,
                                 .left = found->left,
                                 .filled = Lots(open.filled),
                                 .instrument = open.instrument,
                                 .side = open.side};
    if (matching_.has_expired(order, now())) {
        answer.price = Ticks(0);
        answer.left = Lots(0);
        answer.state = protocol::OrderState::canceled;
        answer.reason = protocol::RemovalReason::expired;
    }
    return answer;
}

protocol::OrderAnswer Engine::answer_of(const accounts::ClosedOrder& order) {
    return {.order = order.id,
            .filled = Lots(order.filled),
            .instrument = order.instrument,
            .side = order.side,
            .state = order.ending.state,
            .reason = order.ending.reason};
}

}  // namespace miletus::engine
