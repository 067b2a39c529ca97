// Quotes are fitted as prices in whole coins of the quote asset; what comes out is remembered, and
// every surface is made of what is remembered.
#include "edge/marks/smile_maker.hpp"

#include <algorithm>
#include <cmath>

namespace miletus::marks {

using pricing::Function;
using pricing::Svi;
using protocol::InstrumentKind;

namespace {

constexpr double millionths = 1e6;
// A forward farther from the index than this, by a factor, is a mistake of quotes.
constexpr double growth_max = 1.5;
// With less, a fixed smile is flat as far as anybody can see.
constexpr double least_phi = 0.1;

struct Sides {
    double bid;
    double ask;
};

std::optional<Sides> sides_of(const Instrument& instrument) {
    const std::optional<Ticks> bid = instrument.best_bid();
    const std::optional<Ticks> ask = instrument.best_ask();
    if (!instrument.is_trading() || !bid || !ask) {
        return std::nullopt;
    }
    const double tick = static_cast<double>(instrument.tick.value()) / millionths;
    return Sides{.bid = static_cast<double>(bid->value()) * tick,
                 .ask = static_cast<double>(ask->value()) * tick};
}

bool is_near(double growth) {
    return 1 / growth_max <= growth && growth <= growth_max;
}

// As much total variance a year as there was.
Svi stretched(Svi svi, double share) {
    svi.a *= share;
    svi.b *= share;
    return svi;
}

Svi slice_of(const FixedSurface& surface, double years) {
    const double vol = static_cast<double>(surface.vol) / millionths;
    const double eta = static_cast<double>(surface.eta) / millionths;
    const double theta = vol * vol * years;
    if (eta < least_phi * std::sqrt(theta * (1 + theta))) {
        return {.a = theta, .b = 0, .rho = 0, .m = 0, .sigma = 1};
    }
    const double rho = static_cast<double>(surface.rho) / millionths;
    return pricing::slice_of({.rho = rho, .eta = eta, .gamma = 0.5, .theta = {}}, theta);
}

double growth_of(const FixedSurface& surface, double years) {
    return pricing::value_of(Function::exp,
                             static_cast<double>(surface.carry) / millionths * years);
}

}  // namespace

Books books_of(const Markets& markets, UnderlyingId underlying, UnixNanos now) {
    Books books;
    const auto visit = [&](auto&& with) {
        for (const auto& [number, instrument] : markets.instruments()) {
            if (instrument.underlying == underlying && instrument.is_alive() &&
                instrument.expiry > now) {
                with(instrument);
            }
        }
    };
    visit([&](const Instrument& option) {
        if (option.is_option()) {
            books.expiries[option.expiry].years = pricing::years_between(now, option.expiry);
        }
    });
    visit([&](const Instrument& future) {
        const auto expiry = books.expiries.find(future.expiry);
        const std::optional<Sides> sides = sides_of(future);
        if (!future.is_option() && expiry != books.expiries.end() && sides) {
            expiry->second.listed = (sides->bid + sides->ask) / 2;
        }
    });
    visit([&](const Instrument& option) {
        const std::optional<Sides> sides = sides_of(option);
        if (option.is_option() && sides) {
            const BooksOfExpiry& own = books.expiries[option.expiry];
            const bool is_call = option.kind == InstrumentKind::call;
            books.quotes.push_back(
                {.time = own.years,
                 .strike = static_cast<double>(option.strike.value()) / millionths,
                 .kind = is_call ? pricing::call : pricing::put,
                 .bid = sides->bid,
                 .ask = sides->ask,
                 .forward = own.listed});
        }
    });
    return books;
}

SmileMaker::SmileMaker(const std::optional<FixedSurface>& fixed, Nanos memory)
    : fixed_(fixed), memory_(memory) {
    ASSERT(!fixed || is_sound(*fixed));
}

MadeSurface SmileMaker::make(const Markets& markets, UnderlyingId underlying, UnixNanos now) {
    const IndexPrice index = markets.underlyings().at(underlying).index;
    ASSERT(index > IndexPrice(0));
    remembered_.erase(remembered_.begin(), remembered_.upper_bound(now));
    const Books books = books_of(markets, underlying, now);
    remember_quotes(books, static_cast<double>(index.value()) / millionths, now);
    MadeSurface made;
    std::vector<FittedSmile> fitted;
    for (const auto& [expiry, own] : books.expiries) {
        if (const auto smile = smile_at(expiry, own, index, now, made)) {
            fitted.push_back(*smile);
        }
    }
    MendedSurface surface = mended(fitted, now);
    made.smiles = std::move(surface.smiles);
    made.mended = surface.mended;
    made.dropped = surface.dropped;
    return made;
}

// Each expiry whose quotes make a smile.
void SmileMaker::remember_quotes(const Books& books, double index, UnixNanos now) {
    const auto fit = pricing::fit_surface({.quotes = books.quotes,
                                           .settlement = pricing::Settlement::cash,
                                           .spot = index,
                                           .discount = 1});
    if (!fit) {
        return;
    }
    for (const pricing::ExpiryReport& report : fit->expiries) {
        const auto expiry = std::ranges::find(books.expiries, report.time,
                                              [](const auto& own) { return own.second.years; });
        const bool is_smile = report.svi.status == pricing::CurveStatus::ok ||
                              report.svi.status == pricing::CurveStatus::drawn_to_no_arbitrage;
        const double growth = report.forward.forward / index;
        if (report.is_fitted && is_smile && is_near(growth) && expiry != books.expiries.end()) {
            remembered_[expiry->first] = {
                .svi = report.svi.slice, .years = report.time, .growth = growth, .when = now};
        }
    }
}

std::optional<FittedSmile> SmileMaker::smile_at(UnixNanos expiry, const BooksOfExpiry& books,
                                                IndexPrice index, UnixNanos now,
                                                MadeSurface& made) const {
    const auto spot = static_cast<double>(index.value());
    const double listed = books.listed * millionths / spot;
    const auto smile_with = [&](const Svi& svi, double growth) {
        return FittedSmile{
            .expiry = expiry, .forward = IndexPrice(std::llround(spot * growth)), .svi = svi};
    };
    const auto found = remembered_.find(expiry);
    if (found != remembered_.end() && (!fixed_ || now - found->second.when <= memory_)) {
        const Remembered& smile = found->second;
        if (smile.when == now) {
            ++made.from_quotes;
            return smile_with(smile.svi, smile.growth);
        }
        ++made.remembered;
        return smile_with(stretched(smile.svi, books.years / smile.years),
                          is_near(listed) ? listed : smile.growth);
    }
    if (fixed_) {
        ++made.fixed;
        return smile_with(slice_of(*fixed_, books.years),
                          is_near(listed) ? listed : growth_of(*fixed_, books.years));
    }
    return std::nullopt;
}

}  // namespace miletus::marks
