// Auditor: what must hold of a venue's money and positions after every command, found out by
// queries as anybody may send them, and by nothing that the engine counts for itself.
#pragma once

#include "engine/engine.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace miletus::simulation {

// Accounts are numbered from 0, the venue's own. Whoever needs more margin than it has must be
// looked at within so many commands.
struct Audited {
    std::uint32_t accounts = 0;
    AccountId fund;
    AssetId money;
    std::uint64_t patience = 0;
};

class Auditor {
  public:
    explicit Auditor(const Audited& audited);

    // Money that came in, in the order in which it did: the venue has the first some of them.
    void expect_deposit(Amount amount);
    // What is wrong, or nothing.
    [[nodiscard]] std::string look(const engine::Engine& engine);

    // Whether a desk would have something to list, or to open.
    [[nodiscard]] bool awaits_desk(const engine::Engine& engine);

  private:
    struct Listed {
        bool is_option = false;
        protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    };
    template <class Query, class Answer, class Visit>
    void ask(const engine::Engine& engine, AccountId account, Visit visit);
    void learn_instruments(const engine::Engine& engine);
    void add_up(const engine::Engine& engine, AccountId account);
    [[nodiscard]] std::string judge_money() const;
    [[nodiscard]] std::string judge_margin(const engine::Engine& engine, AccountId account);

    Audited audited_;
    std::vector<Amount> sums_{Amount(0)};  // of deposits
    protocol::EventWriter answers_;
    std::map<InstrumentId, Listed> listed_;
    std::map<InstrumentId, Lots> net_;
    std::map<AccountId, Sequence> short_since_;  // of margin
    Amount total_;
    bool is_settling_ = false;
    bool is_priced_ = false;
    bool has_debt_ = false;  // the venue, or the fund
};

}  // namespace miletus::simulation
