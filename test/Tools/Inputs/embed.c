/* A program that links a compiled function: nothing but its header, its object and libc. */
#include "scale.cpu.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const float x[6] = {1, 2, 3, 4, 5, 6};
  const int64_t x_sizes[2] = {2, 3};
  float scaled[6], sums[3];
  int64_t sizes[3];
  scale_call_sizes(x, x_sizes, 2.0f, sizes);
  printf("sizes %d %d %d\n", (int)sizes[0], (int)sizes[1], (int)sizes[2]);
  int64_t bytes = scale_call_workspace(x, x_sizes, 2.0f, 1);
  bytes =
      (bytes + COLT5_CPU_WORKSPACE_ALIGNMENT) / COLT5_CPU_WORKSPACE_ALIGNMENT * COLT5_CPU_WORKSPACE_ALIGNMENT;
  void *workspace = aligned_alloc(COLT5_CPU_WORKSPACE_ALIGNMENT, (size_t)bytes);
  int32_t status = scale_call(x, x_sizes, 2.0f, scaled, sums, workspace, 0);
  printf("status %d\n", status);
  printf("scaled %g %g %g %g %g %g\n", scaled[0], scaled[1], scaled[2], scaled[3], scaled[4], scaled[5]);
  printf("sums %g %g %g\n", sums[0], sums[1], sums[2]);
  free(workspace);
  return status;
}
