/* What C has no operator for. Nothing here is undefined for any argument. */
#define OP static inline __attribute__((always_inline, unused))

OP char *op_at(char *base, uint64_t offset) { return (char *)((uintptr_t)base + offset); }

OP uint32_t op_bits_f32(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
OP float op_f32(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}
OP uint64_t op_bits_f64(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
OP double op_f64(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

/* Copies of no byte may have null pointers. */
OP void op_memcpy(char *to, const char *from, uint64_t bytes) {
  if (bytes)
    __builtin_memcpy(to, from, bytes);
}
OP void op_memmove(char *to, const char *from, uint64_t bytes) {
  if (bytes)
    __builtin_memmove(to, from, bytes);
}
OP void op_memset(char *to, uint8_t value, uint64_t bytes) {
  if (bytes)
    __builtin_memset(to, value, bytes);
}

/* bf16 and f16 are passed as their bits; conversions round to nearest even, and a NaN stays one. */
OP float op_f32_of_bf16(uint16_t bits) { return op_f32((uint32_t)bits << 16); }
OP uint16_t op_bf16_of_f32(float x) {
  uint32_t bits = op_bits_f32(x);
  if (x != x)
    return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
/* `mantissa` has `bits` significant bits with a sticky bit behind them: rounded, `drop` bits shorter. */
OP uint64_t op_round(uint64_t mantissa, unsigned drop) {
  uint64_t half = (uint64_t)1 << (drop - 1);
  return (mantissa + half - 1 + (mantissa >> drop & 1)) >> drop;
}
OP uint16_t op_f16_of_f64(double x) {
  uint64_t bits = op_bits_f64(x);
  uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
  int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
  uint64_t mantissa = bits & 0xfffffffffffff;
  if (x != x)
    return (uint16_t)(sign | 0x7e00 | mantissa >> 42);
  if (exponent >= 16)
    return (uint16_t)(sign | 0x7c00);
  if (exponent < -25)
    return sign;
  mantissa |= (uint64_t)1 << 52;
  if (exponent < -14)
    return (uint16_t)(sign | op_round(mantissa, (unsigned)(28 - exponent)));
  /* What rounds up to the next power of two carries into the exponent, and to infinity. */
  return (uint16_t)(sign | (((uint64_t)(exponent + 14) << 10) + op_round(mantissa, 42)));
}
OP uint16_t op_f16_of_f32(float x) { return op_f16_of_f64(x); }
OP double op_f64_of_f16(uint16_t bits) {
  uint64_t sign = (uint64_t)(bits & 0x8000) << 48;
  unsigned exponent = bits >> 10 & 0x1f;
  uint64_t mantissa = bits & 0x3ff;
  if (exponent == 0x1f)
    return op_f64(sign | 0x7ff0000000000000 | mantissa << 42 | (mantissa ? (uint64_t)1 << 51 : 0));
  if (exponent)
    return op_f64(sign | (uint64_t)(exponent + 1008) << 52 | mantissa << 42);
  return op_f64(sign | op_bits_f64((double)mantissa * 0x1p-24));
}
OP float op_f32_of_f16(uint16_t bits) { return (float)op_f64_of_f16(bits); }
/* Rounds to odd first, so that rounding twice is rounding once. */
OP uint16_t op_bf16_of_f64(double x) {
  float nearest = (float)x;
  uint32_t bits = op_bits_f32(nearest);
  if (x == x && (double)nearest != x) {
    if (((double)nearest > x) == (x > 0))
      --bits;
    bits |= 1;
  }
  return op_bf16_of_f32(op_f32(bits));
}

/* Numbers that do not fit become the lowest number of the type. */
OP int32_t op_s32_of_f64(double x) { return x > -0x1.00000002p31 && x < 0x1p31 ? (int32_t)x : INT32_MIN; }
OP int64_t op_s64_of_f64(double x) { return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN; }
OP uint32_t op_u32_of_f64(double x) { return x > -1 && x < 0x1p32 ? (uint32_t)x : 0; }
OP uint64_t op_u64_of_f64(double x) { return x > -1 && x < 0x1p64 ? (uint64_t)x : 0; }

/* What min and max give for NaN and for zeros is what the instructions of x86 give. */
#define FLOATS(T, bits_of, of_bits, top, suffix)                                                             \
  OP T op_minnum_##suffix(T a, T b) { return a != a ? b : b < a ? b : a; }                                   \
  OP T op_maxnum_##suffix(T a, T b) { return a != a ? b : b > a ? b : a; }                                   \
  OP T op_minimum_##suffix(T a, T b) {                                                                       \
    if (a == b)                                                                                              \
      return of_bits(bits_of(a) | bits_of(b));                                                               \
    return a != a ? a : b != b ? b : a < b ? a : b;                                                          \
  }                                                                                                          \
  OP T op_maximum_##suffix(T a, T b) {                                                                       \
    if (a == b)                                                                                              \
      return of_bits(bits_of(a) & bits_of(b));                                                               \
    return a != a ? a : b != b ? b : a > b ? a : b;                                                          \
  }                                                                                                          \
  OP T op_fabs_##suffix(T a) { return of_bits(bits_of(a) & ~((top))); }                                      \
  OP T op_copysign_##suffix(T a, T b) { return of_bits((bits_of(a) & ~(top)) | (bits_of(b) & (top))); }
FLOATS(float, op_bits_f32, op_f32, (uint32_t)1 << 31, f32)
FLOATS(double, op_bits_f64, op_f64, (uint64_t)1 << 63, f64)
#undef FLOATS

OP float op_fma_f32(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
OP double op_fma_f64(double a, double b, double c) { return __builtin_fma(a, b, c); }
OP float op_floor_f32(float a) { return __builtin_floorf(a); }
OP double op_floor_f64(double a) { return __builtin_floor(a); }
OP float op_ceil_f32(float a) { return __builtin_ceilf(a); }
OP double op_ceil_f64(double a) { return __builtin_ceil(a); }
OP float op_trunc_f32(float a) { return __builtin_truncf(a); }
OP double op_trunc_f64(double a) { return __builtin_trunc(a); }
OP float op_rint_f32(float a) { return __builtin_rintf(a); }
OP double op_rint_f64(double a) { return __builtin_rint(a); }

/* The builtin may call sqrtf to set errno. */
#if defined(__x86_64__)
#include <emmintrin.h>
OP float op_sqrt_f32(float a) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(a))); }
OP double op_sqrt_f64(double a) { return _mm_cvtsd_f64(_mm_sqrt_pd(_mm_set_sd(a))); }
#elif defined(__aarch64__)
OP float op_sqrt_f32(float a) {
  __asm__("fsqrt %s0, %s1" : "=w"(a) : "w"(a));
  return a;
}
OP double op_sqrt_f64(double a) {
  __asm__("fsqrt %d0, %d1" : "=w"(a) : "w"(a));
  return a;
}
#else
OP float op_sqrt_f32(float a) { return __builtin_sqrtf(a); }
OP double op_sqrt_f64(double a) { return __builtin_sqrt(a); }
#endif

OP uint64_t op_popcount(uint64_t x) { return (uint64_t)__builtin_popcountll(x); }
/* Of numbers of `bits` bits. */
OP uint64_t op_leading_zeros(uint64_t x, unsigned bits) {
  return x ? (uint64_t)__builtin_clzll(x) - (64 - bits) : bits;
}
OP uint64_t op_trailing_zeros(uint64_t x, unsigned bits) { return x ? (uint64_t)__builtin_ctzll(x) : bits; }
OP uint64_t op_byte_swap(uint64_t x, unsigned bits) { return __builtin_bswap64(x) >> (64 - bits); }
OP uint64_t op_bit_reverse(uint64_t x, unsigned bits) {
  uint64_t reversed = 0;
  for (unsigned i = 0; i < bits; ++i)
    reversed |= (x >> i & 1) << (bits - 1 - i);
  return reversed;
}
OP uint64_t op_funnel_left(uint64_t high, uint64_t low, uint64_t amount, unsigned bits) {
  amount %= bits;
  return amount ? high << amount | low >> (bits - amount) : high;
}
OP uint64_t op_funnel_right(uint64_t high, uint64_t low, uint64_t amount, unsigned bits) {
  amount %= bits;
  return amount ? low >> amount | high << (bits - amount) : low;
}
/* `a` and `b` fit `bits` bits. */
OP int64_t op_clamp(__int128 x, unsigned bits) {
  int64_t limit = (int64_t)(((uint64_t)1 << (bits - 1)) - 1);
  return x > limit ? limit : x < -(__int128)limit - 1 ? -limit - 1 : (int64_t)x;
}
OP int64_t op_sadd_sat(int64_t a, int64_t b, unsigned bits) { return op_clamp((__int128)a + b, bits); }
OP int64_t op_ssub_sat(int64_t a, int64_t b, unsigned bits) { return op_clamp((__int128)a - b, bits); }
OP uint64_t op_uadd_sat(uint64_t a, uint64_t b, unsigned bits) {
  uint64_t limit = ~(uint64_t)0 >> (64 - bits);
  return a > limit - b ? limit : a + b;
}
OP uint64_t op_usub_sat(uint64_t a, uint64_t b) { return a > b ? a - b : 0; }
OP uint64_t op_abs(int64_t a) { return a < 0 ? 0 - (uint64_t)a : (uint64_t)a; }
#undef OP
