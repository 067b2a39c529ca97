// Instruments: assets, underlyings and what is listed on them, with the units that make every cash
// flow exact. It checks listings and prices; it never holds orders. Called by the engine thread
// only.
#pragma once

#include "base/decoder.hpp"
#include "base/division.hpp"
#include "base/encoder.hpp"
#include "base/hash_index.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "engine/instruments/parameters.hpp"
#include "protocol/records.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace miletus::instruments {

struct Asset {
    protocol::Name name;
    std::uint32_t decimals = 0;
};

struct Underlying {
    protocol::Name name;
    AssetId base;
    AssetId quote;
};

struct PriceWindow {
    Ticks low;
    Ticks high;
};

// What every order is checked against: one cache line. A buy's prices end at the band above, a
// sell's at the band below; without a band, at the instrument's range.
struct alignas(64) TradingRules {
    std::array<PriceWindow, 2> windows;  // by side
    std::uint32_t lots_max = 0;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    std::uint8_t step_count = 0;
    bool has_band = false;
    bool is_plain = false;  // open, and every price in the windows is valid

    [[nodiscard]] Ticks price_low() const { return windows[0].low; }
    [[nodiscard]] Ticks price_high() const { return windows[1].high; }
    [[nodiscard]] Ticks band_low() const { return windows[1].low; }
    [[nodiscard]] Ticks band_high() const { return windows[0].high; }
    [[nodiscard]] const PriceWindow& window(protocol::Side side) const {
        return windows[static_cast<std::size_t>(side)];
    }
};
static_assert(sizeof(TradingRules) == 64);

using TickSteps = std::array<protocol::TickStep, 4>;

struct Listing {
    protocol::InstrumentName name;
    protocol::InstrumentKind kind = protocol::InstrumentKind::perpetual;
    UnderlyingId underlying;
    AssetId base;
    AssetId quote;
    UnixNanos expiry;       // 0 for a perpetual
    IndexPrice strike;      // 0 for futures
    LotValue strike_value;  // of one lot; 0 for futures
    protocol::ListingTerms terms;
    LotValue tick_value;
    LotValue largest;  // what one lot is worth at the end of its range further from zero
    LotValue depth;    // what it may be worth less than nothing; 0 where prices never go below zero
    TickSteps steps;
    std::uint8_t step_count = 0;
};

// What a listing command asks for; one of a series for each strike and each kind.
struct ListingRequest {
    protocol::InstrumentKind kind = protocol::InstrumentKind::perpetual;
    UnderlyingId underlying;
    UnixNanos expiry;
    IndexPrice strike;
    protocol::ListingTerms terms;
    std::span<const protocol::TickStep> steps;
};

constexpr std::int64_t grid_steps = 10;  // to a tick

[[nodiscard]] constexpr bool is_option(protocol::InstrumentKind kind) {
    return kind == protocol::InstrumentKind::call || kind == protocol::InstrumentKind::put;
}
[[nodiscard]] constexpr bool takes_orders(protocol::InstrumentState state) {
    using enum protocol::InstrumentState;
    return state == pre_open || state == open || state == reduce_only;
}
[[nodiscard]] constexpr bool trades(protocol::InstrumentState state) {
    return state == protocol::InstrumentState::open ||
           state == protocol::InstrumentState::reduce_only;
}

// What one lot is worth at a price: exact, because the listing rule made a tick of a lot whole
// units.
[[nodiscard]] constexpr LotValue value_per_lot(LotValue tick_value, Ticks price) {
    std::int64_t value = 0;
    ASSERT(!__builtin_mul_overflow(tick_value.value(), price.value(), &value));
    return LotValue(value);
}

// The same at a price of the grid, a tenth of a tick.
[[nodiscard]] constexpr LotValue grid_value_per_lot(const Listing& listing, Grid price) {
    return value_per_lot(LotValue(listing.tick_value.value() / grid_steps), Ticks(price.value()));
}

class Instruments {
  public:
    explicit Instruments(const Limits& limits);

    Result<AssetId> add_asset(protocol::Name name, std::uint32_t decimals);
    Result<UnderlyingId> add_underlying(protocol::Name name, AssetId base, AssetId quote);

    // All checks of one listing; nothing changes.
    [[nodiscard]] Result<Listing> draft(const ListingRequest& request, UnixNanos now) const;
    // How many can be listed whose books reach as far as these.
    [[nodiscard]] std::size_t room_for(const protocol::ListingTerms& terms) const;
    // In the place of an archived one whose book reaches as far, the first of them, else in a new
    // one.
    InstrumentId list(const Listing& listing);
    // How many archived ones have books that reach as far.
    [[nodiscard]] std::uint32_t reusable(const protocol::ListingTerms& terms) const;
    // Nobody finds it any more.
    void archive(InstrumentId instrument);

    [[nodiscard]] Result<void> check_transition(InstrumentId instrument,
                                                protocol::InstrumentState to) const;
    void set_state(InstrumentId instrument, protocol::InstrumentState state);
    Result<void> set_band(InstrumentId instrument, Ticks low, Ticks high);

    [[nodiscard]] Result<void> check_exists(InstrumentId instrument) const {
        if (instrument.value() >= count_ ||
            rules_[instrument.value()].state == protocol::InstrumentState::archived) {
            return Refusal(Reject::unknown_instrument);
        }
        return {};
    }
    [[nodiscard]] const Asset& asset(AssetId asset) const LIFETIME_BOUND;
    // How many of its smallest units are one of the asset.
    [[nodiscard]] const Divisor& whole(AssetId asset) const LIFETIME_BOUND {
        return wholes_[asset.value()];
    }
    [[nodiscard]] const Underlying& underlying(UnderlyingId underlying) const LIFETIME_BOUND;
    [[nodiscard]] const Listing& listing(InstrumentId instrument) const LIFETIME_BOUND {
        return listings_[instrument.value()];
    }
    [[nodiscard]] const TradingRules& rules(InstrumentId instrument) const LIFETIME_BOUND {
        return rules_[instrument.value()];
    }
    [[nodiscard]] std::optional<InstrumentId> find(std::string_view name) const;

    // Range and tick; the band depends on the side and is the book's to check.
    [[nodiscard]] Reject check_price(InstrumentId instrument, Ticks price) const {
        const TradingRules& rules = this->rules(instrument);
        if (price < rules.price_low() || price > rules.price_high()) [[unlikely]] {
            return Reject::price_out_of_range;
        }
        return rules.step_count == 0 ? Reject::none : check_steps(instrument, price);
    }
    // The nearest valid price at or below, or at or above.
    [[nodiscard]] Ticks rounded_down(InstrumentId instrument, Ticks price) const;
    [[nodiscard]] Ticks rounded_up(InstrumentId instrument, Ticks price) const;

    // In what every instrument settles: the quote asset of the first underlying.
    [[nodiscard]] AssetId settlement_asset() const { return underlyings_[0].quote; }
    // The first underlying that gives the asset a price, if there is one.
    [[nodiscard]] std::optional<UnderlyingId> underlying_of(AssetId base) const;

    [[nodiscard]] std::uint32_t asset_count() const { return asset_count_; }
    [[nodiscard]] std::uint32_t underlying_count() const { return underlying_count_; }
    [[nodiscard]] std::uint32_t count() const { return count_; }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);

  private:
    void put(InstrumentId instrument, const Listing& listing);
    [[nodiscard]] bool is_reusable(InstrumentId instrument,
                                   const protocol::ListingTerms& terms) const;
    // A draft whose name may be another's.
    [[nodiscard]] Result<Listing> draft_of_any_name(const ListingRequest& request,
                                                    UnixNanos now) const;
    [[nodiscard]] Result<LotValue> check_terms(const ListingRequest& request,
                                               const Underlying& underlying) const;
    [[nodiscard]] Result<LotValue> check_strike(const ListingRequest& request,
                                                const Underlying& underlying) const;
    [[nodiscard]] Reject check_steps(InstrumentId instrument, Ticks price) const;
    void encode_instrument(StateEncoder& encoder, InstrumentId instrument) const;
    void decode_assets(StateDecoder& decoder);
    void decode_underlyings(StateDecoder& decoder);
    void decode_instrument(StateDecoder& decoder);
    void decode_rules(StateDecoder& decoder, InstrumentId instrument);
    [[nodiscard]] std::int64_t multiple_at(InstrumentId instrument, Ticks price) const;

    Block<Asset> assets_;
    Block<Divisor> wholes_;  // by asset
    Block<Underlying> underlyings_;
    Block<TradingRules> rules_;
    Block<Listing> listings_;
    HashIndex by_name_;  // slot = instrument + 1
    std::uint32_t asset_count_ = 0;
    std::uint32_t underlying_count_ = 0;
    std::uint32_t count_ = 0;
    std::uint32_t archived_count_ = 0;
};

}  // namespace miletus::instruments
