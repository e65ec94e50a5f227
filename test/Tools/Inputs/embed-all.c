/* Two artefacts in one program: on the CPU, on both GPUs of the mock driver, and calls that must be refused.
 */
#include "scale.h"
#include "twice.h"

#include <stdio.h>
#include <string.h>

/* Of the mock driver. */
int mock_num_launches(void);
int mock_num_live_objects(void);
const char *mock_first_misuse(void);

static const float kX[6] = {1, 2, 3, 4, 5, 6};
static const int64_t kSizes[2] = {2, 3}, kSums[1] = {3};

static void expect(int32_t status) {
  if (status)
    printf("%s: %s\n", scale_status_name(status), scale_message());
}

static int run_scale(int32_t kind, int32_t device, const char *library) {
  colt5_options options = {sizeof options, kind, device, NULL, library, NULL, 3, 0};
  scale_context *context;
  float factor = 2, y[6] = {0}, sums[3] = {0};
  void *dx, *dy, *dsums, *workspace;
  int64_t bytes = 0, sizes[3];
  int32_t status = scale_context_create(&options, &context);
  expect(status);
  if (status)
    return 1;
  printf("target %s\n", scale_target(context));
  expect(scale_load(context));
  expect(scale_allocate(context, sizeof kX, &dx));
  expect(scale_allocate(context, sizeof y, &dy));
  expect(scale_allocate(context, sizeof sums, &dsums));
  expect(scale_copy_in(context, dx, kX, sizeof kX));
  kind = strcmp(scale_target(context), "cpu") ? COLT5_ON_CUDA : COLT5_ON_HOST;
  colt5_tensor tensors[4] = {colt5_make_tensor(dx, COLT5_F32, 2, kSizes, kind, device),
                             colt5_make_tensor(&factor, COLT5_F32, 0, NULL, COLT5_ON_HOST, 0),
                             colt5_make_tensor(dy, COLT5_F32, 2, kSizes, kind, device),
                             colt5_make_tensor(dsums, COLT5_F32, 1, kSums, kind, device)};
  scale_arguments arguments = {sizeof arguments, tensors[0], tensors[1], tensors[2], tensors[3]};
  expect(scale_workspace_size(context, &arguments, &bytes));
  expect(scale_result_sizes(context, &arguments, sizes));
  printf("sizes %d %d %d\n", (int)sizes[0], (int)sizes[1], (int)sizes[2]);
  expect(scale_allocate(context, bytes, &workspace));
  expect(scale_run(context, NULL, &arguments, workspace, bytes));
  expect(scale_last_error(context, NULL));
  expect(scale_copy_out(context, y, dy, sizeof y));
  expect(scale_copy_out(context, sums, dsums, sizeof sums));
  if (kind == COLT5_ON_HOST)
    printf("scaled %g %g sums %g %g %g\n", y[0], y[5], sums[0], sums[1], sums[2]);

  printf("refused:\n");
  arguments.s.type = COLT5_F64;
  expect(scale_run(context, NULL, &arguments, workspace, bytes));
  arguments.s.type = COLT5_F32;
  arguments.sums.data = arguments.x.data;
  expect(scale_run(context, NULL, &arguments, workspace, bytes));
  arguments.struct_size = 1;
  expect(scale_run(context, NULL, &arguments, workspace, bytes));
  expect(scale_free(context, dx));
  expect(scale_free(context, dy));
  expect(scale_free(context, dsums));
  expect(scale_free(context, workspace));
  expect(scale_context_destroy(context));
  return 0;
}

static void run_twice(void) {
  twice_context *context;
  colt5_options options = {sizeof options, COLT5_ON_HOST, 0, NULL, NULL, NULL, 1, 0};
  float x[6], y[6] = {0};
  int64_t sizes[1] = {6};
  memcpy(x, kX, sizeof x);
  expect(twice_context_create(&options, &context));
  twice_arguments arguments = {sizeof arguments, colt5_make_tensor(x, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0),
                               colt5_make_tensor(y, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0)};
  if (twice_run(context, NULL, &arguments, NULL, 0))
    printf("%s\n", twice_message());
  printf("twice %g %g\n", y[0], y[5]);
  twice_context_destroy(context);
}

int main(int argc, char **argv) {
  (void)argc;
  printf("%s\n", scale_describe());
  if (run_scale(COLT5_ON_HOST, 0, NULL))
    return 1;
  run_twice();
  run_scale(COLT5_ON_CUDA, 0, argv[1]);
  run_scale(COLT5_ON_CUDA, 1, argv[1]);
  /* No such driver: the CPU takes over unless a GPU was asked for. */
  run_scale(0, 0, "/nowhere/libcuda.so.1");
  run_scale(COLT5_ON_CUDA, 0, "/nowhere/libcuda.so.1");
  const char *misuse = mock_first_misuse();
  printf("launched %d, left %d, misuse %s\n", mock_num_launches() > 0, mock_num_live_objects(),
         misuse ? misuse : "none");
  return 0;
}
