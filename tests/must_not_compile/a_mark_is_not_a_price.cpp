// Marks count tenths of a tick, prices count ticks.
// expect gcc: no match for 'operator<'
// expect clang: invalid operands to binary expression
#include "base/units.hpp"

bool below([[maybe_unused]] miletus::Grid mark, miletus::Ticks price) {
#ifdef WRONG
    return mark < price;
#else
    return price < miletus::Ticks(0);
#endif
}
