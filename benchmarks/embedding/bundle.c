/* bundle VERSION ROUNDS FILE...: microseconds that the check of each bundle takes, one number per round. */
#define _POSIX_C_SOURCE 199309L
#include "Bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

int main(int argc, char **argv) {
  for (int i = 3; i < argc; ++i) {
    FILE *file = fopen(argv[i], "rb");
    if (!file || fseek(file, 0, SEEK_END))
      return 1;
    size_t size = (size_t)ftell(file);
    rewind(file);
    void *bytes = malloc(size);
    if (!bytes || fread(bytes, 1, size, file) != size)
      return 1;
    fclose(file);
    printf("%zu", size);
    for (int round = 0; round < atoi(argv[2]); ++round) {
      colt5_bundle_header header;
      double start = now();
      if (colt5_bundle_check(bytes, size, argv[1], &header)) {
        fprintf(stderr, "%s: %s\n", argv[i], colt5_gpu_message());
        return 1;
      }
      printf(" %.3f", now() - start);
    }
    printf("\n");
    free(bytes);
  }
  return argc < 4;
}
