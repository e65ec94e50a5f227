/* An artefact in the threads of OpenMP. Bit for bit what one thread computes, and which threads ran. */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 2000
static float x[ROWS * 64], gain[64], expected[ROWS * 64], outputs[2][ROWS * 64];

static void check(int32_t status) {
  if (!status)
    return;
  printf("%s: %s\n", rows_status_name(status), rows_message());
  exit(1);
}

/* Counts the threads that run tasks. */
typedef struct counter {
  colt5_parallel threads;
  void (*body)(void *arg, int64_t index, int64_t thread);
  void *arg;
  int64_t count;
  int seen[64], num_seen, num_wrong;
} counter;

static void count_thread(void *arg, int64_t index, int64_t thread) {
  counter *c = (counter *)arg;
  int others;
#pragma omp critical
  {
    c->num_wrong += thread < 0 || thread >= c->threads.num_threads;
    if (thread >= 0 && thread < 64 && !c->seen[thread])
      c->seen[thread] = ++c->num_seen;
  }
  /* Tasks are short: the first thread leaves some for a second one, which comes if the team has one. */
  do {
#pragma omp critical
    others = c->num_seen;
  } while (omp_get_num_threads() > 1 && c->count > 1 && others < 2);
  c->body(c->arg, index, thread);
}

static void count_threads(void *state, int64_t count, void (*body)(void *, int64_t, int64_t), void *arg) {
  counter *c = (counter *)state;
  c->body = body;
  c->arg = arg;
  c->count = count;
  c->threads.parallel_for(c->threads.state, count, count_thread, c);
}

/* A run in the threads of `c`. */
static void run(counter *c, float *y) {
  const int64_t sizes[2] = {ROWS, 64}, gain_sizes[1] = {64};
  colt5_parallel counting;
  colt5_options options;
  rows_context *context;
  rows_arguments arguments;
  void *workspace;
  int64_t bytes;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.device_kind = COLT5_ON_HOST;
  options.num_threads = 1;
  counting.state = c;
  counting.num_threads = c ? c->threads.num_threads : 1;
  counting.parallel_for = count_threads;
  options.parallel = c ? &counting : NULL;
  check(rows_context_create(&options, &context));
  arguments.struct_size = sizeof arguments;
  arguments.x = colt5_make_tensor(x, COLT5_F32, 2, sizes, COLT5_ON_HOST, 0);
  arguments.gain = colt5_make_tensor(gain, COLT5_F32, 1, gain_sizes, COLT5_ON_HOST, 0);
  arguments.y = colt5_make_tensor(y, COLT5_F32, 2, sizes, COLT5_ON_HOST, 0);
  check(rows_workspace_size(context, &arguments, &bytes));
  check(rows_allocate(context, bytes, &workspace));
  check(rows_run(context, NULL, &arguments, workspace, bytes));
  check(rows_free(context, workspace));
  check(rows_context_destroy(context));
}

static counter make_counter(void) {
  counter c;
  memset(&c, 0, sizeof c);
  c.threads = colt5_openmp();
  return c;
}

static void report(const char *name, const counter *c, const float *y) {
  printf("%s: %s threads of %d, %d numbers wrong, results %s\n", name, c->num_seen > 1 ? "several" : "one",
         (int)c->threads.num_threads, c->num_wrong,
         memcmp(y, expected, sizeof expected) ? "differ" : "equal");
}

int main(void) {
  counter c, nested[2];
  int i;
  for (i = 0; i < ROWS * 64; ++i)
    x[i] = (float)(i * 37 % 101) - 50;
  for (i = 0; i < 64; ++i)
    gain[i] = 1 + (float)i / 64;
  run(NULL, expected);
  omp_set_num_threads(3);
  c = make_counter();
  /* More threads than the workspace has room for. */
  omp_set_num_threads(8);
  run(&c, outputs[0]);
  report("team", &c, outputs[0]);
  omp_set_num_threads(3);
  nested[0] = nested[1] = make_counter();
#pragma omp parallel for num_threads(2)
  for (i = 0; i < 2; ++i)
    run(&nested[i], outputs[i]);
  for (i = 0; i < 2; ++i)
    report("nested", &nested[i], outputs[i]);
  return 0;
}
