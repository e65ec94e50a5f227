/* Calls the compiled layer as an embedding program does, and provokes every status. */
#include "colt5-abi/cpu.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int32_t layer_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool);
void layer_result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes);
int64_t layer_workspace_size(const colt5_cpu_tensor *inputs, int64_t num_threads);

#define CHECK(condition)                                                                                     \
  do {                                                                                                       \
    if (!(condition)) {                                                                                      \
      printf("line %d: %s\n", __LINE__, #condition);                                                         \
      exit(1);                                                                                               \
    }                                                                                                        \
  } while (0)

/* Runs the tasks backwards on two alternating "threads": the order must not matter. */
static int64_t calls, most;
static void backwards(void *state, int64_t count, void (*body)(void *, int64_t, int64_t), void *arg) {
  CHECK(state == &calls);
  for (int64_t i = count - 1; i >= 0; --i)
    body(arg, i, i % 2);
  ++calls;
  if (count > most)
    most = count;
}

static void run(int64_t n, const colt5_parallel *pool) {
  float s = 0.5f, *x = malloc(n * 6 * sizeof *x + 1), *y = malloc(n * 6 * sizeof *y + 1),
        *sum = malloc(n * 4 + 1), out = 0;
  for (int64_t i = 0; i < n * 6; ++i)
    x[i] = (float)(i % 11) - 5;
  int64_t sizes[2] = {n, 6}, results[3] = {-1, -1, -1};
  colt5_cpu_tensor tensors[5] = {
      {x, sizes, NULL}, {&s, NULL, NULL}, {y, sizes, NULL}, {sum, sizes, NULL}, {&out, NULL, NULL}};
  layer_result_sizes(tensors, results);
  CHECK(results[0] == n && results[1] == 6 && results[2] == n);
  int64_t bytes = layer_workspace_size(tensors, pool ? pool->num_threads : 1);
  char *workspace = aligned_alloc(64, bytes + 64);
  memset(workspace, 0xff, bytes + 64);
  CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_OK);
  for (int64_t i = 0; i < n; ++i) {
    float expected = 0;
    for (int64_t j = 0; j < 6; ++j)
      expected += s * x[i * 6 + j];
    CHECK(sum[i] == expected);
    for (int64_t j = 0; j < 6; ++j)
      CHECK(y[i * 6 + j] == fabsf(s * x[i * 6 + j]) + expected);
  }
  CHECK(out == s);
  for (int64_t i = 0; i < 64; ++i)
    CHECK(workspace[bytes + i] == (char)0xff); /* nothing behind the workspace is touched */

  if (n == 9) {
    int64_t dense[2] = {6, 1}, strided[2] = {7, 1}, wrong[2] = {n, 5}, shorter[2] = {n - 1, 6};
    CHECK(layer_run(NULL, workspace, pool) == COLT5_CPU_NULL_POINTER);
    CHECK(layer_run(tensors, NULL, pool) == COLT5_CPU_NULL_POINTER);
    CHECK(layer_run(tensors, workspace + 4, pool) == COLT5_CPU_BAD_ALIGNMENT);
    tensors[0].strides = dense;
    CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_OK);
    tensors[0].strides = strided;
    CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_BAD_STRIDES);
    tensors[0].strides = NULL;
    tensors[0].sizes = wrong;
    CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_BAD_SIZE);
    tensors[0].sizes = NULL;
    CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_NULL_POINTER);
    tensors[0].sizes = sizes;
    tensors[2].sizes = shorter;
    CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_BAD_SIZE);
    tensors[2].sizes = sizes;
    tensors[1].data = NULL;
    CHECK(layer_run(tensors, workspace, pool) == COLT5_CPU_NULL_POINTER);
  }
  free(x), free(y), free(sum), free(workspace);
}

int main(void) {
  colt5_parallel pool = {&calls, 2, backwards};
  int64_t lengths[] = {0, 1, 2, 3, 4, 5, 9, 17, 128, 1000};
  for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; ++i) {
    run(lengths[i], NULL);
    run(lengths[i], &pool);
  }
  CHECK(calls > 0 && most == 500); /* the pool ran the kernels, the second one with 1000 / 2 tasks */
  printf("all checks passed\n");
  return 0;
}
