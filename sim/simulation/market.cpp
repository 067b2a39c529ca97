// What is drawn once, and what is known of the instruments.
#include "sim/simulation/market.hpp"

#include <algorithm>
#include <iterator>

namespace miletus::simulation {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::Parameter;
using protocol::view;

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t end_of_session = 1'767'340'800 * second;  // 2026-01-02 08:00 UTC
constexpr std::int64_t first_price = 32'000'000;

// So that everything is near: a few strikes, books of a hundred ticks, days that end at once.
desk::Settings tiny_desk() {
    const listing::ProductTerms terms{
        .tick = IndexPrice(1'000'000), .lot_millionths = 100'000, .lots_max = Lots(100)};
    listing::UnderlyingSettings listed;
    listed.name = "BTC_USDC";
    listed.futures = {.dailies = 1, .weeklies = 0, .monthlies = 0, .quarterlies = 0};
    listed.options = {.dailies = 1, .weeklies = 0, .monthlies = 0, .quarterlies = 0};
    listed.future_terms = terms;
    listed.option_terms = terms;
    listed.perpetual_range = Rate(2'000'000);
    listed.future_range = Rate(2'000'000);
    listed.volatility = 1'000'000;
    listed.strike_step_min = IndexPrice(1'000'000);
    listed.strikes_aimed = 2;
    listed.strikes_max = 6;
    desk::Settings desk;
    desk.listing = listing::Settings{.underlyings = {listed},
                                     .refresh = Nanos(second),
                                     .quiet = Nanos(3 * second),
                                     .keep_settled = Nanos(10 * second),
                                     .retry_after = Nanos(5 * second)};
    desk.marks = marks::Settings{.underlyings = {{.name = protocol::Name("BTC_USDC"),
                                                  .fixed = marks::FixedSurface{.vol = 1'000'000}}},
                                 .interval = Nanos(2 * second)};
    return desk;
}

}  // namespace

Market::Market(Prng& prng) : prng_(prng), price_(first_price) {
    if (!prng_.one_in(4)) {
        desk_ = tiny_desk();
    }
    const bool is_late = prng_.one_in(2);
    const std::int64_t seconds_left = is_late ? prng_.between(5, 60) : prng_.between(60, 86'000);
    start_ = UnixNanos(end_of_session - seconds_left * second);
    for (std::uint32_t at = 0; at < traders; ++at) {
        funds_.emplace_back(prng_.one_in(2) ? prng_.between(600'000, 2'500'000) : 1'000'000'000);
    }
    funds_.emplace_back(prng_.between(1, 3'000'000));
}

// One source is enough, for a day, and orders may be far from it.
const std::vector<Market::Setting>& Market::settings() {
    static const std::vector<Setting> settings{
        {.parameter = Parameter::index_sources_min, .value = 1},
        {.parameter = Parameter::index_source_age, .value = 86'400'000},
        {.parameter = Parameter::index_velocity, .value = 10'000'000},
        {.parameter = Parameter::collar_perpetual, .value = 10'000'000},
        {.parameter = Parameter::collar_future, .value = 10'000'000},
        {.parameter = Parameter::collar_option, .value = 10'000'000},
        {.parameter = Parameter::funding_damp, .value = 0},
        {.parameter = Parameter::impact_notional, .value = 3'000'000},
    };
    return settings;
}

std::vector<Amount> Market::deposits() const {
    return funds_;
}

std::uint64_t Market::opening_steps() const {
    return first_steps + settings().size() + 2 * funds_.size() + 2 +
           (desk_.wants_any() ? 0 : listing_steps);
}

void Market::read(std::span<const Unit> event) {
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    if (type == EventType::instrument_listed) {
        const auto& listed = view<protocol::InstrumentListed>(event);
        options_[listed.instrument] =
            listed.kind == InstrumentKind::call || listed.kind == InstrumentKind::put;
    } else if (type == EventType::instrument_state_changed) {
        const auto& changed = view<protocol::InstrumentStateChanged>(event);
        if (changed.state >= InstrumentState::settling) {
            options_.erase(changed.instrument);
        }
    }
}

// Mostly in the first one, so that somebody is met there; around what it is worth.
protocol::PlaceOrder Market::any_order() {
    auto chosen = options_.begin();
    if (!options_.empty() && prng_.one_in(3)) {
        chosen = std::next(chosen, static_cast<std::ptrdiff_t>(prng_.below(options_.size())));
    }
    const bool is_option = chosen != options_.end() && chosen->second;
    const std::int64_t ticks = price_ / 1'000'000;
    return {.price = Ticks(is_option ? prng_.between(1, 4) : prng_.between(ticks - 2, ticks + 2)),
            .quantity = Lots(prng_.between(1, 9)),
            .client_order = ClientOrderId(1 + prng_.below(12)),
            .instrument = chosen == options_.end() ? InstrumentId(0) : chosen->first,
            .side = prng_.one_in(2) ? protocol::Side::buy : protocol::Side::sell,
            .reduce_only = static_cast<std::uint8_t>(prng_.one_in(10) ? 1 : 0)};
}

}  // namespace miletus::simulation
