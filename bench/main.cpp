// bench [NAME] [--json FILE] [--quick]: runs one group of benchmarks, or all.
#include "bench/engine_bench.hpp"
#include "bench/harness.hpp"
#include "bench/journal_bench.hpp"
#include "bench/matching_bench.hpp"

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

struct Group {
    std::string_view name;
    void (*run)(const Options&, Report&);
};

constexpr std::array groups = {
    Group{"matching", bench_matching}, Group{"engine", bench_engine},
    Group{"journal", bench_journal},   Group{"acknowledgement", bench_acknowledgement},
    Group{"replay", bench_replay},     Group{"snapshots", bench_snapshots},
};

struct Arguments {
    std::string group;  // empty for all
    std::string json;
    Options options;
};

bool is_group(std::string_view name) {
    for (const Group& group : groups) {
        if (group.name == name) {
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
        } else if (is_group(word) && arguments.group.empty()) {
            arguments.group = word;
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

int print_usage() {
    std::fputs("usage: bench [NAME] [--json FILE] [--quick]\nNAME is one of:\n", stderr);
    for (const Group& group : groups) {
        std::fprintf(stderr, "  %s\n", group.name.data());
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
        if (arguments->group.empty() || arguments->group == group.name) {
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
