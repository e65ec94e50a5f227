/* The C interface of code that colt5 compiles for the CPU.
 *
 * A function `@f` of the module becomes three C functions:
 *
 *   int32_t f_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool);
 *   void    f_result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes);
 *   int64_t f_workspace_size(const colt5_cpu_tensor *inputs, int64_t num_threads);
 *
 * `tensors` holds the inputs, then the outputs. Scalar arguments are tensors of rank 0. `sizes`
 * receives the sizes of all outputs, one output after the other; INT64_MAX stands for a size of 2^63 - 1 or
 * more. f_workspace_size returns COLT5_CPU_NO_WORKSPACE for sizes that f_run refuses and
 * COLT5_CPU_LARGE_WORKSPACE where 2^63 - 1 bytes or more are needed. The compiled code allocates nothing,
 * keeps no state and may run in any number of threads, each with a workspace of its own.
 */
#ifndef COLT5_ABI_CPU_H
#define COLT5_ABI_CPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A dense tensor in row-major order. */
typedef struct colt5_cpu_tensor {
  void *data;             /* aligned to the element type; i1 is one byte, 0 or 1; may be NULL when empty */
  const int64_t *sizes;   /* one per dimension, may be NULL for rank 0 */
  const int64_t *strides; /* in elements; NULL means row-major. Only row-major data is accepted. */
} colt5_cpu_tensor;

/* How the compiled code runs its tasks. */
typedef struct colt5_parallel {
  void *state;         /* passed to parallel_for */
  int64_t num_threads; /* `thread` below is in [0, num_threads) */
  /* Calls `body(arg, index, thread)` for every index in [0, count), in any order, and returns when all
   * calls have returned. Two calls that overlap in time must get different `thread` numbers. */
  void (*parallel_for)(void *state, int64_t count, void (*body)(void *arg, int64_t index, int64_t thread),
                       void *arg);
} colt5_parallel;

/* What f_run returns. */
enum {
  COLT5_CPU_OK = 0,
  COLT5_CPU_BAD_INDEX = 1,     /* an index tensor held a value outside its range; it counted as -1 */
  COLT5_CPU_NULL_POINTER = 2,  /* `tensors`, the data of a non-empty tensor or a needed workspace is NULL */
  COLT5_CPU_BAD_SIZE = 3,      /* sizes are not the compiled or the computed ones, or do not fit each other */
  COLT5_CPU_BAD_STRIDES = 4,   /* a tensor is not dense row-major */
  COLT5_CPU_BAD_ALIGNMENT = 5, /* a needed workspace is not aligned to COLT5_CPU_WORKSPACE_ALIGNMENT, or the
                                * data of a tensor not to its elements */
  COLT5_CPU_TOO_LARGE = 6 /* a tensor has 2^63 elements or more, or the workspace 2^63 - 1 bytes or more */
};

#define COLT5_CPU_WORKSPACE_ALIGNMENT 64
#define COLT5_CPU_NO_WORKSPACE INT64_MIN
#define COLT5_CPU_LARGE_WORKSPACE (-INT64_C(1))

#ifdef __cplusplus
}
#endif

#endif /* COLT5_ABI_CPU_H */
