// Wanted less what exists; and the steps of an instrument's life.
#include "edge/listing/plan.hpp"

#include "edge/listing/strikes.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace miletus::listing {

using protocol::InstrumentKind;
using protocol::InstrumentState;

namespace {

constexpr UnixNanos no_expiry{0};
constexpr std::size_t strikes_per_command = protocol::ListOptionSeries::group_max;

// ---- Terms ----

// A lot in the base asset's smallest units; 0, which the venue refuses, where that is not whole.
Amount lot_of(const ProductTerms& terms, std::uint32_t decimals) {
    int128 units = terms.lot_millionths;
    for (std::uint32_t digit = 0; digit < decimals; ++digit) {
        units *= 10;
    }
    const bool is_whole = units % millionths == 0;
    return Amount(is_whole ? narrow(units / millionths).value_or(0) : 0);
}

protocol::ListingTerms terms_up_to(IndexPrice highest, const ProductTerms& terms,
                                   const Market& market) {
    return {.tick = terms.tick,
            .lot = lot_of(terms, market.base_decimals),
            .price_low = Ticks(1),
            .price_high = Ticks(highest.value() / terms.tick.value() + 1),
            .lots_max = terms.lots_max};
}

// Indexes are below a billion, ranges at most a thousandfold.
protocol::ListingTerms future_terms(const Market& market, IndexPrice index, Rate range) {
    const int128 highest = int128{index.value()} * range.value() / millionths;
    return terms_up_to(IndexPrice(static_cast<std::int64_t>(highest)), market.settings.future_terms,
                       market);
}

// A call is worth no more than what it is written on; a put, than its strike.
protocol::ListingTerms option_terms(const Market& market, IndexPrice index, Nanos left,
                                    IndexPrice highest_strike) {
    const auto volatility = static_cast<double>(market.settings.volatility) / millionths;
    const double reach =
        market.settings.option_range_deviations * volatility * std::sqrt(years_of(left));
    const double highest =
        std::min(static_cast<double>(index.value()) * (1 + reach), 1000.0 * strike_limit.value());
    return terms_up_to(std::max(IndexPrice(static_cast<std::int64_t>(highest)), highest_strike),
                       market.settings.option_terms, market);
}

// ---- Listings ----

class Planner {
  public:
    Planner(const Catalogue& catalogue, const Settings& settings)
        : catalogue_(catalogue), settings_(settings), now_(catalogue.now()) {}

    Plan plan() && {
        for (const Market& market : catalogue_.markets()) {
            if (market.underlying && market.index) {
                plan_market(market, *market.underlying, *market.index);
            }
        }
        return std::move(plan_);
    }

  private:
    void plan_market(const Market& market, UnderlyingId underlying, IndexPrice index) {
        const UnderlyingSettings& settings = market.settings;
        if (settings.has_perpetual) {
            plan_future(underlying, no_expiry,
                        future_terms(market, index, settings.perpetual_range));
        }
        for (const UnixNanos expiry : expiries(now_, settings.futures)) {
            if (has_time_left(expiry)) {
                plan_future(underlying, expiry, future_terms(market, index, settings.future_range));
            }
        }
        for (const UnixNanos expiry : expiries(now_, settings.options)) {
            if (has_time_left(expiry)) {
                plan_options(market, underlying, index, expiry);
            }
        }
    }

    [[nodiscard]] bool has_time_left(UnixNanos expiry) const {
        return expiry - now_ > settings_.quiet;
    }

    void plan_future(UnderlyingId underlying, UnixNanos expiry,
                     const protocol::ListingTerms& terms) {
        if (!catalogue_.has_future(underlying, expiry)) {
            plan_.tasks.push_back({.goal = {.aim = Aim::list_future,
                                            .underlying = underlying,
                                            .expiry = expiry,
                                            .instrument = {}},
                                   .terms = terms});
        }
    }

    void plan_options(const Market& market, UnderlyingId underlying, IndexPrice index,
                      UnixNanos expiry) {
        const Goal goal{
            .aim = Aim::list_options, .underlying = underlying, .expiry = expiry, .instrument = {}};
        const std::vector<IndexPrice> missing = missing_strikes(market.settings, index, goal);
        if (missing.empty()) {
            return;
        }
        const protocol::ListingTerms terms =
            option_terms(market, index, expiry - now_, missing.back());
        const std::span<const IndexPrice> all(missing);
        for (std::size_t at = 0; at < all.size(); at += strikes_per_command) {
            const std::size_t count = std::min(strikes_per_command, all.size() - at);
            const std::span<const IndexPrice> part = all.subspan(at, count);
            plan_.tasks.push_back(
                {.goal = goal, .terms = terms, .strikes = {part.begin(), part.end()}});
        }
    }

    // Rising. Where not all may be added, those next to the index come first.
    std::vector<IndexPrice> missing_strikes(const UnderlyingSettings& settings, IndexPrice index,
                                            const Goal& goal) {
        const std::set<IndexPrice> existing = catalogue_.strikes(goal.underlying, goal.expiry);
        std::vector<IndexPrice> missing = strike_grid(index, goal.expiry - now_,
                                                      {.volatility = settings.volatility,
                                                       .delta = settings.strike_delta,
                                                       .step_min = settings.strike_step_min,
                                                       .strikes_aimed = settings.strikes_aimed});
        std::erase_if(missing, [&](IndexPrice strike) { return existing.contains(strike); });
        const std::size_t room =
            settings.strikes_max - std::min<std::size_t>(settings.strikes_max, existing.size());
        if (missing.size() > room) {
            plan_.crowded.push_back(goal);
            std::ranges::sort(missing, {}, [index](IndexPrice strike) {
                return std::pair(std::abs((strike - index).value()), strike);
            });
            missing.resize(room);
            std::ranges::sort(missing);
        }
        return missing;
    }

    const Catalogue& catalogue_;
    const Settings& settings_;
    UnixNanos now_;
    Plan plan_;
};

// ---- Steps ----

bool is_future(InstrumentKind kind) {
    return kind == InstrumentKind::perpetual || kind == InstrumentKind::future;
}

bool is_expired(const Instrument& instrument, UnixNanos now) {
    return instrument.expiry != no_expiry && instrument.expiry <= now;
}

bool takes_orders(const Instrument& instrument, UnixNanos now) {
    using enum InstrumentState;
    return !is_expired(instrument, now) &&
           (instrument.state == pre_open || instrument.state == open ||
            instrument.state == reduce_only);
}

std::int64_t distance(Ticks left, Ticks right) {
    return std::abs((left - right).value());
}

// The band around the index, where there is to be one, and where the one in force is not near it.
std::optional<Band> band_due(const Instrument& instrument, const Market& market) {
    const Rate width = market.settings.future_band;
    if (width == Rate(0) || !market.index || !is_future(instrument.kind)) {
        return std::nullopt;
    }
    const protocol::ListingTerms& terms = instrument.terms;
    const auto price = [&](Rate part) {
        const int128 ticks =
            int128{market.index->value()} * part.value() / millionths / terms.tick.value();
        return Ticks(std::clamp(narrow(ticks).value_or(terms.price_high.value()),
                                terms.price_low.value(), terms.price_high.value()));
    };
    const Band wanted{.low = price(Rate(millionths) - width),
                      .high = price(Rate(millionths) + width)};
    if (!instrument.band) {
        return wanted;
    }
    const std::int64_t near = distance(wanted.low, wanted.high) / 8;
    const bool is_near = distance(instrument.band->low, wanted.low) <= near &&
                         distance(instrument.band->high, wanted.high) <= near;
    return is_near ? std::nullopt : std::optional(wanted);
}

bool may_open(const Instrument& instrument, UnixNanos now) {
    return instrument.awaits_opening && takes_orders(instrument, now);
}

bool may_archive(const Instrument& instrument, const Catalogue& catalogue,
                 const Settings& settings) {
    const UnixNanos since = std::max(instrument.settled, instrument.expiry);
    return instrument.state == InstrumentState::settled &&
           catalogue.now() - since >= settings.keep_settled;
}

}  // namespace

Plan listings_due(const Catalogue& catalogue, const Settings& settings) {
    return Planner(catalogue, settings).plan();
}

std::vector<Task> steps_due(const Catalogue& catalogue, const Settings& settings,
                            InstrumentId instrument) {
    std::vector<Task> tasks;
    const auto add = [&](Aim aim, const Band& band) {
        tasks.push_back(
            {.goal = {.aim = aim, .underlying = {}, .expiry = {}, .instrument = instrument},
             .band = band});
    };
    const Instrument* found = catalogue.find(instrument);
    if (found == nullptr) {
        return tasks;
    }
    if (takes_orders(*found, catalogue.now())) {
        if (const auto band = band_due(*found, catalogue.markets()[found->market])) {
            add(Aim::set_band, *band);
        }
    }
    if (may_open(*found, catalogue.now())) {
        add(Aim::open, {});
    }
    if (may_archive(*found, catalogue, settings)) {
        add(Aim::archive, {});
    }
    return tasks;
}

bool is_void(const Task& task, const Catalogue& catalogue, const Settings& settings) {
    const Goal& goal = task.goal;
    if (is_listing(goal.aim)) {
        const bool is_late =
            goal.expiry != no_expiry && goal.expiry - catalogue.now() <= settings.quiet;
        if (goal.aim == Aim::list_future) {
            return is_late || catalogue.has_future(goal.underlying, goal.expiry);
        }
        return is_late || std::ranges::all_of(task.strikes, [&](IndexPrice strike) {
                   return catalogue.has_strike(goal.underlying, goal.expiry, strike);
               });
    }
    const Instrument* instrument = catalogue.find(goal.instrument);
    if (instrument == nullptr) {
        return true;
    }
    if (goal.aim == Aim::set_band) {
        return !takes_orders(*instrument, catalogue.now()) || instrument->band == task.band;
    }
    return goal.aim == Aim::open ? !may_open(*instrument, catalogue.now())
                                 : !may_archive(*instrument, catalogue, settings);
}

}  // namespace miletus::listing
