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
constexpr std::size_t batch = 512;

bool learns_the_trades(const Flow& flow, Answers& answers, Report& report) {
    EngineMarket market;
    market.learn(flow.prefill, answers);
    market.learn(flow.commands, answers);
    if (answers.refused != 0 || answers.totals != flow.terms.totals) {
        report.fail("the engine makes other trades of flow one");
        return false;
    }
    return true;
}

// Nanoseconds a command.
double time_flow(const Flow& flow, const Answers& answers) {
    EngineMarket market;
    market.apply(market.encode(flow.prefill, answers));
    double total_ns = 0;
    std::span<const Command> left = flow.commands;
    while (!left.empty()) {
        const std::size_t count = std::min(left.size(), batch);
        const std::span<const Unit> units = market.encode(left.first(count), answers);
        total_ns += time_ns([&] { market.apply(units); });
        left = left.subspan(count);
    }
    return total_ns / static_cast<double>(flow.commands.size());
}

}  // namespace

void bench_engine(const Options& options, Report& report) {
    const Flow flow = make_flow(flows.front());
    Answers answers(flow);
    if (!learns_the_trades(flow, answers, report)) {
        return;
    }
    std::vector<double> times;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        times.push_back(time_flow(flow, answers));
    }
    const double ns = median(times);
    const Measurement measured{.name = "engine/one",
                               .value = 1e9 / ns,
                               .unit = "commands/s",
                               .baseline = commands_per_second_min,
                               .baseline_name = "target"};
    std::printf("\nengine: checks, funds, matching, clearing and events; median of %u rounds\n",
                options.rounds);
    std::printf("%-6s %8.1f ns %8.2f M/s   >= %.2f %s\n", flow.terms.name.data(), ns, 1e3 / ns,
                commands_per_second_min / 1e6, measured.ratio() >= 1 ? "met" : "MISSED");
    report.add(measured);
}

}  // namespace miletus::bench
