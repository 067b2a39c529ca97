// Commands are encoded some thousands at a time, which is not timed, and then applied, which is: as
// they come in from the log, the bytes are warm and the rest is what the engine does.
#include "bench/engine_bench.hpp"

#include "bench/engine_market.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace miletus::bench {

namespace {

constexpr double commands_per_second_min = 8e6;
constexpr double full_commands_per_second_min = 3e6;
constexpr double full_p99_ns_max = 2000;
constexpr std::size_t batch = 512;

bool learns_the_trades(Surroundings surroundings, const Flow& flow, Answers& answers,
                       Report& report) {
    EngineMarket market(surroundings);
    market.learn(flow.prefill, answers);
    market.learn(flow.commands, answers);
    if (answers.refused != 0 || answers.totals != flow.terms.totals) {
        report.fail("the engine makes other trades of flow one");
        return false;
    }
    return true;
}

// Calls visit(units) for the flow's commands, some at a time, after those before it were applied.
template <class Visit>
void visit_batches(EngineMarket& market, const Flow& flow, const Answers& answers, Visit visit) {
    market.apply(market.encode(flow.prefill, answers));
    std::span<const Command> left = flow.commands;
    while (!left.empty()) {
        const std::size_t count = std::min(left.size(), batch);
        visit(market.encode(left.first(count), answers));
        left = left.subspan(count);
    }
}

// Nanoseconds of each batch, round by round. The middle round of each batch counts: what else the
// machine did falls on one batch, not on a whole round.
class Times {
  public:
    void add_round(Surroundings surroundings, const Flow& flow, const Answers& answers) {
        EngineMarket market(surroundings);
        std::size_t at = 0;
        visit_batches(market, flow, answers, [&](std::span<const Unit> units) {
            batches_.resize(std::max(batches_.size(), at + 1));
            batches_[at++].push_back(time_ns([&] { market.apply(units); }));
        });
    }
    [[nodiscard]] double ns_of_a_command(const Flow& flow) const {
        double total_ns = 0;
        for (const std::vector<double>& rounds : batches_) {
            total_ns += median(rounds);
        }
        return total_ns / static_cast<double>(flow.commands.size());
    }

  private:
    std::vector<std::vector<double>> batches_;
};

// Each command by itself, index ticks and marks among them.
Latencies time_commands(Surroundings surroundings, const Flow& flow, const Answers& answers) {
    EngineMarket market(surroundings);
    Latencies latencies(flow.commands.size() * 2);
    visit_batches(market, flow, answers, [&](std::span<const Unit> units) {
        while (!units.empty()) {
            const std::size_t length = protocol::view<protocol::CommandHeader>(units).units;
            const std::uint64_t start = cycles_before();
            market.venue().engine().apply(units.first(length));
            latencies.add(cycles_after() - start);
            units = units.subspan(length);
        }
    });
    latencies.sort();
    return latencies;
}

void report_rate(const Measurement& measured) {
    std::printf("%-12s %8.1f ns %8.2f M/s   >= %.2f %s\n", measured.name.c_str(),
                1e9 / measured.value, measured.value / 1e6, measured.baseline / 1e6,
                measured.ratio() >= 1 ? "met" : "MISSED");
}

void bench_latency(const Flow& flow, const Answers& answers, Report& report) {
    const Latencies latencies = time_commands(Surroundings::full, flow, answers);
    const Measurement tail{.name = "engine/full/p99",
                           .value = latencies.percentile_ns(0.99),
                           .unit = "ns",
                           .baseline = full_p99_ns_max,
                           .baseline_name = "target"};
    std::printf("%-12s p50 %.0f ns, p99 %.0f ns, p99.9 %.0f ns, longest %.0f us   < %.0f ns %s\n",
                "", latencies.percentile_ns(0.5), tail.value, latencies.percentile_ns(0.999),
                latencies.percentile_ns(1) / 1e3, full_p99_ns_max,
                tail.ratio() < 1 ? "met" : "MISSED");
    report.add(tail);
}

}  // namespace

// Both take turns, so that what else the machine does falls on both alike.
void bench_engine(const Options& options, Report& report) {
    const Flow flow = make_flow(flows.front());
    Answers answers(flow);
    Answers answers_of_full(flow);
    if (!learns_the_trades(Surroundings::bare, flow, answers, report) ||
        !learns_the_trades(Surroundings::full, flow, answers_of_full, report)) {
        return;
    }
    Times times_of_one;
    Times times_of_full;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        times_of_one.add_round(Surroundings::bare, flow, answers);
        times_of_full.add_round(Surroundings::full, flow, answers_of_full);
    }
    const double one = times_of_one.ns_of_a_command(flow);
    const double full = times_of_full.ns_of_a_command(flow);
    std::printf(
        "\nengine: checks, margin, matching, clearing and events; median of %u rounds\n"
        "full: with 20 positions an account, and 200 marks that move\n",
        options.rounds);
    const Measurement rate_of_one{.name = "engine/one",
                                  .value = 1e9 / one,
                                  .unit = "commands/s",
                                  .baseline = commands_per_second_min,
                                  .baseline_name = "target"};
    const Measurement rate_of_full{.name = "engine/full",
                                   .value = 1e9 / full,
                                   .unit = "commands/s",
                                   .baseline = full_commands_per_second_min,
                                   .baseline_name = "target"};
    for (const Measurement& measured : {rate_of_one, rate_of_full}) {
        report_rate(measured);
        report.add(measured);
    }
    report.add({.name = "engine/full/vs_one",
                .value = full,
                .unit = "ns",
                .baseline = one,
                .baseline_name = "rich accounts, no prices"});
    bench_latency(flow, answers_of_full, report);
}

}  // namespace miletus::bench
