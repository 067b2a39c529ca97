// Catalogue: what exists on the venue, of the underlyings that are looked after, as its events
// tell.
#pragma once

#include "edge/listing/settings.hpp"
#include "edge/listing/task.hpp"
#include "protocol/codec.hpp"

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

namespace miletus::listing {

// An underlying that is looked after, from the settings on.
struct Market {
    UnderlyingSettings settings;
    std::optional<UnderlyingId> underlying{};  // once the venue has it
    std::uint32_t base_decimals = 0;
    std::optional<IndexPrice> index{};  // while it is good
};

struct Instrument {
    std::size_t market = 0;
    UnderlyingId underlying;
    protocol::InstrumentKind kind{};
    UnixNanos expiry;
    IndexPrice strike;
    protocol::ListingTerms terms;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    bool awaits_opening = true;  // it never left the state in which it was listed
    std::optional<Band> band{};
    UnixNanos settled{};  // when
};

class Catalogue {
  public:
    explicit Catalogue(const Settings& settings);

    // Takes over what the event tells, if it tells something.
    void read(std::span<const Unit> event);

    [[nodiscard]] UnixNanos now() const { return now_; }  // of the last command
    [[nodiscard]] const std::vector<Market>& markets() const LIFETIME_BOUND { return markets_; }
    [[nodiscard]] const std::map<InstrumentId, Instrument>& instruments() const LIFETIME_BOUND {
        return instruments_;
    }
    // Underlyings of which something can be listed.
    [[nodiscard]] std::size_t priced() const;
    [[nodiscard]] const Instrument* find(InstrumentId instrument) const LIFETIME_BOUND;
    [[nodiscard]] bool has_future(UnderlyingId underlying, UnixNanos expiry) const;
    [[nodiscard]] bool has_strike(UnderlyingId underlying, UnixNanos expiry,
                                  IndexPrice strike) const;
    [[nodiscard]] std::set<IndexPrice> strikes(UnderlyingId underlying, UnixNanos expiry) const;

    void set_volatility(std::string_view underlying, std::int64_t volatility);

  private:
    void learn(const protocol::Completed& event);
    void learn(const protocol::AssetAdded& event);
    void learn(const protocol::UnderlyingAdded& event);
    void learn(const protocol::InstrumentListed& event);
    void learn(const protocol::InstrumentStateChanged& event);
    void learn(const protocol::InstrumentArchived& event);
    void learn(const protocol::BandChanged& event);
    void learn(const protocol::IndexChanged& event);

    // A call and a put of one strike count once; a future has no strike.
    using Product = std::tuple<UnderlyingId, UnixNanos, IndexPrice>;

    UnixNanos now_;
    std::vector<Market> markets_;  // as in the settings
    std::map<AssetId, std::uint32_t> decimals_;
    std::map<InstrumentId, Instrument> instruments_;
    std::vector<InstrumentId> settled_;  // by the command whose events are being read
    std::set<Product> products_;         // puts are left out: each comes with its call
};

}  // namespace miletus::listing
