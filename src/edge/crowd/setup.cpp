// One step after the other; what needs a number of something waits until that is told.
#include "edge/crowd/setup.hpp"

namespace miletus::crowd {

Setup::Setup(const Settings& settings) : settings_(settings) {
    plan();
}

void Setup::plan() {
    steps_.push_back({.aim = Aim::asset, .coin = settings_.quote});
    for (const UnderlyingSettings& underlying : settings_.underlyings) {
        steps_.push_back({.aim = Aim::asset, .coin = underlying.base});
    }
    for (std::size_t at = 0; at < settings_.underlyings.size(); ++at) {
        steps_.push_back({.aim = Aim::underlying, .underlying = at});
    }
    plan_money({settings_.fund}, settings_.fund_given, false);
    steps_.push_back({.aim = Aim::fund, .account = settings_.fund});
    plan_money(settings_.makers, settings_.maker_given, false);
    plan_money(settings_.takers, settings_.taker_given, true);
    plan_money(settings_.practice, settings_.practice_given, true);
}

void Setup::plan_money(const std::vector<AccountId>& accounts, std::int64_t coins, bool has_base) {
    for (const AccountId account : accounts) {
        steps_.push_back({.aim = Aim::account, .account = account});
    }
    for (const AccountId account : accounts) {
        const auto give = [&](const Coin& coin, std::int64_t given) {
            if (given != 0) {
                steps_.push_back(
                    {.aim = Aim::deposit, .coin = coin, .account = account, .coins = given});
            }
        };
        give(settings_.quote, coins);
        for (const UnderlyingSettings& underlying : settings_.underlyings) {
            give(underlying.base, has_base ? underlying.coins_given : 0);
        }
    }
}

// Refusals are answers too: what exists already is as good as done.
void Setup::read(const protocol::Completed& completed) {
    const bool is_ours =
        completed.session == settings_.setup_session && completed.account == AccountId(0);
    const std::uint64_t number = completed.client_sequence.value();
    if (!is_ours || number == 0 || number > sent_) {
        return;
    }
    ++answered_;
    const Step& step = steps_[number - 1];
    if (step.aim == Aim::account && completed.reject == Reject::account_exists) {
        opened_before_.insert(step.account);
    }
}

bool Setup::do_work(const Market& market, Outbox& outbox) {
    const std::size_t before = sent_;
    while (sent_ != steps_.size() && sent_ - answered_ < in_flight_max) {
        const Step& step = steps_[sent_];
        if (step.aim == Aim::deposit && sent_ != answered_) {
            break;  // whether the account is new is told first
        }
        if (step.aim == Aim::deposit && opened_before_.contains(step.account)) {
            ++answered_;
        } else if (!is_known(step, market) || !send(step, market, outbox)) {
            break;
        }
        ++sent_;
    }
    return sent_ != before;
}

bool Setup::is_known(const Step& step, const Market& market) const {
    if (step.aim == Aim::deposit) {
        return market.asset(step.coin.name).has_value();
    }
    return step.aim != Aim::underlying ||
           (market.asset(settings_.quote.name).has_value() &&
            market.asset(settings_.underlyings[step.underlying].base.name).has_value());
}

template <class Command>
bool Setup::send(const Command& command, Outbox& outbox) {
    return outbox.send_as(ClientSequence(sent_ + 1), command,
                          {.account = AccountId(0), .session = settings_.setup_session});
}

bool Setup::send(const Step& step, const Market& market, Outbox& outbox) {
    switch (step.aim) {
        case Aim::asset:
            return send(protocol::AddAsset{.name = protocol::Name(step.coin.name),
                                           .decimals = step.coin.decimals},
                        outbox);
        case Aim::underlying: {
            const UnderlyingSettings& added = settings_.underlyings[step.underlying];
            return send(
                protocol::AddUnderlying{
                    .name = protocol::Name(added.name),
                    .base = market.asset(added.base.name).value_or(AssetId(0)),
                    .quote = market.asset(settings_.quote.name).value_or(AssetId(0))},
                outbox);
        }
        case Aim::account:
            return send(protocol::OpenAccount{.owner = OwnerId(step.account.value()),
                                              .opened = step.account},
                        outbox);
        case Aim::fund:
            return send(protocol::SetInsuranceAccount{.fund = step.account}, outbox);
        case Aim::deposit:
            break;
    }
    std::int64_t amount = step.coins;
    for (std::uint32_t digit = 0; digit < step.coin.decimals; ++digit) {
        amount *= 10;
    }
    return send(protocol::Deposit{.amount = Amount(amount),
                                  .receiver = step.account,
                                  .asset = market.asset(step.coin.name).value_or(AssetId(0))},
                outbox);
}

}  // namespace miletus::crowd
