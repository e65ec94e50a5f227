/* Calls every function of a table twice, as LLVM compiled it and as C, and compares all bytes of the results.
 * A NaN equals every NaN: which one comes out depends on the order of operands. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CASE(name, kind, lanes, text)                                                                        \
  void name(void *in, void *out);                                                                            \
  void c_##name(void *in, void *out);
#include CASES
#undef CASE

typedef void (*function)(void *in, void *out);
static const struct {
  function expected, found;
  const char *name, *kind;
  int lanes;
  const char *text;
} kCases[] = {
#define CASE(name, kind, lanes, text) {name, c_##name, #name, kind, lanes, text},
#include CASES
};

/* What the code generator calls for bf16, by another way than rounding bits: the nearer neighbour, the even
 * one of two. */
uint16_t truncate_to_bf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  if (x != x)
    return 0x7fc0;
  if (!(bits & 0xffff))
    return (uint16_t)(bits >> 16);
  uint32_t low = bits & 0xffff0000, high = low + 0x10000;
  float a, b;
  memcpy(&a, &low, 4);
  memcpy(&b, &high, 4);
  if ((high & 0x7f800000) == 0x7f800000 && (low & 0x7f800000) != 0x7f800000) {
    double end = ldexp(1, 128), below = fabs((double)x - a), above = end - fabs((double)x);
    return (uint16_t)((below < above ? low : high) >> 16);
  }
  double below = fabs((double)x - a), above = fabs((double)b - x);
  int even = !(low >> 16 & 1);
  return (uint16_t)((below < above || (below == above && even) ? low : high) >> 16);
}
#if defined(__x86_64__)
/* Returns in the lowest 16 bits of a vector register. */
float __truncsfbf2(float x) {
  uint32_t bits = truncate_to_bf16(x);
  float result;
  memcpy(&result, &bits, 4);
  return result;
}
#endif

static uint64_t state = 1;
static uint64_t draw(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * 0x2545f4914f6cdd1du;
}

static const uint64_t kEdges[] = {
    0, 1, 2, ~0ull, 0x8000000000000000, 0x7fffffffffffffff, 0x80000000, 0x7fffffff, 0xffffffff,
    0x8000800080008000, 0x7fff7fff7fff7fff, 0x8080808080808080, 0x7f7f7f7f7f7f7f7f, 0x0101010101010101,
    /* f32, two lanes each: zeros, infinities, NaNs, smallest and largest numbers, denormals, 1, halves */
    0x8000000000000000, 0x7f800000ff800000, 0x7fc000007f800001, 0xffc0000000000001, 0x0080000080800000,
    0x7f7fffffff7fffff, 0x007fffff80000001, 0x3f800000bf800000, 0x3f000000bf000000, 0x3fc00000c0200000,
    0x4b0000014b7fffff, 0x4effffffcf000000, 0x3f80800047800000, 0x3f818000477fe000, 0x3380000033000001,
    0x387fe00038800000,
    /* f64 */
    0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x0010000000000000, 0x000fffffffffffff,
    0x7fefffffffffffff, 0x3ff0000000000000, 0xbfe0000000000000, 0x3ff8000000000000, 0x4330000000000001,
    0x3ff0000010000000, 0x40effe0000000000,
    /* f16 and bf16, four lanes each */
    0x0000800000018001, 0x7c00fc007e007c01, 0x03ff040083ff8400, 0x7bfffbff3c00bc00, 0x7f80ff807fc07f81,
    0x007f00807f7fff7f};

static void fill(unsigned char *bytes, size_t size) {
  unsigned kind = draw() % 4;
  for (size_t i = 0; i < size; i += 8) {
    uint64_t word = draw();
    if (kind == 1 || (kind == 2 && word % 3 == 0))
      word = kEdges[(draw() >> 20) % (sizeof kEdges / sizeof *kEdges)];
    if (kind == 3) {
      /* Numbers of a similar size, whose sums and products round. */
      float values[2] = {(float)(word % 4096) / 64 - 32, (float)(word >> 32) / (1u << 28) - 8};
      memcpy(&word, values, 8);
      if (draw() % 2) {
        double value = (double)(int64_t)word / (1ull << 58);
        memcpy(&word, &value, 8);
      }
    }
    memcpy(bytes + i, &word, 8);
  }
}

static int is_nan(const char *kind, const unsigned char *at) {
  uint64_t bits = 0;
  memcpy(&bits, at, strcmp(kind, "f64") == 0 ? 8 : strcmp(kind, "f32") == 0 ? 4 : 2);
  return strcmp(kind, "f64") == 0    ? (bits << 1) > 0xffe0000000000000
         : strcmp(kind, "f32") == 0  ? (bits & 0x7fffffff) > 0x7f800000
         : strcmp(kind, "f16") == 0  ? (bits & 0x7fff) > 0x7c00
         : strcmp(kind, "bf16") == 0 ? (bits & 0x7fff) > 0x7f80
                                     : 0;
}

int main(void) {
  int wrong = 0, count = sizeof kCases / sizeof *kCases;
  static unsigned char in[1280] __attribute__((aligned(64))), expected[320], found[320];
  for (int i = 0; i < count; ++i) {
    size_t bytes = strcmp(kCases[i].kind, "f64") == 0   ? 8
                   : strcmp(kCases[i].kind, "f32") == 0 ? 4
                   : strcmp(kCases[i].kind, "int") == 0 ? 1
                                                        : 2;
    for (int run = 0; run < 400; ++run) {
      fill(in, sizeof in);
      memset(expected, 0xaa, sizeof expected);
      memset(found, 0xaa, sizeof found);
      kCases[i].expected(in, expected);
      kCases[i].found(in, found);
      size_t at = 0;
      while (at < sizeof found &&
             (memcmp(expected + at, found + at, bytes) == 0 ||
              (is_nan(kCases[i].kind, expected + at) && is_nan(kCases[i].kind, found + at))))
        at += bytes;
      if (at >= sizeof found)
        continue;
      printf("%s, byte %d of run %d: %s\n", kCases[i].name, (int)at, run, kCases[i].text);
      ++wrong;
      break;
    }
  }
  printf("%d functions, %d differ\n", count, wrong);
  return wrong != 0;
}
