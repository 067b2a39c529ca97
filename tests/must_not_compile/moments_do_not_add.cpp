// Two moments differ by a span; they have no sum.
// expect gcc: no match for 'operator+'
// expect clang: invalid operands to binary expression
#include "base/units.hpp"

using miletus::UnixNanos;

auto between(UnixNanos start, UnixNanos end) {
#ifdef WRONG
    return end + start;
#else
    return end - start;
#endif
}
