// Every book first proves that it makes the flow's trades. Then both take turns in one process,
// each time with a fresh book, so that what else the machine does falls on both alike.
#include "bench/matching_bench.hpp"

#include "bench/bare_book.hpp"
#include "bench/flow.hpp"
#include "bench/product_book.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace miletus::bench {

namespace {

constexpr double p99_ratio_max = 2.5;

// One busy book fits the cache, where the product's extra instructions show; out of it, memory
// rules.
double ratio_max_of(const FlowTerms& terms) {
    return terms.name == "one" || terms.name == "burst" ? 1.45 : 1.35;
}

// Books are large: they live on the heap.
template <class Book>
std::unique_ptr<Book> filled_book(const Flow& flow) {
    auto book = std::make_unique<Book>(flow);
    book->run(flow.prefill);
    return book;
}

template <class Book>
bool makes_the_trades(const Flow& flow, Report& report) {
    auto book = std::make_unique<Book>(flow);
    TradeTotals totals;
    for (const std::span<const Command> commands :
         {std::span(flow.prefill), std::span(flow.commands)}) {
        for (const Command& command : commands) {
            const std::uint64_t position = book->position();
            book->apply(command);
            book->add_trades_since(position, command, totals);
        }
    }
    if (totals != flow.terms.totals) {
        report.fail(std::string(Book::name) + " makes other trades of flow " +
                    std::string(flow.terms.name));
    }
    return totals == flow.terms.totals;
}

// Nanoseconds a command, round by round, without and with looking ahead.
struct Times {
    std::vector<double> plain;
    std::vector<double> ahead;

    [[nodiscard]] double best() const { return std::min(median(plain), median(ahead)); }
};

template <class Book>
void time_round(const Flow& flow, Times& times) {
    const auto count = static_cast<double>(flow.commands.size());
    const std::unique_ptr<Book> plain = filled_book<Book>(flow);
    times.plain.push_back(time_ns([&] { plain->run(flow.commands); }) / count);
}

template <class Book>
void time_round_ahead(const Flow& flow, Times& times) {
    const auto count = static_cast<double>(flow.commands.size());
    const std::unique_ptr<Book> ahead = filled_book<Book>(flow);
    times.ahead.push_back(time_ns([&] { ahead->run_ahead(flow.commands); }) / count);
}

template <class Book>
Latencies time_commands(const Flow& flow) {
    const std::unique_ptr<Book> book = filled_book<Book>(flow);
    Latencies latencies(flow.commands.size());
    for (const Command& command : flow.commands) {
        const std::uint64_t start = cycles_before();
        book->apply(command);
        latencies.add(cycles_after() - start);
    }
    latencies.sort();
    return latencies;
}

void bench_throughput(const Flow& flow, const Options& options, Report& report) {
    Times bare;
    Times product;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        time_round<BareBook>(flow, bare);
        time_round_ahead<BareBook>(flow, bare);
        time_round<ProductBook>(flow, product);
        time_round_ahead<ProductBook>(flow, product);
    }
    const Measurement measured{.name = "matching/" + std::string(flow.terms.name),
                               .value = product.best(),
                               .unit = "ns",
                               .baseline = bare.best(),
                               .baseline_name = BareBook::name};
    std::printf("%-6s %8.1f %8.1f %10.1f %8.1f %8.1f %8.2f   %s\n", flow.terms.name.data(),
                median(bare.plain), median(bare.ahead), median(product.plain),
                median(product.ahead), 1000 / measured.value, measured.ratio(),
                verdict(measured.ratio(), ratio_max_of(flow.terms)).c_str());
    report.add(measured);
}

void bench_latency(const Flow& flow, Report& report) {
    const Latencies bare = time_commands<BareBook>(flow);
    const Latencies product = time_commands<ProductBook>(flow);
    const auto measure = [&](std::string_view label, double fraction) {
        return Measurement{.name = "matching/" + std::string(flow.terms.name) + std::string(label),
                           .value = product.percentile_ns(fraction),
                           .unit = "ns",
                           .baseline = bare.percentile_ns(fraction),
                           .baseline_name = BareBook::name};
    };
    const Measurement middle = measure("/p50", 0.5);
    const Measurement tail = measure("/p99", 0.99);
    std::printf("       p50 %4.0f -> %4.0f ns (%.2f)   p99 %4.0f -> %4.0f ns (%.2f)   %s\n",
                middle.baseline, middle.value, middle.ratio(), tail.baseline, tail.value,
                tail.ratio(), verdict(tail.ratio(), p99_ratio_max).c_str());
    report.add(middle);
    report.add(tail);
}

}  // namespace

void bench_matching(const Options& options, Report& report) {
    std::printf(
        "\nmatching: ns a command, median of %u rounds; ahead: with memory asked for early\n",
        options.rounds);
    std::printf("%-6s %8s %8s %10s %8s %8s %8s\n", "flow", "bare", "ahead", "product", "ahead",
                "M/s", "ratio");
    for (const FlowTerms& terms : flows) {
        const Flow flow = make_flow(terms);
        const bool is_right =
            makes_the_trades<BareBook>(flow, report) && makes_the_trades<ProductBook>(flow, report);
        if (is_right) {
            bench_throughput(flow, options, report);
            bench_latency(flow, report);
        }
        std::fflush(stdout);
    }
}

}  // namespace miletus::bench
