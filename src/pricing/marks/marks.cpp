// The one place where what an option is worth becomes a whole number. Options go through the
// kernels so many at a time; what they share, smiles and scenarios, is made ready once.
#include "pricing/marks/marks.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/marks/nearest.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/forwards.hpp"
#include "pricing/surface/scalars.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>

namespace miletus::pricing {

namespace {

static_assert(std::endian::native == std::endian::little);
static_assert(std::has_unique_object_representations_v<Mark> && sizeof(Mark) == 40);

constexpr std::size_t options_at_once = 128;
constexpr std::int64_t grids_a_tick = 10;
constexpr double vol_max = 100;
constexpr double ppm = 1e6;
// What risk arrays admit a lot to be worth in its best scenario, less what rounding may add; and
// what it may be worth before it is made smaller for them.
constexpr double stretched_worth_max = 0x1p47;
constexpr double lot_worth_limit = 0x1p60;

VolShocks shocks_of(const ScenarioTerms& terms) {
    return {.range_up = static_cast<double>(terms.range_up) / ppm,
            .range_down = static_cast<double>(terms.range_down) / ppm,
            .power_near = static_cast<double>(terms.power_near) / ppm,
            .power_far = static_cast<double>(terms.power_far) / ppm,
            .vol_min_up = static_cast<double>(terms.vol_min_up) / ppm};
}

struct TimedSmile {
    double time = 0;
    Svi svi{};
};

// The smiles around an option's expiry, one twice where it stands for itself.
struct Neighbours {
    std::size_t lower = 0;
    std::size_t upper = 0;
    double share = 0;   // of the upper one's total variance
    double spread = 1;  // of total variance, beyond the first and the last
};

// A surface as numbers.
class Surroundings {
  public:
    explicit Surroundings(const MarkSurface& surface) : surface_(surface) {
        forwards_[0] = {};
        for (std::size_t at = 0; at < surface.smiles.size(); ++at) {
            const Smile& smile = surface.smiles[at];
            const double growth = static_cast<double>(smile.forward.value()) / index();
            smiles_[at] = {.time = years_between(surface.now, smile.expiry), .svi = svi_of(smile)};
            forwards_[at + 1] = {.time = smiles_[at].time,
                                 .log_forward = value_of(Function::log, growth)};
        }
    }

    [[nodiscard]] double index() const { return static_cast<double>(surface_.index.value()); }

    [[nodiscard]] double years_to(UnixNanos expiry) const {
        return years_between(surface_.now, expiry);
    }

    [[nodiscard]] std::int64_t forward_at(UnixNanos expiry) const {
        const auto smile = std::ranges::lower_bound(surface_.smiles, expiry, {}, &Smile::expiry);
        if (smile != surface_.smiles.end() && smile->expiry == expiry) {
            return smile->forward.value();
        }
        const double time = years_to(expiry);
        if (time <= 0) {
            return surface_.index.value();
        }
        const auto points = std::span(forwards_).first(surface_.smiles.size() + 1);
        const double growth = value_of(Function::exp, log_forward_at(points, time));
        return std::clamp(nearest(index() * growth), std::int64_t{1}, smile_price_max);
    }

    [[nodiscard]] double vol_at(UnixNanos expiry, double log_moneyness) const {
        const double time = years_to(expiry);
        if (time <= 0) {
            return 0;
        }
        const Neighbours around = neighbours_of(expiry, time);
        const double before = variance(around.lower, log_moneyness);
        const double after = variance(around.upper, log_moneyness);
        const double now = before + around.share * (after - before);
        return smaller_of(root(larger_of(now * around.spread, 0.0) / time), vol_max);
    }

  private:
    [[nodiscard]] Neighbours neighbours_of(UnixNanos expiry, double time) const {
        const auto smile = std::ranges::lower_bound(surface_.smiles, expiry, {}, &Smile::expiry);
        const auto upper = static_cast<std::size_t>(smile - surface_.smiles.begin());
        if (upper == surface_.smiles.size()) {
            return {
                .lower = upper - 1, .upper = upper - 1, .spread = time / smiles_[upper - 1].time};
        }
        if (upper == 0) {
            return {.spread = time / smiles_[0].time};
        }
        const double first = smiles_[upper - 1].time;
        return {.lower = upper - 1,
                .upper = upper,
                .share = (time - first) / (smiles_[upper].time - first)};
    }

    [[nodiscard]] double variance(std::size_t smile, double log_moneyness) const {
        const Svi& svi = smiles_[smile].svi;
        const double x = log_moneyness - svi.m;
        return svi.a + svi.b * (svi.rho * x + root(x * x + svi.sigma * svi.sigma));
    }

    const MarkSurface& surface_;
    std::array<TimedSmile, smiles_max> smiles_;
    std::array<ForwardPoint, smiles_max + 1> forwards_;  // by the index, which comes first
};

// What goes through the kernels together.
struct Batch {
    std::array<double, options_at_once> forward;
    std::array<double, options_at_once> strike;
    std::array<double, options_at_once> ratio;
    std::array<double, options_at_once> log_moneyness;
    std::array<double, options_at_once> time;
    std::array<double, options_at_once> vol;
    std::array<double, options_at_once> units;  // that a lot gains by 1e-6 of price
    std::array<double, options_at_once> scaled_units;
    std::array<double, options_at_once> price;
    std::array<double, options_at_once> delta;
    std::array<double, options_at_once> gamma;
    std::array<std::int8_t, options_at_once> kind;
    std::array<std::int8_t, options_at_once> outer_kind;  // of the one out of the money
    std::array<std::uint8_t, options_at_once> status;
    std::array<std::uint8_t, options_at_once> scale;  // a power of two
};

bool is_in_range(const MarkOption& option) {
    return 0 < option.strike.value() && option.strike.value() <= smile_price_max &&
           0 < option.tick.value() && option.tick.value() <= smile_price_max &&
           0 < option.tick_value.value() && option.tick_value.value() % grids_a_tick == 0 &&
           (option.kind == call || option.kind == put);
}

bool is_in_range(const MarkSurface& surface) {
    const auto is_price = [](IndexPrice price) {
        return 0 < price.value() && price.value() <= smile_price_max;
    };
    const bool rises = std::ranges::adjacent_find(surface.smiles, std::ranges::greater_equal{},
                                                  &Smile::expiry) == surface.smiles.end();
    return !surface.smiles.empty() && surface.smiles.size() <= smiles_max && rises &&
           surface.smiles.front().expiry > surface.now && is_price(surface.index) &&
           std::ranges::all_of(surface.smiles, is_price, &Smile::forward);
}

struct LotWorth {
    std::int64_t units;  // rounded down
    bool is_whole;
};

// Of a price in 1e-6. Wide divisions are slow, and hardly ever needed.
LotWorth lot_worth(const MarkOption& option, std::int64_t price) {
    const std::int64_t tick = option.tick.value();
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(price, option.tick_value.value(), &product)) {
        return {.units = product / tick, .is_whole = product % tick == 0};
    }
    const int128 wide = int128{price} * option.tick_value.value();
    return {.units = static_cast<std::int64_t>(wide / tick), .is_whole = wide % tick == 0};
}

bool has_whole_strike(const MarkOption& option) {
    return lot_worth(option, option.strike.value()).is_whole;
}

class Marking {
  public:
    explicit Marking(const MarkSurface& surface)
        : around_(surface),
          scenarios_(usual_scenarios(
              {.price_range = static_cast<double>(surface.scenarios.price_range) / ppm,
               .extended_factor = static_cast<double>(surface.scenarios.extended_factor) / ppm})),
          shocks_(shocks_of(surface.scenarios)) {
        for (const Scenario& scenario : scenarios_) {
            const double growth = larger_of(1 + scenario.price_move, 1.0);
            stretch_ = larger_of(stretch_, growth * larger_of(scenario.weight, 1.0));
        }
    }

    MarkFault mark(std::span<const MarkOption> options, const Marks& out) {
        for (std::size_t at = 0; at < options.size(); ++at) {
            if (!is_in_range(options[at])) {
                return MarkFault::option_out_of_range;
            }
            load(options[at], at);
        }
        (void)evaluate(Function::log, first(batch_.ratio, options.size()), {},
                       first(batch_.log_moneyness, options.size()));
        for (std::size_t at = 0; at < options.size(); ++at) {
            batch_.vol[at] = around_.vol_at(options[at].expiry, batch_.log_moneyness[at]);
        }
        if (const MarkFault fault = scale(options.size()); fault != MarkFault::none) {
            return fault;
        }
        if (const MarkFault fault = run_kernels(options.size(), out); fault != MarkFault::none) {
            return fault;
        }
        if (!std::ranges::all_of(options, has_whole_strike)) {
            return MarkFault::option_out_of_range;
        }
        for (std::size_t at = 0; at < options.size(); ++at) {
            out.marks[at] = rounded(options[at], at);
            const std::int64_t grid = options[at].tick_value.value() / grids_a_tick;
            const std::int64_t most = out.marks[at].value.value() / grid * grid;
            finish(out.entries.subspan(at * usual_scenarios_count, usual_scenarios_count),
                   LotValue(most), batch_.scale[at]);
        }
        return MarkFault::none;
    }

  private:
    template <class T>
    static std::span<T> first(std::array<T, options_at_once>& column, std::size_t count) {
        return std::span(column).first(count);
    }

    void load(const MarkOption& option, std::size_t at) {
        batch_.forward[at] = static_cast<double>(around_.forward_at(option.expiry));
        batch_.strike[at] = static_cast<double>(option.strike.value());
        batch_.ratio[at] = batch_.strike[at] / batch_.forward[at];
        batch_.time[at] = around_.years_to(option.expiry);
        batch_.units[at] = static_cast<double>(option.tick_value.value()) /
                           static_cast<double>(option.tick.value());
        batch_.kind[at] = option.kind;
        batch_.outer_kind[at] = batch_.forward[at] <= batch_.strike[at] ? call : put;
    }

    // Halves what a lot is worth until risk arrays take it.
    MarkFault scale(std::size_t count) {
        for (std::size_t at = 0; at < count; ++at) {
            double worth =
                larger_of(batch_.forward[at], batch_.strike[at]) * batch_.units[at] * stretch_;
            if (!(worth <= lot_worth_limit)) {
                return MarkFault::option_out_of_range;
            }
            batch_.scaled_units[at] = batch_.units[at];
            batch_.scale[at] = 0;
            while (worth > stretched_worth_max) {
                worth *= 0.5;
                batch_.scaled_units[at] *= 0.5;
                ++batch_.scale[at];
            }
        }
        return MarkFault::none;
    }

    MarkFault run_kernels(std::size_t count, const Marks& out) {
        static constexpr double one = 1.0;
        const std::span<const double> undiscounted(&one, 1);
        const bool is_priced = price({.forward = first(batch_.forward, count),
                                      .strike = first(batch_.strike, count),
                                      .time = first(batch_.time, count),
                                      .vol = first(batch_.vol, count),
                                      .discount = undiscounted,
                                      .kind = first(batch_.outer_kind, count)},
                                     {.price = first(batch_.price, count),
                                      .delta = first(batch_.delta, count),
                                      .gamma = first(batch_.gamma, count)});
        ASSERT(is_priced);
        const RiskFault fault =
            risk_arrays(OptionLots{.forward = first(batch_.forward, count),
                                   .strike = first(batch_.strike, count),
                                   .time = first(batch_.time, count),
                                   .vol = first(batch_.vol, count),
                                   .discount = undiscounted,
                                   .units = first(batch_.scaled_units, count),
                                   .kind = first(batch_.kind, count)},
                        scenarios_, shocks_, {out.entries, first(batch_.status, count)});
        if (fault != RiskFault::none) {
            return MarkFault::scenarios_out_of_range;
        }
        const bool are_taken =
            std::ranges::all_of(first(batch_.status, count), [](std::uint8_t status) {
                return status <= static_cast<std::uint8_t>(Status::no_time_value);
            });
        return are_taken ? MarkFault::none : MarkFault::option_out_of_range;
    }

    [[nodiscard]] Mark rounded(const MarkOption& option, std::size_t at) const {
        const auto price = static_cast<std::int64_t>(batch_.forward[at]);
        const std::int64_t forward = lot_worth(option, price).units;
        const std::int64_t strike = lot_worth(option, option.strike.value()).units;
        const bool is_call = option.kind == call;
        const bool is_outer = option.kind == batch_.outer_kind[at];
        // Neither below nothing, nor above the forward or the strike, whichever is less.
        const auto priced = static_cast<std::int64_t>(batch_.price[at] * batch_.units[at]);
        const std::int64_t outer = std::min(priced, std::min(forward, strike));
        const std::int64_t exercise =
            std::max(is_call ? forward - strike : strike - forward, std::int64_t{0});
        const std::int64_t share =
            std::clamp(nearest(batch_.delta[at] * static_cast<double>(delta_parts)), -delta_parts,
                       delta_parts);
        const std::int64_t other = is_call ? delta_parts : -delta_parts;
        const double gamma = batch_.gamma[at] * around_.index() * static_cast<double>(delta_parts);
        return {.value = LotValue(outer + exercise),
                .forward = IndexPrice(price),
                .delta = is_outer ? share : share + other,
                .gamma = std::min(nearest(gamma), gamma_max),
                .vol = nearest(batch_.vol[at] * static_cast<double>(vol_parts))};
    }

    static void finish(std::span<std::int64_t> row, LotValue most, std::uint8_t scale) {
        const std::int64_t power = std::int64_t{1} << scale;
        for (std::int64_t& entry : row) {
            entry = std::max(entry * power, -most.value());
        }
    }

    Surroundings around_;
    std::array<Scenario, usual_scenarios_count> scenarios_;
    VolShocks shocks_;
    double stretch_ = 1;
    Batch batch_;
};

}  // namespace

MarkFault find_marks(const MarkSurface& surface, std::span<const MarkOption> options,
                     const Marks& out) {
    if (out.marks.size() != options.size() ||
        out.entries.size() != options.size() * usual_scenarios_count) {
        return MarkFault::lengths_differ;
    }
    if (!is_in_range(surface)) {
        return MarkFault::surface_out_of_range;
    }
    const UsualRounding rounding;
    Marking marking(surface);
    for (std::size_t from = 0; from < options.size(); from += options_at_once) {
        const std::size_t count = std::min(options_at_once, options.size() - from);
        const Marks part{.marks = out.marks.subspan(from, count),
                         .entries = out.entries.subspan(from * usual_scenarios_count,
                                                        count * usual_scenarios_count)};
        const MarkFault fault = marking.mark(options.subspan(from, count), part);
        if (fault != MarkFault::none) {
            return fault;
        }
    }
    return MarkFault::none;
}

Hash128 digest_of(const Marks& marks) {
    const std::uint64_t count = marks.marks.size();
    Xxh3 hash;
    hash.update(std::as_bytes(std::span(&count, 1)));
    hash.update(std::as_bytes(marks.marks));
    hash.update(std::as_bytes(marks.entries));
    return hash.digest();
}

std::string_view sentence(MarkFault fault) {
    switch (fault) {
        case MarkFault::none:
            return "no fault";
        case MarkFault::lengths_differ:
            return "the lengths of columns differ";
        case MarkFault::surface_out_of_range:
            return "the surface has no index, or smiles that do not rise from now on";
        case MarkFault::option_out_of_range:
            return "an option has terms that no listing has";
        case MarkFault::scenarios_out_of_range:
            return "a scenario or a volatility shock is out of its domain";
    }
    return "?";
}

}  // namespace miletus::pricing
