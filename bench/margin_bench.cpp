// The check of orders, hot and cold, against the same from scratch; and fills.
#include "bench/margin_desk.hpp"
#include "bench/risk_bench.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <memory>
#include <vector>

namespace miletus::bench {

using protocol::Side;

namespace {

using Kind = MarginDesk::Kind;

constexpr std::uint32_t accounts_of_desk = 100'000;
constexpr std::uint32_t hot_accounts = 4;
constexpr double hot_ns_max = 60;
constexpr double cold_ns_max = 250;
constexpr double fill_ns_max = 80;

// Half of the orders are in futures, a quarter buy options, and a quarter sell some.
Kind usual_kind(std::uint64_t draw) {
    constexpr std::array kinds = {Kind::future, Kind::option_buy, Kind::future, Kind::option_sell};
    return kinds[draw % kinds.size()];
}

std::string_view name_of(Kind kind) {
    constexpr std::array<std::string_view, MarginDesk::kinds> names = {"future", "option_buy",
                                                                       "option_sell"};
    return names.at(static_cast<std::size_t>(kind));
}

// Nanoseconds of a call, of the middle slice of a thousand: a slice takes less than the turn that
// other programs get.
template <class Call>
double ns_of_slices(std::uint32_t count, Call call) {
    constexpr std::uint32_t slice = 1000;
    std::vector<double> times;
    for (std::uint32_t first = 0; first + slice <= count; first += slice) {
        times.push_back(time_ns([&] {
            for (std::uint32_t at = first; at < first + slice; ++at) {
                call(at);
            }
        }));
    }
    return median(times) / slice;
}

class Checks {
  public:
    explicit Checks(MarginDesk& desk) : desk_(desk) {}

    // `kind_of(n)` is the n-th order's kind.
    template <class KindOf>
    std::vector<risk::Proposal> draw(std::uint32_t accounts, std::size_t count, KindOf kind_of) {
        std::vector<risk::Proposal> proposals;
        for (std::size_t at = 0; at < count; ++at) {
            const AccountId account(1 + static_cast<std::uint32_t>(prng_.below(accounts)));
            proposals.push_back(desk_.proposal(account, kind_of(prng_.next())));
        }
        return proposals;
    }

    // One after the other, as fast as they go.
    [[nodiscard]] double ns_of_hot(std::span<const risk::Proposal> proposals) {
        return ns_of_slices(static_cast<std::uint32_t>(proposals.size()), [&](std::uint32_t at) {
            ASSERT(desk_.risk.check_order(proposals[at]).has_value());
        });
    }

    // Each by itself, so that no two wait for memory together.
    [[nodiscard]] double ns_of_cold(std::span<const risk::Proposal> proposals) {
        Latencies latencies(proposals.size());
        for (const risk::Proposal& proposal : proposals) {
            const std::uint64_t start = cycles_before();
            ASSERT(desk_.risk.check_order(proposal).has_value());
            latencies.add(cycles_after() - start);
        }
        latencies.sort();
        return latencies.mean_ns();
    }

    // What there is before the order, and with it, without any sum that is kept.
    [[nodiscard]] double ns_from_scratch(std::span<const risk::Proposal> proposals) {
        return ns_of_slices(static_cast<std::uint32_t>(proposals.size()), [&](std::uint32_t at) {
            const risk::Standing with = desk_.risk.standing_with(proposals[at]);
            ASSERT(with.equity() - with.held >= with.required().initial);
        });
    }

  private:
    MarginDesk& desk_;
    Prng prng_{2};
};

void print_title(std::uint32_t rounds) {
    std::printf(
        "\nrisk: margin of 20 positions and 10 open orders, 3 expiries; best of %u rounds\n"
        "      hot: %u accounts in turn; cold: one of %u at random, its lines not in cache\n",
        rounds, hot_accounts, accounts_of_desk);
}

// All accounts, one after the other: they are more than any cache holds, and it ends up with what
// the last of them have.
double ns_to_revalue(MarginDesk& desk) {
    desk.risk.forget_all();
    const double ns = time_ns([&] {
        for (std::uint32_t account = 1; account <= accounts_of_desk; ++account) {
            static_cast<void>(desk.risk.above_initial(AccountId(account)));
        }
    });
    return ns / accounts_of_desk;
}

// Rounds take turns, so that what else the machine does falls on all alike.
void bench_checks(MarginDesk& desk, const Options& options, Report& report) {
    constexpr std::size_t hot_count = 200'000;
    constexpr std::size_t cold_count = 20'000;
    Checks checks(desk);
    static_cast<void>(ns_to_revalue(desk));
    const auto hot = checks.draw(hot_accounts, hot_count, usual_kind);
    double hot_ns = std::numeric_limits<double>::infinity();
    double cold_ns = hot_ns;
    double scratch_ns = hot_ns;
    double revalue_ns = hot_ns;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        const auto cold = checks.draw(accounts_of_desk, cold_count, usual_kind);
        revalue_ns = std::min(revalue_ns, ns_to_revalue(desk));
        cold_ns = std::min(cold_ns, checks.ns_of_cold(cold));
        hot_ns = std::min(hot_ns, checks.ns_of_hot(hot));
        scratch_ns = std::min(scratch_ns, checks.ns_from_scratch(std::span(hot).first(cold_count)));
    }
    report_at_most({.name = "risk/standard_check_hot",
                    .value = hot_ns,
                    .unit = "ns",
                    .baseline = hot_ns_max,
                    .baseline_name = "target"},
                   report);
    for (const Kind kind : {Kind::future, Kind::option_buy, Kind::option_sell}) {
        const auto proposals =
            checks.draw(hot_accounts, hot_count, [kind](std::uint64_t) { return kind; });
        double ns = std::numeric_limits<double>::infinity();
        for (std::uint32_t round = 0; round < options.rounds; ++round) {
            ns = std::min(ns, checks.ns_of_hot(proposals));
        }
        report_at_most({.name = "risk/standard_check_hot/" + std::string(name_of(kind)),
                        .value = ns,
                        .unit = "ns",
                        .baseline = scratch_ns,
                        .baseline_name = "from scratch"},
                       report);
    }
    report_at_most({.name = "risk/standard_check_cold",
                    .value = cold_ns,
                    .unit = "ns",
                    .baseline = cold_ns_max,
                    .baseline_name = "target"},
                   report);
    std::printf("%-36s %10.1f ns   an account, in its turn, after prices have changed\n",
                "risk/revalue_account", revalue_ns);
    report.add({.name = "risk/revalue_account",
                .value = revalue_ns,
                .unit = "ns",
                .baseline = scratch_ns,
                .baseline_name = "hot, from scratch, with an order"});
}

// ---- Fills ----

class Fills {
  public:
    Fills(MarginDesk& desk, InstrumentId instrument) : desk_(desk) {
        for (std::uint32_t account = 1; account <= 2 * pairs; ++account) {
            for (const Side side : {Side::buy, Side::sell}) {
                orders_.push_back(desk.order(AccountId(account), instrument, side));
            }
        }
    }

    // Nanoseconds a side, with nothing but the fill, or with the sums of margin renewed around it.
    template <bool with_margin>
    [[nodiscard]] double ns_of_sides() {
        return ns_of_slices(200'000, [&](std::uint32_t at) {
            if (at % 16 == 0) {
                desk_.market.begin();
            }
            // Each order has its turn: positions are opened, closed and turned round.
            fill<with_margin>(orders_[(at * 5) % orders_.size()], 200'000 + at % 64, 1 + at % 7);
        });
    }

  private:
    template <bool with_margin>
    void fill(accounts::OpenOrder& order, std::int64_t price, std::uint32_t lots) {
        if (with_margin) {
            desk_.risk.leave(order.position);
        }
        desk_.clearing.fill(order, Ticks(price), lots, lots % 2 == 0);
        if (with_margin) {
            desk_.risk.join(order.position);
        }
    }

    static constexpr std::uint32_t pairs = 16;
    MarginDesk& desk_;
    std::vector<accounts::OpenOrder> orders_;
};

void bench_fills(MarginDesk& desk, const Options& options, Report& report) {
    Fills fills(desk, desk.perpetual);
    double alone = std::numeric_limits<double>::infinity();
    double with_margin = alone;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        alone = std::min(alone, fills.ns_of_sides<false>());
        with_margin = std::min(with_margin, fills.ns_of_sides<true>());
    }
    report_at_most({.name = "risk/fill_side",
                    .value = alone,
                    .unit = "ns",
                    .baseline = fill_ns_max,
                    .baseline_name = "target"},
                   report);
    std::printf("%-36s %10.1f ns   the same, and the margin's sums\n", "risk/fill_side/with_margin",
                with_margin);
    report.add({.name = "risk/fill_side/with_margin",
                .value = with_margin,
                .unit = "ns",
                .baseline = alone,
                .baseline_name = "fill alone"});
}

}  // namespace

void report_at_most(const Measurement& measured, Report& report) {
    std::printf("%-36s %10.1f %-2s   <= %.0f, %.*s: %s\n", measured.name.c_str(), measured.value,
                std::string(measured.unit).c_str(), measured.baseline,
                static_cast<int>(measured.baseline_name.size()), measured.baseline_name.data(),
                measured.ratio() <= 1 ? "met" : "MISSED");
    std::fflush(stdout);
    report.add(measured);
}

void bench_margin(const Options& options, Report& report) {
    const auto desk = std::make_unique<MarginDesk>(accounts_of_desk);
    print_title(options.rounds);
    bench_checks(*desk, options, report);
    bench_fills(*desk, options, report);
    desk->accounts.positions().check_invariants();
}

}  // namespace miletus::bench
