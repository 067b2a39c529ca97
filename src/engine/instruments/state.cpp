// Canonical bytes of assets, underlyings and instruments. They are listed anew from what listed
// them once, by the same checks: values of ticks and strikes, names and the index follow from that.
#include "engine/instruments/instruments.hpp"

namespace miletus::instruments {

using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::TickStep;

namespace {

protocol::Name take_name(StateDecoder& decoder) {
    const auto text = decoder.take_text<sizeof(protocol::Name)>();
    const protocol::Name name(text.view());
    decoder.require(name.view() == text.view(), "a name has a zero in it");
    return name;
}

}  // namespace

// ---- Encoding ----

void Instruments::encode(StateEncoder& encoder) const {
    encoder.add(asset_count_);
    for (const Asset& asset : assets_.items().first(asset_count_)) {
        encoder.add_text(asset.name.view());
        encoder.add(asset.decimals);
    }
    encoder.add(underlying_count_);
    for (const Underlying& underlying : underlyings_.items().first(underlying_count_)) {
        encoder.add_text(underlying.name.view());
        encoder.add(underlying.base);
        encoder.add(underlying.quote);
    }
    encoder.add(count_);
    for (std::uint32_t at = 0; at < count_; ++at) {
        encode_instrument(encoder, InstrumentId(at));
    }
}

void Instruments::encode_instrument(StateEncoder& encoder, InstrumentId instrument) const {
    const Listing& listing = this->listing(instrument);
    const TradingRules& rules = this->rules(instrument);
    encoder.add_text(listing.name.view());
    encoder.add(listing.kind);
    encoder.add(listing.underlying);
    encoder.add(listing.expiry);
    encoder.add(listing.strike);
    encoder.add(listing.terms.tick);
    encoder.add(listing.terms.lot);
    encoder.add(listing.terms.price_low);
    encoder.add(listing.terms.price_high);
    encoder.add(listing.terms.lots_max);
    encoder.add(listing.step_count);
    for (const TickStep& step : std::span(listing.steps).first(listing.step_count)) {
        encoder.add(step.from);
        encoder.add(step.multiple);
    }
    encoder.add(rules.state);
    encoder.add(rules.has_band);
    encoder.add(rules.band_low());
    encoder.add(rules.band_high());
}

// ---- Decoding ----

void Instruments::decode(StateDecoder& decoder) {
    decode_assets(decoder);
    decode_underlyings(decoder);
    const std::uint32_t count =
        decoder.take_count(listings_.size(), "limits.instruments is too small");
    for (std::uint32_t at = 0; at < count && decoder.is_sound(); ++at) {
        decode_instrument(decoder);
    }
}

void Instruments::decode_assets(StateDecoder& decoder) {
    const std::uint32_t count = decoder.take_count(assets_.size(), "limits.assets is too small");
    for (std::uint32_t at = 0; at < count && decoder.is_sound(); ++at) {
        const protocol::Name name = take_name(decoder);
        const auto decimals = decoder.take<std::uint32_t>();
        decoder.require(add_asset(name, decimals).has_value(), "an asset cannot be added");
    }
}

void Instruments::decode_underlyings(StateDecoder& decoder) {
    const std::uint32_t count =
        decoder.take_count(underlyings_.size(), "limits.underlyings is too small");
    for (std::uint32_t at = 0; at < count && decoder.is_sound(); ++at) {
        const protocol::Name name = take_name(decoder);
        const auto base = decoder.take<AssetId>();
        const auto quote = decoder.take<AssetId>();
        decoder.require(add_underlying(name, base, quote).has_value(),
                        "an underlying cannot be added");
    }
}

void Instruments::decode_instrument(StateDecoder& decoder) {
    const auto name = decoder.take_text<sizeof(protocol::InstrumentName)>();
    ListingRequest request{.kind = decoder.take<InstrumentKind>(),
                           .underlying = decoder.take<UnderlyingId>(),
                           .expiry = decoder.take<UnixNanos>(),
                           .strike = decoder.take<IndexPrice>(),
                           .terms = {.tick = decoder.take<IndexPrice>(),
                                     .lot = decoder.take<Amount>(),
                                     .price_low = decoder.take<Ticks>(),
                                     .price_high = decoder.take<Ticks>(),
                                     .lots_max = decoder.take<Lots>()},
                           .steps = {}};
    TickSteps steps;
    const auto step_count = decoder.take<std::uint8_t>();
    if (!decoder.require(step_count <= steps.size(), "an instrument has too many tick steps")) {
        return;
    }
    for (TickStep& step : std::span(steps).first(step_count)) {
        step.from = decoder.take<Ticks>();
        step.multiple = decoder.take<Ticks>();
    }
    request.steps = std::span(steps).first(step_count);
    const bool has_expiry = request.kind != InstrumentKind::perpetual;
    if (!decoder.require(is_option(request.kind) || request.strike == IndexPrice(0),
                         "a future has a strike") ||
        !decoder.require(
            has_expiry ? request.expiry > UnixNanos(0) : request.expiry == UnixNanos(0),
            "an expiry does not fit its instrument")) {
        return;
    }
    // Some have expired since they were listed.
    const Result<Listing> listing = draft_of_any_name(request, UnixNanos(0));
    if (decoder.require(listing.has_value(), "an instrument cannot be listed") &&
        decoder.require(listing->name.view() == name.view(), "an instrument has another's name")) {
        const InstrumentId instrument(count_);
        const bool is_taken = find(name.view()).has_value();
        put(instrument, *listing);
        ++count_;
        decode_rules(decoder, instrument);
        decoder.require(!is_taken || rules(instrument).state == InstrumentState::archived,
                        "two instruments have one name");
    }
}

void Instruments::decode_rules(StateDecoder& decoder, InstrumentId instrument) {
    const auto state = decoder.take<InstrumentState>();
    set_state(instrument, state == InstrumentState::archived ? InstrumentState::settled : state);
    const bool has_band = decoder.take<bool>();
    const auto low = decoder.take<Ticks>();
    const auto high = decoder.take<Ticks>();
    const TradingRules& rules = this->rules(instrument);
    if (has_band) {
        decoder.require(set_band(instrument, low, high).has_value(), "a band cannot be set");
    } else {
        decoder.require(low == rules.price_low() && high == rules.price_high(),
                        "a band is not in force");
    }
    if (state == InstrumentState::archived) {
        archive(instrument);
    }
}

}  // namespace miletus::instruments
