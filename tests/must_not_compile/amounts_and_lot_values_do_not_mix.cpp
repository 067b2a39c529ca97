// The worth of one lot is not money yet.
// expect gcc: no match for 'operator+='
// expect clang: no viable overloaded '+='
#include "base/units.hpp"

using miletus::Amount;
using miletus::LotValue;

Amount add(Amount balance, [[maybe_unused]] LotValue per_lot) {
#ifdef WRONG
    balance += per_lot;
#else
    balance += Amount(1);
#endif
    return balance;
}
