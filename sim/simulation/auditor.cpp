// Queries, sums, and what they must come to.
#include "sim/simulation/auditor.hpp"

#include "protocol/codec.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace miletus::simulation {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::view;

namespace {

constexpr AccountId venue{0};  // it has the fees

}  // namespace

Auditor::Auditor(const Audited& audited)
    : audited_(audited), answers_(std::bit_ceil(2 * protocol::units_max())) {}

void Auditor::expect_deposit(Amount amount) {
    sums_.push_back(sums_.back() + amount);
}

template <class Query, class Answer, class Visit>
void Auditor::ask(const engine::Engine& engine, AccountId account, Visit visit) {
    Query query;
    query.header.account = account;
    std::array<Unit, protocol::units_of<Query>(0)> units{};
    const std::uint64_t position = answers_.position();
    engine.answer(protocol::encode(query, units), answers_);
    const std::span<const Unit> answer = answers_.message_at(position);
    if (view<protocol::EventHeader>(answer).type == static_cast<std::uint8_t>(Answer::type)) {
        visit(answer);
    }
}

std::string Auditor::look(const engine::Engine& engine) {
    learn_instruments(engine);
    net_.clear();
    total_ = Amount(0);
    has_debt_ = false;
    for (std::uint32_t at = 0; at < audited_.accounts; ++at) {
        add_up(engine, AccountId(at));
    }
    std::string wrong = judge_money();
    for (std::uint32_t at = 1; at < audited_.accounts && wrong.empty(); ++at) {
        wrong = judge_margin(engine, AccountId(at));
    }
    return wrong;
}

void Auditor::learn_instruments(const engine::Engine& engine) {
    listed_.clear();
    is_settling_ = false;
    is_priced_ = false;
    engine.tell_standing([this](std::span<const Unit> event) {
        const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
        if (type == EventType::instrument_listed) {
            const auto& listed = view<protocol::InstrumentListed>(event);
            listed_[listed.instrument] = {.is_option = listed.kind == InstrumentKind::call ||
                                                       listed.kind == InstrumentKind::put};
        } else if (type == EventType::instrument_state_changed) {
            const auto& changed = view<protocol::InstrumentStateChanged>(event);
            listed_[changed.instrument].state = changed.state;
            is_settling_ |= changed.state == InstrumentState::settling;
        } else if (type == EventType::index_changed) {
            const auto& changed = view<protocol::IndexChanged>(event);
            is_priced_ = changed.state == protocol::IndexState::good;
        }
    });
}

bool Auditor::awaits_desk(const engine::Engine& engine) {
    learn_instruments(engine);
    return (is_priced_ && listed_.empty()) ||
           std::ranges::any_of(listed_, [](const auto& instrument) {
               return instrument.second.state == InstrumentState::pre_open;
           });
}

// An option's premium was paid; a future's cost is owed until it is settled, with the funding that
// is due.
void Auditor::add_up(const engine::Engine& engine, AccountId account) {
    using protocol::AccountAnswer;
    using protocol::PositionsAnswer;
    ask<protocol::QueryAccount, AccountAnswer>(engine, account, [&](std::span<const Unit> answer) {
        for (const protocol::BalanceView& balance : protocol::group<AccountAnswer>(answer)) {
            if (balance.asset == audited_.money) {
                total_ = total_ + balance.balance + balance.session;
                has_debt_ |=
                    (account == venue || account == audited_.fund) && balance.balance < Amount(0);
            }
        }
    });
    ask<protocol::QueryPositions, PositionsAnswer>(
        engine, account, [&](std::span<const Unit> answer) {
            for (const protocol::PositionView& held : protocol::group<PositionsAnswer>(answer)) {
                net_[held.instrument] = net_[held.instrument] + held.lots;
                total_ = listed_[held.instrument].is_option ? total_ : total_ + held.unrealised;
            }
        });
}

// While an instrument is delivered, an account at a time, some have their lots and some have not.
std::string Auditor::judge_money() const {
    for (const auto& [instrument, lots] : net_) {
        if (lots != Lots(0) && listed_.at(instrument).state != InstrumentState::settling) {
            return "longs and shorts of instrument " + std::to_string(instrument.value()) +
                   " are not as many";
        }
    }
    if (has_debt_) {
        return "the venue or its fund owes money";
    }
    if (!is_settling_ && std::ranges::find(sums_, total_) == sums_.end()) {
        return "there is money of " + std::to_string(total_.value()) + " that nobody brought";
    }
    return "";
}

std::string Auditor::judge_margin(const engine::Engine& engine, AccountId account) {
    bool is_short = false;
    ask<protocol::QueryMargin, protocol::MarginAnswer>(
        engine, account, [&](std::span<const Unit> answer) {
            const auto& margin = view<protocol::MarginAnswer>(answer);
            is_short = margin.equity < margin.maintenance &&
                       margin.state != protocol::AccountState::in_liquidation &&
                       margin.worst_index == protocol::IndexState::good;
        });
    const Sequence now = engine.events().sequence();
    const auto known = short_since_.find(account);
    const bool is_of_lost_time = known != short_since_.end() && known->second > now;
    if (!is_short || is_of_lost_time) {
        short_since_.erase(account);
        return "";
    }
    const Sequence since = short_since_.try_emplace(account, now).first->second;
    return now.value() - since.value() > audited_.patience
               ? "account " + std::to_string(account.value()) + " needs margin, and nobody looked"
               : "";
}

}  // namespace miletus::simulation
