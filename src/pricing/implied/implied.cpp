// Lengths are checked here, and columns walked in the backends.
#include "pricing/implied/implied.hpp"

#include "pricing/backends/backends.hpp"

#include <algorithm>
#include <array>

namespace miletus::pricing {

bool imply(const PricedForwards& options, std::span<double> vol, std::span<std::uint8_t> status) {
    const std::array sizes{options.price.size(), options.forward.size(),  options.strike.size(),
                           options.time.size(),  options.discount.size(), options.kind.size()};
    const bool fits =
        std::ranges::all_of(sizes,
                            [&](std::size_t size) { return size == vol.size() || size == 1; }) &&
        (status.empty() || status.size() == vol.size());
    if (!fits) {
        return false;
    }
    const UsualRounding rounding;
    backend().imply({.price = lanes::column_of(options.price),
                     .forward = lanes::column_of(options.forward),
                     .strike = lanes::column_of(options.strike),
                     .time = lanes::column_of(options.time),
                     .discount = lanes::column_of(options.discount),
                     .sign = lanes::column_of(options.kind)},
                    {.vol = vol.data(), .status = status.empty() ? nullptr : status.data()},
                    vol.size());
    return true;
}

ImpliedVol implied_vol(const PricedForward& option) {
    ImpliedVol result;
    std::uint8_t status = 0;
    const UsualRounding rounding;
    backend_one().imply({.price = {&option.price, true},
                         .forward = {&option.forward, true},
                         .strike = {&option.strike, true},
                         .time = {&option.time, true},
                         .discount = {&option.discount, true},
                         .sign = {&option.kind, true}},
                        {.vol = &result.vol, .status = &status}, 1);
    result.status = static_cast<Status>(status);
    return result;
}

}  // namespace miletus::pricing
