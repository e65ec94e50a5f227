/* Forks while other threads run the artefact; children run it too. fork DRIVER [gpu]: with "gpu" every call
   that needs the driver has a status in the child. A hang ends by alarm. */
#include "routed.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 6, WIDTH = 4, K = 2, CHILDREN = 20 };

static routed_context *context;
static volatile int stop;

static int run(float *rows) {
  float x[ROWS * WIDTH];
  float scores[ROWS] = {0, 5, 1, 2, 4, 3};
  const int64_t x_sizes[3] = {1, ROWS, WIDTH}, scores_sizes[3] = {1, 1, ROWS},
                rows_sizes[4] = {1, 1, K, WIDTH};
  for (int i = 0; i < ROWS * WIDTH; ++i)
    x[i] = (float)i;
  int32_t kind = strcmp(routed_target(context), "cpu") ? COLT5_ON_CUDA : COLT5_ON_HOST;
  routed_arguments arguments = {sizeof arguments, colt5_make_tensor(x, COLT5_F32, 3, x_sizes, kind, 0),
                                colt5_make_tensor(scores, COLT5_F32, 3, scores_sizes, kind, 0),
                                colt5_make_tensor(rows, COLT5_F32, 4, rows_sizes, kind, 0)};
  int64_t bytes;
  void *workspace = NULL;
  int status = routed_workspace_size(context, &arguments, &bytes);
  if (!status)
    status = routed_allocate(context, bytes, &workspace);
  if (!status)
    status = routed_run(context, NULL, &arguments, workspace, bytes);
  routed_free(context, workspace);
  return status;
}

static int is_right(void) {
  float rows[K * WIDTH];
  memset(rows, 0, sizeof rows);
  /* The two best are rows 1 and 4. */
  return run(rows) == 0 && rows[0] == 4 && rows[WIDTH] == 16;
}

static void *keep_running(void *wrong) {
  while (!stop)
    if (!is_right())
      *(int *)wrong = 1;
  return NULL;
}

/* Exit status 0: right. */
static int be_child(int uses_gpu) {
  alarm(20);
  if (!uses_gpu)
    return !is_right() || routed_load(context) || routed_last_error(context, NULL) ||
           routed_context_destroy(context);
  float rows[K * WIDTH];
  void *address = NULL;
  int lost = COLT5_GPU_CONTEXT_LOST;
  int wrong = run(rows) != lost || routed_load(context) != lost || routed_last_error(context, NULL) != lost ||
              routed_allocate(context, 16, &address) != lost ||
              routed_copy_in(context, rows, rows, 4) != lost ||
              routed_copy_out(context, rows, rows, 4) != lost || routed_free(context, rows) != lost;
  if (!wrong)
    printf("%s: %s\n", routed_status_name(lost), routed_message());
  fflush(stdout);
  return wrong || routed_context_destroy(context);
}

int main(int argc, char **argv) {
  int uses_gpu = argc > 2, wrong[2] = {0, 0}, failed = 0;
  colt5_options options = {sizeof options, 0, 0, NULL, NULL, NULL, 4, 0};
  options.driver = argc > 1 ? argv[1] : NULL;
  if (routed_context_create(&options, &context)) {
    fprintf(stderr, "%s\n", routed_message());
    return 1;
  }
  printf("runs on %s\n", routed_target(context));
  fflush(stdout);
  pthread_t threads[2];
  for (int i = 0; i < 2 && !uses_gpu; ++i)
    pthread_create(&threads[i], NULL, keep_running, &wrong[i]);
  for (int i = 0; i < (uses_gpu ? 1 : CHILDREN); ++i) {
    pid_t child = fork();
    if (!child)
      _exit(be_child(uses_gpu));
    int status = -1;
    waitpid(child, &status, 0);
    failed += status != 0;
  }
  stop = 1;
  for (int i = 0; i < 2 && !uses_gpu; ++i)
    pthread_join(threads[i], NULL);
  int parent = uses_gpu ? routed_load(context) : !is_right();
  printf("%d children failed, parent %s\n", failed, wrong[0] || wrong[1] || parent ? "wrong" : "right");
  return routed_context_destroy(context) || failed || wrong[0] || wrong[1] || parent;
}
