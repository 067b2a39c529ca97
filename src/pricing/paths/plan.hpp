// A simulation made ready: everything that all blocks share.
#pragma once

#include "pricing/paths/simulation.hpp"
#include "pricing/paths/status.hpp"
#include "pricing/paths/terms.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace miletus::pricing {

constexpr std::size_t path_assets_max = 16;
constexpr std::size_t path_dimensions_max = 16'384;  // of Philox; of Sobol, sobol_dimensions_max
constexpr std::uint64_t paths_max = std::uint64_t{1} << 40U;
constexpr std::uint32_t shifts_max = 65'536;

struct PathPlan {
    PathStatus status = PathStatus::ok;
    bool has_control = false;
    bool is_antithetic = false;
    std::uint64_t seed = 0;
    std::uint64_t shifts = 1;
    std::uint64_t shift_samples = 0;
    std::uint64_t shift_blocks = 0;
    std::uint64_t blocks = 0;
    double discount = 1;
    double control_expected = 0;
    std::size_t times = 0;
    std::size_t assets = 0;
    Generator generator = Generator::philox;
    PayoffTerms payoff{};
    std::vector<double> deviations{};
    std::vector<double> drifts{};
    std::vector<double> vols{};
    std::vector<double> reaches{};
    std::vector<double> spots{};
    std::vector<double> stakes{};
    std::vector<double> crossings{};
    std::vector<double> mixing{};
    std::vector<BridgeStep> bridge{};
    std::vector<std::uint32_t> places{};
    std::vector<std::uint64_t> points{};  // Sobol: draw bits of directions, by bit and dimension
    std::vector<std::uint64_t> point_steps{};
    std::vector<PathRow> point_lanes{};

    [[nodiscard]] std::size_t dimensions() const { return times * assets; }
    // For kernels, while the plan lives.
    [[nodiscard]] PathTerms terms() const;
};

[[nodiscard]] PathPlan plan_of(const Simulation& simulation);

}  // namespace miletus::pricing
