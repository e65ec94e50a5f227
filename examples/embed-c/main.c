/* normalize [DRIVER]: runs on a GPU if there is one, else on the CPU. DRIVER: path of the driver's library.
 */
#include "norm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int32_t status) {
  if (!status)
    return;
  fprintf(stderr, "%s: %s\n", norm_status_name(status), norm_message());
  exit(1);
}

static void *copy_in(norm_context *context, const void *host, int64_t bytes) {
  void *device;
  check(norm_allocate(context, bytes, &device));
  check(norm_copy_in(context, device, host, bytes));
  return device;
}

int main(int argc, char **argv) {
  colt5_options options = {sizeof options, 0, 0, NULL, NULL, NULL, 0, 0};
  options.driver = argc > 1 ? argv[1] : NULL;
  norm_context *context;
  check(norm_context_create(&options, &context));
  printf("runs on %s\n", norm_target(context));
  int32_t kind = strcmp(norm_target(context), "cpu") ? COLT5_ON_CUDA : COLT5_ON_HOST;

  float x[2 * 32], gain[32], y[2 * 32] = {0};
  const int64_t x_sizes[2] = {2, 32}, gain_sizes[1] = {32};
  for (int i = 0; i < 64; ++i)
    x[i] = i % 2 ? -3.0f : 3.0f;
  for (int i = 0; i < 32; ++i)
    gain[i] = 1.0f;
  norm_arguments arguments = {
      sizeof arguments, colt5_make_tensor(copy_in(context, x, sizeof x), COLT5_F32, 2, x_sizes, kind, 0),
      colt5_make_tensor(copy_in(context, gain, sizeof gain), COLT5_F32, 1, gain_sizes, kind, 0),
      colt5_make_tensor(copy_in(context, y, sizeof y), COLT5_F32, 2, x_sizes, kind, 0)};

  int64_t bytes;
  void *workspace;
  check(norm_workspace_size(context, &arguments, &bytes));
  check(norm_allocate(context, bytes, &workspace));
  check(norm_run(context, NULL, &arguments, workspace, bytes));
  check(norm_last_error(context, NULL));
  check(norm_copy_out(context, y, arguments.y.data, sizeof y));
  printf("%.3f %.3f\n", y[0], y[63]);

  check(norm_free(context, arguments.x.data));
  check(norm_free(context, arguments.gain.data));
  check(norm_free(context, arguments.y.data));
  check(norm_free(context, workspace));
  check(norm_context_destroy(context));
  return 0;
}
