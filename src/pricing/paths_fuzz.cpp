// Any numbers as simulations: each has a status that fits its estimate, and the same bits by every
// kind of lanes, whether its blocks run at once or one by one.
#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace miletus {

namespace {

constexpr std::size_t assets_max = 4;
constexpr std::size_t times_max = 9;
constexpr std::size_t paths_max = 2500;

class Input {
  public:
    explicit Input(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <class Number>
    Number take() {
        std::array<std::byte, sizeof(Number)> number{};
        const std::size_t size = std::min(bytes_.size(), sizeof(Number));
        std::ranges::copy(bytes_.first(size), number.begin());
        bytes_ = bytes_.subspan(size);
        return std::bit_cast<Number>(number);
    }
    std::vector<double> take_numbers(std::size_t count) {
        std::vector<double> numbers(count);
        std::ranges::generate(numbers, [this] { return take<double>(); });
        return numbers;
    }

  private:
    std::span<const std::byte> bytes_;
};

struct Case {
    explicit Case(Input input) {
        simulation.payoff.style = static_cast<pricing::Style>(input.take<std::uint8_t>());
        simulation.payoff.kind = input.take<std::int8_t>();
        simulation.payoff.barrier_kind =
            static_cast<pricing::BarrierKind>(input.take<std::uint8_t>());
        simulation.generator = static_cast<pricing::Generator>(input.take<std::uint8_t>());
        const auto choices = input.take<std::uint8_t>();
        simulation.payoff.is_continuous = (choices & 1U) != 0;
        simulation.has_bridge = (choices & 2U) != 0;
        simulation.is_antithetic = (choices & 4U) != 0;
        simulation.has_control = (choices & 8U) != 0;
        simulation.shifts = input.take<std::uint8_t>() % 6;
        simulation.paths = input.take<std::uint16_t>() % paths_max;
        simulation.seed = input.take<std::uint64_t>();
        assets.resize(input.take<std::uint8_t>() % (assets_max + 1));
        times.resize(input.take<std::uint8_t>() % (times_max + 1));
        for (pricing::Asset& asset : assets) {
            asset.spot = input.take<double>();
            asset.carry = input.take<double>();
            asset.vol = input.take<double>();
        }
        times = input.take_numbers(times.size());
        simulation.payoff.strike = input.take<double>();
        simulation.payoff.barrier = input.take<double>();
        simulation.discount = input.take<double>();
        weights = input.take_numbers((choices & 16U) != 0 ? assets.size() : 0);
        correlation = input.take_numbers((choices & 32U) != 0 ? assets.size() * assets.size() : 0);
        simulation.assets = assets;
        simulation.times = times;
        simulation.payoff.weights = weights;
        simulation.correlation = correlation;
    }

    pricing::Simulation simulation{};
    std::vector<pricing::Asset> assets{};
    std::vector<double> times{};
    std::vector<double> weights{};
    std::vector<double> correlation{};
};

void check(const pricing::Estimate& estimate) {
    const bool is_ok = estimate.status == pricing::PathStatus::ok;
    ASSERT(std::isfinite(estimate.value) == is_ok);
    ASSERT(std::isfinite(estimate.standard_error) == is_ok);
    ASSERT(!is_ok || estimate.standard_error >= 0);
}

bool is_same(double one, double other) {
    return std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other);
}

// Blocks from the last to the first, and what is stored of one.
pricing::Estimate estimate_one_by_one(const pricing::Simulation& simulation) {
    const pricing::Paths paths(simulation);
    std::vector<pricing::BlockSum> sums(paths.blocks());
    const bool has_payoff = simulation.payoff.style != pricing::Style::own;
    for (std::size_t block = sums.size(); block-- > 0;) {
        ASSERT(paths.run(block, std::span(sums).subspan(block, 1)) == has_payoff);
    }
    std::vector<double> prices(paths.stored_size());
    ASSERT(paths.store(0, prices) == !sums.empty());
    ASSERT(std::ranges::all_of(prices, [](double price) { return std::isfinite(price); }));
    return paths.estimate(sums);
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    const Case input{Input(bytes)};
    ASSERT(pricing::set_isa(pricing::Isa::scalar));
    const pricing::Estimate first = pricing::estimate(input.simulation);
    check(first);
    for (const pricing::Isa isa : {pricing::Isa::avx2, pricing::Isa::avx512}) {
        if (pricing::set_isa(isa)) {
            const pricing::Estimate other = estimate_one_by_one(input.simulation);
            ASSERT(other.status == first.status);
            ASSERT(is_same(other.value, first.value));
            ASSERT(is_same(other.standard_error, first.standard_error));
        }
    }
}

}  // namespace miletus
