#include "Arguments.h"

#include <stdio.h>

static const char *const kTypeNames[] = {"bool", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"};
static const int64_t kTypeBytes[] = {1, 1, 2, 4, 8, 2, 2, 4, 8};

static const char *type_name(int32_t type) {
  return type >= 0 && type < COLT5_NUM_TYPES ? kTypeNames[type] : "an unknown type";
}

/* Multiplies numbers that are not negative; 0 if the product does not fit. */
static int multiply(int64_t a, int64_t b, int64_t *product) {
  if (a && b > INT64_MAX / a)
    return 0;
  *product = a * b;
  return 1;
}

static int32_t fail_size(const colt5_signature *signature, const colt5_argument *argument, int32_t dim,
                         int64_t wanted, int64_t found, const colt5_symbols *symbols) {
  char where[32] = "", expected[160] = "a size of 0 or more";
  if (dim >= 0)
    snprintf(where, sizeof where, ", dimension %d", dim);
  if (found >= 0 && wanted >= 0)
    snprintf(expected, sizeof expected, "%lld", (long long)wanted);
  else if (found >= 0)
    snprintf(expected, sizeof expected, "%s = %lld as in argument '%s'", signature->symbols[-1 - wanted],
             (long long)symbols->value[-1 - wanted], symbols->owner[-1 - wanted]);
  return colt5_fail(COLT5_BAD_SIZE, "%s: argument '%s'%s: expected %s, found %lld", signature->name,
                    argument->name, where, expected, (long long)found);
}

/* `found` is dimension `dim` of an argument, or with dim -1 the value of a scalar. */
static int32_t check_size(const colt5_signature *signature, const colt5_argument *argument, int32_t dim,
                          int64_t wanted, int64_t found, colt5_symbols *symbols) {
  int fits = found >= 0;
  if (wanted >= 0) {
    fits = found == wanted;
  } else if (fits && !symbols->owner[-1 - wanted]) {
    symbols->owner[-1 - wanted] = argument->name;
    symbols->value[-1 - wanted] = found;
  } else if (fits) {
    fits = symbols->value[-1 - wanted] == found;
  }
  return fits ? COLT5_GPU_OK : fail_size(signature, argument, dim, wanted, found, symbols);
}

static int32_t check_shape(const colt5_signature *signature, const colt5_argument *argument,
                           const colt5_tensor *tensor, colt5_symbols *symbols) {
  int32_t status = COLT5_GPU_OK;
  for (int32_t dim = 0; !status && dim < argument->rank; ++dim)
    status = check_size(signature, argument, dim, argument->sizes[dim], tensor->sizes[dim], symbols);
  return status;
}

int32_t colt5_check_scalar(const colt5_signature *signature, uint32_t index, const colt5_tensor *tensor,
                           colt5_symbols *symbols) {
  const colt5_argument *argument = &signature->arguments[index];
  if (!argument->sizes)
    return COLT5_GPU_OK;
  int64_t value =
      argument->type == COLT5_I32 ? *(const int32_t *)tensor->data : *(const int64_t *)tensor->data;
  return check_size(signature, argument, -1, argument->sizes[0], value, symbols);
}

static int32_t check_strides(const colt5_signature *signature, const colt5_argument *argument,
                             const colt5_tensor *tensor, int64_t count) {
  int64_t expected = 1;
  /* Nothing is ever read of an empty tensor. */
  if (!tensor->strides || !count)
    return COLT5_GPU_OK;
  for (int32_t dim = argument->rank - 1; dim >= 0; --dim) {
    if (tensor->sizes[dim] != 1 && tensor->strides[dim] != expected)
      return colt5_fail(COLT5_BAD_STRIDES,
                        "%s: argument '%s', dimension %d: expected row-major data, stride %lld, found %lld",
                        signature->name, argument->name, dim, (long long)expected,
                        (long long)tensor->strides[dim]);
    expected *= tensor->sizes[dim];
  }
  return COLT5_GPU_OK;
}

int32_t colt5_check_tensor(const colt5_signature *signature, uint32_t index, const colt5_tensor *tensor,
                           colt5_symbols *symbols, int64_t *bytes) {
  const colt5_argument *argument = &signature->arguments[index];
  if (tensor->struct_size != sizeof *tensor)
    return colt5_fail(COLT5_BAD_STRUCT,
                      "%s: argument '%s': expected a colt5_tensor of struct_size %zu, found %zu",
                      signature->name, argument->name, sizeof *tensor, tensor->struct_size);
  if (tensor->type != argument->type)
    return colt5_fail(COLT5_BAD_TYPE, "%s: argument '%s': expected elements of type %s, found %s",
                      signature->name, argument->name, type_name(argument->type), type_name(tensor->type));
  if (tensor->rank != argument->rank)
    return colt5_fail(COLT5_BAD_RANK, "%s: argument '%s': expected %d dimensions, found %d", signature->name,
                      argument->name, argument->rank, tensor->rank);
  if (argument->rank && !tensor->sizes)
    return colt5_fail(COLT5_BAD_STRUCT, "%s: argument '%s': expected %d sizes, found NULL", signature->name,
                      argument->name, argument->rank);
  int32_t status = check_shape(signature, argument, tensor, symbols);
  if (status)
    return status;
  int64_t count = 1, size = kTypeBytes[argument->type];
  int fits = 1;
  for (int32_t dim = 0; dim < argument->rank; ++dim)
    if (!tensor->sizes[dim])
      count = size = 0;
  for (int32_t dim = 0; fits && count && dim < argument->rank; ++dim)
    fits = multiply(size, tensor->sizes[dim], &size);
  if (!fits)
    return colt5_fail(COLT5_TOO_LARGE, "%s: argument '%s': expected fewer than 2^63 bytes, found more",
                      signature->name, argument->name);
  *bytes = size;
  return check_strides(signature, argument, tensor, count);
}

int32_t colt5_check_memory(const colt5_signature *signature, uint32_t index, const colt5_tensor *tensor,
                           int64_t bytes, const colt5_place *place) {
  const colt5_argument *argument = &signature->arguments[index];
  /* The host reads scalars, everything else is read and written by kernels. */
  int on_host = place->kind == COLT5_ON_HOST || argument->is_scalar;
  int32_t device = place->device;
  int32_t kind = on_host ? COLT5_ON_HOST : COLT5_ON_CUDA;
  if (!bytes)
    return COLT5_GPU_OK;
  if (!tensor->data)
    return colt5_fail(COLT5_NULL_DATA, "%s: argument '%s': expected data of %lld bytes, found NULL",
                      signature->name, argument->name, (long long)bytes);
  if (tensor->device_kind != kind || (!on_host && tensor->device != device))
    return colt5_fail(COLT5_BAD_DEVICE,
                      "%s: argument '%s': expected data on %s %d, found device kind %d, number %d",
                      signature->name, argument->name, on_host ? "the host," : "CUDA device",
                      on_host ? 0 : device, tensor->device_kind, tensor->device);
  uintptr_t alignment = on_host ? (uintptr_t)kTypeBytes[argument->type] : COLT5_GPU_TENSOR_ALIGNMENT;
  if ((uintptr_t)tensor->data % alignment)
    return colt5_fail(COLT5_BAD_ALIGNMENT,
                      "%s: argument '%s': expected a multiple of %d bytes, found address %p", signature->name,
                      argument->name, (int)alignment, tensor->data);
  return COLT5_GPU_OK;
}

int32_t colt5_check_overlaps(const colt5_signature *signature, const colt5_tensor *tensors,
                             const int64_t *bytes, const void *workspace, int64_t workspace_bytes) {
  uint32_t count = signature->num_inputs + signature->num_outputs;
  for (uint32_t i = signature->num_inputs; i < count; ++i) {
    uintptr_t begin = (uintptr_t)tensors[i].data, end = begin + (uintptr_t)bytes[i];
    if (begin == end)
      continue;
    /* Outputs meet each other once, and everything meets the workspace below. */
    for (uint32_t j = 0; j < i; ++j) {
      uintptr_t other = (uintptr_t)tensors[j].data;
      if (bytes[j] && begin < other + (uintptr_t)bytes[j] && other < end)
        return colt5_fail(
            COLT5_OVERLAP,
            "%s: expected outputs in memory of their own, found argument '%s' at [%p, +%lld) and '%s' at "
            "[%p, +%lld)",
            signature->name, signature->arguments[i].name, tensors[i].data, (long long)bytes[i],
            signature->arguments[j].name, tensors[j].data, (long long)bytes[j]);
    }
  }
  uintptr_t begin = (uintptr_t)workspace, end = begin + (uintptr_t)workspace_bytes;
  for (uint32_t i = 0; workspace_bytes && i < count; ++i) {
    uintptr_t other = (uintptr_t)tensors[i].data;
    if (bytes[i] && begin < other + (uintptr_t)bytes[i] && other < end)
      return colt5_fail(
          COLT5_OVERLAP,
          "%s: expected a workspace of its own, found it at [%p, +%lld) and argument '%s' at [%p, +%lld)",
          signature->name, workspace, (long long)workspace_bytes, signature->arguments[i].name,
          tensors[i].data, (long long)bytes[i]);
  }
  return COLT5_GPU_OK;
}

int32_t colt5_check_signature(const colt5_function *function, uint32_t wanted, uint32_t found) {
  const colt5_signature *signature = function ? function->signature : NULL;
  if (!signature || signature->struct_size != sizeof *signature)
    return colt5_fail(COLT5_BAD_STRUCT, "expected a function with a signature of struct_size %zu, found %zu",
                      sizeof *signature, signature ? signature->struct_size : 0);
  if (signature->num_inputs + signature->num_outputs > COLT5_MAX_ARGUMENTS ||
      signature->num_symbols > COLT5_MAX_SYMBOLS)
    return colt5_fail(COLT5_BAD_COUNT, "%s: expected at most %d arguments and %d symbols, found %u and %u",
                      signature->name, COLT5_MAX_ARGUMENTS, COLT5_MAX_SYMBOLS,
                      signature->num_inputs + signature->num_outputs, signature->num_symbols);
  if (wanted != found)
    return colt5_fail(COLT5_BAD_COUNT, "%s: expected %u tensors, found %u", signature->name, wanted, found);
  return COLT5_GPU_OK;
}
