// The events of accounts: money, positions, margin, liquidation.
#include "sim/scenario/telling.hpp"

namespace miletus::scenario {

// ---- Accounts and money ----

std::string tell(const protocol::AccountOpened& event, Said said) {
    return "opened " + said.names.account(event.account) + " of owner " +
           std::to_string(event.owner.value());
}

std::string tell(const protocol::BalanceChanged& event, Said said) {
    return "balance " + said.names.account(event.account) + " " +
           said.names.signed_amount(event.change, event.asset) + " = " +
           said.names.amount(event.balance, event.asset) + " (" + std::string(name(event.reason)) +
           ")";
}

std::string tell(const protocol::PositionChanged& event, Said said) {
    const AssetId quote = said.names.quote_of(event.instrument);
    std::string line = "position " + said.names.account(event.account) + " " + text_of(event.lots) +
                       " " + said.names.instrument(event.instrument) + ", cost " +
                       said.names.amount(event.cost, quote);
    if (event.realised != Amount(0)) {
        line += ", realised " + said.names.signed_amount(event.realised, quote);
    }
    if (event.fee != Amount(0)) {
        line += ", fee " + said.names.amount(event.fee, quote);
    }
    if (event.reason != protocol::PositionReason::trade) {
        line += " (" + std::string(name(event.reason)) + ")";
    }
    return line;
}

std::string tell(const protocol::ResultBooked& event, Said said) {
    return std::string(name(event.reason)) + " " + said.names.account(event.account) + " " +
           said.names.signed_amount(event.change, event.asset) + " by " +
           said.names.instrument(event.instrument) + ", session " +
           said.names.amount(event.session, event.asset);
}

std::string tell(const protocol::AccountStateChanged& event, Said said) {
    return "account " + said.names.account(event.account) + " is " + std::string(name(event.state));
}

// ---- Margin and liquidation ----

namespace {

template <class Event>
std::string standing_text(const Event& event, const Names& names) {
    return "equity " + names.settled(event.equity) + ", initial " + names.settled(event.initial) +
           ", maintenance " + names.settled(event.maintenance);
}

}  // namespace

std::string tell(const protocol::MarginCalled& event, Said said) {
    return "margin call " + said.names.account(event.account) + ": " +
           standing_text(event, said.names);
}

std::string tell(const protocol::LiquidationStarted& event, Said said) {
    return "liquidation " + said.names.account(event.account) +
           " begins: " + standing_text(event, said.names);
}

std::string tell(const protocol::LiquidationStep& event, Said said) {
    return "liquidation " + said.names.account(event.account) + ": " + text_of(event.side) + " " +
           at(event.lots, event.limit) + " " + said.names.instrument(event.instrument) +
           ", equity " + said.names.settled(event.equity);
}

std::string tell(const protocol::PositionReassigned& event, Said said) {
    return "reassigned " + text_of(event.lots) + " @ " + text_of(event.price) + " " +
           said.names.instrument(event.instrument) + ": " + said.names.account(event.account) +
           (event.side == protocol::Side::buy ? " buys from " : " sells to ") +
           said.names.account(event.counterparty);
}

std::string tell(const protocol::LiquidationEnded& event, Said said) {
    std::string line = "liquidation " + said.names.account(event.account) + " ends: equity " +
                       said.names.settled(event.equity);
    if (event.paid_by_fund != Amount(0)) {
        line += ", the fund paid " + said.names.settled(event.paid_by_fund);
    }
    return line;
}

}  // namespace miletus::scenario
