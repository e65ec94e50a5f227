/* What programs that embed compiled code pass to it, and how it describes itself.
 *
 * colt5_call checks the arguments of a call against the signature of a function and runs it on a GPU. Every
 * struct has its size first, so that a program and an artefact of different versions notice. See
 * docs/embedding.md.
 */
#ifndef COLT5_ABI_EMBED_H
#define COLT5_ABI_EMBED_H

#include "colt5-abi/call.h"
#include "colt5-abi/gpu_runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One argument of a function. */
typedef struct colt5_argument {
  const char *name;
  int32_t type;
  int32_t rank;
  /* 0 or more: exactly this. -1 - s: symbol s, which has one value in a call. A scalar that is a size (index
   * or i32) has one entry, any other one NULL. */
  const int64_t *sizes;
  /* 1: of rank 0, and its data is read by the host. A tensor of rank 0 lies where other tensors lie. */
  int32_t is_scalar;
} colt5_argument;

/* Inputs, then outputs. */
typedef struct colt5_signature {
  size_t struct_size; /* sizeof(colt5_signature) */
  const char *name;
  const colt5_argument *arguments;
  const char *const *symbols; /* names of dynamic sizes */
  uint32_t num_inputs;
  uint32_t num_outputs;
  uint32_t num_symbols;
} colt5_signature;

/* A function of an artefact: its signature and its compiled host code (colt5-abi/gpu.h). */
typedef struct colt5_function {
  const colt5_signature *signature;
  colt5_gpu_function run;
  void (*result_sizes)(const colt5_cpu_tensor *inputs, int64_t *sizes);
  int64_t (*workspace_size)(const colt5_cpu_tensor *inputs);
} colt5_function;

#define COLT5_MAX_ARGUMENTS 64
#define COLT5_MAX_SYMBOLS 64
#define COLT5_MAX_RANK 8

/* Bytes of workspace that a call with these inputs needs; only sizes and the data of scalars are read. */
int32_t colt5_get_workspace_size(const colt5_function *function, const colt5_tensor *inputs,
                                 uint32_t num_inputs, int64_t *bytes);
/* The sizes of the outputs, one output after the other. */
int32_t colt5_get_result_sizes(const colt5_function *function, const colt5_tensor *inputs,
                               uint32_t num_inputs, int64_t *sizes);
/* Checks `tensors` (inputs, then outputs) and the workspace, then starts the function on `stream`; see
 * colt5_gpu_run. */
int32_t colt5_call(colt5_gpu_context *context, const colt5_gpu_program *program,
                   const colt5_function *function, void *stream, const colt5_tensor *tensors,
                   uint32_t num_tensors, void *workspace, int64_t workspace_bytes);

#ifdef __cplusplus
}
#endif

#endif /* COLT5_ABI_EMBED_H */
