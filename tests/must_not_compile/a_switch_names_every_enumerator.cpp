// A new enumerator makes every switch over it an error, also one with a default.
// expect gcc: not handled in switch
// expect clang: not explicitly handled in switch
enum class Side {
    buy,
    sell,
#ifdef WRONG
    sell_short,
#endif
};

int sign(Side side) {
    switch (side) {
        case Side::buy:
            return 1;
        case Side::sell:
        default:
            return -1;
    }
}
