// No account equals an instrument.
// expect gcc: no match for 'operator=='
// expect clang: invalid operands to binary expression
#include "base/units.hpp"

bool same(miletus::AccountId account, [[maybe_unused]] miletus::InstrumentId instrument) {
#ifdef WRONG
    return account == instrument;
#else
    return account == miletus::AccountId(1);
#endif
}
