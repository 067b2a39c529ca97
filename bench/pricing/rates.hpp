// Contestants take turns, and the best turn of each counts: what else the machine does only ever
// makes a turn slower.
#pragma once

#include "bench/harness.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::bench {

// How much work a second its best turn did.
class Contestant {
  public:
    template <class Work>
    void take_turn(double amount, const Work& work) {
        rate_ = std::max(rate_, amount / time_ns(work) * 1e9);
    }
    // Many passes at a time, several times: a processor takes its while to change its clock for
    // wide vectors.
    template <class Work>
    void take_wide_turn(double amount, const Work& work) {
        constexpr int bursts = 8;
        constexpr int passes = 16;
        for (int burst = 0; burst < bursts; ++burst) {
            take_turn(passes * amount, [&] {
                for (int pass = 0; pass < passes; ++pass) {
                    work();
                }
            });
        }
    }
    [[nodiscard]] double rate() const { return rate_; }

  private:
    double rate_ = 0;
};

// How a contestant is called, and how many times faster than it we have to be.
struct Bar {
    std::string name;
    std::string_view against;
    double at_least = 0;
};

// Tells and keeps one line: ours, theirs, and whether the bar is met.
void tell(const Bar& bar, double ours, double theirs, std::string_view unit, Report& report);

// The numbers that a command prints, as many as are asked for; nothing where it fails. It runs on
// the same processor.
[[nodiscard]] std::vector<double> told_by(const std::string& command, std::size_t count);

// What is measured against a time, in microseconds.
void tell_time(const std::string& name, double microseconds, double at_most, Report& report);

}  // namespace miletus::bench
