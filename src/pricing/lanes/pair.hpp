// Pair: two vectors side by side. A price is a long chain of operations, each of which waits for
// the one before; two chains fill each other's waits.
#pragma once

#include "base/annotations.hpp"
#include "pricing/lanes/columns.hpp"
#include "pricing/lanes/table.hpp"

#include <cstddef>
#include <cstdint>

namespace miletus::lanes {

template <class Half>
struct Pair {
    static constexpr std::size_t width = 2 * Half::width;

    struct Mask {
        typename Half::Mask a, b;
        ALWAYS_INLINE friend Mask operator&(Mask x, Mask y) { return {x.a & y.a, x.b & y.b}; }
        ALWAYS_INLINE friend Mask operator|(Mask x, Mask y) { return {x.a | y.a, x.b | y.b}; }
        ALWAYS_INLINE friend Mask operator^(Mask x, Mask y) { return {x.a ^ y.a, x.b ^ y.b}; }
        ALWAYS_INLINE friend Mask operator!(Mask x) { return {!x.a, !x.b}; }
        ALWAYS_INLINE friend bool any(Mask x) { return any(x.a | x.b); }
    };

    struct Word {
        typename Half::Word a, b;
        ALWAYS_INLINE friend Word operator+(Word x, Word y) { return {x.a + y.a, x.b + y.b}; }
        ALWAYS_INLINE friend Word operator-(Word x, Word y) { return {x.a - y.a, x.b - y.b}; }
        ALWAYS_INLINE friend Word operator&(Word x, Word y) { return {x.a & y.a, x.b & y.b}; }
        ALWAYS_INLINE friend Word operator|(Word x, Word y) { return {x.a | y.a, x.b | y.b}; }
        ALWAYS_INLINE friend Word operator^(Word x, Word y) { return {x.a ^ y.a, x.b ^ y.b}; }
        ALWAYS_INLINE friend Word operator<<(Word x, int by) { return {x.a << by, x.b << by}; }
        ALWAYS_INLINE friend Word operator>>(Word x, int by) { return {x.a >> by, x.b >> by}; }
        ALWAYS_INLINE friend Mask is_zero(Word x) { return {is_zero(x.a), is_zero(x.b)}; }
        ALWAYS_INLINE friend Word product(Word x, Word y) {
            return {product(x.a, y.a), product(x.b, y.b)};
        }
    };

    struct Real {
        using Lanes = Pair;
        typename Half::Real a, b;
        ALWAYS_INLINE friend Real operator+(Real x, Real y) { return {x.a + y.a, x.b + y.b}; }
        ALWAYS_INLINE friend Real operator-(Real x, Real y) { return {x.a - y.a, x.b - y.b}; }
        ALWAYS_INLINE friend Real operator*(Real x, Real y) { return {x.a * y.a, x.b * y.b}; }
        ALWAYS_INLINE friend Real operator/(Real x, Real y) { return {x.a / y.a, x.b / y.b}; }
        ALWAYS_INLINE friend Mask operator<(Real x, Real y) { return {x.a < y.a, x.b < y.b}; }
        ALWAYS_INLINE friend Mask operator<=(Real x, Real y) { return {x.a <= y.a, x.b <= y.b}; }
        ALWAYS_INLINE friend Mask operator==(Real x, Real y) { return {x.a == y.a, x.b == y.b}; }
        ALWAYS_INLINE friend Real sqrt(Real x) { return {sqrt(x.a), sqrt(x.b)}; }
        ALWAYS_INLINE friend Real fma(Real x, Real y, Real z) {
            return {fma(x.a, y.a, z.a), fma(x.b, y.b, z.b)};
        }
        ALWAYS_INLINE friend Real fnma(Real x, Real y, Real z) {
            return {fnma(x.a, y.a, z.a), fnma(x.b, y.b, z.b)};
        }
        ALWAYS_INLINE friend Real fms(Real x, Real y, Real z) {
            return {fms(x.a, y.a, z.a), fms(x.b, y.b, z.b)};
        }
        ALWAYS_INLINE friend Real select(Mask mask, Real x, Real y) {
            return {select(mask.a, x.a, y.a), select(mask.b, x.b, y.b)};
        }
        ALWAYS_INLINE friend Real smaller(Real x, Real y) {
            return {smaller(x.a, y.a), smaller(x.b, y.b)};
        }
        ALWAYS_INLINE friend Real larger(Real x, Real y) {
            return {larger(x.a, y.a), larger(x.b, y.b)};
        }
        ALWAYS_INLINE friend Word bits_of(Real x) { return {bits_of(x.a), bits_of(x.b)}; }
    };

    ALWAYS_INLINE static Real real(double value) { return {Half::real(value), Half::real(value)}; }
    ALWAYS_INLINE static Real real(Word word) { return {Half::real(word.a), Half::real(word.b)}; }
    ALWAYS_INLINE static Word word(std::uint64_t value) {
        return {Half::word(value), Half::word(value)};
    }
    ALWAYS_INLINE static Word lane_numbers() {
        return {Half::lane_numbers(), Half::lane_numbers() + Half::word(Half::width)};
    }
    ALWAYS_INLINE static Real load(const double* from) {
        return {Half::load(from), Half::load(behind(from, Half::width))};
    }
    ALWAYS_INLINE static void store(double* to, Real value) {
        Half::store(to, value.a);
        Half::store(behind(to, Half::width), value.b);
    }
    ALWAYS_INLINE static Real load_signs(const std::int8_t* from) {
        return {Half::load_signs(from), Half::load_signs(behind(from, Half::width))};
    }
    ALWAYS_INLINE static Word load(const std::int64_t* from) {
        return {Half::load(from), Half::load(behind(from, Half::width))};
    }
    ALWAYS_INLINE static void store(std::int64_t* to, Word value) {
        Half::store(to, value.a);
        Half::store(behind(to, Half::width), value.b);
    }
    static constexpr std::size_t square = Half::square;
    ALWAYS_INLINE static void transpose(const std::int64_t* from, std::size_t from_stride,
                                        std::int64_t* to, std::size_t to_stride) {
        Half::transpose(from, from_stride, to, to_stride);
    }
    ALWAYS_INLINE static Real look_up(const Table& table, Word index) {
        return {Half::look_up(table, index.a), Half::look_up(table, index.b)};
    }
};

}  // namespace miletus::lanes
