// Four: AVX2, which every machine has that Miletus runs on.
#pragma once

#include "base/annotations.hpp"
#include "pricing/lanes/columns.hpp"
#include "pricing/lanes/table.hpp"

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace miletus::lanes {

struct Four {
    static constexpr std::size_t width = 4;

    struct Mask {
        __m256d bits;
        ALWAYS_INLINE friend Mask operator&(Mask a, Mask b) {
            return {_mm256_and_pd(a.bits, b.bits)};
        }
        ALWAYS_INLINE friend Mask operator|(Mask a, Mask b) {
            return {_mm256_or_pd(a.bits, b.bits)};
        }
        ALWAYS_INLINE friend Mask operator^(Mask a, Mask b) {
            return {_mm256_xor_pd(a.bits, b.bits)};
        }
        ALWAYS_INLINE friend Mask operator!(Mask a) {
            return {_mm256_xor_pd(a.bits, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)))};
        }
        ALWAYS_INLINE friend bool any(Mask a) { return _mm256_movemask_pd(a.bits) != 0; }
    };

    struct Word {
        using Unsigned [[gnu::vector_size(32)]] = unsigned long long;
        __m256i v;
        ALWAYS_INLINE friend Word operator+(Word a, Word b) { return {_mm256_add_epi64(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator-(Word a, Word b) { return {_mm256_sub_epi64(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator&(Word a, Word b) { return {_mm256_and_si256(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator|(Word a, Word b) { return {_mm256_or_si256(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator^(Word a, Word b) { return {_mm256_xor_si256(a.v, b.v)}; }
        ALWAYS_INLINE friend Word operator<<(Word a, int by) {
            return {__builtin_bit_cast(__m256i, __builtin_bit_cast(Unsigned, a.v) << by)};
        }
        ALWAYS_INLINE friend Word operator>>(Word a, int by) {
            return {__builtin_bit_cast(__m256i, __builtin_bit_cast(Unsigned, a.v) >> by)};
        }
        ALWAYS_INLINE friend Mask is_zero(Word a) {
            return {_mm256_castsi256_pd(_mm256_cmpeq_epi64(a.v, _mm256_setzero_si256()))};
        }
        ALWAYS_INLINE friend Word product(Word a, Word b) { return {_mm256_mul_epu32(a.v, b.v)}; }
    };

    struct Real {
        using Lanes = Four;
        __m256d v;
        ALWAYS_INLINE friend Real operator+(Real a, Real b) { return {_mm256_add_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Real operator-(Real a, Real b) { return {_mm256_sub_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Real operator*(Real a, Real b) { return {_mm256_mul_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Real operator/(Real a, Real b) { return {_mm256_div_pd(a.v, b.v)}; }
        ALWAYS_INLINE friend Mask operator<(Real a, Real b) {
            return {_mm256_cmp_pd(a.v, b.v, _CMP_LT_OQ)};
        }
        ALWAYS_INLINE friend Mask operator<=(Real a, Real b) {
            return {_mm256_cmp_pd(a.v, b.v, _CMP_LE_OQ)};
        }
        ALWAYS_INLINE friend Mask operator==(Real a, Real b) {
            return {_mm256_cmp_pd(a.v, b.v, _CMP_EQ_OQ)};
        }
        ALWAYS_INLINE friend Real sqrt(Real a) { return {_mm256_sqrt_pd(a.v)}; }
        ALWAYS_INLINE friend Real fma(Real a, Real b, Real c) {
            return {_mm256_fmadd_pd(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real fnma(Real a, Real b, Real c) {
            return {_mm256_fnmadd_pd(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real fms(Real a, Real b, Real c) {
            return {_mm256_fmsub_pd(a.v, b.v, c.v)};
        }
        ALWAYS_INLINE friend Real select(Mask mask, Real a, Real b) {
            return {_mm256_blendv_pd(b.v, a.v, mask.bits)};
        }
        ALWAYS_INLINE friend Real smaller(Real x, Real y) { return {_mm256_min_pd(y.v, x.v)}; }
        ALWAYS_INLINE friend Real larger(Real x, Real y) { return {_mm256_max_pd(y.v, x.v)}; }
        ALWAYS_INLINE friend Word bits_of(Real a) { return {_mm256_castpd_si256(a.v)}; }
    };

    ALWAYS_INLINE static Real real(double value) { return {_mm256_set1_pd(value)}; }
    ALWAYS_INLINE static Real real(Word word) { return {_mm256_castsi256_pd(word.v)}; }
    ALWAYS_INLINE static Word word(std::uint64_t value) {
        return {_mm256_set1_epi64x(static_cast<std::int64_t>(value))};
    }
    ALWAYS_INLINE static Word lane_numbers() { return {_mm256_set_epi64x(3, 2, 1, 0)}; }
    ALWAYS_INLINE static Real load(const double* from) { return {_mm256_loadu_pd(from)}; }
    ALWAYS_INLINE static void store(double* to, Real value) { _mm256_storeu_pd(to, value.v); }
    ALWAYS_INLINE static Real load_signs(const std::int8_t* from) {
        return {_mm256_cvtepi32_pd(_mm_cvtepi8_epi32(_mm_loadu_si32(from)))};
    }
    ALWAYS_INLINE static Word load(const std::int64_t* from) {
        const void* place = from;
        return {_mm256_loadu_si256(static_cast<const __m256i*>(place))};
    }
    ALWAYS_INLINE static void store(std::int64_t* to, Word value) {
        void* place = to;
        _mm256_storeu_si256(static_cast<__m256i*>(place), value.v);
    }
    // A square of rows that lie so far apart, with rows for columns.
    static constexpr std::size_t square = 4;
    ALWAYS_INLINE static void transpose(const std::int64_t* from, std::size_t from_stride,
                                        std::int64_t* to, std::size_t to_stride) {
        const auto row = [&](std::size_t at) {
            return load(behind(from, at * from_stride)).v;
        };
        const auto column = [&](std::size_t at, __m256i value) {
            store(behind(to, at * to_stride), {value});
        };
        const __m256i even = _mm256_unpacklo_epi64(row(0), row(1));
        const __m256i odd = _mm256_unpackhi_epi64(row(0), row(1));
        const __m256i more_even = _mm256_unpacklo_epi64(row(2), row(3));
        const __m256i more_odd = _mm256_unpackhi_epi64(row(2), row(3));
        column(0, _mm256_permute2x128_si256(even, more_even, 0x20));
        column(1, _mm256_permute2x128_si256(odd, more_odd, 0x20));
        column(2, _mm256_permute2x128_si256(even, more_even, 0x31));
        column(3, _mm256_permute2x128_si256(odd, more_odd, 0x31));
    }
    // Two permutations of eight halves each find a number among eight. A gather would be shorter,
    // and four times as slow on machines that mend their gathers in microcode.
    ALWAYS_INLINE static Real look_up(const Table& table, Word index) {
        const __m256i in_both_halves = _mm256_shuffle_epi32(index.v, 0b1010'0000);
        const auto among_eight = [&](std::size_t first) {
            const __m256 lower =
                _mm256_permutevar8x32_ps(_mm256_load_ps(&table.lower[first]), in_both_halves);
            const __m256 upper =
                _mm256_permutevar8x32_ps(_mm256_load_ps(&table.upper[first]), in_both_halves);
            return Real{_mm256_castps_pd(_mm256_blend_ps(lower, upper, 0b1010'1010))};
        };
        const Mask is_beyond{_mm256_castsi256_pd((index << 60).v)};
        return select(is_beyond, among_eight(8), among_eight(0));
    }
};

}  // namespace miletus::lanes
