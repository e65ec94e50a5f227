#include "plain.cpu.h"

#include <stdio.h>

static _Alignas(64) char memory[4096];

int main(void) {
  float k = 2;
  int64_t n = (INT64_C(1) << 61) - 1;
  int64_t sizes[3] = {1, 1, n}, out[3];
  colt5_cpu_tensor tensors[3] = {{memory, sizes, NULL}, {&k, NULL, NULL}, {memory + 1024, sizes, NULL}};
  printf("workspace %lld, run %d\n", (long long)chain_workspace_size(tensors, 1),
         chain_run(tensors, memory + 2048, NULL));
  const int64_t n32[1] = {INT64_C(1) << 32};
  colt5_cpu_tensor vectors[4] = {
      {memory, n32, NULL}, {memory, n32, NULL}, {memory, NULL, NULL}, {memory, NULL, NULL}};
  const int64_t both[2] = {INT64_C(1) << 32, INT64_C(1) << 32}, flat[1] = {INT64_MAX};
  vectors[2].sizes = both;
  vectors[3].sizes = flat;
  printf("elements %d\n", outer_run(vectors, memory, NULL));
  outer_result_sizes(vectors, out);
  printf("sizes %lld %lld %lld\n", (long long)out[0], (long long)out[1], (long long)out[2]);
  sizes[2] = 8;
  tensors[0].data = memory + 2;
  int tensor = chain_run(tensors, memory + 2048, NULL);
  tensors[0].data = memory;
  tensors[1].data = (char *)&k + 1;
  int scalar = chain_run(tensors, memory + 2048, NULL);
  tensors[1].data = &k;
  int workspace = chain_run(tensors, memory + 2049, NULL);
  printf("misaligned tensor %d, misaligned scalar %d, misaligned workspace %d\n", tensor, scalar, workspace);
  sizes[2] = 0;
  tensors[0].data = tensors[2].data = memory + 1;
  printf("empty tensor at an odd address %d\n", chain_run(tensors, memory + 2048, NULL));
  return 0;
}
