// What benchmarks share: the clock and the cycle counter, medians and percentiles, and the report
// that is printed and written as JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::bench {

struct Options {
    std::uint32_t rounds = 5;
};

// One line of the JSON: what was measured, and what it is compared with.
struct Measurement {
    std::string name;
    double value;
    std::string_view unit;
    double baseline;
    std::string_view baseline_name;

    [[nodiscard]] double ratio() const { return value / baseline; }
};

class Report {
  public:
    void add(Measurement measurement) { measurements_.push_back(std::move(measurement)); }
    // A wrong answer makes every time meaningless: it is told at once, and the program fails.
    void fail(std::string_view message);

    [[nodiscard]] bool has_failed() const { return has_failed_; }
    // Whether all of it could be written.
    [[nodiscard]] bool write_json(const std::string& path) const;

  private:
    std::vector<Measurement> measurements_;
    bool has_failed_ = false;
};

// Nanoseconds that a call takes.
template <class Call>
[[nodiscard]] double time_ns(Call call) {
    const auto start = std::chrono::steady_clock::now();
    call();
    const auto end = std::chrono::steady_clock::now();
    return std::chrono::duration<double, std::nano>(end - start).count();
}

// The middle value; of an even number the upper one. `values` is not empty.
[[nodiscard]] double median(std::vector<double> values);
// Sorts them. The fraction is in [0, 1]; `samples` is not empty.
[[nodiscard]] double percentile(std::vector<double>& samples, double fraction);

// The cycle counter, with which single commands are timed. Reading it waits for all earlier
// instructions, so that memory latency shows in full and no two commands overlap.
[[nodiscard]] inline std::uint64_t cycles_before() {
    __builtin_ia32_lfence();
    return __builtin_ia32_rdtsc();
}
[[nodiscard]] inline std::uint64_t cycles_after() {
    unsigned int processor = 0;
    return __builtin_ia32_rdtscp(&processor);
}

// How long single commands took.
class Latencies {
  public:
    explicit Latencies(std::size_t commands) { cycles_.reserve(commands); }

    void add(std::uint64_t cycles) { cycles_.push_back(static_cast<std::uint32_t>(cycles)); }
    void sort();
    // The fraction is in [0, 1]; the samples are sorted.
    [[nodiscard]] double percentile_ns(double fraction) const;
    // Of all but the slowest hundredth, which are the machine's.
    [[nodiscard]] double mean_ns() const;

  private:
    std::vector<std::uint32_t> cycles_;
};

// Compiler, flags and processor.
void print_environment();
// "<= 1.45, met".
[[nodiscard]] std::string verdict(double ratio, double ratio_max);
// ">= 0.45, met".
[[nodiscard]] std::string verdict_at_least(double ratio, double ratio_min);

}  // namespace miletus::bench
