/* calls DRIVER ROUNDS CALLS LIBRARY...: what a call of PREFIX_run costs the host, in microseconds. Every
 * library lib<prefix>.so has one function whose arguments are all of size 1 x 4 x 8, f32. Prints a line per
 * library and one for an empty function, with one number per round; they take turns. DRIVER `cpu`: on the
 * CPU. */
#define _POSIX_C_SOURCE 200809L
#include "colt5-abi/call.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kMaxTensors = 64, kMaxLibraries = 8, kMaxRounds = 1000, kBatch = 200 };

typedef int32_t (*run_function)(void *context, void *stream, const void *arguments, void *workspace,
                                int64_t bytes);

/* The struct of any function: its size, then the tensors. */
typedef struct arguments {
  size_t struct_size;
  colt5_tensor tensors[kMaxTensors];
} arguments;

typedef struct library {
  const char *name;
  void *context;
  run_function run;
  int32_t (*last_error)(void *context, void *stream);
  arguments arguments;
  void *workspace;
  int64_t bytes;
  double microseconds[kMaxRounds];
} library;

static const int64_t kSizes[3] = {1, 4, 8};

static int32_t run_nothing(void *context, void *stream, const void *args, void *workspace, int64_t bytes) {
  (void)context, (void)stream, (void)args, (void)workspace, (void)bytes;
  return 0;
}
static int32_t wait_for_nothing(void *context, void *stream) {
  (void)context, (void)stream;
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static void *find(void *handle, const char *prefix, const char *name) {
  char symbol[256];
  snprintf(symbol, sizeof symbol, "%s_%s", prefix, name);
  void *address = dlsym(handle, symbol);
  if (!address) {
    fprintf(stderr, "calls: expected the function %s, found none\n", symbol);
    exit(1);
  }
  return address;
}

/* dlsym gives an object pointer. */
#define FIND(variable, handle, prefix, name) *(void **)&(variable) = find(handle, prefix, name)

static void open_library(library *result, const char *path, const char *driver) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const char *slash = strrchr(path, '/');
  char *prefix = strdup((slash ? slash + 1 : path) + 3);
  if (!handle || !prefix) {
    fprintf(stderr, "calls: %s\n", handle ? "no memory" : dlerror());
    exit(1);
  }
  prefix[strcspn(prefix, ".")] = 0;
  result->name = prefix;
  int32_t (*create)(const colt5_options *, void **), (*load)(void *);
  int32_t (*workspace_size)(void *, const void *, int64_t *), (*allocate)(void *, int64_t, void **);
  const char *(*describe)(void), *(*message)(void);
  FIND(create, handle, prefix, "context_create");
  FIND(load, handle, prefix, "load");
  FIND(workspace_size, handle, prefix, "workspace_size");
  FIND(allocate, handle, prefix, "allocate");
  FIND(describe, handle, prefix, "describe");
  FIND(message, handle, prefix, "message");
  FIND(result->run, handle, prefix, "run");
  FIND(result->last_error, handle, prefix, "last_error");

  int on_cpu = !strcmp(driver, "cpu");
  colt5_options options = {sizeof options, on_cpu ? COLT5_ON_HOST : COLT5_ON_CUDA, 0, NULL, NULL, NULL, 1, 0};
  options.driver = on_cpu ? NULL : driver;
  int32_t status = create(&options, &result->context);
  int count = 0;
  for (const char *at = describe(); (at = strstr(at, "\"output\":")); ++at)
    ++count;
  result->arguments.struct_size = sizeof(size_t) + (size_t)count * sizeof(colt5_tensor);
  for (int i = 0; !status && i < count && count <= kMaxTensors; ++i) {
    void *data;
    status = allocate(result->context, (int64_t)sizeof(float) * 32, &data);
    result->arguments.tensors[i] =
        colt5_make_tensor(data, COLT5_F32, 3, kSizes, on_cpu ? COLT5_ON_HOST : COLT5_ON_CUDA, 0);
  }
  if (!status)
    status = load(result->context);
  if (!status)
    status = workspace_size(result->context, &result->arguments, &result->bytes);
  if (!status)
    status = allocate(result->context, result->bytes, &result->workspace);
  if (!status)
    status = result->run(result->context, NULL, &result->arguments, result->workspace, result->bytes);
  if (status) {
    fprintf(stderr, "calls: %s: %s\n", path, message());
    exit(1);
  }
}

/* Waits between batches, so that the queue of a GPU does not fill up. */
static double measure(library *library, int calls) {
  double sum = 0;
  for (int done = 0; done < calls; done += kBatch) {
    double start = now();
    for (int i = 0; i < kBatch; ++i)
      if (library->run(library->context, NULL, &library->arguments, library->workspace, library->bytes))
        exit(1);
    sum += now() - start;
    if (library->last_error(library->context, NULL))
      exit(1);
  }
  return sum / ((calls + kBatch - 1) / kBatch * kBatch);
}

int main(int argc, char **argv) {
  static library libraries[kMaxLibraries];
  int rounds = argc > 4 ? atoi(argv[2]) : 0, calls = argc > 4 ? atoi(argv[3]) : 0, count = argc - 4;
  if (rounds < 1 || rounds > kMaxRounds || calls < 1 || count >= kMaxLibraries) {
    fprintf(stderr, "usage: calls DRIVER|cpu ROUNDS CALLS LIBRARY...\n");
    return 1;
  }
  for (int i = 0; i < count; ++i)
    open_library(&libraries[i], argv[4 + i], argv[1]);
  libraries[count].name = "empty";
  libraries[count].run = run_nothing;
  libraries[count].last_error = wait_for_nothing;
  for (int round = -1; round < rounds; ++round)
    for (int i = 0; i <= count; ++i) {
      double microseconds = measure(&libraries[i], calls);
      if (round >= 0)
        libraries[i].microseconds[round] = microseconds;
    }
  for (int i = 0; i <= count; ++i) {
    printf("%s", libraries[i].name);
    for (int round = 0; round < rounds; ++round)
      printf(" %.5f", libraries[i].microseconds[round]);
    printf("\n");
  }
  return 0;
}
