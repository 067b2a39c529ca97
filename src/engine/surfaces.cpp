// From smiles to marks: what is listed, what it is worth, and into the table.
#include "engine/surfaces.hpp"

#include "base/division.hpp"

#include <algorithm>

namespace miletus::engine {

using instruments::Listing;
using protocol::Digest128;
using protocol::SurfaceSlice;

namespace {

pricing::Smile smile_from(const SurfaceSlice& slice) {
    return {.expiry = slice.expiry,
            .forward = slice.forward,
            .a = slice.a,
            .b = slice.b,
            .rho = slice.rho,
            .m = slice.m,
            .sigma = slice.sigma};
}

std::array<pricing::Smile, pricing::smiles_max> smiles_from(std::span<const SurfaceSlice> slices) {
    std::array<pricing::Smile, pricing::smiles_max> smiles{};
    std::ranges::transform(slices, smiles.begin(), smile_from);
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
      has_array_(limits.instruments),
      numbers_(limits.instruments),
      options_(limits.instruments),
      marks_(limits.instruments),
      entries_(std::size_t{limits.instruments} * risk_array_size),
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
    rows_[underlying.value()] = {.sequence = sequence,
                                 .time = now,
                                 .index = prices_.index(underlying),
                                 .count = static_cast<std::uint32_t>(slices.size()),
                                 .smiles = smiles_from(slices)};
}

// The underlying's options that are not over, by their numbers.
std::uint32_t Surfaces::collect(UnderlyingId underlying) {
    std::uint32_t count = 0;
    prices_.visit_options(underlying, [&](InstrumentId instrument) {
        if (instruments_.rules(instrument).state < protocol::InstrumentState::settling) {
            numbers_[count++] = instrument;
        }
    });
    std::ranges::sort(numbers_.items().first(count));
    for (std::uint32_t at = 0; at < count; ++at) {
        const Listing& listing = instruments_.listing(numbers_[at]);
        const bool is_call = listing.kind == protocol::InstrumentKind::call;
        options_[at] = {.expiry = listing.expiry,
                        .strike = listing.strike,
                        .tick = listing.terms.tick,
                        .tick_value = listing.tick_value,
                        .kind = is_call ? pricing::call : pricing::put};
    }
    return count;
}

Result<Surfaces::Installed> Surfaces::install(UnderlyingId underlying, Sequence surface,
                                              const Digest128& digest) {
    const Row& row = rows_[underlying.value()];
    if (row.sequence == Sequence(0) || surface != row.sequence) {
        return Refusal(Reject::no_such_surface);
    }
    const std::uint32_t count = collect(underlying);
    const pricing::Marks found{
        .marks = marks_.items().first(count),
        .entries = entries_.items().first(std::size_t{count} * risk_array_size)};
    const pricing::MarkFault fault = pricing::find_marks(
        {.now = row.time, .index = row.index, .smiles = std::span(row.smiles).first(row.count)},
        options_.items().first(count), found);
    if (fault != pricing::MarkFault::none) {
        return Refusal(Reject::surface_out_of_range);
    }
    const Hash128 hash = pricing::digest_of(found);
    const Digest128 computed{.high = hash.high, .low = hash.low};
    if (is_named(digest) && (digest.high != computed.high || digest.low != computed.low)) {
        return Refusal(Reject::marks_differ);
    }
    put_in_force(underlying, row, count);
    return Installed{.digest = computed, .count = count};
}

void Surfaces::put_in_force(UnderlyingId underlying, const Row& row, std::uint32_t count) {
    for (std::uint32_t at = 0; at < count; ++at) {
        const InstrumentId instrument = numbers_[at];
        const pricing::Mark& mark = marks_[at];
        const protocol::ListingTerms& terms = instruments_.listing(instrument).terms;
        const std::int64_t per_tick = instruments_.listing(instrument).tick_value.value();
        // What the listing checked to fit at the highest index.
        const std::int64_t forward =
            floor_div(int128{mark.forward.value()} * per_tick, terms.tick.value());
        installed_[at] = {.instrument = instrument,
                          .value = mark.value,
                          .forward = LotValue(forward),
                          .delta = mark.delta,
                          .gamma = mark.gamma};
        std::ranges::copy(
            entries_.items().subspan(at * risk_array_size, risk_array_size),
            arrays_.items().subspan(instrument.value() * risk_array_size, risk_array_size).begin());
        has_array_[instrument.value()] = 1;
    }
    prices_.install(underlying, row.index, installed_.items().first(count));
}

std::span<const std::int64_t> Surfaces::risk_array(InstrumentId instrument) const {
    const std::size_t size = has_array_[instrument.value()] != 0 ? risk_array_size : 0;
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
    encoder.add(row.sequence);
    if (row.sequence == Sequence(0)) {
        return;
    }
    encoder.add(row.time);
    encoder.add(row.index);
    encoder.add(row.count);
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
        decode_row(decoder, rows_[at]);
    }
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        has_array_[at] = decoder.take<std::uint8_t>();
        decoder.require(has_array_[at] <= 1, "a risk array is neither there nor not");
        if (has_array_[at] == 1) {
            for (std::int64_t& entry :
                 arrays_.items().subspan(at * risk_array_size, risk_array_size)) {
                entry = decoder.take<std::int64_t>();
            }
        }
    }
}

void Surfaces::decode_row(StateDecoder& decoder, Row& row) {
    row.sequence = decoder.take<Sequence>();
    if (row.sequence == Sequence(0)) {
        return;
    }
    row.time = decoder.take<UnixNanos>();
    row.index = decoder.take<IndexPrice>();
    row.count = decoder.take_count(pricing::smiles_max, "a surface has too many expiries");
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
}

}  // namespace miletus::engine
