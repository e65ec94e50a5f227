/* Whether this CPU has the instructions that CPU code was compiled to. */
#include "Embed.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* cpuid: leaf, output (0 eax, 1 ebx, 2 ecx, 3 edx), bit. Leaf 7 stands for its subleaf 0. */
const colt5_cpu_feature colt5_cpu_features[COLT5_NUM_CPU_FEATURES] = {{"fma", 1, 2, 12},
                                                                      {"sse4.2", 1, 2, 20},
                                                                      {"movbe", 1, 2, 22},
                                                                      {"popcnt", 1, 2, 23},
                                                                      {"avx", 1, 2, 28},
                                                                      {"f16c", 1, 2, 29},
                                                                      {"bmi", 7, 1, 3},
                                                                      {"avx2", 7, 1, 5},
                                                                      {"bmi2", 7, 1, 8},
                                                                      {"avx512f", 7, 1, 16},
                                                                      {"avx512dq", 7, 1, 17},
                                                                      {"avx512cd", 7, 1, 28},
                                                                      {"avx512bw", 7, 1, 30},
                                                                      {"avx512vl", 7, 1, 31},
                                                                      {"avx512vbmi", 7, 2, 1},
                                                                      {"avx512vnni", 7, 2, 11},
                                                                      {"vpclmulqdq", 7, 2, 10},
                                                                      {"avx512fp16", 7, 3, 23},
                                                                      {"lzcnt", 0x80000001, 2, 5},
                                                                      {"xop", 0x80000001, 2, 11},
                                                                      {"fma4", 0x80000001, 2, 16},
                                                                      {"avx512ifma", 7, 1, 21},
                                                                      {"avx512vbmi2", 7, 2, 6},
                                                                      {"gfni", 7, 2, 8},
                                                                      {"vaes", 7, 2, 9},
                                                                      {"avx512bitalg", 7, 2, 12},
                                                                      {"avx512vpopcntdq", 7, 2, 14}};

#if defined(__x86_64__)
/* The registers that the operating system saves: bits 1 and 2 for AVX, 5 to 7 for AVX-512 too. */
static uint32_t read_saved_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

int32_t colt5_check_cpu(uint64_t features) {
  uint32_t words[4] = {0, 0, 0, 0};
  __get_cpuid(1, &words[0], &words[1], &words[2], &words[3]);
  uint32_t saved = words[2] >> 27 & 1 ? read_saved_state() : 0;
  /* cpuid takes tens of microseconds under a hypervisor: once per leaf. */
  uint32_t leaf = 1;
  for (uint32_t i = 0; i < COLT5_NUM_CPU_FEATURES; ++i) {
    const colt5_cpu_feature *feature = &colt5_cpu_features[i];
    if (!(features >> i & 1))
      continue;
    if (feature->leaf != leaf) {
      memset(words, 0, sizeof words);
      __get_cpuid_count(feature->leaf, 0, &words[0], &words[1], &words[2], &words[3]);
      leaf = feature->leaf;
    }
    int is_avx = feature->name[0] == 'a' || feature->name[0] == 'v';
    uint32_t state = !is_avx ? 0 : feature->name[3] == '5' ? 0xe6 : 0x6;
    if (!(words[feature->word] >> feature->bit & 1) || (saved & state) != state)
      return colt5_fail(COLT5_BAD_CPU,
                        "expected a CPU with %s, which this one or its operating system lacks; compile with "
                        "--cpu=NAME for it",
                        feature->name);
  }
  return COLT5_GPU_OK;
}
#else
int32_t colt5_check_cpu(uint64_t features) {
  (void)features;
  return COLT5_GPU_OK;
}
#endif
