// Keys are named as the settings are, so that a mistake which lies in several of them names them.
#include "serve/config_desk.hpp"

#include <algorithm>
#include <limits>

namespace miletus::serve {

namespace {

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t seconds_max = std::int64_t{366} * 86'400;
constexpr std::int64_t ppm = 1'000'000;
constexpr std::size_t name_room = 16;

// Units of ours are read as the numbers that they are.
template <class Number>
void read_number(Section& section, std::string_view key, Number& value, Range range) {
    auto number = value.value();
    section.read(key, number, range);
    value = Number(number);
}

void read_span(Section& section, std::string_view key, Nanos& span, std::int64_t unit,
               Range range) {
    std::int64_t count = span.value() / unit;
    section.read(key, count, range);
    span = Nanos(count * unit);
}

void read_session(Section& section, SessionId& session) {
    read_number(section, "session", session, {.low = 1, .high = no_limit});
}

void read_name(Section& section, const toml::node& node, std::string& name) {
    section.read("name", name);
    if (name.empty() || name.size() > name_room) {
        section.fail(node, "name", "must be that of an underlying, such as \"BTC_USDC\"");
    }
}

// ---- Listing ----

void read_counts(Section& section, std::string_view key, listing::Counts& counts) {
    section.with_table(key, [&counts](Section& kinds) {
        constexpr Range some{.low = 0, .high = listing::count_max};
        kinds.read("dailies", counts.dailies, some);
        kinds.read("weeklies", counts.weeklies, some);
        kinds.read("monthlies", counts.monthlies, some);
        kinds.read("quarterlies", counts.quarterlies, some);
    });
}

void read_terms(Section& section, const std::string& product, listing::ProductTerms& terms) {
    read_number(section, product + "_tick", terms.tick, {.low = 1, .high = no_limit});
    section.read(product + "_lot_millionths", terms.lot_millionths, {.low = 1, .high = no_limit});
    read_number(section, product + "_lots_max", terms.lots_max,
                {.low = 1, .high = std::numeric_limits<std::uint32_t>::max()});
}

void read_strikes(Section& section, listing::UnderlyingSettings& settings) {
    section.read("volatility", settings.volatility,
                 {.low = listing::volatility_min, .high = listing::volatility_max});
    read_number(section, "strike_delta", settings.strike_delta, {.low = 1, .high = ppm / 2 - 1});
    read_number(section, "strike_step_min", settings.strike_step_min, {.low = 1, .high = no_limit});
    section.read("strikes_aimed", settings.strikes_aimed, {.low = 1, .high = 1024});
    section.read("strikes_max", settings.strikes_max, {.low = 1, .high = 1024});
}

// Those that are listed by default keep what is not said otherwise.
listing::UnderlyingSettings settings_for(const std::string& name) {
    const std::vector<listing::UnderlyingSettings> usual = listing::default_settings().underlyings;
    const auto known = std::ranges::find(usual, name, &listing::UnderlyingSettings::name);
    if (known != usual.end()) {
        return *known;
    }
    listing::UnderlyingSettings settings;
    settings.name = name;
    return settings;
}

listing::UnderlyingSettings read_underlying(Section& section, const toml::node& node) {
    std::string name;
    read_name(section, node, name);
    listing::UnderlyingSettings settings = settings_for(name);
    section.read("has_perpetual", settings.has_perpetual);
    read_counts(section, "futures", settings.futures);
    read_counts(section, "options", settings.options);
    read_terms(section, "future", settings.future_terms);
    read_terms(section, "option", settings.option_terms);
    constexpr Range multiple{.low = ppm + 1, .high = 1000 * ppm};
    read_number(section, "perpetual_range", settings.perpetual_range, multiple);
    read_number(section, "future_range", settings.future_range, multiple);
    section.read("option_range_deviations", settings.option_range_deviations,
                 {.low = 0, .high = 100});
    read_number(section, "future_band", settings.future_band, {.low = 0, .high = ppm - 1});
    read_strikes(section, settings);
    if (const auto mistake = mistake_in(listing::Settings{.underlyings = {settings}})) {
        section.fail_where_named(*mistake);
    }
    return settings;
}

listing::Settings read_listing(Section& section) {
    listing::Settings settings = listing::default_settings();
    read_span(section, "refresh_seconds", settings.refresh, second,
              {.low = 1, .high = seconds_max});
    read_span(section, "quiet_seconds", settings.quiet, second, {.low = 0, .high = seconds_max});
    read_span(section, "keep_settled_seconds", settings.keep_settled, second,
              {.low = 0, .high = seconds_max});
    read_span(section, "retry_after_seconds", settings.retry_after, second,
              {.low = 1, .high = seconds_max});
    read_session(section, settings.session);
    std::vector<listing::UnderlyingSettings> underlyings;
    if (section.with_tables("underlying", [&](Section& table, const toml::node& node) {
            underlyings.push_back(read_underlying(table, node));
        })) {
        settings.underlyings = std::move(underlyings);
    }
    if (const auto mistake = mistake_in(settings)) {
        section.fail_where_named(*mistake);
    }
    return settings;
}

// ---- Marks ----

marks::UnderlyingSettings read_marked(Section& section, const toml::node& node) {
    std::string name;
    read_name(section, node, name);
    marks::UnderlyingSettings settings;
    settings.name = name.size() > name_room ? protocol::Name() : protocol::Name(name);
    section.with_table("fixed", [&settings](Section& table) {
        marks::FixedSurface fixed;
        table.read("vol", fixed.vol, {.low = 1, .high = 10 * ppm});
        table.read("rho", fixed.rho, {.low = 1 - ppm, .high = ppm - 1});
        table.read("eta", fixed.eta, {.low = 0, .high = 2 * ppm});
        table.read("carry", fixed.carry, {.low = -ppm, .high = ppm});
        if (fixed.vol == 0) {
            table.fail_all("vol", "is missing: a volatility in millionths, such as 600000");
        }
        settings.fixed = fixed;
    });
    return settings;
}

// What is listed is marked; where the books say nothing, by the volatility that it is listed by.
std::vector<marks::UnderlyingSettings> marked_by_default(const desk::Settings& settings) {
    std::vector<marks::UnderlyingSettings> underlyings;
    if (settings.listing) {
        for (const listing::UnderlyingSettings& listed : settings.listing->underlyings) {
            underlyings.push_back({.name = protocol::Name(listed.name),
                                   .fixed = marks::FixedSurface{.vol = listed.volatility}});
        }
    }
    return underlyings;
}

marks::Settings read_marks(Section& section) {
    marks::Settings settings;
    read_span(section, "interval_ms", settings.interval, millisecond,
              {.low = 100, .high = seconds_max * 1000});
    read_span(section, "memory_seconds", settings.memory, second, {.low = 0, .high = seconds_max});
    read_session(section, settings.session);
    section.with_tables("underlying", [&settings](Section& table, const toml::node& node) {
        settings.underlyings.push_back(read_marked(table, node));
    });
    if (const auto mistake = mistake_in(settings)) {
        section.fail_where_named(*mistake);
    }
    return settings;
}

}  // namespace

void read_desk(Section& root, desk::Settings& settings) {
    root.with_table("listing",
                    [&settings](Section& section) { settings.listing = read_listing(section); });
    if (!root.is_good()) {
        return;
    }
    root.with_table("marks", [&settings](Section& section) {
        marks::Settings read = read_marks(section);
        if (read.underlyings.empty()) {
            read.underlyings = marked_by_default(settings);
        }
        if (read.underlyings.empty()) {
            section.fail_all("underlying", "is missing: nothing is listed, so say what is marked");
        }
        if (settings.listing && settings.listing->session == read.session) {
            section.fail_all("session", "must be another one than that of listing");
        }
        settings.marks = std::move(read);
    });
}

}  // namespace miletus::serve
