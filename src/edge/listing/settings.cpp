// What is listed by default, and what cannot be listed.
#include "edge/listing/settings.hpp"

#include "edge/listing/strikes.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string_view>

namespace miletus::listing {

namespace {

using Mistake = std::optional<std::string>;

// A lot times a price is in 1e-12 of the quote asset, whose units are 1e-6 or less.
constexpr std::int64_t unit = 1'000'000;
constexpr std::int64_t tenths = 10;
constexpr std::uint32_t deviations_max = 100;
constexpr Rate range_max{1'000'000'000};  // a thousand times the index
constexpr Rate whole{1'000'000};
constexpr Nanos second{1'000'000'000};
constexpr std::size_t name_room = 16;

bool is_whole(IndexPrice price, std::int64_t lot_millionths, std::int64_t parts) {
    return int128{price.value()} * lot_millionths % (int128{unit} * parts) == 0;
}

bool is_ticker(std::string_view name) {
    const auto is_letter = [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
               letter == '_';
    };
    return !name.empty() && name.size() <= name_room && std::ranges::all_of(name, is_letter);
}

Mistake mistake_in(const ProductTerms& terms, std::string_view product) {
    const std::string whose(product);
    if (terms.tick <= IndexPrice(0) || terms.tick >= strike_limit) {
        return whose + "_tick must be above zero, and below a billion";
    }
    if (terms.lot_millionths <= 0) {
        return whose + "_lot_millionths must be above zero";
    }
    if (!is_whole(terms.tick, terms.lot_millionths, tenths)) {
        return "a tenth of " + whose + "_tick, for one lot, must be whole millionths";
    }
    if (terms.lots_max < Lots(1) ||
        terms.lots_max > Lots(std::numeric_limits<std::uint32_t>::max())) {
        return whose + "_lots_max must be 1 to 4294967295";
    }
    return std::nullopt;
}

Mistake mistake_in(const Counts& counts, std::string_view product) {
    const std::array all{counts.dailies, counts.weeklies, counts.monthlies, counts.quarterlies};
    if (std::ranges::max(all) > count_max) {
        return std::string(product) + ": at most 32 expiries of each kind";
    }
    return std::nullopt;
}

// Larger steps than these are tens of them.
bool has_whole_strikes(const UnderlyingSettings& settings) {
    const IndexPrice least = settings.strike_step_min;
    return std::ranges::all_of(round_steps(), [&](IndexPrice step) {
        return step < least || step.value() / 10 > least.value() ||
               is_whole(step, settings.option_terms.lot_millionths, 1);
    });
}

Mistake mistake_in_strikes(const UnderlyingSettings& settings) {
    if (settings.volatility < volatility_min || settings.volatility > volatility_max) {
        return "volatility must be 10000 to 3000000 millionths";
    }
    if (settings.strike_delta <= Rate(0) || settings.strike_delta >= Rate(whole.value() / 2)) {
        return "strike_delta must be above 0, and below 500000 millionths";
    }
    if (!is_round_step(settings.strike_step_min)) {
        return "strike_step_min must be 1, 2, 2.5 or 5 times a power of ten";
    }
    if (!has_whole_strikes(settings)) {
        return "strikes, for one lot, must be whole millionths: strike_step_min is too small";
    }
    if (settings.strikes_aimed == 0 || settings.strikes_max < settings.strikes_aimed) {
        return "strikes_aimed must be above zero, and at most strikes_max";
    }
    if (settings.strikes_max > 1024) {
        return "strikes_max must be at most 1024";
    }
    return std::nullopt;
}

Mistake mistake_in_ranges(const UnderlyingSettings& settings) {
    for (const Rate range : {settings.perpetual_range, settings.future_range}) {
        if (range <= whole || range > range_max) {
            return "perpetual_range and future_range must be above 1000000 millionths, and at "
                   "most 1000000000";
        }
    }
    if (settings.option_range_deviations > deviations_max) {
        return "option_range_deviations must be at most 100";
    }
    if (settings.future_band < Rate(0) || settings.future_band >= whole) {
        return "future_band must be 0 for none, or below 1000000 millionths";
    }
    return std::nullopt;
}

Mistake mistake_in(const UnderlyingSettings& settings) {
    for (const Mistake& mistake : {
             mistake_in(settings.futures, "futures"),
             mistake_in(settings.options, "options"),
             mistake_in(settings.future_terms, "future"),
             mistake_in(settings.option_terms, "option"),
             mistake_in_ranges(settings),
             mistake_in_strikes(settings),
         }) {
        if (mistake) {
            return settings.name + ": " + *mistake;
        }
    }
    return std::nullopt;
}

}  // namespace

Settings default_settings() {
    UnderlyingSettings btc;
    btc.name = "BTC_USDC";
    btc.future_terms = {
        .tick = IndexPrice(500'000), .lot_millionths = 100, .lots_max = Lots(10'000'000)};
    btc.option_terms = {
        .tick = IndexPrice(5'000'000), .lot_millionths = 10'000, .lots_max = Lots(100'000)};
    btc.strike_step_min = IndexPrice(250'000'000);

    UnderlyingSettings eth;
    eth.name = "ETH_USDC";
    eth.future_terms = {
        .tick = IndexPrice(50'000), .lot_millionths = 1000, .lots_max = Lots(10'000'000)};
    eth.option_terms = {
        .tick = IndexPrice(200'000), .lot_millionths = 100'000, .lots_max = Lots(100'000)};
    eth.volatility = 750'000;
    eth.strike_step_min = IndexPrice(10'000'000);

    Settings settings;
    settings.underlyings = {btc, eth};
    return settings;
}

std::optional<std::string> mistake_in(const Settings& settings) {
    std::set<std::string> names;
    for (const UnderlyingSettings& underlying : settings.underlyings) {
        if (!is_ticker(underlying.name)) {
            return "an underlying's name is 1 to 16 capital letters, digits, or underscores";
        }
        if (!names.insert(underlying.name).second) {
            return underlying.name + " comes twice";
        }
        if (const Mistake mistake = mistake_in(underlying)) {
            return mistake;
        }
    }
    if (settings.refresh < second) {
        return "refresh must be a second or more";
    }
    if (settings.quiet < Nanos(0) || settings.keep_settled < Nanos(0)) {
        return "quiet and keep_settled must not be below zero";
    }
    if (settings.retry_after < second) {
        return "retry_after must be a second or more";
    }
    if (settings.session == SessionId(0)) {
        return "session must not be zero";
    }
    return std::nullopt;
}

}  // namespace miletus::listing
