// A small catalogue to list on: BTC with 8 decimals, USDC with 6, and requests that would be
// listed.
#pragma once

#include "engine/instruments/instruments.hpp"

#include <cstdint>
#include <limits>
#include <span>

namespace miletus::instruments {

constexpr std::int64_t day_ns = 86'400'000'000'000;
constexpr std::int64_t one = 1'000'000;  // of the quote asset, in 1e-6

[[nodiscard]] inline Limits few() {
    Limits limits;
    limits.assets = 3;
    limits.underlyings = 2;
    limits.instruments = 4;
    return limits;
}

struct Catalogue {
    Instruments instruments{few()};
    AssetId btc = *instruments.add_asset(protocol::Name("BTC"), 8);
    AssetId usdc = *instruments.add_asset(protocol::Name("USDC"), 6);
    UnderlyingId pair = *instruments.add_underlying(protocol::Name("BTC_USDC"), btc, usdc);
    UnixNanos now{5};

    // Half a USDC a tick, a thousandth of a BTC a lot: 500 units of USDC for one lot and tick.
    [[nodiscard]] ListingRequest future() const {
        return {.kind = protocol::InstrumentKind::future,
                .underlying = pair,
                .expiry = UnixNanos(30 * day_ns),
                .strike = {},
                .terms = {.tick = IndexPrice(one / 2),
                          .lot = Amount(100'000),
                          .price_low = Ticks(-1000),
                          .price_high = Ticks(400'000),
                          .lots_max = Lots(1000)},
                .steps = {}};
    }
    [[nodiscard]] ListingRequest call() const {
        ListingRequest request = future();
        request.kind = protocol::InstrumentKind::call;
        request.strike = IndexPrice(100'000 * one);
        request.terms.price_low = Ticks(1);
        return request;
    }
    [[nodiscard]] Reject refusal(const ListingRequest& request) const {
        const Result<Listing> listing = instruments.draft(request, now);
        return listing ? Reject::none : listing.error();
    }
    InstrumentId list(const ListingRequest& request) {
        const Result<Listing> listing = instruments.draft(request, now);
        ASSERT(listing.has_value());
        return instruments.list(*listing);
    }
};

}  // namespace miletus::instruments
