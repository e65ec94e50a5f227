/* Events for the driver that runs kernels in the emulator, so that what times a GPU can run without one. */
#include <stdlib.h>
#include <time.h>

int cuEventCreate(void **event, unsigned flags) {
  (void)flags;
  *event = malloc(sizeof(struct timespec));
  return *event ? 0 : 2;
}
int cuEventDestroy_v2(void *event) {
  free(event);
  return 0;
}
int cuEventRecord(void *event, void *stream) {
  (void)stream;
  return clock_gettime(CLOCK_MONOTONIC, event) ? 1 : 0;
}
int cuEventElapsedTime(float *milliseconds, void *start, void *end) {
  const struct timespec *a = start, *b = end;
  *milliseconds = (float)(b->tv_sec - a->tv_sec) * 1e3f + (float)(b->tv_nsec - a->tv_nsec) * 1e-6f;
  return 0;
}
