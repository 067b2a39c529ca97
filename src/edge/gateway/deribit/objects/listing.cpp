// Looking up what an instrument is counted in.
#include "edge/gateway/deribit/objects/listing.hpp"

namespace miletus::deribit {

Currency currency_of(const Markets& markets, AssetId asset) {
    const market_data::Asset* found = markets.asset(asset);
    return found == nullptr ? Currency{}
                            : Currency{.name = found->name.view(), .decimals = found->decimals};
}

Listing listing_of(const Markets& markets, const Market& market) {
    const market_data::Underlying* underlying = markets.underlying(market.instrument().underlying);
    const bool is_known = underlying != nullptr;
    return {.market = market,
            .instrument = market.instrument(),
            .underlying = underlying,
            .base = is_known ? currency_of(markets, underlying->base) : Currency{},
            .quote = is_known ? currency_of(markets, underlying->quote) : Currency{}};
}

int128 average_price(const Listing& listing, int128 tick_lots, int128 lots) {
    if (lots == 0) {
        return 0;
    }
    // In two steps: the whole ticks, then what is left of one.
    const int128 units = int128{listing.instrument.terms.tick.value()} * 10;
    const int128 whole = tick_lots / lots;
    const int128 left = (tick_lots % lots) * units;
    const int128 half = left < 0 ? -(lots / 2) : lots / 2;
    return whole * units + (left + half) / lots;
}

}  // namespace miletus::deribit
