#include "FmaPeak.h"

#include <chrono>
#include <immintrin.h>

using namespace fasternet;

namespace {

constexpr int rounds = 100000;

/// Each holds more accumulators than latency times units need, and no more than the registers.
__attribute__((target("avx512f"))) float runAvx512(float factor) {
  __m512 sums[24];
  const __m512 f = _mm512_set1_ps(factor);
#pragma GCC unroll 32
  for (int i = 0; i < 24; ++i)
    sums[i] = _mm512_set1_ps(float(i));
  for (int round = 0; round < rounds; ++round)
#pragma GCC unroll 32
    for (int i = 0; i < 24; ++i)
      sums[i] = _mm512_fmadd_ps(sums[i], f, f);
  __m512 total = sums[0];
#pragma GCC unroll 32
  for (int i = 1; i < 24; ++i)
    total = _mm512_add_ps(total, sums[i]);
  return _mm512_cvtss_f32(total);
}

__attribute__((target("avx2,fma"))) float runAvx2(float factor) {
  __m256 sums[14];
  const __m256 f = _mm256_set1_ps(factor);
#pragma GCC unroll 32
  for (int i = 0; i < 14; ++i)
    sums[i] = _mm256_set1_ps(float(i));
  for (int round = 0; round < rounds; ++round)
#pragma GCC unroll 32
    for (int i = 0; i < 14; ++i)
      sums[i] = _mm256_fmadd_ps(sums[i], f, f);
  __m256 total = sums[0];
#pragma GCC unroll 32
  for (int i = 1; i < 14; ++i)
    total = _mm256_add_ps(total, sums[i]);
  return _mm256_cvtss_f32(total);
}

/// Additions and multiplications on accumulators of their own: they issue side by side.
float runSse(float factor) {
  __m128 sums[14];
  const __m128 f = _mm_set1_ps(factor);
#pragma GCC unroll 32
  for (int i = 0; i < 14; ++i)
    sums[i] = _mm_set1_ps(float(i));
  for (int round = 0; round < rounds; ++round)
#pragma GCC unroll 32
    for (int i = 0; i < 14; ++i)
      sums[i] = i % 2 ? _mm_mul_ps(sums[i], f) : _mm_add_ps(sums[i], f);
  __m128 total = sums[0];
#pragma GCC unroll 32
  for (int i = 1; i < 14; ++i)
    total = _mm_add_ps(total, sums[i]);
  return _mm_cvtss_f32(total);
}

} // namespace

double fasternet::measurePeak(Isa isa) {
  volatile float factor = 0.999f;
  const auto begin = std::chrono::steady_clock::now();
  volatile float result = isa == Isa::AVX512 ? runAvx512(factor) : isa == Isa::AVX2 ? runAvx2(factor) : runSse(factor);
  (void)result;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double flopsPerRound = isa == Isa::AVX512 ? 24.0 * 16 * 2 : isa == Isa::AVX2 ? 14.0 * 8 * 2 : 14.0 * 4;
  return flopsPerRound * rounds / seconds / 1e9;
}
