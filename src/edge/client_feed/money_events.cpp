// Money and positions. What a fill did to a position, and its fee, is told behind all trades of the
// command, in their order, the maker's first; what was paid for it, right before it. Fees leave a
// balance without an event of their own.
#include "edge/client_feed/accounts.hpp"
#include "protocol/codec.hpp"

namespace miletus::client_feed {

using protocol::BalanceReason;
using protocol::PositionReason;

namespace {

constexpr AccountId operator_account{0};

TransactionKind kind_of(BalanceReason reason) {
    switch (reason) {
        case BalanceReason::deposit:
            return TransactionKind::deposit;
        case BalanceReason::withdrawal:
            return TransactionKind::withdrawal;
        case BalanceReason::trade:
            return TransactionKind::trade;
        case BalanceReason::settlement:
            return TransactionKind::settlement;
        case BalanceReason::delivery:
            return TransactionKind::delivery;
        case BalanceReason::transfer:
            return TransactionKind::transfer;
        case BalanceReason::insurance:
            return TransactionKind::insurance;
    }
    return TransactionKind::transfer;
}

TransactionKind kind_of(PositionReason reason) {
    switch (reason) {
        case PositionReason::trade:
            return TransactionKind::trade;
        case PositionReason::settlement:
            return TransactionKind::settlement;
        case PositionReason::delivery:
            return TransactionKind::delivery;
        case PositionReason::reassignment:
            return TransactionKind::reassignment;
    }
    return TransactionKind::trade;
}

}  // namespace

// ---- Balances ----

void Accounts::hear(const protocol::BalanceChanged& changed) {
    if (!knows(changed.account, changed.asset)) {
        return;
    }
    const std::size_t place = place_of(changed.account, changed.asset);
    balances_[place].total = changed.balance;
    changes_.change_balance(changed.account, place, changed.asset);
    if (changed.reason == BalanceReason::settlement) {
        balances_[place].session = Amount(0);
        accounts_[changed.account.value()].is_settled = true;
        end_session(changed.account);
    }
    if (changed.reason == BalanceReason::trade || changed.reason == BalanceReason::delivery) {
        payment_ = Payment{.account = changed.account, .amount = changed.change};
    } else if (changed.change != Amount(0)) {
        keep({.id = {.sequence = sequence_, .ordinal = ordinal_},
              .account = changed.account,
              .asset = changed.asset,
              .kind = kind_of(changed.reason),
              .change = changed.change,
              .balance = changed.balance});
    }
}

// One that changes nothing tells what stands.
void Accounts::hear(const protocol::ResultBooked& booked) {
    if (!knows(booked.account, booked.asset)) {
        return;
    }
    const std::size_t place = place_of(booked.account, booked.asset);
    balances_[place].session = booked.session;
    changes_.change_balance(booked.account, place, booked.asset);
    if (booked.change == Amount(0)) {
        return;
    }
    const std::uint32_t slot = positions_.find(booked.account, booked.instrument);
    if (slot != 0) {
        positions_[slot].funding += booked.change;
        changes_.change_position(booked.account, slot, booked.instrument);
    }
    keep({.id = {.sequence = sequence_, .ordinal = ordinal_},
          .account = booked.account,
          .asset = booked.asset,
          .kind = TransactionKind::funding,
          .booked = booked.change,
          .balance = balances_[place].total,
          .has_instrument = true,
          .instrument = booked.instrument,
          .position = slot != 0 ? positions_[slot].lots : Lots(0)});
}

void Accounts::keep(const Transaction& transaction) {
    new_transactions_.push_back(transactions_.add(transaction));
}

void Accounts::end_session(AccountId account) {
    positions_.end_session(account);
}

// Who had nothing to settle is told so by nobody.
void Accounts::hear(const protocol::SessionSettled& /*settled*/) {
    for (std::uint32_t at = 0; at < accounts_.size(); ++at) {
        if (accounts_[at].is_open && !accounts_[at].is_settled) {
            end_session(AccountId(at));
        }
        accounts_[at].is_settled = false;
    }
}

// ---- Positions ----

void Accounts::hear(const protocol::PositionChanged& changed) {
    const AssetId asset = underlying(instrument(changed.instrument).underlying).quote;
    if (!knows(changed.account, asset)) {
        return;
    }
    const std::uint32_t slot = positions_.find_or_add(changed.account, changed.instrument);
    const Position before = slot != 0 ? positions_[slot] : Position();
    pay_fee(changed, asset);
    if (slot != 0) {
        positions_.set(slot, changed.lots, changed.cost);
        positions_[slot].realised += changed.realised;
        positions_[slot].fees += changed.fee;
        changes_.change_position(changed.account, slot, changed.instrument);
    }
    settle(changed, before);
    if (changed.reason == PositionReason::settlement) {
        if (slot != 0) {
            positions_.end_session(slot);
        }
        return;  // what it brought is paid with the session
    }
    Transaction transaction = transaction_of(changed);
    transaction.asset = asset;
    transaction.balance = balances_[place_of(changed.account, asset)].total;
    if (changed.reason == PositionReason::trade) {
        attribute(changed, transaction);
    }
    keep(transaction);
}

// The operator gets it. What lots of futures brought is the session's until it is settled.
void Accounts::pay_fee(const protocol::PositionChanged& changed, AssetId asset) {
    const std::size_t place = place_of(changed.account, asset);
    balances_[place].total -= changed.fee;
    balances_[place_of(operator_account, asset)].total += changed.fee;
    const bool is_booked =
        !instrument(changed.instrument).is_option && changed.reason != PositionReason::delivery;
    if (is_booked) {
        balances_[place].session += changed.realised;
    }
    if (changed.fee != Amount(0) || (is_booked && changed.realised != Amount(0))) {
        changes_.change_balance(changed.account, place, asset);
    }
}

Transaction Accounts::transaction_of(const protocol::PositionChanged& changed) {
    const bool is_paid = payment_.has_value() && payment_->account == changed.account;
    const Amount paid = is_paid ? payment_->amount : Amount(0);
    payment_.reset();
    const bool is_booked =
        !instrument(changed.instrument).is_option && changed.reason != PositionReason::delivery;
    return {.id = {.sequence = sequence_, .ordinal = ordinal_},
            .account = changed.account,
            .kind = kind_of(changed.reason),
            .change = paid - changed.fee,
            .booked = is_booked ? changed.realised : Amount(0),
            .fee = changed.fee,
            .has_instrument = true,
            .instrument = changed.instrument,
            .position = changed.lots};
}

void Accounts::attribute(const protocol::PositionChanged& changed, Transaction& transaction) {
    if (fills_told_ == fills_.size() || fills_[fills_told_].account != changed.account) {
        return;  // it tells what stands
    }
    const Fill fill = fills_[fills_told_++];
    const std::uint32_t order = orders_.find(fill.order);
    if (order != 0) {
        orders_[order].fee += changed.fee;
    }
    OwnTrade& trade = trades_[fill.trade];
    if (fill.trade == 0 || trade.order != fill.order) {
        return;  // crowded out of a window that is too small
    }
    trade.fee = changed.fee;
    trade.realised = changed.realised;
    transaction.side = trade.side;
    transaction.quantity = trade.quantity;
    transaction.price = trade.price;
    transaction.trade = trade.id;
    transaction.order = trade.order;
    transaction.is_maker = trade.is_maker;
}

// A settlement that brings nothing is not told; what stands is told as one.
void Accounts::settle(const protocol::PositionChanged& changed, const Position& before) {
    const bool is_delivery = changed.reason == PositionReason::delivery;
    const bool is_settlement =
        changed.reason == PositionReason::settlement && changed.realised != Amount(0);
    if (!is_delivery && !is_settlement) {
        return;
    }
    const Instrument& of = instrument(changed.instrument);
    new_settlements_.push_back(
        settlements_.add({.id = {.sequence = sequence_, .ordinal = ordinal_},
                          .account = changed.account,
                          .instrument = changed.instrument,
                          .is_delivery = is_delivery,
                          .lots = before.lots,
                          .result = changed.realised,
                          .session_result = before.realised + before.funding + changed.realised,
                          .funding = before.funding,
                          .fee = changed.fee,
                          .price = is_delivery ? of.delivery : of.mark,
                          .index = is_delivery ? of.average : underlying(of.underlying).index}));
}

// ---- What there is ----

const Accounts::Instrument& Accounts::instrument(InstrumentId instrument) const {
    static constexpr Instrument unknown{};
    return instrument.value() < instruments_.size() ? instruments_[instrument.value()] : unknown;
}

const Accounts::Underlying& Accounts::underlying(UnderlyingId underlying) const {
    static constexpr Underlying unknown{};
    return underlying.value() < underlyings_.size() ? underlyings_[underlying.value()] : unknown;
}

}  // namespace miletus::client_feed
