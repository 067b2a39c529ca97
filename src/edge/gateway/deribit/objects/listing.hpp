// Listing: an instrument together with what its numbers are counted in. The fold keeps ids; a
// reader of JSON wants names and decimals.
#pragma once

#include "edge/gateway/deribit/objects/short_text.hpp"
#include "edge/market_data/market_data.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace miletus::deribit {

using market_data::Market;
using market_data::Markets;

constexpr std::uint32_t index_decimals = 6;  // of an IndexPrice
constexpr std::uint32_t rate_decimals = 6;   // of a Rate

struct Currency {
    std::string_view name;  // empty where the asset is not known
    std::uint32_t decimals = 0;
};
[[nodiscard]] Currency currency_of(const Markets& markets LIFETIME_BOUND, AssetId asset);

struct Listing {
    const Market& market;
    const market_data::Instrument& instrument;
    const market_data::Underlying* underlying;  // none where it is not known
    Currency base;
    Currency quote;  // which pays and settles

    // In smallest units of the base asset; their decimals are base.decimals.
    [[nodiscard]] int128 amount_of(Lots lots) const {
        return market_data::amount_of(instrument, lots);
    }
    [[nodiscard]] int128 amount_of(int128 lots) const {
        return market_data::amount_of(instrument, lots);
    }
    // With price_decimals.
    [[nodiscard]] int128 price_of(Ticks price) const {
        return market_data::price_of(instrument, price);
    }
    [[nodiscard]] int128 price_of(Grid price) const {
        return market_data::price_of(instrument, price);
    }
    [[nodiscard]] std::optional<IndexPrice> index() const {
        return underlying == nullptr ? std::nullopt : underlying->index;
    }
};
[[nodiscard]] Listing listing_of(const Markets& markets LIFETIME_BOUND,
                                 const Market& market LIFETIME_BOUND);

// What tick-lots make on average, to the nearest of price_decimals; 0 without lots.
[[nodiscard]] int128 average_price(const Listing& listing, int128 tick_lots, int128 lots);

}  // namespace miletus::deribit
