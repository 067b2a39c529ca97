// Eight at a time; compiled for AVX-512, and called only where it is.
#include "bench/pricing/sleef_kernel.hpp"

#include <immintrin.h>
#include <sleef.h>

namespace miletus::bench {

namespace {

struct Eight {
    using Vector = __m512d;
    static Vector load(const double* from) { return _mm512_loadu_pd(from); }
    static void store(double* to, Vector value) { _mm512_storeu_pd(to, value); }
    static Vector signs(const std::int8_t* from) {
        return _mm512_cvtepi32_pd(_mm256_cvtepi8_epi32(_mm_loadu_si64(from)));
    }
    static Vector sqrt(Vector x) { return _mm512_sqrt_pd(x); }
    static Vector exp(Vector x) { return Sleef_expd8_u10avx512f(x); }
    static Vector log(Vector x) { return Sleef_logd8_u10avx512f(x); }
    static Vector erfc(Vector x) { return Sleef_erfcd8_u15avx512f(x); }
};

}  // namespace

void sleef_greeks_avx512(const pricing::SpotOptions& options, const pricing::Results& results) {
    sleef_greeks<Eight>(options, results);
}

}  // namespace miletus::bench
