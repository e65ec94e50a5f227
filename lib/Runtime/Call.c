#include "Arguments.h"

#include <string.h>

static void to_abi(const colt5_tensor *tensors, uint32_t count, colt5_cpu_tensor *converted) {
  for (uint32_t i = 0; i < count; ++i) {
    converted[i].data = tensors[i].data;
    converted[i].sizes = tensors[i].sizes;
    /* Checked to be row-major. */
    converted[i].strides = NULL;
  }
}

/* The functions of a CPU take the number of threads too. */
typedef int64_t (*cpu_workspace_size)(const colt5_cpu_tensor *inputs, int64_t num_threads);

static int64_t compute_workspace_size(const colt5_function *function, const colt5_place *place,
                                      const colt5_cpu_tensor *converted) {
  if (place->kind == COLT5_ON_HOST)
    return ((cpu_workspace_size)(void (*)(void))function->workspace_size)(converted, place->threads);
  return function->workspace_size(converted);
}

static int32_t check_workspace_size(const colt5_function *function, int64_t bytes) {
  if (bytes >= 0)
    return COLT5_GPU_OK;
  if (bytes == COLT5_CPU_NO_WORKSPACE)
    return colt5_explain(function->signature->name, COLT5_CPU_BAD_SIZE);
  return colt5_fail(COLT5_TOO_LARGE,
                    "%s: expected a workspace of fewer than 2^63 bytes, found sizes that need more",
                    function->signature->name);
}

/* The computed sizes of the outputs. */
static int32_t compute_result_sizes(const colt5_function *function, const colt5_cpu_tensor *converted,
                                    int64_t *sizes) {
  const colt5_signature *signature = function->signature;
  function->result_sizes(converted, sizes);
  for (uint32_t i = 0; i < signature->num_outputs; ++i) {
    const colt5_argument *output = &signature->arguments[signature->num_inputs + i];
    for (int32_t dim = 0; dim < output->rank; ++dim, ++sizes) {
      if (*sizes == INT64_MAX)
        return colt5_fail(
            COLT5_TOO_LARGE,
            "%s: argument '%s', dimension %d: expected a computed size of less than 2^63 - 1, found more",
            signature->name, output->name, dim);
      if (*sizes < 0)
        return colt5_fail(COLT5_BAD_SIZE,
                          "%s: argument '%s', dimension %d: expected a size of 0 or more, computed %lld",
                          signature->name, output->name, dim, (long long)*sizes);
    }
  }
  return COLT5_GPU_OK;
}

/* Checks the inputs as far as the size functions of the compiled code read them. */
static int32_t check_inputs(const colt5_function *function, const colt5_tensor *inputs, uint32_t num_inputs,
                            colt5_symbols *symbols, int64_t *bytes, colt5_cpu_tensor *converted) {
  int32_t status = colt5_check_signature(
      function, function && function->signature ? function->signature->num_inputs : 0, num_inputs);
  if (status)
    return status;
  const colt5_signature *signature = function->signature;
  if (num_inputs && !inputs)
    return colt5_fail(COLT5_BAD_STRUCT, "%s: expected %u tensors, found NULL", signature->name, num_inputs);
  static const colt5_place kHost = {COLT5_ON_HOST, 0, 1};
  memset(symbols->owner, 0, signature->num_symbols * sizeof symbols->owner[0]);
  for (uint32_t i = 0; !status && i < num_inputs; ++i) {
    status = colt5_check_tensor(signature, i, &inputs[i], symbols, &bytes[i]);
    int is_scalar = signature->arguments[i].is_scalar;
    if (!status && is_scalar)
      status = colt5_check_memory(signature, i, &inputs[i], bytes[i], &kHost);
    if (!status && is_scalar)
      status = colt5_check_scalar(signature, i, &inputs[i], symbols);
  }
  to_abi(inputs, status ? 0 : num_inputs, converted);
  return status;
}

int32_t colt5_find_workspace_size(const colt5_function *function, const colt5_place *place,
                                  const colt5_tensor *inputs, int64_t *bytes) {
  colt5_symbols symbols;
  int64_t sizes[COLT5_MAX_ARGUMENTS];
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  int32_t status =
      check_inputs(function, inputs, function->signature->num_inputs, &symbols, sizes, converted);
  if (status)
    return status;
  *bytes = compute_workspace_size(function, place, converted);
  return check_workspace_size(function, *bytes);
}

int32_t colt5_get_workspace_size(const colt5_function *function, const colt5_tensor *inputs,
                                 uint32_t num_inputs, int64_t *bytes) {
  static const colt5_place kDevice = {COLT5_ON_CUDA, 0, 0};
  int32_t status = colt5_check_signature(
      function, function && function->signature ? function->signature->num_inputs : 0, num_inputs);
  return status ? status : colt5_find_workspace_size(function, &kDevice, inputs, bytes);
}

int32_t colt5_get_result_sizes(const colt5_function *function, const colt5_tensor *inputs,
                               uint32_t num_inputs, int64_t *sizes) {
  colt5_symbols symbols;
  int64_t bytes[COLT5_MAX_ARGUMENTS];
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  int32_t status = check_inputs(function, inputs, num_inputs, &symbols, bytes, converted);
  return status ? status : compute_result_sizes(function, converted, sizes);
}

/* Compares the outputs with what the compiled code computes from the inputs. */
static int32_t check_outputs(const colt5_function *function, const colt5_tensor *tensors,
                             colt5_symbols *symbols, int64_t *bytes, const colt5_cpu_tensor *converted) {
  const colt5_signature *signature = function->signature;
  int64_t computed[COLT5_MAX_ARGUMENTS * COLT5_MAX_RANK];
  const int64_t *next = computed;
  uint32_t count = signature->num_inputs + signature->num_outputs;
  uint32_t rank = 0;
  for (uint32_t i = signature->num_inputs; i < count; ++i)
    rank += (uint32_t)signature->arguments[i].rank;
  if (rank > sizeof computed / sizeof *computed)
    return colt5_fail(COLT5_BAD_RANK, "%s: expected outputs of at most %zu dimensions in all, found %u",
                      signature->name, sizeof computed / sizeof *computed, rank);
  int32_t status = compute_result_sizes(function, converted, computed);
  if (status)
    return status;
  for (uint32_t i = signature->num_inputs; i < count; ++i) {
    status = colt5_check_tensor(signature, i, &tensors[i], symbols, &bytes[i]);
    if (status)
      return status;
    for (int32_t dim = 0; dim < tensors[i].rank; ++dim, ++next)
      if (tensors[i].sizes[dim] != *next)
        return colt5_fail(
            COLT5_BAD_SIZE,
            "%s: argument '%s', dimension %d: expected %lld, computed from the inputs, found %lld",
            signature->name, signature->arguments[i].name, dim, (long long)*next,
            (long long)tensors[i].sizes[dim]);
  }
  return COLT5_GPU_OK;
}

static int32_t check_workspace(const colt5_function *function, const colt5_place *place,
                               const colt5_cpu_tensor *converted, const void *workspace,
                               int64_t workspace_bytes) {
  const char *name = function->signature->name;
  int64_t needed = compute_workspace_size(function, place, converted);
  int alignment =
      place->kind == COLT5_ON_HOST ? COLT5_CPU_WORKSPACE_ALIGNMENT : COLT5_GPU_WORKSPACE_ALIGNMENT;
  int32_t status = check_workspace_size(function, needed);
  if (status)
    return status;
  if (workspace_bytes < needed || (needed && !workspace))
    return colt5_fail(COLT5_SMALL_WORKSPACE, "%s: expected a workspace of %lld bytes, found %lld at %p", name,
                      (long long)needed, (long long)workspace_bytes, workspace);
  if (needed && (uintptr_t)workspace % (uintptr_t)alignment)
    return colt5_fail(COLT5_BAD_ALIGNMENT,
                      "%s: expected a workspace at a multiple of %d bytes, found address %p", name, alignment,
                      workspace);
  return COLT5_GPU_OK;
}

int32_t colt5_check_call(const colt5_function *function, const colt5_place *place,
                         const colt5_tensor *tensors, void *workspace, int64_t workspace_bytes,
                         colt5_cpu_tensor *converted) {
  colt5_symbols symbols;
  int64_t bytes[COLT5_MAX_ARGUMENTS];
  const colt5_signature *signature = function->signature;
  uint32_t num_tensors = signature->num_inputs + signature->num_outputs;
  int32_t status = check_inputs(function, tensors, signature->num_inputs, &symbols, bytes, converted);
  if (!status)
    status = check_outputs(function, tensors, &symbols, bytes, converted);
  for (uint32_t i = 0; !status && i < num_tensors; ++i)
    status = colt5_check_memory(signature, i, &tensors[i], bytes[i], place);
  if (!status)
    status = check_workspace(function, place, converted, workspace, workspace_bytes);
  if (!status)
    status = colt5_check_overlaps(signature, tensors, bytes, workspace, workspace_bytes);
  to_abi(tensors, status ? 0 : num_tensors, converted);
  return status;
}

int32_t colt5_call(colt5_gpu_context *context, const colt5_gpu_program *program,
                   const colt5_function *function, void *stream, const colt5_tensor *tensors,
                   uint32_t num_tensors, void *workspace, int64_t workspace_bytes) {
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  if (!context || !program)
    return colt5_fail(COLT5_BAD_STRUCT, "colt5_call: expected a context and a program, found NULL");
  const colt5_signature *signature = function ? function->signature : NULL;
  colt5_place place = {COLT5_ON_CUDA, context->device, 0};
  int32_t status = colt5_check_signature(
      function, signature ? signature->num_inputs + signature->num_outputs : 0, num_tensors);
  if (!status)
    status = colt5_check_call(function, &place, tensors, workspace, workspace_bytes, converted);
  if (status)
    return status;
  return colt5_gpu_run(context, program, function->run, stream, converted, workspace, NULL);
}
