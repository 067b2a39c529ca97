// Canonical bytes and invariants of accounts. Labels and indices follow from the rest; positions
// come after everything that they refer to.
#include "engine/accounts/accounts.hpp"

#include <algorithm>

namespace miletus::accounts {

namespace {

// What was never touched is not written, so that more accounts or assets change nothing.
template <class T>
std::uint32_t count_where(std::span<const T> items, bool (*is_counted)(const T&)) {
    return static_cast<std::uint32_t>(std::ranges::count_if(items, is_counted));
}

bool is_touched(const Balance& balance) {
    return balance.total != Amount(0) || balance.held != Amount(0) || balance.session != Amount(0);
}

bool is_not_zero(const Amount& amount) {
    return amount != Amount(0);
}

}  // namespace

// ---- Encoding ----

void Accounts::encode(StateEncoder& encoder) const {
    encoder.add(insurance_);
    encoder.add(count_where<Amount>(net_deposits_.items(), is_not_zero));
    for (std::uint32_t asset = 0; asset < assets_; ++asset) {
        if (is_not_zero(net_deposits_[asset])) {
            encoder.add(AssetId(static_cast<std::uint16_t>(asset)));
            encoder.add(net_deposits_[asset]);
        }
    }
    encode_account(encoder, operator_account);
    encoder.add(count_where<Account>(accounts_.items(),
                                     [](const Account& account) { return account.is_open; }));
    for (std::uint32_t at = 0; at < accounts_.size(); ++at) {
        if (accounts_[at].is_open) {
            encode_account(encoder, AccountId(at));
        }
    }
}

void Accounts::encode_account(StateEncoder& encoder, AccountId account) const {
    const Account& found = accounts_[account.value()];
    encoder.add(account);
    encoder.add(found.owner);
    encoder.add(found.state);
    const std::span<const Balance> balances =
        balances_.items().subspan(place_of(account, AssetId(0)), assets_);
    encoder.add(count_where<Balance>(balances, is_touched));
    for (std::uint32_t asset = 0; asset < assets_; ++asset) {
        if (is_touched(balances[asset])) {
            encoder.add(AssetId(static_cast<std::uint16_t>(asset)));
            encoder.add(balances[asset].total);
            encoder.add(balances[asset].held);
            encoder.add(balances[asset].session);
        }
    }
    std::uint32_t orders = 0;
    for (std::uint32_t slot = found.oldest; slot != 0; slot = orders_[slot].newer) {
        ++orders;
    }
    encoder.add(orders);
    for (std::uint32_t slot = found.oldest; slot != 0; slot = orders_[slot].newer) {
        encode_order(encoder, slot);
    }
    encode_closed(encoder, account);
}

void Accounts::encode_order(StateEncoder& encoder, std::uint32_t slot) const {
    const OpenOrder& order = orders_[slot];
    encoder.add(id_of(slot));
    encoder.add(order.client_order);
    encoder.add(order.hold_per_lot);
    encoder.add(order.session);
    encoder.add(order.left);
    encoder.add(order.filled);
    encoder.add(static_cast<std::uint32_t>(order.fee_carry));
    encoder.add(static_cast<std::uint8_t>(order.reduce_only));
    encoder.add_text(order.label != 0 ? labels_.text(order.label) : std::string_view());
}

// Oldest first: where in its ring an order lies is no state.
void Accounts::encode_closed(StateEncoder& encoder, AccountId account) const {
    const std::span<const ClosedOrder> closed = closed_of(account);
    encoder.add(count_where<ClosedOrder>(
        closed, [](const ClosedOrder& order) { return order.id != OrderId(0); }));
    std::uint32_t at = accounts_[account.value()].next_closed;
    for (std::uint32_t seen = 0; seen < closed_per_account_; ++seen) {
        const ClosedOrder& order = closed[at];
        if (order.id != OrderId(0)) {
            encoder.add(order.id);
            encoder.add(order.client_order);
            encoder.add(order.filled);
            encoder.add(order.instrument);
            encoder.add(order.side);
            encoder.add(order.ending.state);
            encoder.add(order.ending.reason);
        }
        at = at + 1 != closed_per_account_ ? at + 1 : 0;
    }
}

// ---- Decoding ----

void Accounts::decode(StateDecoder& decoder) {
    insurance_ = decoder.take<AccountId>();
    decode_deposits(decoder);
    if (!decoder.require(
            decoder.take<AccountId>() == operator_account &&
                decoder.take<OwnerId>() == OwnerId(0) &&
                decoder.take<protocol::AccountState>() == protocol::AccountState::normal,
            "the operator's account comes first")) {
        return;
    }
    decode_balances(decoder, operator_account);
    decoder.require(decoder.take<std::uint32_t>() == 0 && decoder.take<std::uint32_t>() == 0,
                    "the operator has orders");
    const std::uint32_t count =
        decoder.take_count(accounts_.size(), "limits.accounts is too small");
    AccountId last = operator_account;
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto account = decoder.take<AccountId>();
        const auto owner = decoder.take<OwnerId>();
        const auto state = decoder.take<protocol::AccountState>();
        if (!decoder.require(account.value() < accounts_.size(), "limits.accounts is too small") ||
            !decoder.require(account > last, "accounts are not in order") ||
            !decoder.require(open(account, owner).has_value(), "an account cannot be opened")) {
            return;
        }
        set_state(account, state);
        decode_balances(decoder, account);
        const std::uint32_t orders =
            decoder.take_count(orders_.size() - 1, "limits.orders is too small");
        for (std::uint32_t order = 0; order < orders && decoder.is_sound(); ++order) {
            decode_order(decoder, account);
        }
        decode_closed(decoder, account);
        last = account;
    }
    decoder.require(insurance_ == operator_account || check_exists(insurance_).has_value(),
                    "the insurance fund is nobody's");
}

void Accounts::decode_deposits(StateDecoder& decoder) {
    const std::uint32_t count = decoder.take_count(assets_, "limits.assets is too small");
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto asset = decoder.take<AssetId>();
        const auto amount = decoder.take<Amount>();
        if (!decoder.require(asset.value() < assets_, "limits.assets is too small") ||
            !decoder.require(amount > Amount(0) && amount <= deposits_max &&
                                 net_deposits_[asset.value()] == Amount(0),
                             "deposits cannot be")) {
            return;
        }
        net_deposits_[asset.value()] = amount;
    }
}

void Accounts::decode_balances(StateDecoder& decoder, AccountId account) {
    const std::uint32_t count = decoder.take_count(assets_, "limits.assets is too small");
    std::uint32_t next = 0;
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto asset = decoder.take<AssetId>();
        const auto total = decoder.take<Amount>();
        const auto held = decoder.take<Amount>();
        const Balance balance{.total = total, .held = held, .session = decoder.take<Amount>()};
        if (!decoder.require(asset.value() < assets_, "limits.assets is too small") ||
            !decoder.require(asset.value() >= next, "balances are not in order") ||
            !decoder.require(balance.held >= Amount(0) && is_touched(balance),
                             "a balance cannot be")) {
            return;
        }
        balances_[place_of(account, asset)] = balance;
        next = asset.value() + 1U;
    }
}

void Accounts::decode_order(StateDecoder& decoder, AccountId account) {
    const auto id = decoder.take<OrderId>();
    if (!decoder.require(id.slot() < orders_.size(), "limits.orders is too small") ||
        !decoder.require(id.slot() != 0 && orders_[id.slot()].is_open == 0,
                         "two orders have one slot")) {
        return;
    }
    OpenOrder& order = orders_[id.slot()];
    order.account = account;
    order.generation = id.generation();
    order.client_order = decoder.take<ClientOrderId>();
    order.hold_per_lot = decoder.take<Amount>();
    order.session = decoder.take<SessionId>();
    order.left = decoder.take<std::uint32_t>();
    order.filled = decoder.take<std::uint32_t>();
    const auto carry = decoder.take<std::uint32_t>();
    order.fee_carry = (carry % fee_carry_end) & 0xFFFFFU;
    const auto reduce_only = decoder.take<std::uint8_t>();
    order.reduce_only = reduce_only != 0 ? 1 : 0;
    decoder.require(carry < fee_carry_end && reduce_only <= 1, "an order's terms cannot be");
    const auto label = decoder.take_text<label_size_max>();
    if (!decoder.require(order.left != 0, "an open order wants nothing") ||
        !decoder.require(order.hold_per_lot >= Amount(0), "an order holds less than nothing") ||
        !decoder.require(!find(account, order.client_order), "two orders have one client's id") ||
        !decoder.require(label.size == 0 || !labels_.is_full(), "limits.labels is too small")) {
        return;
    }
    remember(id.slot(), label.view());
}

void Accounts::decode_closed(StateDecoder& decoder, AccountId account) {
    const std::uint32_t count =
        decoder.take_count(closed_per_account_, "limits.closed_orders_per_account is too small");
    const std::span<ClosedOrder> closed = closed_.items().subspan(
        std::size_t{account.value()} * closed_per_account_, closed_per_account_);
    for (std::uint32_t at = 0; at < count; ++at) {
        closed[at] = {.id = decoder.take<OrderId>(),
                      .client_order = decoder.take<ClientOrderId>(),
                      .filled = decoder.take<std::uint32_t>(),
                      .instrument = decoder.take<InstrumentId>(),
                      .side = decoder.take<protocol::Side>(),
                      .ending = {.state = decoder.take<protocol::OrderState>(),
                                 .reason = decoder.take<protocol::RemovalReason>()}};
        decoder.require(closed[at].id != OrderId(0), "a closed order has no id");
    }
    accounts_[account.value()].next_closed =
        static_cast<std::uint16_t>(count != closed_per_account_ ? count : 0);
}

// ---- Invariants ----

void Accounts::check_invariants() const {
    for (std::uint32_t at = 0; at < accounts_.size(); ++at) {
        for (std::uint32_t asset = 0; asset < assets_; ++asset) {
            ASSERT(balances_[std::size_t{at} * assets_ + asset].held >= Amount(0));
        }
        check_list(accounts_[at]);
    }
    for (const Amount net : net_deposits_.items()) {
        ASSERT(net >= Amount(0));
    }
    positions_.check_invariants();
}

void Accounts::check_list(const Account& account) const {
    std::uint32_t last = 0;
    for (std::uint32_t slot = account.oldest; slot != 0; slot = orders_[slot].newer) {
        const OpenOrder& order = orders_[slot];
        ASSERT(order.is_open == 1);
        ASSERT(order.older == last);
        ASSERT(order.left != 0);
        if (order.client_order != ClientOrderId(0)) {
            ASSERT(find(order.account, order.client_order) == id_of(slot));
        }
        ASSERT(order.label == 0 || labels_.order(order.label) == slot);
        last = slot;
    }
    ASSERT(last == account.newest);
}

}  // namespace miletus::accounts
