// Setup: what a new venue needs before anybody trades: assets, underlyings, accounts with money, an
// insurance fund. Its commands are numbered from 1 on in a session of their own, and asked for at
// every start: the venue carries each out once, and where that session is forgotten, an account
// that is open already is given nothing.
#pragma once

#include "edge/crowd/market.hpp"
#include "edge/crowd/outbox.hpp"
#include "edge/crowd/settings.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace miletus::crowd {

class Setup {
  public:
    explicit Setup(const Settings& settings);

    void read(const protocol::Completed& completed);
    // Sends what may be sent; whether there was anything.
    bool do_work(const Market& market, Outbox& outbox);
    [[nodiscard]] bool is_done() const { return answered_ == steps_.size(); }

  private:
    enum class Aim : std::uint8_t { asset, underlying, account, fund, deposit };
    struct Step {
        Aim aim{};
        Coin coin{};  // which is added, or given
        std::size_t underlying = 0;
        AccountId account{};
        std::int64_t coins = 0;
    };
    // The venue keeps some last answers of a session.
    static constexpr std::size_t in_flight_max = 8;

    void plan();
    void plan_money(const std::vector<AccountId>& accounts, std::int64_t coins, bool has_base);
    [[nodiscard]] bool send(const Step& step, const Market& market, Outbox& outbox);
    template <class Command>
    [[nodiscard]] bool send(const Command& command, Outbox& outbox);
    [[nodiscard]] bool is_known(const Step& step, const Market& market) const;

    const Settings& settings_;
    std::vector<Step> steps_;
    std::set<AccountId> opened_before_;  // by somebody else
    std::size_t sent_ = 0;
    std::size_t answered_ = 0;  // or passed over
};

}  // namespace miletus::crowd
