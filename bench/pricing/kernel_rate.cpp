// How long the kernel itself takes for a price and five Greeks of each of a million options, from
// memory: what python_bench.py, which prices the same options, is compared with.
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

namespace pricing = miletus::pricing;

constexpr std::size_t options = 1'000'000;
constexpr int turns = 7;

struct Columns {
    Columns() {
        for (std::size_t at = 0; at < options; ++at) {
            const auto cycle = [at](std::size_t step, std::size_t length) {
                return static_cast<double>(at * step % length);
            };
            forward.push_back(100 + cycle(1, 97) / 8);
            strike.push_back(60 + cycle(37, 101));
            time.push_back(0.0625 + cycle(17, 233) / 128);
            vol.push_back(0.125 + cycle(29, 151) / 128);
            discount.push_back(1 - cycle(7, 11) / 128);
            kind.push_back(at % 2 == 0 ? pricing::call : pricing::put);
        }
    }
    std::vector<double> forward, strike, time, vol, discount;
    std::vector<std::int8_t> kind;
};

}  // namespace

int main() {
    const Columns columns;
    std::array<std::vector<double>, 6> results;
    results.fill(std::vector<double>(options));
    double best = 1e300;
    bool fits = true;
    for (int turn = 0; turn < turns; ++turn) {
        const auto start = std::chrono::steady_clock::now();
        fits &= pricing::price(pricing::ForwardOptions{.forward = columns.forward,
                                                       .strike = columns.strike,
                                                       .time = columns.time,
                                                       .vol = columns.vol,
                                                       .discount = columns.discount,
                                                       .kind = columns.kind},
                               pricing::Results{.price = results[0],
                                                .delta = results[1],
                                                .gamma = results[2],
                                                .vega = results[3],
                                                .theta = results[4],
                                                .rho = results[5]});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        best = std::min(best, took.count());
    }
    std::uint64_t bits = 0;
    for (const std::vector<double>& column : results) {
        for (const double number : column) {
            bits ^= std::bit_cast<std::uint64_t>(number);
        }
    }
    std::printf("%.9f %llu %s\n", best, static_cast<unsigned long long>(bits),
                name_of(pricing::isa()).data());
    return fits ? 0 : 1;
}
