// Money comes from value_of(LotValue, Lots) alone: a tick is worth what its instrument says.
// expect gcc: no match for 'operator*'
// expect clang: invalid operands to binary expression
#include "base/units.hpp"

using miletus::Lots;
using miletus::LotValue;
using miletus::Ticks;

auto value([[maybe_unused]] Ticks price, [[maybe_unused]] LotValue per_lot, Lots lots) {
#ifdef WRONG
    return price * lots;
#else
    return miletus::value_of(per_lot, lots);
#endif
}
