// The kernels for one kind of lanes: what each file of this folder instantiates.
#pragma once

#include "pricing/backends/backends.hpp"
#include "pricing/chain/rows.hpp"
#include "pricing/implied/rows.hpp"
#include "pricing/math/apply.hpp"
#include "pricing/models/rows.hpp"
#include "pricing/paths/blocks.hpp"
#include "pricing/risk_arrays/rows.hpp"
#include "pricing/surface/sums.hpp"
#include "pricing/vanilla/rows.hpp"

namespace miletus::pricing {

template <class L, template <class> class Family>
constexpr ModelKernels kernels_of() {
    return {.price = price_family<L, Family, false>, .greeks = price_family<L, Family, true>};
}

template <class L>
constexpr Backend backend_of() {
    return {.apply = math::apply<L>,
            .forward_price = price_all<L, true, false>,
            .forward_greeks = price_all<L, true, true>,
            .spot_price = price_all<L, false, false>,
            .spot_greeks = price_all<L, false, true>,
            .chain_price = price_chain<L, false>,
            .chain_greeks = price_chain<L, true>,
            .imply = imply_all<L>,
            .array_risks = array_all<L>,
            .bachelier = kernels_of<L, NormalFamily>(),
            .displaced = kernels_of<L, DisplacedFamily>(),
            .coin = kernels_of<L, CoinFamily>(),
            .quanto = kernels_of<L, QuantoFamily>(),
            .imply_bachelier = imply_normal<L>,
            .imply_displaced = imply_displaced<L>,
            .imply_coin = imply_coin<L>,
            .sample_block = sample_block<L>,
            .sum_block = sum_block<L>,
            .store_block = store_block<L>,
            .sum_arms = sum_arms<L>,
            .sum_steps = sum_steps<L>,
            .sum_ssvi = sum_ssvi<L>,
            .evaluate_hyperbola = evaluate_hyperbola<L>};
}

}  // namespace miletus::pricing
