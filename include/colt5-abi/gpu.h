/* The C interface between code that colt5 compiles for a GPU and what launches its kernels.
 *
 * A function `@f` of the module becomes three C functions for the host:
 *
 *   int32_t f_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_gpu_launcher *launcher);
 *   void    f_result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes);
 *   int64_t f_workspace_size(const colt5_cpu_tensor *inputs);
 *
 * `tensors` holds the inputs, then the outputs; see colt5-abi/cpu.h. The data of a tensor and the workspace
 * are device memory, the data of a scalar argument is host memory. f_run reads no device memory: it computes
 * grids and calls `launch` once per kernel, in order. It allocates nothing and does not wait, so a graph can
 * capture it.
 */
#ifndef COLT5_ABI_GPU_H
#define COLT5_ABI_GPU_H

#include "colt5-abi/cpu.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Device pointers of tensors and of the workspace are multiples of these many bytes. */
#define COLT5_GPU_TENSOR_ALIGNMENT 16
#define COLT5_GPU_WORKSPACE_ALIGNMENT 256

/* What a kernel parameter is made of. */
enum {
  COLT5_GPU_VALUE = 0,     /* `bytes` bytes, passed as they are; a pointer or a number */
  COLT5_GPU_TENSOR_MAP = 1 /* a colt5_gpu_tensor_map, which the launcher encodes for the device */
};

typedef struct colt5_gpu_parameter {
  uint32_t kind;
  uint32_t bytes;
} colt5_gpu_parameter;

/* One kernel of a program. Programs number their kernels from 0. */
typedef struct colt5_gpu_kernel {
  const char *name;
  uint32_t block[3];
  uint32_t cluster[3];           /* 1, 1, 1: no clusters */
  uint32_t dynamic_shared_bytes; /* may exceed 48 KiB */
  uint32_t num_parameters;
  const colt5_gpu_parameter *parameters;
} colt5_gpu_kernel;

/* What cuTensorMapEncodeTiled needs. Dimension 0 is the innermost one, which is dense. */
typedef struct colt5_gpu_tensor_map {
  void *address;          /* device memory, a multiple of 16 bytes */
  uint32_t rank;          /* 1 to 5 */
  uint32_t data_type;     /* a CUtensorMapDataType */
  uint32_t swizzle_bytes; /* 0, 32, 64 or 128 */
  uint32_t reserved;
  uint64_t sizes[5];   /* elements */
  uint64_t strides[4]; /* bytes between neighbours of dimensions 1 to 4, multiples of 16 */
  uint32_t box[5];     /* elements, at most 256 each */
} colt5_gpu_tensor_map;

/* How the compiled code starts kernels. */
typedef struct colt5_gpu_launcher {
  void *state; /* passed to launch */
  /* Starts `kernel` after everything that was started before. `grid` counts blocks and is nowhere 0;
   * parameters[i] points to the value of parameter i and need not outlive the call. What is not 0 ends f_run,
   * which returns it. */
  int32_t (*launch)(void *state, uint32_t kernel, const int64_t grid[3], void *const *parameters);
  /* Device memory of four bytes, set to 1 when an index tensor held a value outside its range (it counted as
   * -1), else left alone. */
  void *error_word;
} colt5_gpu_launcher;

/* What f_run returns: a status of colt5-abi/cpu.h, or what `launch` returned. Launchers use codes from here
 * on. */
enum { COLT5_GPU_FIRST_LAUNCH_ERROR = 64 };

#ifdef __cplusplus
}
#endif

#endif /* COLT5_ABI_GPU_H */
