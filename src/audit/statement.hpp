// Statement: what an engine answers about one account, asked by queries alone, with the names and
// units that it takes to read it. Private to the audit.
#pragma once

#include "engine/engine.hpp"

#include <expected>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::audit {

// An order that is thought of, and the account as it would be with it. Where the order would be
// refused, the margin is that of now.
struct Thought {
    std::string order;  // its words
    protocol::MarginAnswer margin;
};

struct Statement {
    protocol::AccountAnswer account;
    protocol::MarginAnswer margin;
    std::vector<protocol::BalanceView> balances;
    std::vector<protocol::PositionView> positions;
    std::vector<protocol::OrderView> orders;
    std::optional<Thought> thought;
    UnixNanos time;
    // What all of these name.
    std::map<AssetId, protocol::AssetAnswer> assets;
    std::map<InstrumentId, protocol::InstrumentAnswer> instruments;
};

struct Inquiry {
    AccountId account;
    // Empty, or such as "buy 5 BTC_USDC-PERPETUAL @ 100000": lots, and a price in units of the
    // quote asset.
    std::string order;
    std::uint32_t instruments;  // as many as there may be
};
// Else a sentence that says what there is not.
[[nodiscard]] std::expected<Statement, std::string> statement_of(const engine::Engine& engine,
                                                                 const Inquiry& inquiry);

// As its owner reads it, and as a program does: every number a decimal, exact.
void tell(std::ostream& out, const Statement& statement);
void tell_json(std::ostream& out, const Statement& statement);

}  // namespace miletus::audit
