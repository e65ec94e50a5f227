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
  memset(symbols->owner, 0, signature->num_symbols * sizeof symbols->owner[0]);
  for (uint32_t i = 0; !status && i < num_inputs; ++i) {
    status = colt5_check_tensor(signature, i, &inputs[i], symbols, &bytes[i]);
    if (!status && !inputs[i].rank)
      status = colt5_check_memory(signature, i, &inputs[i], bytes[i], 0);
  }
  to_abi(inputs, status ? 0 : num_inputs, converted);
  return status;
}

int32_t colt5_get_workspace_size(const colt5_function *function, const colt5_tensor *inputs,
                                 uint32_t num_inputs, int64_t *bytes) {
  colt5_symbols symbols;
  int64_t sizes[COLT5_MAX_ARGUMENTS];
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  int32_t status = check_inputs(function, inputs, num_inputs, &symbols, sizes, converted);
  if (status)
    return status;
  *bytes = function->workspace_size(converted);
  return COLT5_GPU_OK;
}

int32_t colt5_get_result_sizes(const colt5_function *function, const colt5_tensor *inputs,
                               uint32_t num_inputs, int64_t *sizes) {
  colt5_symbols symbols;
  int64_t bytes[COLT5_MAX_ARGUMENTS];
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  int32_t status = check_inputs(function, inputs, num_inputs, &symbols, bytes, converted);
  if (!status)
    function->result_sizes(converted, sizes);
  return status;
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
  function->result_sizes(converted, computed);
  for (uint32_t i = signature->num_inputs; i < count; ++i) {
    int32_t status = colt5_check_tensor(signature, i, &tensors[i], symbols, &bytes[i]);
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

static int32_t check_workspace(const colt5_function *function, const colt5_cpu_tensor *converted,
                               const void *workspace, int64_t workspace_bytes) {
  const char *name = function->signature->name;
  int64_t needed = function->workspace_size(converted);
  if (needed < 0)
    return colt5_fail(COLT5_TOO_LARGE, "%s: the workspace of these sizes has more than 2^63 bytes", name);
  if (workspace_bytes < needed || (needed && !workspace))
    return colt5_fail(COLT5_SMALL_WORKSPACE, "%s: expected a workspace of %lld bytes, found %lld at %p", name,
                      (long long)needed, (long long)workspace_bytes, workspace);
  if (needed && (uintptr_t)workspace % COLT5_GPU_WORKSPACE_ALIGNMENT)
    return colt5_fail(COLT5_BAD_ALIGNMENT,
                      "%s: expected a workspace at a multiple of %d bytes, found address %p", name,
                      COLT5_GPU_WORKSPACE_ALIGNMENT, workspace);
  return COLT5_GPU_OK;
}

int32_t colt5_call(colt5_gpu_context *context, const colt5_gpu_program *program,
                   const colt5_function *function, void *stream, const colt5_tensor *tensors,
                   uint32_t num_tensors, void *workspace, int64_t workspace_bytes) {
  colt5_symbols symbols;
  int64_t bytes[COLT5_MAX_ARGUMENTS];
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  if (!context || !program)
    return colt5_fail(COLT5_BAD_STRUCT, "colt5_call: expected a context and a program, found NULL");
  const colt5_signature *signature = function ? function->signature : NULL;
  int32_t status = colt5_check_signature(
      function, signature ? signature->num_inputs + signature->num_outputs : 0, num_tensors);
  if (!status)
    status = check_inputs(function, tensors, signature->num_inputs, &symbols, bytes, converted);
  if (!status)
    status = check_outputs(function, tensors, &symbols, bytes, converted);
  for (uint32_t i = 0; !status && i < num_tensors; ++i)
    status = colt5_check_memory(signature, i, &tensors[i], bytes[i], context->device);
  if (!status)
    status = check_workspace(function, converted, workspace, workspace_bytes);
  if (!status)
    status = colt5_check_overlaps(signature, tensors, bytes, workspace, workspace_bytes);
  if (status)
    return status;
  to_abi(tensors, num_tensors, converted);
  return colt5_gpu_run(context, program, function->run, stream, converted, workspace, NULL);
}
