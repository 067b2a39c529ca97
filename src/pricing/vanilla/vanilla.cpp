// Lengths are checked here, and columns walked in the backends.
#include "pricing/vanilla/vanilla.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/vanilla/results.hpp"

namespace miletus::pricing {

namespace {

Valuation value_with(OptionKernel* kernel, const OptionColumns& columns) {
    Valuation valuation;
    std::uint8_t status = 0;
    const UsualRounding rounding;
    kernel(columns, columns_of(valuation, status), 1);
    valuation.status = static_cast<Status>(status);
    return valuation;
}

}  // namespace

bool price(const ForwardOptions& options, const Results& results) {
    const bool fits =
        agree(results) && agree(results.price.size(),
                                {options.forward.size(), options.strike.size(), options.time.size(),
                                 options.vol.size(), options.discount.size(), options.kind.size()});
    if (!fits) {
        return false;
    }
    const OptionColumns columns{.asset = lanes::column_of(options.forward),
                                .strike = lanes::column_of(options.strike),
                                .time = lanes::column_of(options.time),
                                .vol = lanes::column_of(options.vol),
                                .discount = lanes::column_of(options.discount),
                                .rate = {},
                                .yield = {},
                                .sign = lanes::column_of(options.kind)};
    const UsualRounding rounding;
    const Backend& kernels = backend();
    OptionKernel* kernel = wants_greeks(results) ? kernels.forward_greeks : kernels.forward_price;
    kernel(columns, columns_of(results), results.price.size());
    return true;
}

bool price(const SpotOptions& options, const Results& results) {
    const bool fits =
        agree(results) &&
        agree(results.price.size(),
              {options.spot.size(), options.strike.size(), options.time.size(), options.vol.size(),
               options.rate.size(), options.yield.size(), options.kind.size()});
    if (!fits) {
        return false;
    }
    const OptionColumns columns{.asset = lanes::column_of(options.spot),
                                .strike = lanes::column_of(options.strike),
                                .time = lanes::column_of(options.time),
                                .vol = lanes::column_of(options.vol),
                                .discount = {},
                                .rate = lanes::column_of(options.rate),
                                .yield = lanes::column_of(options.yield),
                                .sign = lanes::column_of(options.kind)};
    const UsualRounding rounding;
    const Backend& kernels = backend();
    OptionKernel* kernel = wants_greeks(results) ? kernels.spot_greeks : kernels.spot_price;
    kernel(columns, columns_of(results), results.price.size());
    return true;
}

Valuation value_of(const Forward& option) {
    return value_with(backend_one().forward_greeks, {.asset = {&option.forward, true},
                                                     .strike = {&option.strike, true},
                                                     .time = {&option.time, true},
                                                     .vol = {&option.vol, true},
                                                     .discount = {&option.discount, true},
                                                     .rate = {},
                                                     .yield = {},
                                                     .sign = {&option.kind, true}});
}

Valuation value_of(const Spot& option) {
    return value_with(backend_one().spot_greeks, {.asset = {&option.spot, true},
                                                  .strike = {&option.strike, true},
                                                  .time = {&option.time, true},
                                                  .vol = {&option.vol, true},
                                                  .discount = {},
                                                  .rate = {&option.rate, true},
                                                  .yield = {&option.yield, true},
                                                  .sign = {&option.kind, true}});
}

std::string_view sentence(Status status) {
    switch (status) {
        case Status::ok:
            return "ok";
        case Status::no_time_value:
            return "no time value: priced at its intrinsic value";
        case Status::not_a_number:
            return "an input is not a number";
        case Status::out_of_domain:
            return "an input is out of its domain";
        case Status::below_intrinsic:
            return "the price is below the intrinsic value";
        case Status::above_maximum:
            return "the price is above what any volatility leads to";
    }
    return "?";
}

}  // namespace miletus::pricing
