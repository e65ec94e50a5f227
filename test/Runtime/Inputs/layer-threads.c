/* A whole CoLT5 layer (examples/dynamic_layer.mlir) in an artefact: threads that share one context, on the
 * CPU or, with the path of the mock driver, on its GPU in 4 streams. Every thread must compute the same bytes
 * on the CPU. */
#include "layer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kBatch = 2, kLength = 40, kTensors = 27, kRuns = 3, kThreads = 16, kStreams = 4 };

static const int64_t kSizes[kTensors][3] = {{kBatch, kLength, 64},
                                            {kBatch, kLength},
                                            {0},
                                            {0},
                                            {0},
                                            {64},
                                            {1, 64},
                                            {1, 64},
                                            {64, 2, 16},
                                            {64, 2, 16},
                                            {64, 2, 16},
                                            {2, 16, 64},
                                            {2, 32},
                                            {64, 4, 16},
                                            {64, 4, 16},
                                            {64, 4, 16},
                                            {4, 16, 64},
                                            {4, 32},
                                            {64},
                                            {1, 64},
                                            {64, 64},
                                            {64, 64},
                                            {64, 64},
                                            {64, 256},
                                            {64, 256},
                                            {256, 64},
                                            {kBatch, kLength, 64}};
static const int32_t kRanks[kTensors] = {3, 2, 0, 0, 0, 1, 2, 2, 3, 3, 3, 3, 2, 3,
                                         3, 3, 3, 2, 1, 2, 2, 2, 2, 2, 2, 2, 3};

static layer_context *context;
static void *inputs[kTensors], *streams[kStreams];
static int64_t workspace_bytes;
static int is_gpu;

static int64_t count_elements(int tensor) {
  int64_t count = 1;
  for (int32_t dim = 0; dim < kRanks[tensor]; ++dim)
    count *= kSizes[tensor][dim];
  return count;
}
static int64_t count_bytes(int tensor) {
  int isBool = tensor == 1, isIndex = tensor >= 2 && tensor <= 4;
  return count_elements(tensor) * (isBool ? 1 : isIndex ? 8 : 4);
}

static void check(int32_t status) {
  if (status) {
    printf("%s: %s\n", layer_status_name(status), layer_message());
    exit(1);
  }
}

static void make_inputs(void) {
  uint32_t state = 1;
  for (int i = 0; i < kTensors - 1; ++i) {
    int64_t bytes = count_bytes(i);
    char *values = malloc((size_t)bytes);
    for (int64_t k = 0; k < count_elements(i); ++k) {
      state = state * 1664525u + 1013904223u;
      float number = (float)(state >> 8) / (1 << 23) - 1;
      int64_t index = 8;
      if (i == 1)
        values[k] = k % kLength < kLength - 3;
      else
        memcpy(values + k * (bytes / count_elements(i)), i >= 2 && i <= 4 ? (void *)&index : (void *)&number,
               (size_t)(bytes / count_elements(i)));
    }
    inputs[i] = values;
    if (is_gpu && kRanks[i]) {
      check(layer_allocate(context, bytes, &inputs[i]));
      check(layer_copy_in(context, inputs[i], values, bytes));
      free(values);
    }
  }
}

static layer_arguments make_arguments(void *output) {
  layer_arguments arguments;
  arguments.struct_size = sizeof arguments;
  for (int i = 0; i < kTensors; ++i) {
    colt5_type type = i == 1 ? COLT5_BOOL : i >= 2 && i <= 4 ? COLT5_I64 : COLT5_F32;
    colt5_tensor tensor = colt5_make_tensor(i + 1 < kTensors ? inputs[i] : output, type, kRanks[i], kSizes[i],
                                            is_gpu && kRanks[i] ? COLT5_ON_CUDA : COLT5_ON_HOST, 0);
    memcpy((char *)&arguments + sizeof(size_t) + (size_t)i * sizeof tensor, &tensor, sizeof tensor);
  }
  return arguments;
}

static void *run(void *arg) {
  int thread = (int)(intptr_t)arg;
  int64_t bytes = count_bytes(kTensors - 1);
  void *output, *workspace, *result = malloc((size_t)bytes);
  check(layer_allocate(context, bytes, &output));
  check(layer_allocate(context, workspace_bytes, &workspace));
  layer_arguments arguments = make_arguments(output);
  for (int i = 0; i < kRuns; ++i) {
    check(layer_run(context, streams[thread % kStreams], &arguments, workspace, workspace_bytes));
    check(layer_last_error(context, streams[thread % kStreams]));
  }
  check(layer_copy_out(context, result, output, bytes));
  check(layer_free(context, output));
  check(layer_free(context, workspace));
  return result;
}

/* As a program with streams of its own does: with the driver, in the context of the device. */
static void make_streams(const char *library) {
  void *driver = dlopen(library, RTLD_NOW), *device_context;
  int (*retain)(void **, int), (*push)(void *), (*create)(void **, unsigned);
  *(void **)&retain = dlsym(driver, "cuDevicePrimaryCtxRetain");
  *(void **)&push = dlsym(driver, "cuCtxPushCurrent_v2");
  *(void **)&create = dlsym(driver, "cuStreamCreate");
  int status = retain(&device_context, 0) || push(device_context);
  for (int i = 0; i < kStreams; ++i)
    status |= create(&streams[i], 0);
  if (status) {
    printf("no streams\n");
    exit(1);
  }
}

int main(int argc, char **argv) {
  is_gpu = argc > 1;
  colt5_options options = {
      sizeof options, is_gpu ? COLT5_ON_CUDA : COLT5_ON_HOST, 0, NULL, argv[1], NULL, 4, 0};
  check(layer_context_create(&options, &context));
  make_inputs();
  if (is_gpu)
    make_streams(argv[1]);
  layer_arguments arguments = make_arguments(NULL);
  check(layer_workspace_size(context, &arguments, &workspace_bytes));
  pthread_t threads[kThreads];
  void *first = NULL;
  int different = 0;
  for (intptr_t i = 0; i < kThreads; ++i)
    pthread_create(&threads[i], NULL, run, (void *)i);
  for (int i = 0; i < kThreads; ++i) {
    void *result;
    pthread_join(threads[i], &result);
    different += first && memcmp(first, result, (size_t)count_bytes(kTensors - 1)) != 0;
    if (first)
      free(result);
    else
      first = result;
  }
  uint32_t hash = 2166136261u;
  for (int64_t i = 0; i < count_bytes(kTensors - 1); ++i)
    hash = (hash ^ ((unsigned char *)first)[i]) * 16777619u;
  free(first);
  for (int i = 0; i < kTensors - 1; ++i)
    if (is_gpu && kRanks[i])
      check(layer_free(context, inputs[i]));
    else
      free(inputs[i]);
  printf("%s: %d threads, %d differ, hash %08x\n", layer_target(context), kThreads, different,
         (unsigned)hash);
  check(layer_context_destroy(context));
  return 0;
}
