// Calibration, statistics, printing.
#include "bench/harness.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

namespace miletus::bench {

namespace {

// Cycles of the counter in a nanosecond, over a tenth of a second.
double measure_cycles_per_ns() {
    constexpr double enough_ns = 1e8;
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t first = cycles_before();
    double elapsed_ns = 0;
    while (elapsed_ns < enough_ns) {
        const auto now = std::chrono::steady_clock::now();
        elapsed_ns = std::chrono::duration<double, std::nano>(now - start).count();
    }
    return static_cast<double>(cycles_after() - first) / elapsed_ns;
}

double cycles_per_ns() {
    static const double measured = measure_cycles_per_ns();
    return measured;
}

// What reading the counter twice costs.
std::uint64_t timer_cycles() {
    std::uint64_t least = ~std::uint64_t{0};
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const std::uint64_t start = cycles_before();
        least = std::min(least, cycles_after() - start);
    }
    return least;
}

std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) {
            return line.substr(line.find(':') + 2);
        }
    }
    return "unknown processor";
}

}  // namespace

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

double percentile(std::vector<double>& samples, double fraction) {
    std::ranges::sort(samples);
    return samples[static_cast<std::size_t>(fraction * static_cast<double>(samples.size() - 1))];
}

void Latencies::sort() {
    std::ranges::sort(cycles_);
}

double Latencies::percentile_ns(double fraction) const {
    static const std::uint64_t overhead = timer_cycles();
    const double rank = fraction * static_cast<double>(cycles_.size() - 1);
    const std::uint64_t cycles = cycles_[static_cast<std::size_t>(rank)];
    return static_cast<double>(cycles - std::min(cycles, overhead)) / cycles_per_ns();
}

double Latencies::mean_ns() const {
    static const std::uint64_t overhead = timer_cycles();
    const auto counted = std::span(cycles_).first(cycles_.size() - cycles_.size() / 100);
    std::uint64_t sum = 0;
    for (const std::uint64_t cycles : counted) {
        sum += cycles - std::min(cycles, overhead);
    }
    return static_cast<double>(sum) / static_cast<double>(counted.size()) / cycles_per_ns();
}

void Report::fail(std::string_view message) {
    has_failed_ = true;
    std::printf("WRONG: %.*s\n", static_cast<int>(message.size()), message.data());
}

bool Report::write_json(const std::string& path) const {
    std::ofstream file(path);
    file << "[";
    const char* separator = "\n";
    for (const Measurement& measurement : measurements_) {
        file << separator << "  {\"name\": \"" << measurement.name
             << "\", \"value\": " << measurement.value << ", \"unit\": \"" << measurement.unit
             << "\", \"baseline\": " << measurement.baseline << ", \"baseline_name\": \""
             << measurement.baseline_name << "\", \"ratio\": " << measurement.ratio() << "}";
        separator = ",\n";
    }
    file << "\n]\n";
    return file.good();
}

void print_environment() {
#if defined(__clang__)
    const char* const compiler = "clang";
#else
    const char* const compiler = "g++";
#endif
    std::printf("%s\n%s %s\n%s\n", processor().c_str(), compiler, __VERSION__, MILETUS_BENCH_FLAGS);
}

std::string verdict(double ratio, double ratio_max) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "<= %.2f %s", ratio_max,
                                     ratio <= ratio_max ? "met" : "MISSED");
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string verdict_at_least(double ratio, double ratio_min) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), ">= %.2f %s", ratio_min,
                                     ratio >= ratio_min ? "met" : "MISSED");
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace miletus::bench
