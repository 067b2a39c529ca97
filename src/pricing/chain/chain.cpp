// Logarithms of strikes are taken here, one by one; a backend walks the rest.
#include "pricing/chain/chain.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/lanes/one.hpp"
#include "pricing/math/functions.hpp"
#include "pricing/vanilla/results.hpp"

namespace miletus::pricing {

std::optional<Chain> Chain::of(const Expiry& expiry, std::span<const double> strikes,
                               std::span<const std::int8_t> kinds) {
    if (strikes.size() != kinds.size()) {
        return std::nullopt;
    }
    Chain chain;
    chain.expiry_ = expiry;
    chain.strike_.assign(strikes.begin(), strikes.end());
    chain.kind_.assign(kinds.begin(), kinds.end());
    chain.log_strike_.reserve(strikes.size());
    chain.log_strike_rest_.reserve(strikes.size());
    const UsualRounding rounding;
    for (const double strike : strikes) {
        using Real = lanes::One::Real;
        const math::Logarithm<Real> log = math::log_rounded(Real{strike}, Real{0.0});
        chain.log_strike_.push_back(log.high.v);
        chain.log_strike_rest_.push_back(log.low.v);
    }
    return chain;
}

bool Chain::price(double forward, std::span<const double> vols, const Results& results) const {
    const bool fits = results.price.size() == size() && agree(results) &&
                      (vols.size() == size() || vols.size() == 1);
    if (!fits) {
        return false;
    }
    const ChainColumns columns{.strike = {strike_.data(), false},
                               .log_strike = {log_strike_.data(), false},
                               .log_strike_rest = {log_strike_rest_.data(), false},
                               .vol = lanes::column_of(vols),
                               .sign = {kind_.data(), false},
                               .forward = forward,
                               .time = expiry_.time,
                               .discount = expiry_.discount};
    const UsualRounding rounding;
    const Backend& kernels = backend();
    ChainKernel* kernel = wants_greeks(results) ? kernels.chain_greeks : kernels.chain_price;
    kernel(columns, columns_of(results), size());
    return true;
}

}  // namespace miletus::pricing
