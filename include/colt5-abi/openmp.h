/* The threads of OpenMP, for programs that are compiled with it (-fopenmp).
 *
 *   colt5_parallel threads = colt5_openmp();
 *   options.parallel = &threads;
 *
 * Part of every header that `colt5-compile` writes; several such headers may be included in one file.
 */
#ifndef COLT5_ABI_OPENMP_H
#define COLT5_ABI_OPENMP_H
#ifdef _OPENMP

#include "colt5-abi/cpu.h"

#include <omp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `state` holds how many threads the workspace has room for: omp_set_num_threads must not raise it. OpenMP
 * may give fewer, one in a nested region, and numbers the threads of each team from 0. */
static inline void colt5_openmp_for(void *state, int64_t count,
                                    void (*body)(void *arg, int64_t index, int64_t thread), void *arg) {
  int64_t index;
#pragma omp parallel for schedule(dynamic) num_threads((int)(intptr_t)state)
  for (index = 0; index < count; ++index)
    body(arg, index, omp_get_thread_num());
}

/* As many threads as a parallel region here would have. */
static inline colt5_parallel colt5_openmp(void) {
  colt5_parallel parallel;
  parallel.num_threads = omp_get_max_threads();
  parallel.state = (void *)(intptr_t)parallel.num_threads;
  parallel.parallel_for = colt5_openmp_for;
  return parallel;
}

#ifdef __cplusplus
}
#endif

#endif /* _OPENMP */
#endif /* COLT5_ABI_OPENMP_H */
