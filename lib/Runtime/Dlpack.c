/* Tensors of other libraries: the DLTensor of DLPack. */
#include "Dlpack.h"

#include <stdio.h>

static const struct {
  uint8_t code, bits;
  int32_t type;
} kTypes[] = {
    {COLT5_DL_BOOL, 8, COLT5_BOOL},    {COLT5_DL_INT, 8, COLT5_I8},     {COLT5_DL_INT, 16, COLT5_I16},
    {COLT5_DL_INT, 32, COLT5_I32},     {COLT5_DL_INT, 64, COLT5_I64},   {COLT5_DL_FLOAT, 16, COLT5_F16},
    {COLT5_DL_BFLOAT, 16, COLT5_BF16}, {COLT5_DL_FLOAT, 32, COLT5_F32}, {COLT5_DL_FLOAT, 64, COLT5_F64}};

static int32_t fail_type(const colt5_dl_tensor *found) {
  static const char *const kNames[] = {"int", "uint", "float", "handle", "bfloat", "complex", "bool"};
  char name[32];
  if (found->code < sizeof kNames / sizeof *kNames)
    snprintf(name, sizeof name, "%s%d", kNames[found->code], found->bits);
  else
    snprintf(name, sizeof name, "type code %d of %d bits", found->code, found->bits);
  return colt5_fail(COLT5_BAD_TYPE,
                    "from_dlpack: expected elements of type bool, int8, int16, int32, int64, float16, "
                    "bfloat16, float32 or float64 in 1 lane, found %s in %d",
                    name, found->lanes);
}

/* Pinned memory belongs to the host, managed memory may be used by the device. */
static int32_t find_device_kind(int32_t device_kind) {
  switch (device_kind) {
  case COLT5_DL_CPU:
  case COLT5_DL_CUDA_HOST:
    return COLT5_ON_HOST;
  case COLT5_DL_CUDA:
  case COLT5_DL_CUDA_MANAGED:
    return COLT5_ON_CUDA;
  default:
    return 0;
  }
}

int32_t colt5_from_dlpack(const void *dl_tensor, colt5_tensor *tensor) {
  const colt5_dl_tensor *found = dl_tensor;
  if (!found || !tensor)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "from_dlpack: expected a DLTensor and a colt5_tensor, found NULL as %s",
                      found ? "colt5_tensor" : "DLTensor");
  int32_t device_kind = find_device_kind(found->device_kind);
  if (!device_kind)
    return colt5_fail(
        COLT5_BAD_DEVICE,
        "from_dlpack: expected data on a device of type CPU (%d), CUDA (%d), CUDA host (%d) or CUDA "
        "managed (%d), found type %d",
        COLT5_DL_CPU, COLT5_DL_CUDA, COLT5_DL_CUDA_HOST, COLT5_DL_CUDA_MANAGED, found->device_kind);
  if (found->rank < 0)
    return colt5_fail(COLT5_BAD_RANK, "from_dlpack: expected 0 dimensions or more, found %d", found->rank);
  if (found->rank && !found->sizes)
    return colt5_fail(COLT5_BAD_STRUCT, "from_dlpack: expected %d sizes, found NULL", found->rank);
  size_t type = 0, count = sizeof kTypes / sizeof *kTypes;
  while (type < count && (kTypes[type].code != found->code || kTypes[type].bits != found->bits))
    ++type;
  if (type == count || found->lanes != 1)
    return fail_type(found);
  if (found->byte_offset > UINTPTR_MAX - (uintptr_t)found->data)
    return colt5_fail(COLT5_TOO_LARGE,
                      "from_dlpack: expected an offset within memory, found %llu bytes after %p",
                      (unsigned long long)found->byte_offset, found->data);
  tensor->struct_size = sizeof *tensor;
  /* An empty tensor may have no data and any offset. */
  tensor->data = found->data ? (char *)found->data + found->byte_offset : NULL;
  tensor->sizes = found->rank ? found->sizes : NULL;
  tensor->strides = found->rank ? found->strides : NULL;
  tensor->type = kTypes[type].type;
  tensor->rank = found->rank;
  tensor->device_kind = device_kind;
  tensor->device = device_kind == COLT5_ON_HOST ? 0 : found->device;
  return COLT5_GPU_OK;
}
