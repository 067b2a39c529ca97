// Four at a time.
#include "bench/pricing/sleef_kernel.hpp"

#include <immintrin.h>
#include <sleef.h>

namespace miletus::bench {

namespace {

struct Four {
    using Vector = __m256d;
    static Vector load(const double* from) { return _mm256_loadu_pd(from); }
    static void store(double* to, Vector value) { _mm256_storeu_pd(to, value); }
    static Vector signs(const std::int8_t* from) {
        return _mm256_cvtepi32_pd(_mm_cvtepi8_epi32(_mm_loadu_si32(from)));
    }
    static Vector sqrt(Vector x) { return _mm256_sqrt_pd(x); }
    static Vector exp(Vector x) { return Sleef_expd4_u10avx2(x); }
    static Vector log(Vector x) { return Sleef_logd4_u10avx2(x); }
    static Vector erfc(Vector x) { return Sleef_erfcd4_u15avx2(x); }
};

}  // namespace

void sleef_greeks_avx2(const pricing::SpotOptions& options, const pricing::Results& results) {
    sleef_greeks<Four>(options, results);
}

}  // namespace miletus::bench
