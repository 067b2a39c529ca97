// Lengths are checked here, and columns walked in the backends.
#include "pricing/models/models.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/vanilla/results.hpp"

namespace miletus::pricing {

namespace {

ModelColumns columns_of(const ForwardOptions& options) {
    return {.option = {.asset = lanes::column_of(options.forward),
                       .strike = lanes::column_of(options.strike),
                       .time = lanes::column_of(options.time),
                       .vol = lanes::column_of(options.vol),
                       .discount = lanes::column_of(options.discount),
                       .rate = {},
                       .yield = {},
                       .sign = lanes::column_of(options.kind)},
            .shift = {},
            .conversion = {},
            .conversion_vol = {},
            .correlation = {}};
}

ModelColumns columns_of(const Forward& option) {
    return {.option = {.asset = {&option.forward, true},
                       .strike = {&option.strike, true},
                       .time = {&option.time, true},
                       .vol = {&option.vol, true},
                       .discount = {&option.discount, true},
                       .rate = {},
                       .yield = {},
                       .sign = {&option.kind, true}},
            .shift = {},
            .conversion = {},
            .conversion_vol = {},
            .correlation = {}};
}

ModelPriceColumns columns_of(const PricedForwards& options) {
    return {.option = {.price = lanes::column_of(options.price),
                       .forward = lanes::column_of(options.forward),
                       .strike = lanes::column_of(options.strike),
                       .time = lanes::column_of(options.time),
                       .discount = lanes::column_of(options.discount),
                       .sign = lanes::column_of(options.kind)},
            .shift = {}};
}

ModelPriceColumns columns_of(const PricedForward& option) {
    return {.option = {.price = {&option.price, true},
                       .forward = {&option.forward, true},
                       .strike = {&option.strike, true},
                       .time = {&option.time, true},
                       .discount = {&option.discount, true},
                       .sign = {&option.kind, true}},
            .shift = {}};
}

bool fit(const ForwardOptions& options, const Results& results) {
    return agree(results) &&
           agree(results.price.size(),
                 {options.forward.size(), options.strike.size(), options.time.size(),
                  options.vol.size(), options.discount.size(), options.kind.size()});
}

bool fit(const PricedForwards& options, std::span<const double> vol,
         std::span<const std::uint8_t> status) {
    return (status.empty() || status.size() == vol.size()) &&
           agree(vol.size(), {options.price.size(), options.forward.size(), options.strike.size(),
                              options.time.size(), options.discount.size(), options.kind.size()});
}

void price_with(const ModelKernels& kernels, const ModelColumns& columns, const Results& results) {
    const UsualRounding rounding;
    ModelKernel* kernel = wants_greeks(results) ? kernels.greeks : kernels.price;
    kernel(columns, columns_of(results), results.price.size());
}

Valuation value_with(const ModelKernels& kernels, const ModelColumns& columns) {
    Valuation valuation;
    std::uint8_t status = 0;
    const UsualRounding rounding;
    kernels.greeks(columns, columns_of(valuation, status), 1);
    valuation.status = static_cast<Status>(status);
    return valuation;
}

void imply_with(ModelImplyKernel* kernel, const ModelPriceColumns& columns, std::span<double> vol,
                std::span<std::uint8_t> status) {
    const UsualRounding rounding;
    kernel(columns, {.vol = vol.data(), .status = status.empty() ? nullptr : status.data()},
           vol.size());
}

ImpliedVol vol_with(ModelImplyKernel* kernel, const ModelPriceColumns& columns) {
    ImpliedVol result;
    std::uint8_t status = 0;
    const UsualRounding rounding;
    kernel(columns, {.vol = &result.vol, .status = &status}, 1);
    result.status = static_cast<Status>(status);
    return result;
}

}  // namespace

// ---- Bachelier ----

bool price_bachelier(const ForwardOptions& options, const Results& results) {
    if (!fit(options, results)) {
        return false;
    }
    price_with(backend().bachelier, columns_of(options), results);
    return true;
}

Valuation bachelier_value(const Forward& option) {
    return value_with(backend_one().bachelier, columns_of(option));
}

bool imply_bachelier(const PricedForwards& options, std::span<double> vol,
                     std::span<std::uint8_t> status) {
    if (!fit(options, vol, status)) {
        return false;
    }
    imply_with(backend().imply_bachelier, columns_of(options), vol, status);
    return true;
}

ImpliedVol bachelier_vol(const PricedForward& option) {
    return vol_with(backend_one().imply_bachelier, columns_of(option));
}

// ---- Displaced ----

bool price_displaced(const ForwardOptions& options, std::span<const double> shift,
                     const Results& results) {
    if (!fit(options, results) || !agree(results.price.size(), {shift.size()})) {
        return false;
    }
    ModelColumns columns = columns_of(options);
    columns.shift = lanes::column_of(shift);
    price_with(backend().displaced, columns, results);
    return true;
}

Valuation displaced_value(const Forward& option, double shift) {
    ModelColumns columns = columns_of(option);
    columns.shift = {&shift, true};
    return value_with(backend_one().displaced, columns);
}

bool imply_displaced(const PricedForwards& options, std::span<const double> shift,
                     std::span<double> vol, std::span<std::uint8_t> status) {
    if (!fit(options, vol, status) || !agree(vol.size(), {shift.size()})) {
        return false;
    }
    ModelPriceColumns columns = columns_of(options);
    columns.shift = lanes::column_of(shift);
    imply_with(backend().imply_displaced, columns, vol, status);
    return true;
}

ImpliedVol displaced_vol(const PricedForward& option, double shift) {
    ModelPriceColumns columns = columns_of(option);
    columns.shift = {&shift, true};
    return vol_with(backend_one().imply_displaced, columns);
}

// ---- Coin-settled ----

bool price_coin(const ForwardOptions& options, const Results& results) {
    if (!fit(options, results)) {
        return false;
    }
    price_with(backend().coin, columns_of(options), results);
    return true;
}

Valuation coin_value(const Forward& option) {
    return value_with(backend_one().coin, columns_of(option));
}

bool imply_coin(const PricedForwards& options, std::span<double> vol,
                std::span<std::uint8_t> status) {
    if (!fit(options, vol, status)) {
        return false;
    }
    imply_with(backend().imply_coin, columns_of(options), vol, status);
    return true;
}

ImpliedVol coin_vol(const PricedForward& option) {
    return vol_with(backend_one().imply_coin, columns_of(option));
}

// ---- Quanto ----

bool price_quanto(const ForwardOptions& options, const Conversions& conversions,
                  const Results& results) {
    const bool fits =
        fit(options, results) &&
        agree(results.price.size(),
              {conversions.agreed.size(), conversions.vol.size(), conversions.correlation.size()});
    if (!fits) {
        return false;
    }
    ModelColumns columns = columns_of(options);
    columns.conversion = lanes::column_of(conversions.agreed);
    columns.conversion_vol = lanes::column_of(conversions.vol);
    columns.correlation = lanes::column_of(conversions.correlation);
    price_with(backend().quanto, columns, results);
    return true;
}

Valuation quanto_value(const Forward& option, const Conversion& conversion) {
    ModelColumns columns = columns_of(option);
    columns.conversion = {&conversion.agreed, true};
    columns.conversion_vol = {&conversion.vol, true};
    columns.correlation = {&conversion.correlation, true};
    return value_with(backend_one().quanto, columns);
}

}  // namespace miletus::pricing
