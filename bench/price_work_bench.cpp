// What an engine does when prices change, and at the end of a session: some at once, and some with
// the commands that follow.
#include "bench/engine_market.hpp"
#include "bench/risk_bench.hpp"
#include "bench/traders.hpp"
#include "prepared/prepared.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

namespace miletus::bench {

using protocol::EventType;

namespace {

constexpr double index_tick_us_max = 20;
constexpr double install_us_max = 50;
constexpr double worker_us_max = 1000;
constexpr double settlement_ms_max = 20;
constexpr double piece_us_max = 1000;
constexpr Amount margin{50'000'000'000};
constexpr std::array expiry_days = {1, 2, 3, 7, 14, 30, 60, 90, 180, 365};
constexpr int strikes = 50;
constexpr std::uint32_t option_count = 2 * expiry_days.size() * strikes;
static_assert(option_count == 1000);

IndexPrice moved_index(std::uint32_t turn) {
    const std::int64_t parts = 1 + turn % 3;
    return IndexPrice(venue_index.value() + parts * venue_index.value() / 1000);
}

double us_to_apply(Venue& venue, std::span<const Unit> command) {
    return time_ns([&] { venue.engine().apply(command); }) / 1e3;
}

// Until all accounts were looked at: a piece with each command.
double us_to_look(Venue& venue, std::uint32_t accounts) {
    const std::uint32_t pieces = accounts / engine_limits().sweep_per_command + 2;
    double us = 0;
    for (std::uint32_t piece = 0; piece < pieces; ++piece) {
        us += us_to_apply(venue, venue.tick());
    }
    return us;
}

void print_deferred(const char* what, double us, std::uint32_t accounts) {
    std::printf(
        "%-36s %10.1f us   and then, over some commands, %u accounts are looked at: "
        "%.0f ns each\n",
        what, us, accounts, us * 1e3 / accounts);
}

// ---- An index tick ----

void bench_index_tick(const Options& options, Report& report) {
    constexpr std::uint32_t marks = 200;
    EngineMarket market(Surroundings::full);
    Venue& venue = market.venue();
    double tick_us = std::numeric_limits<double>::infinity();
    double look_us = tick_us;
    for (std::uint32_t turn = 0; turn < 40 * options.rounds; ++turn) {
        const double us = us_to_apply(venue, venue.index_update(moved_index(turn)));
        tick_us = std::min(tick_us, us);
        if (venue.count(EventType::mark_changed) != marks) {
            report.fail("an index tick does not move all marks");
            return;
        }
        look_us = std::min(look_us, us_to_look(venue, account_end));
    }
    report_at_most({.name = "risk/index_tick",
                    .value = tick_us,
                    .unit = "us",
                    .baseline = index_tick_us_max,
                    .baseline_name = "target"},
                   report);
    print_deferred("risk/index_tick/deferred", look_us, account_end - 1);
    report.add({.name = "risk/index_tick/deferred",
                .value = look_us,
                .unit = "us",
                .baseline = tick_us,
                .baseline_name = "the tick itself"});
}

// ---- A surface and its marks ----

Limits limits_of_marks() {
    Limits limits = engine_limits();
    limits.instruments = option_count + 2;
    limits.event_units = 1U << 15U;
    return limits;
}

// What surfaces are computed from.
struct Chain {
    Chain(const Series& series, IndexPrice forward) {
        std::ranges::transform(make_slices(series, forward), std::back_inserter(smiles),
                               prepared::smile_from);
        for (const UnixNanos expiry : series.expiries) {
            for (const IndexPrice strike : series.strikes) {
                for (const std::int8_t kind : {pricing::call, pricing::put}) {
                    options.push_back({.expiry = expiry,
                                       .strike = strike,
                                       .tick = venue_tick,
                                       .tick_value = LotValue(50),
                                       .kind = kind});
                    listed.push_back(
                        {.expiry = expiry,
                         .strike = strike,
                         .tick = venue_tick,
                         .tick_value = LotValue(50),
                         .instrument = InstrumentId(2 + static_cast<std::uint32_t>(listed.size())),
                         .kind = kind});
                }
            }
        }
    }

    std::vector<pricing::Smile> smiles;
    std::vector<pricing::MarkOption> options;
    std::vector<prepared::ListedOption> listed;
};

// Marks of the surface that the engine was given last, as a worker hands them over.
void stage_marks(Venue& venue, const Series& series, IndexPrice forward,
                 std::unique_ptr<prepared::PreparedMarks>& marks, Report& report) {
    const Chain chain(series, forward);
    const prepared::PreparedMarks* const given = marks.get();
    const pricing::MarkFault fault = marks->prepare({.underlying = venue_underlying,
                                                     .now = venue.engine().events().time(),
                                                     .index = venue_index,
                                                     .smiles = chain.smiles,
                                                     .options = chain.listed});
    marks = venue.engine().stage(std::move(marks));
    if (fault != pricing::MarkFault::none || marks.get() == given) {
        report.fail("prepared marks are of another surface");
    }
    if (marks == nullptr) {
        marks = std::make_unique<prepared::PreparedMarks>(option_count);
    }
}

// With marks that were prepared, and where the engine has to compute them itself.
void bench_install(const Options& options, Report& report) {
    const Series series = make_series(expiry_days, strikes);
    Venue venue(limits_of_marks());
    venue.list_future(UnixNanos(0));
    venue.list_future(series.expiries.back());
    venue.list_options(series);
    venue.apply(venue.index_update(venue_index));
    for (std::uint32_t account = 1; account < account_end; ++account) {
        venue.open_account(AccountId(account), margin);
    }
    venue.apply(venue.surface(series, venue_index));
    venue.apply(venue.marks_of_surface());
    venue.fill_portfolios({.accounts = account_end, .first_option = 2, .options = option_count});
    auto marks = std::make_unique<prepared::PreparedMarks>(option_count);
    double install_us = std::numeric_limits<double>::infinity();
    double alone_us = install_us;
    double look_us = install_us;
    for (std::uint32_t turn = 0; turn < 20 * options.rounds && !report.has_failed(); ++turn) {
        const IndexPrice forward = moved_index(turn);
        venue.engine().apply(venue.surface(series, forward));
        const bool is_prepared = turn % 2 == 0;
        if (is_prepared) {
            stage_marks(venue, series, forward, marks, report);
        }
        double& best_us = is_prepared ? install_us : alone_us;
        best_us = std::min(best_us, us_to_apply(venue, venue.marks_of_surface()));
        if (venue.count(EventType::marks_installed) != 1) {
            report.fail("marks are not installed");
            return;
        }
        look_us = std::min(look_us, us_to_look(venue, account_end));
    }
    report_at_most({.name = "risk/install_marks",
                    .value = install_us,
                    .unit = "us",
                    .baseline = install_us_max,
                    .baseline_name = "target"},
                   report);
    report_at_most({.name = "risk/install_marks/prepared",
                    .value = install_us,
                    .unit = "us",
                    .baseline = alone_us,
                    .baseline_name = "computed by the engine"},
                   report);
    print_deferred("risk/install_marks/deferred", look_us, account_end - 1);
    report.add({.name = "risk/install_marks/deferred",
                .value = look_us,
                .unit = "us",
                .baseline = install_us,
                .baseline_name = "the installation itself"});
}

// ---- The worker ----

// What a worker computes of a surface: marks, risk arrays and their digest. A second worker takes
// one option at a time.
void bench_worker(const Options& options, Report& report) {
    const Chain chain(make_series(expiry_days, strikes), venue_index);
    const pricing::MarkSurface surface{
        .now = venue_start, .index = venue_index, .smiles = chain.smiles};
    std::vector<pricing::Mark> marks(option_count);
    std::vector<std::int64_t> entries(std::size_t{option_count} * pricing::usual_scenarios_count);
    bool is_found = true;
    const auto find = [&](std::size_t first, std::size_t count) {
        const pricing::Marks found{
            .marks = std::span(marks).subspan(first, count),
            .entries = std::span(entries).subspan(first * pricing::usual_scenarios_count,
                                                  count * pricing::usual_scenarios_count)};
        is_found =
            is_found && pricing::find_marks(surface, std::span(chain.options).subspan(first, count),
                                            found) == pricing::MarkFault::none;
    };
    double all_us = std::numeric_limits<double>::infinity();
    double single_us = all_us;
    Hash128 of_all;
    Hash128 of_single;
    for (std::uint32_t round = 0; round < 10 * options.rounds; ++round) {
        all_us = std::min(all_us, time_ns([&] {
                                      find(0, option_count);
                                      of_all = pricing::digest_of({marks, entries});
                                  }) / 1e3);
        single_us = std::min(single_us, time_ns([&] {
                                            for (std::size_t at = 0; at < option_count; ++at) {
                                                find(at, 1);
                                            }
                                            of_single = pricing::digest_of({marks, entries});
                                        }) / 1e3);
    }
    if (!is_found || of_all != of_single) {
        report.fail("marks of all options are not those of each");
        return;
    }
    report_at_most({.name = "risk/arrays_worker",
                    .value = all_us,
                    .unit = "us",
                    .baseline = worker_us_max,
                    .baseline_name = "target"},
                   report);
    report.add({.name = "risk/arrays_worker/vs_single",
                .value = all_us,
                .unit = "us",
                .baseline = single_us,
                .baseline_name = "one option at a time"});
}

// ---- The end of a session ----

constexpr std::uint32_t session_accounts = 10'000;
constexpr std::uint32_t session_positions = 20;

Limits limits_of_session() {
    Limits limits = engine_limits();
    limits.accounts = session_accounts + 1;
    limits.positions = session_accounts * session_positions;
    limits.sessions = session_accounts + 1;
    limits.settlements_per_command = Limits{}.settlements_per_command;
    limits.event_units = 1U << 17U;
    return limits;
}

// Futures of twenty expiries, as options have nothing to settle; everybody won or lost something.
void fill_session(Venue& venue) {
    for (std::uint32_t at = 0; at < session_positions; ++at) {
        venue.list_future(at == 0 ? UnixNanos(0)
                                  : venue_start + Nanos(venue_day.value() * (9 + at)));
    }
    venue.apply(venue.index_update(venue_index));
    for (std::uint32_t account = 1; account <= session_accounts; ++account) {
        venue.open_account(AccountId(account), margin);
    }
    for (std::uint32_t at = 0; at < session_positions; ++at) {
        for (std::uint32_t account = 1; account < session_accounts; account += 2) {
            venue.trade({.buyer = AccountId(account + at % 2),
                         .seller = AccountId(account + 1 - at % 2),
                         .instrument = InstrumentId(at),
                         .price = Ticks(price_end / 2 + 10 + at),
                         .lots = Lots(100 + account % 16)});
        }
    }
}

// Piece by piece the best of all rounds.
struct SessionTimes {
    std::vector<double> pieces_us;
    double look_us = std::numeric_limits<double>::infinity();  // without a session to settle

    void note_piece(std::size_t place, double us) {
        if (place == pieces_us.size()) {
            pieces_us.push_back(us);
        }
        pieces_us[place] = std::min(pieces_us[place], us);
    }
};

// The index is sampled in the same second, so that every account is looked at meanwhile; as it did
// not move, their sums are fresh.
void time_session(Venue& venue, SessionTimes& times) {
    venue.pass_until(venue_start + venue_day + Nanos(-500'000'000));
    venue.engine().apply(venue.index_update(moved_index(0)));
    static_cast<void>(us_to_look(venue, 2 * session_accounts));
    venue.pass_until(venue_start + venue_day);
    venue.engine().apply(venue.tick());
    for (std::size_t piece = 0; venue.count(EventType::session_settled) == 0; ++piece) {
        times.note_piece(piece, us_to_apply(venue, venue.tick()));
    }
    venue.pass_until(venue_start + venue_day + Nanos(5'000'000'000));
    venue.engine().apply(venue.index_update(moved_index(1)));
    times.look_us = std::min(times.look_us, us_to_look(venue, session_accounts));
}

void bench_settlement(const Options& options, Report& report) {
    SessionTimes times;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        Venue venue(limits_of_session());
        fill_session(venue);
        time_session(venue, times);
    }
    const double total_us = std::reduce(times.pieces_us.begin(), times.pieces_us.end());
    report_at_most({.name = "risk/settlement",
                    .value = total_us / 1e3,
                    .unit = "ms",
                    .baseline = settlement_ms_max,
                    .baseline_name = "target"},
                   report);
    std::printf(
        "%-36s %u accounts of %u positions in %zu pieces, each of them looked at as well;\n"
        "%-36s after an index tick, a look at all of them takes %.1f ms\n",
        "", session_accounts, session_positions, times.pieces_us.size(), "", times.look_us / 1e3);
    report_at_most({.name = "risk/settlement/longest_piece",
                    .value = std::ranges::max(times.pieces_us),
                    .unit = "us",
                    .baseline = piece_us_max,
                    .baseline_name = "target"},
                   report);
}

}  // namespace

void bench_price_work(const Options& options, Report& report) {
    std::printf("\nprices and sessions: the best of several turns\n");
    bench_index_tick(options, report);
    bench_install(options, report);
    bench_worker(options, report);
    bench_settlement(options, report);
}

}  // namespace miletus::bench
