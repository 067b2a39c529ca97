// Takers: accounts that send a small order at the market now and then, mostly on perpetuals, and
// come back when a position grows too large.
#pragma once

#include "base/prng.hpp"
#include "edge/crowd/market.hpp"
#include "edge/crowd/outbox.hpp"
#include "edge/crowd/settings.hpp"

#include <map>
#include <utility>

namespace miletus::crowd {

class Takers {
  public:
    explicit Takers(const Settings& settings) : settings_(settings) {}

    void read(std::span<const Unit> event);
    // An order, where it is time for one; whether there was any.
    bool do_work(const Market& market, Outbox& outbox, Prng& prng, UnixNanos now);

  private:
    [[nodiscard]] static const std::pair<const InstrumentId, Instrument>* choose(
        const Market& market, Prng& prng);
    [[nodiscard]] protocol::Side side_for(AccountId account, InstrumentId instrument, Lots most,
                                          Prng& prng) const;

    const Settings& settings_;
    std::map<std::pair<AccountId, InstrumentId>, Lots> positions_;
    UnixNanos due_;
};

}  // namespace miletus::crowd
