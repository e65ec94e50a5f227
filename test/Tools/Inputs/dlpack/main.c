/* Tensors of DLPack to an artefact. DLPACK_FIRST: its header stands before that of the artefact. */
#ifdef DLPACK_FIRST
#include "dlpack/dlpack.h"
#endif
#include "rows.h"
#ifndef DLPACK_FIRST
#include "dlpack/dlpack.h"
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int32_t status) {
  if (!status)
    return;
  printf("%s: %s\n", rows_status_name(status), rows_message());
  exit(1);
}

static DLManagedTensor make(float *data, int32_t rank, int64_t *shape) {
  DLManagedTensor managed;
  memset(&managed, 0, sizeof managed);
  managed.dl_tensor.data = data;
  managed.dl_tensor.device.device_type = kDLCPU;
  managed.dl_tensor.ndim = rank;
  managed.dl_tensor.dtype.code = kDLFloat;
  managed.dl_tensor.dtype.bits = 32;
  managed.dl_tensor.dtype.lanes = 1;
  managed.dl_tensor.shape = shape;
  return managed;
}

int main(void) {
  float x[3 * 64], gain[64], y[2 * 64];
  int64_t sizes[2] = {2, 64}, gain_sizes[1] = {64}, bytes;
  int i;
  for (i = 0; i < 3 * 64; ++i)
    x[i] = i < 64 ? 1000.0f : i % 2 ? -4.0f : 4.0f;
  for (i = 0; i < 64; ++i)
    gain[i] = 2;
  DLManagedTensor rows = make(x, 2, sizes), factors = make(gain, 1, gain_sizes), out = make(y, 2, sizes);
  rows.dl_tensor.byte_offset = 64 * sizeof(float);
  rows_arguments arguments;
  arguments.struct_size = sizeof arguments;
  check(rows_from_dlpack(&rows.dl_tensor, &arguments.x));
  check(rows_from_dlpack(&factors.dl_tensor, &arguments.gain));
  check(rows_from_dlpack(&out.dl_tensor, &arguments.y));
  colt5_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.device_kind = COLT5_ON_HOST;
  rows_context *context;
  check(rows_context_create(&options, &context));
  void *workspace;
  check(rows_workspace_size(context, &arguments, &bytes));
  check(rows_allocate(context, bytes, &workspace));
  check(rows_run(context, NULL, &arguments, workspace, bytes));
  printf("%.3f %.3f\n", y[0], y[127]);
  check(rows_free(context, workspace));
  check(rows_context_destroy(context));
  rows.dl_tensor.dtype.code = kDLUInt;
  check(rows_from_dlpack(&rows.dl_tensor, &arguments.x));
  return 0;
}
