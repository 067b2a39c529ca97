// Backends: the same kernels, compiled once for each kind of lanes. A kernel walks columns whose
// lengths its caller has checked.
#pragma once

#include "pricing/chain/columns.hpp"
#include "pricing/implied/columns.hpp"
#include "pricing/isa.hpp"
#include "pricing/math/function.hpp"
#include "pricing/models/columns.hpp"
#include "pricing/paths/terms.hpp"
#include "pricing/risk_arrays/columns.hpp"
#include "pricing/surface/columns.hpp"
#include "pricing/vanilla/columns.hpp"

#include <cstddef>

namespace miletus::pricing {

using OptionKernel = void(const OptionColumns& in, const ResultColumns& out, std::size_t count);

using ChainKernel = void(const ChainColumns& in, const ResultColumns& out, std::size_t count);

using ModelKernel = void(const ModelColumns& in, const ResultColumns& out, std::size_t count);
using ModelImplyKernel = void(const ModelPriceColumns& in, const VolColumns& out,
                              std::size_t count);

struct ModelKernels {
    ModelKernel* price;
    ModelKernel* greeks;
};

struct Backend {
    void (*apply)(Function function, const lanes::Column<double>& x, const lanes::Column<double>& y,
                  double* out, std::size_t count);
    OptionKernel* forward_price;
    OptionKernel* forward_greeks;
    OptionKernel* spot_price;
    OptionKernel* spot_greeks;
    ChainKernel* chain_price;
    ChainKernel* chain_greeks;
    void (*imply)(const PriceColumns& in, const VolColumns& out, std::size_t count);
    void (*array_risks)(const LotColumns& in, const ScenarioTable& table, const EntryColumns& out,
                        std::size_t count);
    ModelKernels bachelier;
    ModelKernels displaced;
    ModelKernels coin;
    ModelKernels quanto;
    ModelImplyKernel* imply_bachelier;
    ModelImplyKernel* imply_displaced;
    ModelImplyKernel* imply_coin;
    void (*sample_block)(const PathTerms& terms, const PathRoom& room);
    void (*sum_block)(double* values, double* controls, std::size_t count, BlockSum* out);
    void (*store_block)(const PathTerms& terms, const PathRoom& room, double* prices);
    ArmSums (*sum_arms)(const PointColumns& points, double centre, double inverse_width);
    StepSums (*sum_steps)(const PointColumns& points, const Hyperbola& curve);
    SsviSums (*sum_ssvi)(const PointColumns& points, const SsviTerms& terms);
    void (*evaluate_hyperbola)(const Hyperbola& curve, const lanes::Column<double>& log_moneyness,
                               double* out, std::size_t count);
};

[[nodiscard]] const Backend& backend_one();
[[nodiscard]] const Backend& backend_four();
[[nodiscard]] const Backend& backend_eight();

// The one for the vectors in use.
[[nodiscard]] const Backend& backend();

// While it lives, sums and products are rounded to the nearest, and nothing small is taken for
// zero, whatever the caller's settings are.
class UsualRounding {
  public:
    UsualRounding();
    ~UsualRounding();
    UsualRounding(const UsualRounding&) = delete;
    UsualRounding& operator=(const UsualRounding&) = delete;

  private:
    std::uint32_t before_;
};

}  // namespace miletus::pricing
