// Where commands begin and end, and who is there to trade in what.
#include "edge/client_feed/accounts.hpp"

#include "protocol/codec.hpp"

#include <algorithm>

namespace miletus::client_feed {

using protocol::EventHeader;
using protocol::EventType;
using protocol::view;

namespace {

// So that ids which the venue's limits allow always find their record.
template <class Record, class Number>
Record& grown_to(std::vector<Record>& records, Number number) {
    if (records.size() <= number.value()) {
        records.resize(std::size_t{number.value()} + 1);
    }
    return records[number.value()];
}

}  // namespace

bool TradeQuery::matches(const OwnTrade& trade) const {
    return (!instrument || trade.instrument == *instrument) && (!order || trade.order == *order) &&
           trade.time >= from && trade.time <= to && trade.id >= first && trade.id <= last &&
           trade.number >= first_number && trade.number <= last_number;
}

bool TradeQuery::is_beyond(const OwnTrade& trade) const {
    return is_newest_first ? trade.time < from || trade.id < first
                           : trade.time > to || trade.id > last;
}

Accounts::Accounts(const AccountsSettings& settings)
    : assets_(settings.assets),
      accounts_(settings.accounts),
      balances_(std::size_t{settings.accounts} * settings.assets),
      orders_({.accounts = settings.accounts,
               .open = settings.open_orders,
               .closed = settings.closed_orders,
               .closed_per_account = settings.closed_orders_per_account}),
      positions_(settings.accounts, settings.positions),
      trades_(settings.accounts, settings.trades, settings.trades_per_account),
      transactions_(settings.accounts, settings.transactions, settings.transactions_per_account),
      settlements_(settings.accounts, settings.settlements, settings.settlements_per_account),
      changes_({.accounts = settings.accounts,
                .orders = settings.open_orders + settings.closed_orders,
                .positions = settings.positions,
                .assets = settings.assets}) {}

// ---- Commands ----

// What tells of what stands has no completion of its own.
bool Accounts::read(std::span<const Unit> event) {
    const auto& header = view<EventHeader>(event);
    if (is_completed_ || header.sequence != sequence_) {
        begin_command(header.sequence);
    }
    ordinal_ = header.ordinal;
    const auto type = static_cast<EventType>(header.type);
    if (type == EventType::completed) {
        end_command(view<protocol::Completed>(event).time);
        return true;
    }
    switch (type) {
#define MESSAGE(number, Type, name, sentence)        \
    case EventType::name:                            \
        pass_on(view<protocol::Type>(event), event); \
        break;
#include "protocol/events.def"
    }
    return false;
}

// To whoever wants it.
template <class Event>
void Accounts::pass_on(const Event& event, std::span<const Unit> units) {
    if constexpr (requires { hear(event, units); }) {
        hear(event, units);
    } else if constexpr (requires { hear(event); }) {
        hear(event);
    }
}

// What the windows lose was there as long as the command before could be asked about.
void Accounts::begin_command(Sequence sequence) {
    changes_.visit_accounts([this](AccountId account) { trim(account); });
    changes_.begin();
    sequence_ = sequence;
    is_completed_ = false;
    liquidating_.reset();
    payment_.reset();
    fills_.clear();
    fills_told_ = 0;
    new_transactions_.clear();
    new_settlements_.clear();
}

void Accounts::trim(AccountId account) {
    orders_.trim(account);
    trades_.trim(account);
    transactions_.trim(account);
    settlements_.trim(account);
}

// Few events carry the command's time. A resend is told the time of its first answer: its own is
// not known then, but no earlier than the last one.
void Accounts::end_command(UnixNanos time) {
    time_ = std::max(time_, time);
    changes_.visit_orders([this](OrderId order) {
        const std::uint32_t slot = orders_.find(order);
        if (slot != 0) {
            orders_[slot].updated = time_;
        }
    });
    for (const std::uint32_t place : new_transactions_) {
        transactions_[place].time = time_;
    }
    for (const std::uint32_t place : new_settlements_) {
        settlements_[place].time = time_;
    }
    changes_.offer();
    is_completed_ = true;
}

// ---- The venue ----

void Accounts::hear(const protocol::UnderlyingAdded& added) {
    grown_to(underlyings_, added.underlying).quote = added.quote;
}

void Accounts::hear(const protocol::IndexChanged& changed) {
    grown_to(underlyings_, changed.underlying).index = changed.price;
}

void Accounts::hear(const protocol::MarkChanged& changed) {
    grown_to(instruments_, changed.instrument).mark = changed.mark;
}

void Accounts::hear(const protocol::DeliveryPriceSet& set) {
    Instrument& instrument = grown_to(instruments_, set.instrument);
    instrument.delivery = set.price;
    instrument.average = set.average;
}

void Accounts::hear(const protocol::InstrumentArchived& archived) {
    positions_.forget(archived.instrument);
}

void Accounts::hear(const protocol::InstrumentListed& listed) {
    const bool is_option = listed.kind == protocol::InstrumentKind::call ||
                           listed.kind == protocol::InstrumentKind::put;
    grown_to(instruments_, listed.instrument) = {.underlying = listed.underlying,
                                                 .is_option = is_option};
}

void Accounts::hear(const protocol::AccountOpened& opened) {
    if (knows(opened.account)) {
        accounts_[opened.account.value()] = {.owner = opened.owner,
                                             .is_open = true,
                                             .is_settled = false,
                                             .state = protocol::AccountState::normal};
        changes_.change_state(opened.account);
    }
}

void Accounts::hear(const protocol::AccountStateChanged& changed) {
    if (knows(changed.account)) {
        accounts_[changed.account.value()].state = changed.state;
        changes_.change_state(changed.account);
    }
}

}  // namespace miletus::client_feed
