/* The program's own threads, to be lent to compiled code: a pool, and those of OpenMP. */
#include "Embed.h"
#include "colt5-abi/openmp.h"

colt5_parallel make_pool(int32_t num_threads);
colt5_parallel make_openmp(int32_t num_threads);

colt5_parallel make_pool(int32_t num_threads) {
  colt5_pool *pool = colt5_pool_create(num_threads);
  const colt5_parallel parallel = {pool, pool ? colt5_pool_num_threads(pool) : 1, colt5_pool_run};
  return parallel;
}

colt5_parallel make_openmp(int32_t num_threads) {
  omp_set_num_threads(num_threads);
  return colt5_openmp();
}
