/* What programs pass to compiled code, and the statuses that they get back.
 *
 * Part of every header that `colt5-compile` writes; several such headers may be included in one file.
 */
#ifndef COLT5_ABI_CALL_H
#define COLT5_ABI_CALL_H

#include "colt5-abi/cpu.h"

#include <stddef.h>

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
  int32_t device_kind; /* where `data` is: that of the context; COLT5_ON_HOST for scalar inputs */
  int32_t device;      /* its ordinal */
} colt5_tensor;

/* Statuses of the runtime. The statuses of colt5-abi/cpu.h come from compiled code. */
enum {
  COLT5_GPU_OK = 0,
  COLT5_GPU_NO_DRIVER = 64, /* the driver's library cannot be opened */
  COLT5_GPU_OLD_DRIVER,     /* the driver lacks a function that is needed */
  COLT5_GPU_NO_DEVICE,      /* no such device */
  COLT5_GPU_NO_IMAGE,       /* the program has no image that the device can run */
  COLT5_GPU_BAD_IMAGE,      /* the driver refuses the image, or the image lacks a kernel */
  COLT5_GPU_BAD_PROGRAM,    /* the program's tables contradict themselves or the device's limits */
  COLT5_GPU_BAD_ARGUMENT,   /* an argument of a call is NULL or out of range */
  COLT5_GPU_OUT_OF_MEMORY,  /* host or device memory */
  COLT5_GPU_NOT_LOADED,     /* the stream is being captured, but the program is not loaded yet */
  COLT5_GPU_CAPTURING,      /* the call has to wait for the stream, but the stream is being captured */
  COLT5_GPU_LAUNCH_FAILED,  /* the driver refuses a launch, or a kernel failed while it ran */
  COLT5_GPU_CONTEXT_LOST,   /* the CUDA context is destroyed */
  COLT5_GPU_DRIVER_ERROR    /* any other error of the driver */
};

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
  COLT5_BAD_BUNDLE,      /* the artefact is damaged, cut short or of another version */
  COLT5_BAD_CPU,         /* the artefact has no code for the CPU, or this CPU lacks instructions of it */
  COLT5_NUM_STATUSES
};

/* How a context is made. Zero everywhere but in struct_size: all defaults. */
typedef struct colt5_options {
  size_t struct_size;  /* sizeof(colt5_options) */
  int32_t device_kind; /* COLT5_ON_HOST, COLT5_ON_CUDA; 0: the GPU `device` if there is one and the artefact
                          has code for it, else the CPU */
  int32_t device;      /* ordinal of the GPU; -1: that of the thread's current CUDA context, else 0 */
  void *cuda_context;  /* a CUcontext; NULL: the primary one of `device` */
  const char *driver;  /* path of the driver's library; NULL: libcuda.so.1 */
  const colt5_parallel
      *parallel;       /* the program's threads, which outlive the context; NULL: a pool of its own */
  int32_t num_threads; /* of that pool, at most 1024; 1: none but the caller; 0: one per core, at most 8 */
  int32_t reserved;    /* 0 */
} colt5_options;

/* A row-major tensor. `sizes` must live until the call returns. */
static inline colt5_tensor colt5_make_tensor(void *data, colt5_type type, int32_t rank, const int64_t *sizes,
                                             int32_t device_kind, int32_t device) {
  colt5_tensor tensor;
  tensor.struct_size = sizeof tensor;
  tensor.data = data;
  tensor.sizes = sizes;
  tensor.strides = NULL;
  tensor.type = (int32_t)type;
  tensor.rank = rank;
  tensor.device_kind = device_kind;
  tensor.device = device;
  return tensor;
}

#ifdef __cplusplus
}
#endif

#endif /* COLT5_ABI_CALL_H */
