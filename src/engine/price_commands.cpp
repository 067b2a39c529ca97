// Prices come in: sources of the index, and every second what the books say.
#include "engine/engine.hpp"

#include <algorithm>

namespace miletus::engine {

using protocol::Side;
using protocol::view;

namespace {

constexpr std::int64_t nanos_per_second = 1'000'000'000;
// An impact price is looked for within so many levels.
constexpr std::uint32_t impact_levels = 64;

UnixNanos next_second(UnixNanos now) {
    return now + Nanos(nanos_per_second - now.value() % nanos_per_second);
}

}  // namespace

Engine::Outcome Engine::update_index(std::span<const Unit> units) {
    const auto& command = view<protocol::UpdateIndex>(units);
    TRY(check_underlying(command.underlying));
    const std::span<const protocol::SourcePrice> sources =
        protocol::group<protocol::UpdateIndex>(units);
    TRY(prices_.check_sources(command.underlying, sources, now()));
    prices_.update_index(command.underlying, sources, now());
    if (!timers_.due(timer_of(command.underlying))) {
        timers_.set(timer_of(command.underlying), next_second(now()));
    }
    reach_all(command.underlying);
    watch();
    return 0U;
}

Engine::Outcome Engine::update_surface(std::span<const Unit> units) {
    const auto& command = view<protocol::UpdateSurface>(units);
    TRY(check_underlying(command.underlying));
    if (command.digest != protocol::Digest256{}) {
        return Refusal(Reject::not_supported_yet);
    }
    if (prices_.index_state(command.underlying) != protocol::IndexState::good) {
        return Refusal(Reject::index_not_good);
    }
    const std::span<const protocol::SurfaceSlice> slices =
        protocol::group<protocol::UpdateSurface>(units);
    TRY(Surfaces::check(slices, now()));
    sample_options(command.underlying);
    surfaces_.take(command.underlying, slices, command.header.sequence, now());
    events_.emit(protocol::SurfaceUpdated{.underlying = command.underlying,
                                          .expiries = static_cast<std::uint16_t>(slices.size())});
    return command.header.sequence.value();
}

Engine::Outcome Engine::install_marks(const protocol::InstallMarks& command) {
    TRY(check_underlying(command.underlying));
    const Surfaces::Installed installed =
        TRY(surfaces_.install(command.underlying, command.surface, command.digest));
    events_.emit(protocol::MarksInstalled{.digest = installed.digest,
                                          .surface = command.surface,
                                          .instruments = installed.count,
                                          .underlying = command.underlying});
    reach_all(command.underlying);
    watch();
    return installed.count;
}

// Once a second for every underlying that has an index.
void Engine::sample(UnderlyingId underlying) {
    std::size_t count = 0;
    prices_.visit_linear(
        underlying, [&](InstrumentId instrument) { samples_[count++] = book_sample(instrument); });
    const std::int64_t second = now().value() / nanos_per_second;
    const std::int64_t last = prices_.sampled_second(underlying);
    prices_.sample(underlying, now(), last != 0 ? second - last : 1, samples_.items().first(count));
    timers_.set(timer_of(underlying), next_second(now()));
    reach_all(underlying);
    watch();
}

// Marks may not leave books that are tight when their surface is taken, and were at the last one.
void Engine::sample_options(UnderlyingId underlying) {
    std::size_t count = 0;
    prices_.visit_options(underlying, [&](InstrumentId instrument) {
        samples_[count++] = {.bid = matching_.best(instrument, Side::buy),
                             .ask = matching_.best(instrument, Side::sell)};
    });
    prices_.sample_options(underlying, samples_.items().first(count));
}

prices::BookSample Engine::book_sample(InstrumentId instrument) const {
    return {.bid = impact_price(instrument, Side::buy),
            .ask = impact_price(instrument, Side::sell)};
}

// Where an order worth the impact notional would have its last lot filled; nothing where the book
// is too thin for it.
std::optional<Ticks> Engine::impact_price(InstrumentId instrument, Side side) const {
    const instruments::Listing& listing = instruments_.listing(instrument);
    int128 wanted = parameters_.of(listing.underlying).of(protocol::Parameter::impact_notional);
    const int128 worth = std::max(prices_.index_value(instrument).value(), std::int64_t{1});
    std::optional<Ticks> price;
    matching_.visit_levels(instrument, side, impact_levels, [&](const protocol::LevelView& level) {
        if (wanted >= 0 && !price) {
            wanted -= worth * level.total.value();
            price = wanted <= 0 ? std::optional(level.price) : std::nullopt;
        }
    });
    return price;
}

}  // namespace miletus::engine
