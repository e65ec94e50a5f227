/* Calls the functions of large.mlir with gigabytes of which next to nothing is touched. */
#include "large.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

static large_context *context;
static int on_gpu, wrong;

static void check(int32_t status) {
  if (!status)
    return;
  printf("%s: %s\n", large_status_name(status), large_message());
  exit(1);
}

/* Zeros that take no memory until they are touched. */
static void *reserve(int64_t bytes) {
  void *memory = NULL;
  if (on_gpu) {
    check(large_allocate(context, bytes, &memory));
    return memory;
  }
  memory =
      mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    exit(2);
  return memory;
}

static colt5_tensor make(void *data, int32_t type, int32_t rank, const int64_t *sizes) {
  return colt5_make_tensor(data, type, rank, sizes, on_gpu ? COLT5_ON_CUDA : COLT5_ON_HOST, 0);
}

static void write_at(void *memory, int64_t offset, const void *data, int64_t bytes) {
  check(large_copy_in(context, (char *)memory + offset, data, bytes));
}

/* `count` bytes at `place` are `factor` times the numbers from `first` on. */
static void expect(const char *what, const void *place, int64_t count, int first, int factor) {
  unsigned char found[512];
  check(large_copy_out(context, found, place, count));
  for (int64_t i = 0; i < count; ++i)
    wrong += found[i] != (unsigned char)(factor * (first + i));
  printf("%s %s\n", what, wrong ? "wrong" : "right");
}

static void fill(void *memory, int64_t offset, int64_t count, int first) {
  unsigned char data[512];
  for (int64_t i = 0; i < count; ++i)
    data[i] = (unsigned char)(first + i);
  write_at(memory, offset, data, count);
}

static void *grow(int64_t bytes, int64_t *had) {
  static void *workspace;
  if (bytes > *had)
    check(large_allocate(context, *had = bytes, &workspace));
  return workspace;
}

static int64_t had;
#define RUN(function, arguments)                                                                             \
  do {                                                                                                       \
    int64_t bytes;                                                                                           \
    check(large_##function##_workspace_size(context, &arguments, &bytes));                                   \
    check(large_##function##_run(context, NULL, &arguments, grow(bytes, &had), bytes));                      \
    check(large_last_error(context, NULL));                                                                  \
  } while (0)

static void run_slices(void *x) {
  static const int64_t offsets[4] = {268435456, 2147483616, 4294967264, 8589934528};
  const int64_t sizes[1] = {8589934592}, out[1] = {64};
  large_slices_arguments a;
  colt5_tensor *results[4] = {&a.a, &a.b, &a.c, &a.d};
  a.struct_size = sizeof a;
  a.x = make(x, COLT5_I8, 1, sizes);
  for (int i = 0; i < 4; ++i) {
    fill(x, offsets[i], 64, 7 * i);
    *results[i] = make(reserve(64), COLT5_I8, 1, out);
  }
  RUN(slices, a);
  for (int i = 0; i < 4; ++i)
    expect("static offset", results[i]->data, 64, 7 * i, 2);
}

static void run_at(void *x) {
  static const int64_t offsets[4] = {2147483616, 2147483712, 4294967264, 8589934528};
  const int64_t sizes[1] = {8589934592}, out[1] = {64};
  for (int i = 0; i < 4; ++i) {
    int64_t offset = offsets[i];
    fill(x, offset, 64, 11 * i);
    large_at_arguments a = {sizeof a, make(x, COLT5_I8, 1, sizes),
                            colt5_make_tensor(&offset, COLT5_I64, 0, NULL, COLT5_ON_HOST, 0),
                            make(reserve(64), COLT5_I8, 1, out)};
    RUN(at, a);
    expect("dynamic offset", a.y.data, 64, 11 * i, 2);
  }
}

static void run_rows(void *x) {
  static const int32_t rows[5] = {134217727, 33554432, 33554431, 0, 67108864};
  const int64_t sizes[3] = {1, 134217728, 64}, count[2] = {1, 5}, whole[3] = {1, 5, 64}, tail[3] = {1, 5, 8};
  void *indices = reserve(sizeof rows);
  write_at(indices, 0, rows, sizeof rows);
  large_rows_arguments a = {sizeof a, make(x, COLT5_I8, 3, sizes), make(indices, COLT5_I32, 2, count),
                            make(reserve(5 * 64), COLT5_I8, 3, whole),
                            make(reserve(5 * 8), COLT5_I8, 3, tail)};
  for (int i = 0; i < 5; ++i)
    fill(x, 64ll * rows[i], 64, 13 * i);
  RUN(rows, a);
  for (int i = 0; i < 5; ++i) {
    expect("row", (char *)a.y.data + 64 * i, 64, 13 * i, 1);
    expect("tail", (char *)a.tails.data + 8 * i, 8, 13 * i + 56, 1);
  }
}

/* 2^31 scores: the last one has no index of type i32. */
static void run_pick(void *x) {
  const int64_t sizes[3] = {1, 1, 2147483648}, out[3] = {1, 1, 2};
  large_pick_arguments a = {sizeof a, make(x, COLT5_F32, 3, sizes), make(reserve(8), COLT5_I32, 3, out)};
  int64_t bytes = -1;
  int32_t status = large_pick_workspace_size(context, &a, &bytes);
  printf("workspace of topk over 2^31 scores: %s\n", large_status_name(status));
  status = large_pick_run(context, NULL, &a, grow(1 << 20, &had), 1 << 20);
  printf("topk over 2^31 scores: %s\n", large_status_name(status));
}

int main(int argc, char **argv) {
  colt5_options options = {sizeof options, 0, 0, NULL, NULL, NULL, 0, 0};
  options.driver = argc > 1 ? argv[1] : "/no/driver";
  check(large_context_create(&options, &context));
  on_gpu = strcmp(large_target(context), "cpu") != 0;
  printf("runs on %s\n", large_target(context));
  void *x = reserve(8589934592);
  run_slices(x);
  run_at(x);
  run_rows(x);
  run_pick(x);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("resident: %s\n", usage.ru_maxrss < 1 << 20 ? "less than 1 GiB" : "too much");
  return wrong != 0;
}
