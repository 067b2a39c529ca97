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

// Entries of an answer, up to its bound, from those on that are not passed over.
template <class Entry, std::uint32_t bound>
class Entries {
  public:
    explicit Entries(std::uint32_t skip = 0) : skip_(skip) {}

    [[nodiscard]] bool is_full() const { return count_ == bound; }
    void add(const Entry& entry) { entries_[count_++] = entry; }
    // Whether the next one has a place here.
    [[nodiscard]] bool takes_next() {
        if (skip_ != 0) {
            --skip_;
            return false;
        }
        return !is_full();
    }
    [[nodiscard]] std::span<const Entry> span() const LIFETIME_BOUND {
        return std::span(entries_).first(count_);
    }

  private:
    std::array<Entry, bound> entries_{};
    std::size_t count_ = 0;
    std::uint32_t skip_;
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
        case QueryType::query_margin:
            return answer_margin(view<protocol::QueryMargin>(query), answers);
        case QueryType::query_orders:
            return answer_orders(view<protocol::QueryOrders>(query), answers);
        case QueryType::query_instrument:
            return answer_instrument(view<protocol::QueryInstrument>(query), answers);
        case QueryType::query_asset:
            return answer_asset(view<protocol::QueryAsset>(query), answers);
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
    // The operator's balance is what fees brought.
    if (!known && account != accounts::operator_account) {
        return known.error();
    }
    Entries<protocol::BalanceView, protocol::AccountAnswer::group_max> balances;
    for (std::uint32_t at = 0; at < instruments_.asset_count() && !balances.is_full(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const accounts::Balance& balance = accounts_.balance(account, asset);
        balances.add({.balance = balance.total,
                      .held = balance.held,
                      .session = balance.session,
                      .worth = risk_.worth_of(asset, balance.total),
                      .asset = asset});
    }
    answers.emit(protocol::AccountAnswer{.session = query.header.session,
                                         .client_sequence = query.header.client_sequence,
                                         .account = account,
                                         .owner = accounts_.owner(account),
                                         .open_orders = matching_.open_orders_of(account),
                                         .settlement = instruments_.settlement_asset()},
                 balances.span());
    return Reject::none;
}

Reject Engine::answer_positions(const protocol::QueryPositions& query, EventWriter& answers) const {
    const AccountId account = query.header.account;
    const Result<void> known = accounts_.check_exists(account);
    if (!known) {
        return known.error();
    }
    Entries<protocol::PositionView, protocol::PositionsAnswer::group_max> positions(query.skip);
    const accounts::Positions& known_positions = accounts_.positions();
    for (std::uint32_t slot = known_positions.oldest(account); slot != 0 && !positions.is_full();
         slot = known_positions[slot].next) {
        const accounts::Position& position = known_positions[slot];
        if (position.is_held() && positions.takes_next()) {
            const risk::Requirement needed = risk_.held_alone(slot);
            positions.add({.lots = position.lots,
                           .cost = position.cost,
                           .unrealised = risk_.worth_of(position),
                           .mark = prices_.mark(position.instrument),
                           .initial = needed.initial,
                           .maintenance = needed.maintenance,
                           .instrument = position.instrument});
        }
    }
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
    if (open.is_waiting != 0) {
        const triggers::Terms& terms = triggers_[order.slot()];
        answer.trigger_price = terms.trigger_price;
        answer.trigger = terms.kind;
        answer.reference = terms.reference;
        answer.state = protocol::OrderState::waiting;
    }
    if (matching_.has_expired(order, now())) {
        answer.trigger_price = Ticks(0);
        answer.price = Ticks(0);
        answer.left = Lots(0);
        answer.state = protocol::OrderState::canceled;
        answer.reason = protocol::RemovalReason::expired;
    }
    return answer;
}

protocol::OrderView Engine::view_of(std::uint32_t slot) const {
    const accounts::OpenOrder& open = accounts_.order(slot);
    const protocol::OrderAnswer order = answer_of(accounts_.id_of(slot));
    const bool waits = open.is_waiting != 0;
    return {.order = order.order,
            .client_order = open.client_order,
            .price = order.price,
            .left = order.left,
            .filled = order.filled,
            .trigger_price = order.trigger_price,
            .instrument = order.instrument,
            .side = order.side,
            .state = order.state,
            .order_type = waits ? triggers_[slot].order_type : protocol::OrderType::limit,
            .post_only = matching_.open_order(order.order).post_only,
            .reduce_only = static_cast<std::uint8_t>(open.reduce_only),
            .trigger = order.trigger,
            .reference = order.reference};
}

protocol::OrderAnswer Engine::answer_of(const accounts::ClosedOrder& order) {
    return {.order = order.id,
            .filled = Lots(order.filled),
            .instrument = order.instrument,
            .side = order.side,
            .state = order.ending.state,
            .reason = order.ending.reason};
}

Reject Engine::answer_margin(const protocol::QueryMargin& query, EventWriter& answers) const {
    const AccountId account = query.header.account;
    const Result<void> known = accounts_.check_exists(account);
    if (!known) {
        return known.error();
    }
    if (query.quantity < Lots(0)) {
        return Reject::quantity_not_positive;
    }
    risk::Standing standing = risk_.standing(account);
    Reject reject = Reject::none;
    if (query.quantity != Lots(0)) {
        const Result<risk::Standing> then = standing_with(query);
        reject = then ? Reject::none : then.error();
        standing = then ? *then : standing;
        if (then && standing.equity() < standing.set_aside()) {
            reject = Reject::margin_insufficient;
        }
    }
    answers.emit(protocol::MarginAnswer{.session = query.header.session,
                                        .client_sequence = query.header.client_sequence,
                                        .cash = standing.cash,
                                        .session_result = standing.session,
                                        .unrealised = standing.unrealised,
                                        .collateral = standing.collateral,
                                        .equity = standing.equity(),
                                        .held = standing.held,
                                        .initial_futures = standing.futures.initial,
                                        .initial_options = standing.options.initial,
                                        .initial = standing.set_aside(),
                                        .maintenance = standing.required().maintenance,
                                        .withdrawable = risk_.withdrawable(account),
                                        .account = account,
                                        .state = accounts_.state(account),
                                        .worst_index = standing.worst_index,
                                        .reject = reject});
    return Reject::none;
}

Reject Engine::answer_orders(const protocol::QueryOrders& query, EventWriter& answers) const {
    const AccountId account = query.header.account;
    const Result<void> known = accounts_.check_exists(account);
    if (!known) {
        return known.error();
    }
    Entries<protocol::OrderView, protocol::OrdersAnswer::group_max> orders(query.skip);
    for (std::uint32_t slot = accounts_.oldest_order(account); slot != 0 && !orders.is_full();
         slot = accounts_.order(slot).newer) {
        if (!matching_.has_expired(accounts_.id_of(slot), now()) && orders.takes_next()) {
            orders.add(view_of(slot));
        }
    }
    answers.emit(protocol::OrdersAnswer{.session = query.header.session,
                                        .client_sequence = query.header.client_sequence,
                                        .account = account},
                 orders.span());
    return Reject::none;
}

Reject Engine::answer_instrument(const protocol::QueryInstrument& query,
                                 EventWriter& answers) const {
    const Result<void> known = instruments_.check_exists(query.instrument);
    if (!known) {
        return known.error();
    }
    const instruments::Listing& listing = instruments_.listing(query.instrument);
    answers.emit(
        protocol::InstrumentAnswer{.session = query.header.session,
                                   .client_sequence = query.header.client_sequence,
                                   .name = listing.name,
                                   .expiry = listing.expiry,
                                   .strike = listing.strike,
                                   .terms = listing.terms,
                                   .tick_value = listing.tick_value,
                                   .mark = prices_.mark(query.instrument),
                                   .index = prices_.index(listing.underlying),
                                   .funding = prices_.funding(query.instrument),
                                   .instrument = query.instrument,
                                   .account = query.header.account,
                                   .underlying = listing.underlying,
                                   .base = listing.base,
                                   .quote = listing.quote,
                                   .kind = listing.kind,
                                   .state = instruments_.rules(query.instrument).state,
                                   .index_state = prices_.index_state(listing.underlying)});
    return Reject::none;
}

Reject Engine::answer_asset(const protocol::QueryAsset& query, EventWriter& answers) const {
    const Result<void> known = check_asset(query.asset);
    if (!known) {
        return known.error();
    }
    const instruments::Asset& asset = instruments_.asset(query.asset);
    answers.emit(protocol::AssetAnswer{.session = query.header.session,
                                       .client_sequence = query.header.client_sequence,
                                       .name = asset.name,
                                       .decimals = asset.decimals,
                                       .account = query.header.account,
                                       .asset = query.asset});
    return Reject::none;
}

// The account if it had this order too.
Result<risk::Standing> Engine::standing_with(const protocol::QueryMargin& query) const {
    const AccountId account = query.header.account;
    TRY(instruments_.check_exists(query.instrument));
    TRY(gates_.check_prices(query.instrument));
    const std::uint32_t position =
        TRY(clearing_.check_room(account, query.instrument, query.side, query.quantity));
    const Reject price = instruments_.check_price(query.instrument, query.price);
    if (price != Reject::none) {
        return Refusal(price);
    }
    const Amount per_lot = risk_.hold_of(query.instrument, query.side, query.price) +
                           clearing_.fee_bound(query.instrument, query.price);
    const std::optional<Amount> hold = value_of(LotValue(per_lot.value()), query.quantity);
    const Amount held = accounts_.balance(account, instruments_.settlement_asset()).held;
    if (!hold || !checked_sum(held, *hold)) {  // as much nobody has
        return Refusal(Reject::margin_insufficient);
    }
    return risk_.standing_with({.account = account,
                                .instrument = query.instrument,
                                .position = position,
                                .side = query.side,
                                .lots = query.quantity,
                                .hold = *hold});
}

}  // namespace miletus::engine
