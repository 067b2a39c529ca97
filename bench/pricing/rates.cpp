// One line for each.
#include "bench/pricing/rates.hpp"

#include <cstdio>

namespace miletus::bench {

void tell(const Bar& bar, double ours, double theirs, std::string_view unit, Report& report) {
    const double ratio = ours / theirs;
    std::printf("%-40s %9.3f %9.3f %-8s %8.1fx   >= %g %s\n", bar.name.c_str(), ours / 1e6,
                theirs / 1e6, unit.data(), ratio, bar.at_least,
                ratio >= bar.at_least ? "met" : "MISSED");
    report.add({.name = bar.name,
                .value = ours,
                .unit = unit,
                .baseline = theirs,
                .baseline_name = bar.against});
}

std::vector<double> told_by(const std::string& command, std::size_t count) {
    std::FILE* output = popen(command.c_str(), "r");
    if (output == nullptr) {
        return {};
    }
    std::vector<double> numbers;
    double number = 0;
    while (numbers.size() < count && std::fscanf(output, "%lf", &number) == 1) {
        numbers.push_back(number);
    }
    const bool has_ended = pclose(output) == 0;
    return has_ended && numbers.size() == count ? numbers : std::vector<double>{};
}

void tell_time(const std::string& name, double microseconds, double at_most, Report& report) {
    std::printf("%-40s %9.2f us %29s <= %g %s\n", name.c_str(), microseconds, "", at_most,
                microseconds <= at_most ? "met" : "MISSED");
    report.add({.name = name,
                .value = microseconds,
                .unit = "us",
                .baseline = at_most,
                .baseline_name = "bar"});
}

}  // namespace miletus::bench
