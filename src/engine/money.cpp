// Accounts and money: opening, stopping, paying in and out, and between accounts of one owner.
#include "engine/engine.hpp"

namespace miletus::engine {

using accounts::operator_account;
using protocol::AccountState;
using protocol::BalanceReason;
using protocol::RemovalReason;

// ---- Accounts ----

Engine::Outcome Engine::open_account(const protocol::OpenAccount& command) {
    TRY(accounts_.open(command.opened, command.owner));
    matching_.enroll(command.opened, command.owner);
    events_.emit(protocol::AccountOpened{.owner = command.owner, .account = command.opened});
    return command.opened.value();
}

// What is stopped loses its orders as well. An account in liquidation stays so until it is over,
// and enters the state then.
Engine::Outcome Engine::set_account_state(const protocol::SetAccountState& command) {
    TRY(accounts_.check_exists(command.target));
    if (command.state == AccountState::in_liquidation || command.whole_owner > 1) {
        return Refusal(Reject::unknown_value);
    }
    AccountId account = command.target;
    const AccountId fund = accounts_.insurance();
    const bool has_fund =
        account == fund || (command.whole_owner == 1 && fund != operator_account &&
                            accounts_.owner(account) == accounts_.owner(fund));
    if (has_fund && command.state != AccountState::stopped) {
        return Refusal(Reject::account_in_use);  // what it pays for, it must not risk
    }
    std::uint64_t canceled = 0;
    do {
        if (accounts_.state(account) == AccountState::in_liquidation) {
            distress_[account.value()].after = command.state;
        } else {
            enter_account_state(account, command.state);
        }
        if (command.state == AccountState::stopped) {
            canceled += cancel_chosen(account, RemovalReason::stopped,
                                      [](const accounts::OpenOrder&) { return true; });
        }
        account = accounts_.next_of_owner(account);
    } while (command.whole_owner == 1 && account != command.target);
    return canceled;
}

void Engine::enter_account_state(AccountId account, AccountState state) {
    accounts_.set_state(account, state);
    events_.emit(protocol::AccountStateChanged{.account = account, .state = state});
}

Engine::Outcome Engine::set_insurance_account(const protocol::SetInsuranceAccount& command) {
    TRY(accounts_.check_exists(command.fund));
    if (accounts_.positions().oldest(command.fund) != 0 ||
        accounts_.oldest_order(command.fund) != 0) {
        return Refusal(Reject::account_in_use);
    }
    accounts_.set_insurance(command.fund);
    enter_account_state(command.fund, AccountState::stopped);
    return command.fund.value();
}

// ---- Money ----

Engine::Outcome Engine::deposit(const protocol::Deposit& command) {
    TRY(check_asset(command.asset));
    TRY(accounts_.deposit(command.receiver, command.asset, command.amount));
    risk_.forget(command.receiver);
    emit_balance(command.receiver, command.asset, command.amount, BalanceReason::deposit);
    return 0U;
}

Engine::Outcome Engine::withdraw(const protocol::Withdraw& command) {
    TRY(check_asset(command.asset));
    if (command.payer != operator_account) {
        TRY(accounts_.check_exists(command.payer));
    }
    TRY(check_payout(command.payer, command.asset, command.amount));
    TRY(accounts_.withdraw(command.payer, command.asset, command.amount));
    risk_.forget(command.payer);
    emit_balance(command.payer, command.asset, -command.amount, BalanceReason::withdrawal);
    return 0U;
}

Engine::Outcome Engine::transfer(const protocol::Transfer& command) {
    const AccountId payer = command.header.account;
    TRY(check_asset(command.asset));
    TRY(accounts_.check_exists(command.receiver));
    if (accounts_.owner(payer) != accounts_.owner(command.receiver) || payer == command.receiver) {
        return Refusal(Reject::not_your_account);
    }
    TRY(check_payout(payer, command.asset, command.amount));
    move_money(payer, command.asset, -command.amount, BalanceReason::transfer);
    move_money(command.receiver, command.asset, command.amount, BalanceReason::transfer);
    return 0U;
}

// Money leaves an account only if it is settled, and not needed.
Result<void> Engine::check_payout(AccountId account, AssetId asset, Amount amount) const {
    if (amount <= Amount(0)) {
        return Refusal(Reject::amount_not_positive);
    }
    if (session_.next != 0) {
        return Refusal(Reject::settlement_in_progress);
    }
    if (accounts_.state(account) == AccountState::in_liquidation) {
        return Refusal(Reject::account_in_liquidation);
    }
    return risk_.check_payout(account, asset, amount);
}

void Engine::move_money(AccountId account, AssetId asset, Amount change, BalanceReason reason) {
    accounts_.pay(account, asset, change);
    risk_.forget(account);
    emit_balance(account, asset, change, reason);
}

void Engine::emit_balance(AccountId account, AssetId asset, Amount change, BalanceReason reason) {
    events_.emit(protocol::BalanceChanged{.change = change,
                                          .balance = accounts_.balance(account, asset).total,
                                          .account = account,
                                          .asset = asset,
                                          .reason = reason});
}

}  // namespace miletus::engine
