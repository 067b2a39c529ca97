// A venue that benches drive with commands in the format of the journal: BTC in USDC, with whatever
// they list there, and accounts with money and positions. No command may be refused.
#pragma once

#include "base/assert.hpp"
#include "bench/flow.hpp"
#include "engine/engine.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace miletus::bench {

constexpr UnixNanos venue_start{1'767'254'400'000'000'000};  // 2026-01-01 08:00 UTC
constexpr Nanos venue_day{86'400'000'000'000};
constexpr UnderlyingId venue_underlying{0};
constexpr IndexPrice venue_tick{500'000};
constexpr IndexPrice venue_index{std::int64_t{price_end} / 2 * venue_tick.value()};

// Strikes around the index, a call and a put for each.
struct Series {
    std::vector<UnixNanos> expiries;
    std::vector<IndexPrice> strikes;
};
[[nodiscard]] Series make_series(std::span<const int> days, int strikes);
// A surface of its expiries, with forwards at this price.
[[nodiscard]] std::vector<protocol::SurfaceSlice> make_slices(const Series& series,
                                                              IndexPrice forward);

constexpr protocol::ListingTerms venue_terms{.tick = venue_tick,
                                             .lot = Amount(10'000),
                                             .price_low = Ticks(0),
                                             .price_high = Ticks(price_end - 1),
                                             .lots_max = Lots(1'000'000)};

// Who holds what. Instruments 0 and 1 are perpetual and future, options come after.
struct Portfolios {
    std::uint32_t accounts;  // from the first to this one, which has nothing
    std::uint32_t first_option;
    std::uint32_t options;
};

struct VenueOrder {
    InstrumentId instrument;
    protocol::Side side = protocol::Side::buy;
    Ticks price;
    Lots lots;
};
struct VenueTrade {
    AccountId buyer;
    AccountId seller;
    InstrumentId instrument;
    Ticks price;
    Lots lots;
};

class Venue {
  public:
    explicit Venue(const Limits& limits);

    [[nodiscard]] engine::Engine& engine() LIFETIME_BOUND { return *engine_; }
    // All commands that were issued.
    [[nodiscard]] std::span<const Unit> issued() const LIFETIME_BOUND { return issued_; }

    // The header of the next command. Time goes on with each, and besides where it is told to.
    [[nodiscard]] protocol::CommandHeader next_header(AccountId account);
    void pass(Nanos span) { passed_ = passed_ + span; }
    void pass_until(UnixNanos time);

    // A command of the account's, valid until the next.
    template <class Message, class... Entries>
    [[nodiscard]] std::span<const Unit> encode(AccountId account, Message message,
                                               const Entries&... entries) LIFETIME_BOUND;
    void apply(std::span<const Unit> command);
    template <class Message, class... Entries>
    void issue(AccountId account, Message message, const Entries&... entries) {
        apply(encode(account, message, entries...));
    }

    // Perpetuals have no expiry. Prices are where flows have them, and an index comes after.
    void list_future(UnixNanos expiry);
    void list_options(const Series& series);
    void open_account(AccountId account, Amount money);
    void place_order(AccountId account, const VenueOrder& order);
    void trade(const VenueTrade& trade);
    // 18 options and a future for each account, and orders that wait.
    void fill_portfolios(const Portfolios& portfolios);
    [[nodiscard]] std::span<const Unit> index_update(IndexPrice price) LIFETIME_BOUND;
    // First a surface, then its marks.
    [[nodiscard]] std::span<const Unit> surface(const Series& series, IndexPrice forward)
        LIFETIME_BOUND;
    [[nodiscard]] std::span<const Unit> marks_of_surface() LIFETIME_BOUND;
    // Passes no time, and lets work go on that is done piece by piece.
    [[nodiscard]] std::span<const Unit> tick() LIFETIME_BOUND {
        return encode(AccountId(0), protocol::Tick{});
    }
    // How many events of this type the last command caused.
    [[nodiscard]] std::uint32_t count(protocol::EventType type) const;

  private:
    void open_instruments(std::uint32_t count);
    void set_parameter(protocol::Parameter name, std::int64_t value);

    std::unique_ptr<engine::Engine> engine_;
    std::vector<Unit> units_;
    std::vector<Unit> issued_;
    Nanos passed_;
    std::uint64_t sequence_ = 0;
    std::uint32_t instruments_ = 0;
    Sequence surface_;
};

template <class Message, class... Entries>
std::span<const Unit> Venue::encode(AccountId account, Message message, const Entries&... entries) {
    message.header = next_header(account);
    units_.resize(
        protocol::units_of<Message>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
    return protocol::encode(message, entries..., units_);
}

}  // namespace miletus::bench
