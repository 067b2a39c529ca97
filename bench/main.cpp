// bench [NAME] [--json FILE] [--quick] [--core N]: runs one group of benchmarks, or all.
#include "base/assert.hpp"
#include "bench/engine_bench.hpp"
#include "bench/gateway/gateway_bench.hpp"
#include "bench/harness.hpp"
#include "bench/journal_bench.hpp"
#include "bench/matching_bench.hpp"
#include "bench/pricing/pricing_bench.hpp"
#include "bench/risk_bench.hpp"
#include "host/threads.hpp"

#include <array>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::bench {

namespace {

// What is timed to the nanosecond runs on one processor; what has threads, on all of them.
enum class Placement : std::uint8_t { one_core, anywhere };

struct Group {
    std::string_view family;
    std::string_view name;
    void (*run)(const Options&, Report&);
    Placement placement;
};

// Those of one core come last: from then on the process stays there.
constexpr std::array groups = {
    Group{"journal", "throughput", bench_journal, Placement::anywhere},
    Group{"journal", "acknowledgement", bench_acknowledgement, Placement::anywhere},
    Group{"journal", "replay", bench_replay, Placement::anywhere},
    Group{"journal", "snapshots", bench_snapshots, Placement::anywhere},
    Group{"gateway", "gateway_ack", bench_gateway_acknowledgement, Placement::anywhere},
    Group{"gateway", "gateway_orders", bench_gateway_orders, Placement::anywhere},
    Group{"gateway", "gateway_http", bench_gateway_http, Placement::anywhere},
    Group{"gateway", "gateway_fanout", bench_gateway_fanout, Placement::anywhere},
    Group{"gateway", "gateway_codecs", bench_gateway_codecs, Placement::one_core},
    Group{"matching", "matching", bench_matching, Placement::one_core},
    Group{"engine", "engine", bench_engine, Placement::one_core},
    Group{"risk", "margin", bench_margin, Placement::one_core},
    Group{"risk", "price_work", bench_price_work, Placement::one_core},
    Group{"pricing", "greeks", bench_greeks, Placement::one_core},
    Group{"pricing", "implied", bench_implied_vols, Placement::one_core},
    Group{"pricing", "paths", bench_paths, Placement::one_core},
    Group{"pricing", "risk_arrays", bench_risk_arrays, Placement::one_core},
    Group{"pricing", "surface", bench_surface, Placement::one_core},
};

struct Arguments {
    std::string group;  // its name, or that of its family; empty for all
    std::string json;
    std::optional<std::uint32_t> core;
    Options options;
};

bool is_group(std::string_view name) {
    for (const Group& group : groups) {
        if (group.name == name || group.family == name) {
            return true;
        }
    }
    return false;
}

std::optional<Arguments> parsed(std::span<const std::string_view> words) {
    Arguments arguments;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string_view word = words[at];
        if (word == "--quick") {
            arguments.options.rounds = 3;
        } else if (word == "--json" && at + 1 < words.size()) {
            arguments.json = words[++at];
        } else if (word == "--core" && at + 1 < words.size()) {
            arguments.core = static_cast<std::uint32_t>(std::stoul(std::string(words[++at])));
        } else if (is_group(word) && arguments.group.empty()) {
            arguments.group = word;
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

int print_usage() {
    std::fputs("usage: bench [NAME] [--json FILE] [--quick] [--core N]\nNAME is one of:\n", stderr);
    for (const Group& group : groups) {
        std::fprintf(stderr, "  %-10s %s\n", group.family.data(), group.name.data());
    }
    return 2;
}

int run(std::span<const std::string_view> words) {
    const std::optional<Arguments> arguments = parsed(words);
    if (!arguments) {
        return print_usage();
    }
    print_environment();
    Report report;
    for (const Group& group : groups) {
        const bool is_wanted = arguments->group.empty() || arguments->group == group.name ||
                               arguments->group == group.family;
        if (is_wanted && group.placement == Placement::one_core && arguments->core) {
            ASSERT(host::pin_this_thread(*arguments->core).has_value());
        }
        if (is_wanted) {
            group.run(arguments->options, report);
        }
    }
    if (!arguments->json.empty() && !report.write_json(arguments->json)) {
        std::fprintf(stderr, "bench: cannot write %s\n", arguments->json.c_str());
        return 1;
    }
    return report.has_failed() ? 1 : 0;
}

}  // namespace

}  // namespace miletus::bench

int main(int count, char** words) {
    const std::vector<std::string_view> all(words, std::next(words, count));
    return miletus::bench::run(std::span(all).subspan(1));
}
