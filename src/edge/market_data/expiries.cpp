// Sorted by time, and within by strike.
#include "edge/market_data/expiries.hpp"

#include <algorithm>

namespace miletus::market_data {

using protocol::InstrumentKind;

void Expiries::put(Expiry& expiry, const Instrument& instrument, std::uint32_t slot) {
    if (!instrument.is_option()) {
        expiry.future = slot;
        return;
    }
    auto strike = std::ranges::lower_bound(expiry.strikes, instrument.strike, {}, &Strike::strike);
    if (strike == expiry.strikes.end() || strike->strike != instrument.strike) {
        strike = expiry.strikes.insert(strike, {.strike = instrument.strike});
    }
    (instrument.kind == InstrumentKind::call ? strike->call : strike->put) = slot;
}

void Expiries::add(const Instrument& instrument, std::uint32_t slot) {
    auto place = std::ranges::lower_bound(all_, instrument.expiry, {}, &Expiry::expiry);
    if (place == all_.end() || place->expiry != instrument.expiry) {
        place = all_.insert(place, Expiry{.expiry = instrument.expiry, .strikes = {}});
    }
    put(*place, instrument, slot);
}

void Expiries::remove(const Instrument& instrument) {
    const auto place = std::ranges::lower_bound(all_, instrument.expiry, {}, &Expiry::expiry);
    if (place == all_.end() || place->expiry != instrument.expiry) {
        return;
    }
    put(*place, instrument, 0);
    std::erase_if(place->strikes,
                  [](const Strike& strike) { return strike.call == 0 && strike.put == 0; });
    if (place->future == 0 && place->strikes.empty()) {
        all_.erase(place);
    }
}

const Expiry* Expiries::find(UnixNanos expiry) const {
    const auto place = std::ranges::lower_bound(all_, expiry, {}, &Expiry::expiry);
    return place != all_.end() && place->expiry == expiry ? &*place : nullptr;
}

}  // namespace miletus::market_data
