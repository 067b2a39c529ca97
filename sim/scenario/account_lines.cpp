// The lines of accounts and money, the operator's and the traders'.
#include "sim/scenario/scenario.hpp"

namespace miletus::scenario {

// ---- Accounts ----

// account NAME ID OWNER
Scenario::Told Scenario::open_account(Arguments& line) {
    const std::string name(line.word("a name"));
    const AccountId account(static_cast<std::uint32_t>(line.integer("account number")));
    const OwnerId owner(static_cast<std::uint32_t>(line.integer("owner number")));
    if (!line.finish()) {
        return {};
    }
    names_.accounts.try_emplace(account.value(), name);
    return send(actor_, protocol::OpenAccount{.owner = owner, .opened = account});
}

// account_state alice reduce_only owner: all accounts of her owner.
Scenario::Told Scenario::set_account_state(Arguments& line) {
    const AccountId account = line.account();
    return enter_account_state(line, account, line.value<protocol::AccountState>("account state"));
}

// stop alice, stop alice owner
Scenario::Told Scenario::stop_account(Arguments& line) {
    return enter_account_state(line, line.account(), protocol::AccountState::stopped);
}

Scenario::Told Scenario::enter_account_state(Arguments& line, AccountId account,
                                             protocol::AccountState state) {
    const bool is_owner = line.take("owner");
    if (!line.finish()) {
        return {};
    }
    return send(
        actor_,
        protocol::SetAccountState{
            .target = account, .state = state, .whole_owner = static_cast<std::uint8_t>(is_owner)});
}

Scenario::Told Scenario::set_insurance(Arguments& line) {
    const AccountId account = line.account();
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetInsuranceAccount{.fund = account});
}

// ---- Money ----

// alice 100 USDC
Scenario::Money Scenario::read_money(Arguments& line) {
    const AccountId account = line.account();
    const std::string_view text = line.word("an amount");
    const AssetId asset = line.asset();
    const std::uint32_t decimals =
        asset.value() < names_.assets.size() ? names_.assets[asset.value()].decimals : 0;
    const auto amount = decimal_of(text, decimals);
    if (!amount) {
        line.fail(std::string(text) + " is no amount of that asset");
    }
    return {.account = account, .amount = Amount(amount.value_or(0)), .asset = asset};
}

Scenario::Told Scenario::deposit(Arguments& line) {
    const Money money = read_money(line);
    if (!line.finish()) {
        return {};
    }
    return send(
        actor_,
        protocol::Deposit{.amount = money.amount, .receiver = money.account, .asset = money.asset});
}

// withdraw alice 5 USDC; withdraw operator 5 USDC takes what fees brought.
Scenario::Told Scenario::withdraw(Arguments& line) {
    const Money money = read_money(line);
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::Withdraw{
                            .amount = money.amount, .payer = money.account, .asset = money.asset});
}

// alice transfer bob 5 USDC
Scenario::Told Scenario::transfer(Arguments& line) {
    const Money money = read_money(line);
    if (!line.finish()) {
        return {};
    }
    return send(actor_,
                protocol::Transfer{
                    .amount = money.amount, .receiver = money.account, .asset = money.asset});
}

// ---- What they have, and need ----

Scenario::Told Scenario::show_balances(Arguments& line) {
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, protocol::QueryAccount{});
}

// alice positions, alice positions skip=1
Scenario::Told Scenario::show_positions(Arguments& line) {
    const auto skip = static_cast<std::uint32_t>(line.integer_option("skip", 0));
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, protocol::QueryPositions{.skip = skip});
}

Scenario::Told Scenario::show_orders(Arguments& line) {
    const auto skip = static_cast<std::uint32_t>(line.integer_option("skip", 0));
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, protocol::QueryOrders{.skip = skip});
}

// alice margin, alice margin buy 10 PERPETUAL @ 100
Scenario::Told Scenario::show_margin(Arguments& line) {
    protocol::QueryMargin query;
    if (!line.is_done()) {
        query.side = line.value<protocol::Side>("side");
        query.quantity = Lots(line.integer("number of lots"));
        query.instrument = line.instrument();
        if (!line.take("@")) {
            line.fail("write: margin buy 10 PERPETUAL @ 100");
        }
        query.price = Ticks(line.integer("price"));
    }
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, query);
}

}  // namespace miletus::scenario
