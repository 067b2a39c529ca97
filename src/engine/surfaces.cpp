// From smiles to marks: what is listed, what it is worth, and into the table.
#include "engine/surfaces.hpp"

#include <algorithm>
#include <utility>

namespace miletus::engine {

using instruments::Listing;
using prepared::ListedOption;
using prepared::PreparedMarks;
using protocol::Digest128;
using protocol::SurfaceSlice;

namespace {

std::array<pricing::Smile, pricing::smiles_max> smiles_from(std::span<const SurfaceSlice> slices) {
    std::array<pricing::Smile, pricing::smiles_max> smiles{};
    std::ranges::transform(slices, smiles.begin(), prepared::smile_from);
    return smiles;
}

bool is_named(const Digest128& digest) {
    return digest.high != 0 || digest.low != 0;
}

}  // namespace

Surfaces::Surfaces(const Limits& limits, const instruments::Instruments& instruments,
                   prices::Prices& prices)
    : instruments_(instruments),
      prices_(prices),
      rows_(limits.underlyings),
      arrays_(std::size_t{limits.instruments} * risk_array_size),
      places_(limits.instruments),
      staged_(limits.underlyings),
      lent_(limits.underlyings),
      room_(limits.instruments),
      options_(limits.instruments),
      installed_(limits.instruments) {}

Result<void> Surfaces::check(std::span<const SurfaceSlice> slices, UnixNanos now) {
    const auto smiles = smiles_from(slices);
    const pricing::SurfaceVerdict verdict =
        pricing::check_surface(std::span(smiles).first(slices.size()), now);
    switch (verdict.fault) {
        case pricing::SurfaceFault::none:
            return {};
        case pricing::SurfaceFault::butterfly:
        case pricing::SurfaceFault::calendar:
            return Refusal(Reject::surface_has_arbitrage);
        case pricing::SurfaceFault::no_smile:
        case pricing::SurfaceFault::too_many_smiles:
        case pricing::SurfaceFault::expiry_not_ahead:
        case pricing::SurfaceFault::expiry_not_rising:
        case pricing::SurfaceFault::forward_out_of_range:
        case pricing::SurfaceFault::parameter_out_of_range:
        case pricing::SurfaceFault::variance_not_positive:
            break;
    }
    return Refusal(Reject::surface_out_of_range);
}

void Surfaces::take(UnderlyingId underlying, std::span<const SurfaceSlice> slices,
                    Sequence sequence, UnixNanos now) {
    Row& row = rows_[underlying.value()];
    row = {.sequence = sequence,
           .time = now,
           .index = prices_.index(underlying),
           .count = static_cast<std::uint32_t>(slices.size()),
           .smiles = smiles_from(slices),
           .key = {}};
    row.key = key_of(inputs_of(underlying));
}

void Surfaces::retire(InstrumentId instrument) {
    if (places_[instrument.value()] >= first_lent) {
        keep_array(instrument, risk_array(instrument));
    }
    invalidate(instruments_.listing(instrument).underlying);
}

// ---- Marks ----

ListedOption Surfaces::listed(InstrumentId instrument) const {
    const Listing& listing = instruments_.listing(instrument);
    const bool is_call = listing.kind == protocol::InstrumentKind::call;
    return {.expiry = listing.expiry,
            .strike = listing.strike,
            .tick = listing.terms.tick,
            .tick_value = listing.tick_value,
            .instrument = instrument,
            .kind = is_call ? pricing::call : pricing::put};
}

// With the underlying's options that are not over, by their numbers. From when a surface is taken
// until it is void these stay what they are.
prepared::MarkInputs Surfaces::inputs_of(UnderlyingId underlying) {
    std::size_t count = 0;
    prices_.visit_options(underlying, [&](InstrumentId instrument) {
        if (instruments_.rules(instrument).state < protocol::InstrumentState::settling) {
            options_[count++] = listed(instrument);
        }
    });
    const std::span<ListedOption> options = options_.items().first(count);
    if (!std::ranges::is_sorted(options, {}, &ListedOption::instrument)) {
        std::ranges::sort(options, {}, &ListedOption::instrument);
    }
    const Row& row = rows_[underlying.value()];
    return {.underlying = underlying,
            .now = row.time,
            .index = row.index,
            .smiles = std::span(row.smiles).first(row.count),
            .options = options};
}

const PreparedMarks* Surfaces::find_ready(UnderlyingId underlying) const {
    const Hash128& key = rows_[underlying.value()].key;
    const std::array<const PreparedMarks*, 3> all{staged_[underlying.value()].get(),
                                                  lent_[underlying.value()].get(), &room_};
    const auto ready = std::ranges::find_if(
        all, [&key](const PreparedMarks* marks) { return marks != nullptr && marks->is_of(key); });
    return ready != all.end() ? *ready : nullptr;
}

Result<Surfaces::Installed> Surfaces::install(UnderlyingId underlying, Sequence surface,
                                              const Digest128& digest) {
    const Row& row = rows_[underlying.value()];
    if (row.sequence == Sequence(0) || surface != row.sequence) {
        return Refusal(Reject::no_such_surface);
    }
    const PreparedMarks* ready = find_ready(underlying);
    if (ready == nullptr) {
        if (room_.prepare(inputs_of(underlying)) != pricing::MarkFault::none) {
            return Refusal(Reject::surface_out_of_range);
        }
        ASSERT(room_.is_of(row.key));
        ready = &room_;
    }
    const Digest128 computed{.high = ready->digest().high, .low = ready->digest().low};
    if (is_named(digest) && (digest.high != computed.high || digest.low != computed.low)) {
        return Refusal(Reject::marks_differ);
    }
    put_in_force(underlying, *ready);
    return Installed{.digest = computed, .count = static_cast<std::uint32_t>(ready->count())};
}

// What was lent is not copied: its rows are read where they lie.
void Surfaces::put_in_force(UnderlyingId underlying, const PreparedMarks& ready) {
    if (staged_[underlying.value()].get() == &ready) {
        std::swap(staged_[underlying.value()], lent_[underlying.value()]);
    }
    const bool is_lent = lent_[underlying.value()].get() == &ready;
    for (std::size_t at = 0; at < ready.count(); ++at) {
        const InstrumentId instrument = ready.instrument(at);
        const pricing::Mark& mark = ready.mark(at);
        installed_[at] = {.instrument = instrument,
                          .value = mark.value,
                          .forward = ready.forward(at),
                          .delta = mark.delta,
                          .gamma = mark.gamma};
        if (is_lent) {
            places_[instrument.value()] = first_lent + static_cast<std::uint32_t>(at);
        } else {
            keep_array(instrument, ready.risk_array(at));
        }
    }
    prices_.install(underlying, rows_[underlying.value()].index,
                    installed_.items().first(ready.count()));
}

void Surfaces::keep_array(InstrumentId instrument, std::span<const std::int64_t> array) {
    const auto place =
        arrays_.items().subspan(instrument.value() * risk_array_size, risk_array_size);
    std::ranges::copy(array, place.begin());
    places_[instrument.value()] = here;
}

std::unique_ptr<PreparedMarks> Surfaces::stage(std::unique_ptr<PreparedMarks> marks) {
    const std::size_t underlying = marks->underlying().value();
    if (underlying < staged_.size()) {
        std::swap(staged_[underlying], marks);
    }
    return marks;
}

void Surfaces::mark_new(UnderlyingId underlying, std::span<const InstrumentId> instruments) {
    const Row& row = rows_[underlying.value()];
    if (row.count == 0) {
        return;
    }
    for (std::size_t at = 0; at < instruments.size(); ++at) {
        options_[at] = listed(instruments[at]);
    }
    const pricing::MarkFault fault =
        room_.prepare({.underlying = underlying,
                       .now = row.time,
                       .index = row.index,
                       .smiles = std::span(row.smiles).first(row.count),
                       .options = options_.items().first(instruments.size())});
    if (fault == pricing::MarkFault::none) {
        put_in_force(underlying, room_);
    }
}

std::span<const std::int64_t> Surfaces::risk_array(InstrumentId instrument) const {
    const std::uint32_t place = places_[instrument.value()];
    if (place >= first_lent) {
        const UnderlyingId underlying = instruments_.listing(instrument).underlying;
        return lent_[underlying.value()]->risk_array(place - first_lent);
    }
    const std::size_t size = place == here ? risk_array_size : 0;
    return arrays_.items().subspan(instrument.value() * risk_array_size, size);
}

// ---- State ----

void Surfaces::encode(StateEncoder& encoder) const {
    for (std::uint32_t at = 0; at < instruments_.underlying_count(); ++at) {
        encode_row(encoder, rows_[at]);
    }
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        const std::span<const std::int64_t> row = risk_array(InstrumentId(at));
        encoder.add(static_cast<std::uint8_t>(row.empty() ? 0 : 1));
        for (const std::int64_t entry : row) {
            encoder.add(entry);
        }
    }
}

void Surfaces::encode_row(StateEncoder& encoder, const Row& row) const {
    encoder.add(row.count);
    if (row.count == 0) {
        return;
    }
    encoder.add(row.sequence);
    encoder.add(row.time);
    encoder.add(row.index);
    for (const pricing::Smile& smile : std::span(row.smiles).first(row.count)) {
        encoder.add(smile.expiry);
        encoder.add(smile.forward);
        for (const std::int64_t number : {smile.a, smile.b, smile.rho, smile.m, smile.sigma}) {
            encoder.add(number);
        }
    }
}

void Surfaces::decode(StateDecoder& decoder) {
    for (std::uint32_t at = 0; at < instruments_.underlying_count(); ++at) {
        decode_row(decoder, UnderlyingId(static_cast<std::uint16_t>(at)));
    }
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        places_[at] = decoder.take<std::uint8_t>();
        decoder.require(places_[at] <= here, "a risk array is neither there nor not");
        if (places_[at] == here) {
            for (std::int64_t& entry :
                 arrays_.items().subspan(at * risk_array_size, risk_array_size)) {
                entry = decoder.take<std::int64_t>();
            }
        }
    }
}

void Surfaces::decode_row(StateDecoder& decoder, UnderlyingId underlying) {
    Row& row = rows_[underlying.value()];
    row.count = decoder.take_count(pricing::smiles_max, "a surface has too many expiries");
    if (row.count == 0) {
        return;
    }
    row.sequence = decoder.take<Sequence>();
    row.time = decoder.take<UnixNanos>();
    row.index = decoder.take<IndexPrice>();
    for (pricing::Smile& smile : std::span(row.smiles).first(row.count)) {
        smile.expiry = decoder.take<UnixNanos>();
        smile.forward = decoder.take<IndexPrice>();
        for (std::int64_t* number : {&smile.a, &smile.b, &smile.rho, &smile.m, &smile.sigma}) {
            *number = decoder.take<std::int64_t>();
        }
    }
    decoder.require(
        row.index > IndexPrice(0) &&
            pricing::check_surface(std::span(row.smiles).first(row.count), row.time).is_free(),
        "a surface cannot be");
    if (decoder.is_sound()) {
        row.key = key_of(inputs_of(underlying));
    }
}

}  // namespace miletus::engine
