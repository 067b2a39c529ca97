// Expiries of one underlying: which future and which options end at the same moment.
#pragma once

#include "base/annotations.hpp"
#include "edge/market_data/instrument.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::market_data {

// Markets by their slots; 0 where there is none.
struct Strike {
    IndexPrice strike;
    std::uint32_t call = 0;
    std::uint32_t put = 0;
};

struct Expiry {
    UnixNanos expiry;
    std::uint32_t future = 0;
    std::vector<Strike> strikes;  // in order
    // Of the index when its last half hour began (IndexHistory::integral_at()).
    std::optional<int128> integral{};
};

class Expiries {
  public:
    void add(const Instrument& instrument, std::uint32_t slot);
    void remove(const Instrument& instrument);

    [[nodiscard]] const Expiry* find(UnixNanos expiry) const LIFETIME_BOUND;
    // In order of time.
    [[nodiscard]] const std::vector<Expiry>& all() const LIFETIME_BOUND { return all_; }
    [[nodiscard]] std::vector<Expiry>& all() LIFETIME_BOUND { return all_; }

  private:
    static void put(Expiry& expiry, const Instrument& instrument, std::uint32_t slot);

    std::vector<Expiry> all_;
};

}  // namespace miletus::market_data
