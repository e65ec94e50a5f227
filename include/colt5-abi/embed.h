/* What programs that embed compiled code pass to it, and how it describes itself.
 *
 * colt5_call checks the arguments of a call against the signature of a function and runs it on a GPU. Every
 * struct has its size first, so that a program and an artefact of different versions notice. See
 * docs/embedding.md.
 */
#ifndef COLT5_ABI_EMBED_H
#define COLT5_ABI_EMBED_H

#include "colt5-abi/gpu_runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Element types. f16 and bf16 travel as their bits; bool is one byte, 0 or 1. */
typedef enum colt5_type {
  COLT5_BOOL,
  COLT5_I8,
  COLT5_I16,
  COLT5_I32,
  COLT5_I64,
  COLT5_F16,
  COLT5_BF16,
  COLT5_F32,
  COLT5_F64,
  COLT5_NUM_TYPES
} colt5_type;

/* Where data lies; the numbers are those of DLPack. */
enum { COLT5_ON_HOST = 1, COLT5_ON_CUDA = 2 };

/* A tensor that belongs to the caller. */
typedef struct colt5_tensor {
  size_t struct_size;     /* sizeof(colt5_tensor) */
  void *data;             /* may be NULL when the tensor has no element */
  const int64_t *sizes;   /* `rank` of them; may be NULL for rank 0 */
  const int64_t *strides; /* in elements; NULL: row-major */
  int32_t type;           /* a colt5_type */
  int32_t rank;
  int32_t device_kind; /* COLT5_ON_CUDA; COLT5_ON_HOST for scalar inputs */
  int32_t device;      /* its ordinal */
} colt5_tensor;

/* One argument of a function. */
typedef struct colt5_argument {
  const char *name;
  int32_t type;
  int32_t rank;
  const int64_t *sizes; /* 0 or more: exactly this. -1 - s: symbol s, which has one value in a call. */
} colt5_argument;

/* Inputs, then outputs. A rank-0 input is a scalar, whose data the host reads. */
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

/* Statuses of argument checks; the message names the argument and both values. */
enum {
  COLT5_BAD_STRUCT = 96, /* a struct is NULL or of another size */
  COLT5_BAD_COUNT,       /* number of tensors */
  COLT5_BAD_TYPE,        /* element type */
  COLT5_BAD_RANK,        /* number of dimensions */
  COLT5_BAD_SIZE, /* a size: negative, not the compiled one, not that of the same symbol, not the computed one
                   */
  COLT5_BAD_STRIDES,     /* not dense row-major */
  COLT5_BAD_ALIGNMENT,   /* data or workspace */
  COLT5_BAD_DEVICE,      /* on the host where the device is expected, or on another device */
  COLT5_NULL_DATA,       /* a tensor with elements has no data */
  COLT5_OVERLAP,         /* an output shares memory with another tensor or with the workspace */
  COLT5_TOO_LARGE,       /* 64-bit arithmetic on sizes would overflow */
  COLT5_SMALL_WORKSPACE, /* fewer bytes than needed */
  COLT5_NUM_STATUSES
};

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
