// The operator's lines.
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>

namespace miletus::scenario {

namespace {

constexpr std::uint32_t price_decimals = 6;
constexpr std::uint32_t coin_decimals = 8;

// Where a header has the command's number and its time.
constexpr std::int64_t numbered_from = offsetof(protocol::CommandHeader, sequence);
constexpr std::int64_t numbered_to = offsetof(protocol::CommandHeader, reserved_too);

}  // namespace

std::span<const Scenario::Verb> Scenario::venue_verbs() {
    static constexpr std::array<Verb, 31> verbs = {{
        {"limits", &Scenario::set_limits},
        {"wait", &Scenario::pass_time},
        {"rules", &Scenario::set_rules},
        {"venue", &Scenario::set_venue},
        {"asset", &Scenario::add_asset},
        {"underlying", &Scenario::add_underlying},
        {"perpetual", &Scenario::list_perpetual},
        {"future", &Scenario::list_future},
        {"series", &Scenario::list_series},
        {"state", &Scenario::set_state},
        {"band", &Scenario::set_band},
        {"archive", &Scenario::archive},
        {"account", &Scenario::open_account},
        {"account_state", &Scenario::set_account_state},
        {"stop", &Scenario::stop_account},
        {"insurance", &Scenario::set_insurance},
        {"deposit", &Scenario::deposit},
        {"withdraw", &Scenario::withdraw},
        {"parameter", &Scenario::set_parameter},
        {"index", &Scenario::update_index},
        {"surface", &Scenario::update_surface},
        {"marks", &Scenario::install_marks},
        {"book", &Scenario::show_book},
        {"show_instrument", &Scenario::show_instrument},
        {"show_asset", &Scenario::show_asset},
        {"started", &Scenario::start},
        {"attest", &Scenario::attest},
        {"veto", &Scenario::veto},
        {"pass_over", &Scenario::pass_over},
        {"patch", &Scenario::patch},
        {"send", &Scenario::send_empty},
    }};
    return verbs;
}

// limits orders=4 accounts=2 …: before anything else, since tables have their size from the start.
Scenario::Told Scenario::set_limits(Arguments& line) {
    if (engine_) {
        line.fail("limits come first");
        return {};
    }
    const auto set = [&line](std::string_view key, std::uint32_t& limit) {
        limit = static_cast<std::uint32_t>(line.integer_option(key, limit));
    };
    set("assets", limits_.assets);
    set("underlyings", limits_.underlyings);
    set("instruments", limits_.instruments);
    set("accounts", limits_.accounts);
    set("positions", limits_.positions);
    set("orders", limits_.orders);
    set("labels", limits_.labels);
    set("sessions", limits_.sessions);
    set("level_pages", limits_.level_pages);
    set("directory_entries", limits_.directory_entries);
    set("orders_per_account", limits_.orders_per_account);
    set("orders_per_instrument", limits_.orders_per_instrument);
    set("closed_orders_per_account", limits_.closed_orders_per_account);
    set("answers_per_session", limits_.answers_per_session);
    set("fills_per_command", limits_.fills_per_command);
    set("timers_per_command", limits_.timers_per_command);
    set("sweep_per_command", limits_.sweep_per_command);
    set("settlements_per_command", limits_.settlements_per_command);
    set("sessions_per_account", limits_.sessions_per_account);
    set("waiting_orders", limits_.waiting_orders);
    set("triggers_per_command", limits_.triggers_per_command);
    limits_.position_lots = line.integer_option("position_lots", limits_.position_lots);
    if (limits_.sessions_per_account > limits_.sessions) {
        line.fail("sessions_per_account may not be above sessions");
    }
    static_cast<void>(line.finish());
    return {};
}

// wait 90s, wait until 2026-03-27T08:00: the clock moves, and a Tick lets due timers run; with
// `by 1s` behind it, a Tick for each second.
Scenario::Told Scenario::pass_time(Arguments& line) {
    UnixNanos until = now_;
    if (line.take("until")) {
        until = line.time("time");
    } else {
        until = now_ + read_span(line);
    }
    const Nanos step = line.take("by") ? read_span(line) : until - now_;
    if (until < now_ || (step == Nanos(0) && until != now_)) {
        line.fail("time does not run backwards, nor stand still");
    }
    if (!line.finish()) {
        return {};
    }
    Told told;
    while (until - now_ > step) {
        now_ = now_ + step;
        std::ranges::move(send(accounts::operator_account, protocol::Tick{}),
                          std::back_inserter(told));
        told.pop_back();  // one `done` for all
    }
    now_ = until;
    std::ranges::move(send(accounts::operator_account, protocol::Tick{}), std::back_inserter(told));
    return told;
}

Nanos Scenario::read_span(Arguments& line) {
    const std::optional<Nanos> span = span_of(line.word("a span such as 15m"));
    if (!span) {
        line.fail("no span; write 90s, 15m, 8h or 2d");
    }
    return span.value_or(Nanos(0));
}

Scenario::Told Scenario::set_rules(Arguments& line) {
    const auto rules = static_cast<std::uint32_t>(line.integer("version"));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetRules{.rules = rules});
}

Scenario::Told Scenario::set_venue(Arguments& line) {
    const auto state = line.value<protocol::VenueState>("venue state");
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetVenueState{.state = state});
}

Scenario::Told Scenario::add_asset(Arguments& line) {
    const protocol::Name name(line.word("a name"));
    const auto decimals = static_cast<std::uint32_t>(line.integer("number of decimals"));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::AddAsset{.name = name, .decimals = decimals});
}

Scenario::Told Scenario::add_underlying(Arguments& line) {
    const protocol::Name name(line.word("a name"));
    const AssetId base = line.asset();
    const AssetId quote = line.asset();
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::AddUnderlying{.name = name, .base = base, .quote = quote});
}

// tick=0.5 lot=0.01 low=0 high=100000 max=1000: the tick in the quote asset, the lot in the base
// asset, the range in ticks.
protocol::ListingTerms Scenario::terms(Arguments& line) {
    const auto tick = decimal_of(line.option("tick").value_or("1"), price_decimals);
    const auto lot = decimal_of(line.option("lot").value_or("0.01"), coin_decimals);
    if (!tick || !lot) {
        line.fail("tick has 6 decimals at most, lot 8");
    }
    return {.tick = IndexPrice(tick.value_or(0)),
            .lot = Amount(lot.value_or(0)),
            .price_low = Ticks(line.integer_option("low", 0)),
            .price_high = Ticks(line.integer_option("high", 100'000)),
            .lots_max = Lots(line.integer_option("max", 1000))};
}

Scenario::Told Scenario::list_perpetual(Arguments& line) {
    return list_with_expiry(line, UnixNanos(0));
}

Scenario::Told Scenario::list_future(Arguments& line) {
    const auto expiry = time_of(line.option("expiry").value_or(""));
    if (!expiry) {
        line.fail("a future needs expiry=2026-03-27T08:00");
    }
    return list_with_expiry(line, expiry.value_or(UnixNanos(0)));
}

Scenario::Told Scenario::list_with_expiry(Arguments& line, UnixNanos expiry) {
    const UnderlyingId underlying = line.underlying();
    const protocol::ListingTerms terms = this->terms(line);
    std::vector<protocol::TickStep> steps;
    if (const auto text = line.option("steps")) {  // 500:5,1000:10
        for (const std::string_view step : split(*text, ',')) {
            const std::size_t colon = step.find(':');
            const auto from = integer_of(step.substr(0, colon));
            const auto multiple = integer_of(step.substr(std::min(colon, step.size() - 1) + 1));
            steps.push_back(
                {.from = Ticks(from.value_or(0)), .multiple = Ticks(multiple.value_or(0))});
        }
    }
    line.check_count("tick steps", steps.size(), protocol::ListFuture::group_max);
    if (!line.finish()) {
        return {};
    }
    return send(actor_,
                protocol::ListFuture{.expiry = expiry, .terms = terms, .underlying = underlying},
                steps);
}

Scenario::Told Scenario::list_series(Arguments& line) {
    const UnderlyingId underlying = line.underlying();
    const protocol::ListingTerms terms = this->terms(line);
    const auto expiry = time_of(line.option("expiry").value_or(""));
    if (!expiry) {
        line.fail("a series needs expiry=2026-03-27T08:00");
    }
    std::vector<IndexPrice> strikes;
    const std::string_view text = line.option("strikes").value_or("");
    for (const std::string_view strike : split(text, ',')) {
        if (!strike.empty()) {
            strikes.emplace_back(decimal_of(strike, price_decimals).value_or(0));
        }
    }
    line.check_count("strikes", strikes.size(), protocol::ListOptionSeries::group_max);
    if (!line.finish()) {
        return {};
    }
    return send(
        actor_,
        protocol::ListOptionSeries{
            .expiry = expiry.value_or(UnixNanos(0)), .terms = terms, .underlying = underlying},
        strikes);
}

Scenario::Told Scenario::set_state(Arguments& line) {
    const InstrumentId instrument = line.instrument();
    const auto state = line.value<protocol::InstrumentState>("instrument state");
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetInstrumentState{.instrument = instrument, .state = state});
}

Scenario::Told Scenario::set_band(Arguments& line) {
    const InstrumentId instrument = line.instrument();
    const Ticks low(line.integer("lowest price"));
    const Ticks high(line.integer("highest price"));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetBand{.low = low, .high = high, .instrument = instrument});
}

Scenario::Told Scenario::archive(Arguments& line) {
    const InstrumentId instrument = line.instrument();
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::ArchiveInstrument{.instrument = instrument});
}

Scenario::Told Scenario::show_book(Arguments& line) {
    const InstrumentId instrument = line.instrument();
    const auto depth = static_cast<std::uint32_t>(line.integer_option("depth", 8));
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, protocol::QueryBook{.instrument = instrument, .depth = depth});
}

Scenario::Told Scenario::show_instrument(Arguments& line) {
    const InstrumentId instrument = line.instrument();
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, protocol::QueryInstrument{.instrument = instrument});
}

Scenario::Told Scenario::show_asset(Arguments& line) {
    const AssetId asset = line.asset();
    if (!line.finish()) {
        return {};
    }
    return ask(actor_, protocol::QueryAsset{.asset = asset});
}

// started 2: a process took over, and epoch 2 begins.
Scenario::Told Scenario::start(Arguments& line) {
    const auto epoch = static_cast<std::uint32_t>(line.integer("epoch"));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::Started{.started_epoch = epoch});
}

// attest 12 7: the events of commands 1 to 12 are said to have the digest 7.
Scenario::Told Scenario::attest(Arguments& line) {
    const Sequence upto(static_cast<std::uint64_t>(line.integer("command's number")));
    const auto digest = static_cast<std::uint64_t>(line.integer("digest"));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::Attest{.upto = upto, .digest = {.high = 0, .low = digest}});
}

Scenario::Told Scenario::veto(Arguments& line) {
    const Sequence vetoed(static_cast<std::uint64_t>(line.integer("command's number")));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::Veto{.vetoed = vetoed});
}

// pass_over: what replay does with the next command, which was vetoed.
Scenario::Told Scenario::pass_over(Arguments& line) {
    passes_over_ = line.finish();
    return {};
}

// patch 2=9 cut=1: the next command's bytes are changed so, and its last units dropped. What the
// sequencer writes stands: the engine relies on it.
Scenario::Told Scenario::patch(Arguments& line) {
    cut_ = static_cast<std::size_t>(line.integer_option("cut", 0));
    while (!line.is_done()) {
        const std::string_view word = line.word("AT=BYTE");
        const std::size_t equals = word.find('=');
        const auto at = integer_of(word.substr(0, equals));
        const auto byte =
            integer_of(equals == std::string_view::npos ? "" : word.substr(equals + 1));
        if (!at || !byte || *at < 0 || *byte < 0 || *byte > 255) {
            line.fail("write AT=BYTE, or cut=UNITS");
            return {};
        }
        if (*at >= numbered_from && *at < numbered_to) {
            line.fail("number and time of a command are nobody's to choose");
            return {};
        }
        patches_.emplace_back(static_cast<std::size_t>(*at), static_cast<std::uint8_t>(*byte));
    }
    return {};
}

// send mass_quote alice: a command with nothing in it.
Scenario::Told Scenario::send_empty(Arguments& line) {
    const std::string_view type = line.word("a command");
    const AccountId account = line.is_done() ? actor_ : line.account();
    if (!line.finish()) {
        return {};
    }
#define MESSAGE(number, Type, name, sentence)   \
    if (type == #name) {                        \
        return send(account, protocol::Type{}); \
    }
#include "protocol/commands.def"
    line.fail("no command is called " + std::string(type));
    return {};
}

}  // namespace miletus::scenario
