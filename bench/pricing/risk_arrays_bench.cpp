// 256 options of eight expiries through the 35 usual scenarios: both sides do the same, take turns,
// and first agree on every entry.
#include "base/annotations.hpp"
#include "bench/pricing/pricing_bench.hpp"
#include "bench/pricing/quantlib.hpp"
#include "bench/pricing/quantlib_risk.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <vector>

namespace miletus::bench {

namespace {

constexpr double us_max = 45;
constexpr double ratio_min = 400;
constexpr double forward = 100'000;
// A lot is one bitcoin, and the unit a millionth of a dollar.
constexpr double units = 1e6;
// QuantLib's own errors may come before rounding, and be seen in units.
constexpr double difference_max = 0.5 + 1e-3;
constexpr std::size_t strikes = 32;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Chain {
    std::vector<int> days{2, 7, 14, 30, 60, 90, 180, 365};
    std::vector<double> expiry_vols{0.58, 0.55, 0.52, 0.50, 0.49, 0.48, 0.47, 0.45};
    std::array<pricing::Scenario, pricing::usual_scenarios_count> scenarios =
        pricing::usual_scenarios({});
    pricing::VolShocks shocks;
    std::vector<double> strike, time, vol;
    std::vector<std::int8_t> kind;
    std::vector<quantlib::ChainOption> options;

    Chain() {
        for (std::size_t expiry = 0; expiry < days.size(); ++expiry) {
            const double deviation = expiry_vols[expiry] * std::sqrt(days[expiry] / 365.0);
            for (std::size_t at = 0; at < strikes; ++at) {
                const double distance = 6 * (static_cast<double>(at) / (strikes - 1) - 0.5);
                const double price = forward * std::exp(distance * deviation);
                strike.push_back(price);
                time.push_back(days[expiry] / 365.0);
                vol.push_back(expiry_vols[expiry]);
                kind.push_back(forward <= price ? pricing::call : pricing::put);
                options.push_back(
                    {.expiry = expiry, .strike = price, .is_call = kind.back() == pricing::call});
            }
        }
    }
};

struct Arrays {
    explicit Arrays(const Chain& chain)
        : entries(chain.kind.size() * chain.scenarios.size()), status(chain.kind.size()) {}

    bool fill(const Chain& chain) {
        static constexpr double discount = 1;
        return pricing::risk_arrays(pricing::OptionLots{.forward = std::span(&forward, 1),
                                                        .strike = chain.strike,
                                                        .time = chain.time,
                                                        .vol = chain.vol,
                                                        .discount = std::span(&discount, 1),
                                                        .units = std::span(&units, 1),
                                                        .kind = chain.kind},
                                    chain.scenarios, chain.shocks,
                                    {entries, status}) == pricing::RiskFault::none &&
               std::ranges::all_of(status, [](std::uint8_t one) { return one == 0; });
    }

    std::vector<std::int64_t> entries;
    std::vector<std::uint8_t> status;
};

// The same by QuantLib: quotes move, and every option is asked for its value.
class Revaluation {
  public:
    explicit Revaluation(const Chain& chain)
        : chain_(chain),
          quantlib_(chain.days, chain.options),
          gains_(chain.kind.size() * chain.scenarios.size()) {
        for (const pricing::Scenario& scenario : chain.scenarios) {
            vols_.push_back(vols_after(scenario.vol_move));
        }
        move_to(1, chain.expiry_vols);
        marks_ = quantlib_.worths();
    }

    // In one scenario.
    void fill(std::size_t at) {
        const std::size_t count = chain_.scenarios.size();
        const pricing::Scenario& scenario = chain_.scenarios[at];
        move_to(1 + scenario.price_move, vols_[at]);
        const std::vector<double> worths = quantlib_.worths();
        for (std::size_t option = 0; option < worths.size(); ++option) {
            gains_[option * count + at] =
                (worths[option] - marks_[option]) * units * scenario.weight;
        }
    }

    [[nodiscard]] const std::vector<double>& gains() const LIFETIME_BOUND { return gains_; }

  private:
    [[nodiscard]] std::vector<double> vols_after(pricing::VolMove move) const {
        std::vector<double> vols;
        for (std::size_t expiry = 0; expiry < chain_.days.size(); ++expiry) {
            const double share =
                pricing::vol_shock(chain_.shocks, move, chain_.days[expiry] / 365.0);
            const double moved = chain_.expiry_vols[expiry] * (1 + share);
            vols.push_back(move == pricing::VolMove::up ? std::max(moved, chain_.shocks.vol_min_up)
                                                        : moved);
        }
        return vols;
    }

    void move_to(double growth, const std::vector<double>& vols) {
        quantlib_.move_forward(forward * growth);
        for (std::size_t expiry = 0; expiry < vols.size(); ++expiry) {
            quantlib_.move_vol(expiry, vols[expiry]);
        }
    }

    const Chain& chain_;
    quantlib::RiskChain quantlib_;
    std::vector<std::vector<double>> vols_;  // by scenario, of each expiry
    std::vector<double> marks_;
    std::vector<double> gains_;
};

// The worst difference, in units. Half a unit is rounding's.
double disagreement(const Arrays& arrays, const Revaluation& revaluation) {
    double worst = 0;
    for (std::size_t at = 0; at < arrays.entries.size(); ++at) {
        const double entry = static_cast<double>(arrays.entries[at]);
        worst = std::max(worst, std::abs(entry - revaluation.gains()[at]));
    }
    return worst;
}

// The best of all rounds, scenario by scenario where a call takes long enough to be disturbed.
struct Times {
    double ours = infinity;
    std::vector<double> theirs;

    [[nodiscard]] double all_theirs() const { return std::reduce(theirs.begin(), theirs.end()); }
};

Times time_both(const Chain& chain, Arrays& arrays, Revaluation& revaluation,
                std::uint32_t rounds) {
    constexpr int turns = 40;  // so that both take about as long
    Times times{.theirs = std::vector<double>(chain.scenarios.size(), infinity)};
    for (std::uint32_t round = 0; round < rounds; ++round) {
        for (std::size_t at = 0; at < times.theirs.size(); ++at) {
            const double theirs = time_ns([&] { revaluation.fill(at); });
            times.theirs[at] = std::min(times.theirs[at], theirs);
            for (int turn = 0; turn < turns; ++turn) {
                times.ours = std::min(times.ours, time_ns([&] { arrays.fill(chain); }));
            }
        }
    }
    return times;
}

}  // namespace

void bench_risk_arrays(const Options& options, Report& report) {
    const Chain chain;
    Arrays arrays(chain);
    Revaluation revaluation(chain);
    const bool is_filled = arrays.fill(chain);
    const std::uint32_t rounds = 4 * options.rounds;
    const Times times = time_both(chain, arrays, revaluation, rounds);
    if (!is_filled || disagreement(arrays, revaluation) > difference_max) {
        report.fail("risk arrays are not what QuantLib's values come to");
        return;
    }
    const double ours = times.ours;
    const double theirs = times.all_theirs();
    const double ratio = theirs / ours;
    std::printf("\nrisk arrays: 256 options, 35 scenarios, %s; the best of %u rounds\n",
                pricing::name_of(pricing::isa()).data(), rounds);
    std::printf("%8.1f us   <= %.0f %s\n", ours / 1e3, us_max,
                ours / 1e3 <= us_max ? "met" : "MISSED");
    std::printf("%8.1f us   QuantLib %s, within %.4f units: %.0f times as long   >= %.0f %s\n",
                theirs / 1e3, quantlib::version().c_str(), disagreement(arrays, revaluation), ratio,
                ratio_min, ratio >= ratio_min ? "met" : "MISSED");
    report.add({.name = "pricing/risk_arrays_256x35",
                .value = ours / 1e3,
                .unit = "us",
                .baseline = us_max,
                .baseline_name = "target"});
    report.add({.name = "pricing/risk_arrays/vs_quantlib",
                .value = ratio,
                .unit = "times",
                .baseline = ratio_min,
                .baseline_name = "target"});
}

}  // namespace miletus::bench
