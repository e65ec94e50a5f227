/* What a call costs on the host: 20 tensors of rank 3, against the mock driver. */
#define _POSIX_C_SOURCE 199309L
#include "colt5-abi/embed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { kTensors = 20, kCalls = 20000, kRounds = 15 };

static int num_launches;

static int32_t run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_gpu_launcher *launcher) {
  void *parameters[] = {(void *)&tensors[0].data, &workspace};
  const int64_t grid[3] = {64, 1, 1};
  for (int i = 0; i < num_launches; ++i) {
    int32_t status = launcher->launch(launcher->state, 0, grid, parameters);
    if (status)
      return status;
  }
  return 0;
}
static void result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes) {
  for (int i = 0; i < 6; ++i)
    sizes[i] = inputs[0].sizes[i % 3];
}
static int64_t workspace_size(const colt5_cpu_tensor *inputs) { return 256 * inputs[0].sizes[1]; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  static const int64_t kSizes[3] = {-1, -2, 64};
  static const char *const kSymbols[] = {"batch", "n"};
  static const char kPtx[] =
      ".version 8.0\n.target sm_80\n.visible .entry kernel(.param .u64 a, .param .u64 b) { ret; }";
  colt5_argument arguments[kTensors];
  colt5_tensor tensors[kTensors];
  const int64_t sizes[3] = {1, 128, 64};
  for (int i = 0; i < kTensors; ++i) {
    colt5_argument argument = {"x", COLT5_BF16, 3, kSizes};
    colt5_tensor tensor = {sizeof tensor, (void *)(uintptr_t)(0x100000u * (unsigned)(i + 1)),
                           sizes,         NULL,
                           COLT5_BF16,    3,
                           COLT5_ON_CUDA, 0};
    arguments[i] = argument;
    tensors[i] = tensor;
  }
  const colt5_signature signature = {sizeof signature, "f", arguments, kSymbols, kTensors - 2, 2, 2};
  const colt5_function function = {&signature, run, result_sizes, workspace_size};
  const colt5_gpu_parameter parameters[2] = {{COLT5_GPU_VALUE, 8}, {COLT5_GPU_VALUE, 8}};
  const colt5_gpu_kernel kernel = {"kernel", {256, 1, 1}, {1, 1, 1}, 0, 2, parameters};
  const colt5_gpu_image image = {COLT5_GPU_PTX, 80, 0, 0, kPtx, sizeof kPtx};
  const colt5_gpu_program program = {sizeof program, "f", &kernel, &image, 1, 1};
  const colt5_gpu_options options = {sizeof options, NULL, 0, argc > 1 ? argv[1] : NULL};
  colt5_gpu_context *context;
  if (colt5_gpu_context_create(&options, &context) || colt5_gpu_load(context, &program)) {
    fprintf(stderr, "%s\n", colt5_gpu_message());
    return 1;
  }
  for (num_launches = 0; num_launches <= 1; ++num_launches) {
    double rounds[kRounds];
    for (int round = 0; round < kRounds; ++round) {
      double start = now();
      for (int i = 0; i < kCalls; ++i)
        if (colt5_call(context, &program, &function, NULL, tensors, kTensors, (void *)0x10000000, 1 << 20)) {
          fprintf(stderr, "%s\n", colt5_gpu_message());
          return 1;
        }
      rounds[round] = (now() - start) / kCalls;
      if (num_launches && round == 4)
        break;
    }
    int count = num_launches ? 5 : kRounds;
    qsort(rounds, (size_t)count, sizeof rounds[0], compare);
    printf("%d tensors, %d launches: median %.3f us, fastest %.3f us, slowest %.3f us\n", kTensors,
           num_launches, rounds[count / 2], rounds[0], rounds[count - 1]);
  }
  return colt5_gpu_context_destroy(context) != 0;
}
