/* The threads of a context that was given none. */
#include "Embed.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_DEFAULT_THREADS 8

struct colt5_pool {
  pid_t process;         /* that has the threads; a child after fork has none */
  pthread_mutex_t owner; /* held by the call whose tasks run */
  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t start, done;
  uint64_t generation; /* counts parallel_for */
  int64_t working;     /* workers that have not finished this generation */
  int stopping;
  int64_t count, next; /* next is taken atomically */
  void (*body)(void *arg, int64_t index, int64_t thread);
  void *arg;
  int64_t num_workers;
  struct worker {
    colt5_pool *pool;
    pthread_t thread;
    int64_t number;
  } workers[];
};

static void run_tasks(colt5_pool *pool, int64_t thread) {
  for (;;) {
    int64_t index = __atomic_fetch_add(&pool->next, 1, __ATOMIC_RELAXED);
    if (index >= pool->count)
      return;
    pool->body(pool->arg, index, thread);
  }
}

static void *work(void *arg) {
  struct worker *worker = arg;
  colt5_pool *pool = worker->pool;
  uint64_t seen = 0;
  pthread_mutex_lock(&pool->mutex);
  for (;;) {
    while (pool->generation == seen && !pool->stopping)
      pthread_cond_wait(&pool->start, &pool->mutex);
    if (pool->stopping)
      break;
    seen = pool->generation;
    pthread_mutex_unlock(&pool->mutex);
    run_tasks(pool, worker->number);
    pthread_mutex_lock(&pool->mutex);
    if (!--pool->working)
      pthread_cond_signal(&pool->done);
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

void colt5_pool_run(void *state, int64_t count, void (*body)(void *arg, int64_t index, int64_t thread),
                    void *arg) {
  colt5_pool *pool = state;
  /* The threads serve one call at a time; another call does its tasks itself rather than wait. In a child
   * nobody would ever take a task or leave a lock. */
  if (count < 2 || !pool->num_workers || pool->process != getpid() || pthread_mutex_trylock(&pool->owner)) {
    for (int64_t index = 0; index < count; ++index)
      body(arg, index, 0);
    return;
  }
  pthread_mutex_lock(&pool->mutex);
  pool->count = count;
  pool->next = 0;
  pool->body = body;
  pool->arg = arg;
  pool->working = pool->num_workers;
  ++pool->generation;
  pthread_cond_broadcast(&pool->start);
  pthread_mutex_unlock(&pool->mutex);
  run_tasks(pool, 0);
  pthread_mutex_lock(&pool->mutex);
  while (pool->working)
    pthread_cond_wait(&pool->done, &pool->mutex);
  pthread_mutex_unlock(&pool->mutex);
  pthread_mutex_unlock(&pool->owner);
}

colt5_pool *colt5_pool_create(int32_t num_threads) {
  if (num_threads <= 0) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    num_threads = cores < 1 ? 1 : cores > MAX_DEFAULT_THREADS ? MAX_DEFAULT_THREADS : (int32_t)cores;
  }
  colt5_pool *pool = calloc(1, sizeof *pool + (size_t)num_threads * sizeof pool->workers[0]);
  if (!pool)
    return NULL;
  pool->process = getpid();
  pthread_mutex_init(&pool->owner, NULL);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->start, NULL);
  pthread_cond_init(&pool->done, NULL);
  /* With fewer threads than wanted everything still runs. */
  for (int64_t i = 0; i + 1 < num_threads; ++i) {
    struct worker *worker = &pool->workers[i];
    worker->pool = pool;
    worker->number = i + 1;
    if (pthread_create(&worker->thread, NULL, work, worker))
      break;
    ++pool->num_workers;
  }
  return pool;
}

int64_t colt5_pool_num_threads(const colt5_pool *pool) { return pool->num_workers + 1; }

void colt5_pool_destroy(colt5_pool *pool) {
  if (pool->process != getpid()) {
    free(pool);
    return;
  }
  pthread_mutex_lock(&pool->mutex);
  pool->stopping = 1;
  pthread_cond_broadcast(&pool->start);
  pthread_mutex_unlock(&pool->mutex);
  for (int64_t i = 0; i < pool->num_workers; ++i)
    pthread_join(pool->workers[i].thread, NULL);
  pthread_cond_destroy(&pool->start);
  pthread_cond_destroy(&pool->done);
  pthread_mutex_destroy(&pool->mutex);
  pthread_mutex_destroy(&pool->owner);
  free(pool);
}
