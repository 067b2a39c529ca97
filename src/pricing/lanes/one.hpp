// One: a single number in place of a vector, for tails, for single prices and for machines and
// tests that want nothing wider. It does what Four and Eight do in each of their lanes, to the bit.
#pragma once

#include "base/annotations.hpp"
#include "pricing/lanes/columns.hpp"
#include "pricing/lanes/table.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace miletus::lanes {

struct One {
    static constexpr std::size_t width = 1;

    struct Mask {
        bool bit;
        ALWAYS_INLINE friend Mask operator&(Mask a, Mask b) { return {a.bit && b.bit}; }
        ALWAYS_INLINE friend Mask operator|(Mask a, Mask b) { return {a.bit || b.bit}; }
        ALWAYS_INLINE friend Mask operator^(Mask a, Mask b) { return {a.bit != b.bit}; }
        ALWAYS_INLINE friend Mask operator!(Mask a) { return {!a.bit}; }
        ALWAYS_INLINE friend bool any(Mask a) { return a.bit; }
    };

    struct Word {
        std::uint64_t v;
        ALWAYS_INLINE friend Word operator+(Word a, Word b) { return {a.v + b.v}; }
        ALWAYS_INLINE friend Word operator-(Word a, Word b) { return {a.v - b.v}; }
        ALWAYS_INLINE friend Word operator&(Word a, Word b) { return {a.v & b.v}; }
        ALWAYS_INLINE friend Word operator|(Word a, Word b) { return {a.v | b.v}; }
        ALWAYS_INLINE friend Word operator^(Word a, Word b) { return {a.v ^ b.v}; }
        ALWAYS_INLINE friend Word operator<<(Word a, int by) { return {a.v << by}; }
        ALWAYS_INLINE friend Word operator>>(Word a, int by) { return {a.v >> by}; }
        ALWAYS_INLINE friend Mask is_zero(Word a) { return {a.v == 0}; }
        // Of the lower halves.
        ALWAYS_INLINE friend Word product(Word a, Word b) {
            return {(a.v & 0xFFFF'FFFFU) * (b.v & 0xFFFF'FFFFU)};
        }
    };

    struct Real {
        using Lanes = One;
        double v;
        ALWAYS_INLINE friend Real operator+(Real a, Real b) { return {a.v + b.v}; }
        ALWAYS_INLINE friend Real operator-(Real a, Real b) { return {a.v - b.v}; }
        ALWAYS_INLINE friend Real operator*(Real a, Real b) { return {a.v * b.v}; }
        ALWAYS_INLINE friend Real operator/(Real a, Real b) { return {a.v / b.v}; }
        ALWAYS_INLINE friend Mask operator<(Real a, Real b) { return {a.v < b.v}; }
        ALWAYS_INLINE friend Mask operator<=(Real a, Real b) { return {a.v <= b.v}; }
        ALWAYS_INLINE friend Mask operator==(Real a, Real b) { return {a.v == b.v}; }
        ALWAYS_INLINE friend Real sqrt(Real a) { return {__builtin_sqrt(a.v)}; }
        // a b + c, c - a b and a b - c, each rounded once.
        ALWAYS_INLINE friend Real fma(Real a, Real b, Real c) {
            return {__builtin_fma(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real fnma(Real a, Real b, Real c) {
            return {__builtin_fma(-a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real fms(Real a, Real b, Real c) {
            return {__builtin_fma(a.v, b.v, -c.v)};
        }
        ALWAYS_INLINE friend Real select(Mask mask, Real a, Real b) { return mask.bit ? a : b; }
        // y where it is, else x; which of two zeros, and what of no number, is so laid down.
        ALWAYS_INLINE friend Real smaller(Real x, Real y) { return {y.v < x.v ? y.v : x.v}; }
        ALWAYS_INLINE friend Real larger(Real x, Real y) { return {y.v > x.v ? y.v : x.v}; }
        ALWAYS_INLINE friend Word bits_of(Real a) { return {std::bit_cast<std::uint64_t>(a.v)}; }
    };

    ALWAYS_INLINE static Real real(double value) { return {value}; }
    ALWAYS_INLINE static Real real(Word word) { return {std::bit_cast<double>(word.v)}; }
    ALWAYS_INLINE static Word word(std::uint64_t value) { return {value}; }
    ALWAYS_INLINE static Word lane_numbers() { return {0}; }
    ALWAYS_INLINE static Real load(const double* from) { return {*from}; }
    ALWAYS_INLINE static void store(double* to, Real value) { *to = value.v; }
    ALWAYS_INLINE static Real load_signs(const std::int8_t* from) {
        return {static_cast<double>(*from)};
    }
    ALWAYS_INLINE static Word load(const std::int64_t* from) {
        return {static_cast<std::uint64_t>(*from)};
    }
    ALWAYS_INLINE static void store(std::int64_t* to, Word value) {
        *to = static_cast<std::int64_t>(value.v);
    }
    // A square of rows that lie so far apart, with rows for columns.
    static constexpr std::size_t square = 1;
    ALWAYS_INLINE static void transpose(const std::int64_t* from, std::size_t /*from_stride*/,
                                        std::int64_t* to, std::size_t /*to_stride*/) {
        *to = *from;
    }
    // By the lowest four bits.
    ALWAYS_INLINE static Real look_up(const Table& table, Word index) {
        return {table.entries[index.v & 15U]};
    }
};

}  // namespace miletus::lanes
