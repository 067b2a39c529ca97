// An integer becomes a quantity only where someone says so.
// expect gcc: conversion from
// expect clang: no viable conversion
#include "base/units.hpp"

using miletus::Lots;

Lots doubled(Lots lots) {
    return lots + lots;
}

Lots call() {
#ifdef WRONG
    const Lots lots = 5;
    return doubled(lots);
#else
    return doubled(Lots(5));
#endif
}
