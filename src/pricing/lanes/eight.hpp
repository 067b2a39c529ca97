// Eight: AVX-512, for files that are compiled for it and called only where it is.
#pragma once

#include "base/annotations.hpp"
#include "pricing/lanes/columns.hpp"
#include "pricing/lanes/table.hpp"

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace miletus::lanes {

struct Eight {
    static constexpr std::size_t width = 8;

    struct Mask {
        __mmask8 bits;
        ALWAYS_INLINE friend Mask operator&(Mask a, Mask b) {
            return {_kand_mask8(a.bits, b.bits)};
        }
        ALWAYS_INLINE friend Mask operator|(Mask a, Mask b) { return {_kor_mask8(a.bits, b.bits)}; }
        ALWAYS_INLINE friend Mask operator^(Mask a, Mask b) {
            return {_kxor_mask8(a.bits, b.bits)};
        }
        ALWAYS_INLINE friend Mask operator!(Mask a) { return {_knot_mask8(a.bits)}; }
        ALWAYS_INLINE friend bool any(Mask a) { return a.bits != 0; }
    };

    struct Word {
        using Unsigned [[gnu::vector_size(64)]] = unsigned long long;
        __m512i v;
        ALWAYS_INLINE friend Word operator+(Word a, Word b) { return {_mm512_add_epi64(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator-(Word a, Word b) { return {_mm512_sub_epi64(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator&(Word a, Word b) { return {_mm512_and_si512(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator|(Word a, Word b) { return {_mm512_or_si512(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator^(Word a, Word b) { return {_mm512_xor_si512(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator<<(Word a, int by) {
            return {__builtin_bit_cast(__m512i, __builtin_bit_cast(Unsigned, a.v) << by)};
        }
        ALWAYS_INLINE friend Word operator>>(Word a, int by) {
            return {__builtin_bit_cast(__m512i, __builtin_bit_cast(Unsigned, a.v) >> by)};
        }
        ALWAYS_INLINE friend Mask is_zero(Word a) { return {_mm512_testn_epi64_mask(a.v, a.v)}; }
        ALWAYS_INLINE friend Word product(Word a, Word b) { return {_mm512_mul_epu32(a.v, b.v)}; }
    };

    struct Real {
        using Lanes = Eight;
        __m512d v;
        ALWAYS_INLINE friend Real operator+(Real a, Real b) { return {_mm512_add_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Real operator-(Real a, Real b) { return {_mm512_sub_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Real operator*(Real a, Real b) { return {_mm512_mul_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Real operator/(Real a, Real b) { return {_mm512_div_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Mask operator<(Real a, Real b) {
            return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ)};
        }
        ALWAYS_INLINE friend Mask operator<=(Real a, Real b) {
            return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LE_OQ)};
        }
        ALWAYS_INLINE friend Mask operator==(Real a, Real b) {
            return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_EQ_OQ)};
        }
        ALWAYS_INLINE friend Real sqrt(Real a) { return {_mm512_sqrt_pd(a.v)}; }
        ALWAYS_INLINE friend Real fma(Real a, Real b, Real c) {
            return {_mm512_fmadd_pd(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real fnma(Real a, Real b, Real c) {
            return {_mm512_fnmadd_pd(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real fms(Real a, Real b, Real c) {
            return {_mm512_fmsub_pd(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real select(Mask mask, Real a, Real b) {
            return {_mm512_mask_blend_pd(mask.bits, b.v, a.v)};
        }
        ALWAYS_INLINE friend Real smaller(Real x, Real y) { return {_mm512_min_pd(y.v, x.v)}; }
        ALWAYS_INLINE friend Real larger(Real x, Real y) { return {_mm512_max_pd(y.v, x.v)}; }
        ALWAYS_INLINE friend Word bits_of(Real a) { return {_mm512_castpd_si512(a.v)}; }
    };

    ALWAYS_INLINE static Real real(double value) { return {_mm512_set1_pd(value)}; }
    ALWAYS_INLINE static Real real(Word word) { return {_mm512_castsi512_pd(word.v)}; }
    ALWAYS_INLINE static Word word(std::uint64_t value) {
        return {_mm512_set1_epi64(static_cast<std::int64_t>(value))};
    }
    ALWAYS_INLINE static Word lane_numbers() { return {_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0)}; }
    ALWAYS_INLINE static Real load(const double* from) { return {_mm512_loadu_pd(from)}; }
    ALWAYS_INLINE static void store(double* to, Real value) { _mm512_storeu_pd(to, value.v); }
    ALWAYS_INLINE static Real load_signs(const std::int8_t* from) {
        return {_mm512_cvtepi32_pd(_mm256_cvtepi8_epi32(_mm_loadu_si64(from)))};
    }
    ALWAYS_INLINE static Word load(const std::int64_t* from) { return {_mm512_loadu_epi64(from)}; }
    ALWAYS_INLINE static void store(std::int64_t* to, Word value) {
        _mm512_storeu_epi64(to, value.v);
    }
    // A square of rows that lie so far apart, with rows for columns.
    static constexpr std::size_t square = 8;
    ALWAYS_INLINE static void transpose(const std::int64_t* from, std::size_t from_stride,
                                        std::int64_t* to, std::size_t to_stride) {
        std::array<Word, square> rows;
        for (std::size_t at = 0; at < square; ++at) {
            rows[at] = load(behind(from, at * from_stride));
        }
        const auto columns = [&](std::size_t first, __m512i a, __m512i b, __m512i c, __m512i d) {
            const __m512i early = _mm512_shuffle_i64x2(a, b, 0x88);
            const __m512i late = _mm512_shuffle_i64x2(a, b, 0xDD);
            const __m512i more_early = _mm512_shuffle_i64x2(c, d, 0x88);
            const __m512i more_late = _mm512_shuffle_i64x2(c, d, 0xDD);
            const auto column = [&](std::size_t at, __m512i value) {
                store(behind(to, (first + at) * to_stride), {value});
            };
            column(0, _mm512_shuffle_i64x2(early, more_early, 0x88));
            column(2, _mm512_shuffle_i64x2(late, more_late, 0x88));
            column(4, _mm512_shuffle_i64x2(early, more_early, 0xDD));
            column(6, _mm512_shuffle_i64x2(late, more_late, 0xDD));
        };
        columns(0, _mm512_unpacklo_epi64(rows[0].v, rows[1].v),
                _mm512_unpacklo_epi64(rows[2].v, rows[3].v),
                _mm512_unpacklo_epi64(rows[4].v, rows[5].v),
                _mm512_unpacklo_epi64(rows[6].v, rows[7].v));
        columns(1, _mm512_unpackhi_epi64(rows[0].v, rows[1].v),
                _mm512_unpackhi_epi64(rows[2].v, rows[3].v),
                _mm512_unpackhi_epi64(rows[4].v, rows[5].v),
                _mm512_unpackhi_epi64(rows[6].v, rows[7].v));
    }
    ALWAYS_INLINE static Real look_up(const Table& table, Word index) {
        return {_mm512_permutex2var_pd(_mm512_load_pd(table.entries.data()), index.v,
                                       _mm512_load_pd(&table.entries[8]))};
    }
};

}  // namespace miletus::lanes
