/* The part of the CUDA driver's binary interface that the runtime uses, declared here because its header need
 * not be installed. test/Runtime/cuda-header.test compares it with the header where that is. */
#ifndef COLT5_LIB_RUNTIME_CUDA_H
#define COLT5_LIB_RUNTIME_CUDA_H

#include <stddef.h>
#include <stdint.h>

typedef int cu_result;
typedef int cu_device;
typedef uint64_t cu_pointer;
typedef void *cu_context;
typedef void *cu_module;
typedef void *cu_function;
typedef void *cu_stream;

enum {
  CU_SUCCESS = 0,
  CU_INVALID_VALUE = 1,
  CU_OUT_OF_MEMORY = 2,
  CU_DEINITIALIZED = 4,
  CU_NO_DEVICE = 100,
  CU_INVALID_DEVICE = 101,
  CU_INVALID_IMAGE = 200,
  CU_INVALID_CONTEXT = 201,
  CU_NO_BINARY_FOR_GPU = 209,
  CU_INVALID_PTX = 218,
  CU_JIT_COMPILER_NOT_FOUND = 221,
  CU_UNSUPPORTED_PTX_VERSION = 222,
  CU_JIT_COMPILATION_DISABLED = 223,
  CU_INVALID_SOURCE = 300,
  CU_INVALID_HANDLE = 400,
  CU_NOT_FOUND = 500,
  CU_ILLEGAL_ADDRESS = 700,
  CU_LAUNCH_OUT_OF_RESOURCES = 701,
  CU_CONTEXT_IS_DESTROYED = 709,
  CU_MISALIGNED_ADDRESS = 716,
  CU_LAUNCH_FAILED = 719,
  CU_STREAM_CAPTURE_UNSUPPORTED = 900,
  CU_STREAM_CAPTURE_INVALIDATED = 901,
  CU_STREAM_CAPTURE_IMPLICIT = 906
};

enum {
  CU_DEVICE_MAX_THREADS_PER_BLOCK = 1,
  CU_DEVICE_MAJOR = 75,
  CU_DEVICE_MINOR = 76,
  CU_DEVICE_MAX_SHARED_BYTES = 97
};
enum {
  CU_FUNCTION_MAX_THREADS_PER_BLOCK = 0,
  CU_FUNCTION_SHARED_BYTES = 1,
  CU_FUNCTION_MAX_DYNAMIC_SHARED_BYTES = 8,
  CU_FUNCTION_NON_PORTABLE_CLUSTER_SIZE = 14
};
enum { CU_JIT_LOG = 5, CU_JIT_LOG_BYTES = 6 };
enum { CU_STREAM_IS_NON_BLOCKING = 1 };
enum { CU_CAPTURE_NONE = 0, CU_CAPTURE_ACTIVE = 1, CU_CAPTURE_INVALIDATED = 2 };
enum { CU_CAPTURE_GLOBAL = 0, CU_CAPTURE_THREAD_LOCAL = 1, CU_CAPTURE_RELAXED = 2 };
enum { CU_ATTRIBUTE_CLUSTER = 4 };
enum { CU_INTERLEAVE_NONE = 0, CU_PROMOTE_L2_128 = 2, CU_FILL_ZERO = 0, CU_NUM_TENSOR_MAP_TYPES = 13 };

#define CU_LEGACY_STREAM ((cu_stream)(uintptr_t)1)
#define CU_PER_THREAD_STREAM ((cu_stream)(uintptr_t)2)

typedef struct cu_attribute {
  int id;
  char padding[4];
  union {
    char bytes[64];
    uint32_t cluster[3];
  } value;
} cu_attribute;

typedef struct cu_launch {
  uint32_t grid[3];
  uint32_t block[3];
  uint32_t dynamic_shared_bytes;
  cu_stream stream;
  cu_attribute *attributes;
  uint32_t num_attributes;
} cu_launch;

typedef struct cu_tensor_map {
  /* 64 in the header of CUDA 12, 128 in that of CUDA 13. */
  uint64_t opaque[16] __attribute__((aligned(128)));
} cu_tensor_map;

/* X(need, exported name, field, parameters): need is 1 where the runtime does nothing without the function.
 */
#define COLT5_CUDA_FUNCTIONS(X)                                                                              \
  X(1, cuInit, init, (unsigned flags))                                                                       \
  X(1, cuGetErrorName, error_name, (cu_result result, const char **name))                                    \
  X(1, cuGetErrorString, error_string, (cu_result result, const char **text))                                \
  X(1, cuDeviceGetCount, device_count, (int *count))                                                         \
  X(1, cuDeviceGet, device_get, (cu_device * device, int ordinal))                                           \
  X(1, cuDeviceGetName, device_name, (char *name, int size, cu_device device))                               \
  X(1, cuDeviceGetAttribute, device_attribute, (int *value, int attribute, cu_device device))                \
  X(1, cuDevicePrimaryCtxRetain, primary_retain, (cu_context * context, cu_device device))                   \
  X(1, cuDevicePrimaryCtxRelease_v2, primary_release, (cu_device device))                                    \
  X(1, cuCtxGetCurrent, context_current, (cu_context * context))                                             \
  X(1, cuCtxPushCurrent_v2, context_push, (cu_context context))                                              \
  X(1, cuCtxPopCurrent_v2, context_pop, (cu_context * context))                                              \
  X(1, cuCtxGetDevice, context_device, (cu_device * device))                                                 \
  X(0, cuCtxGetId, context_id, (cu_context context, unsigned long long *id))                                 \
  X(1, cuCtxSynchronize, context_synchronize, (void))                                                        \
  X(1, cuModuleLoadDataEx, module_load,                                                                      \
    (cu_module * module, const void *image, unsigned count, int *options, void **values))                    \
  X(1, cuModuleUnload, module_unload, (cu_module module))                                                    \
  X(1, cuModuleGetFunction, module_function, (cu_function * function, cu_module module, const char *name))   \
  X(1, cuFuncGetAttribute, function_attribute, (int *value, int attribute, cu_function function))            \
  X(1, cuFuncSetAttribute, function_set, (cu_function function, int attribute, int value))                   \
  X(1, cuLaunchKernel, launch,                                                                               \
    (cu_function function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,     \
     unsigned shared, cu_stream stream, void **parameters, void **extra))                                    \
  X(0, cuLaunchKernelEx, launch_ex,                                                                          \
    (const cu_launch *launch, cu_function function, void **parameters, void **extra))                        \
  X(0, cuTensorMapEncodeTiled, encode_tiled,                                                                 \
    (cu_tensor_map * map, int type, uint32_t rank, void *address, const uint64_t *sizes,                     \
     const uint64_t *strides, const uint32_t *box, const uint32_t *element_strides, int interleave,          \
     int swizzle, int promotion, int fill))                                                                  \
  X(1, cuMemAlloc_v2, allocate, (cu_pointer * address, size_t bytes))                                        \
  X(1, cuMemFree_v2, free, (cu_pointer address))                                                             \
  X(1, cuMemsetD32Async, set32, (cu_pointer address, unsigned value, size_t count, cu_stream stream))        \
  X(1, cuMemcpyHtoD_v2, copy_to_device, (cu_pointer device, const void *host, size_t bytes))                 \
  X(1, cuMemcpyDtoH_v2, copy_to_host, (void *host, cu_pointer device, size_t bytes))                         \
  X(1, cuMemcpyDtoHAsync_v2, copy_to_host_async,                                                             \
    (void *host, cu_pointer device, size_t bytes, cu_stream stream))                                         \
  X(1, cuStreamCreate, stream_create, (cu_stream * stream, unsigned flags))                                  \
  X(1, cuStreamDestroy_v2, stream_destroy, (cu_stream stream))                                               \
  X(1, cuStreamSynchronize, stream_synchronize, (cu_stream stream))                                          \
  X(1, cuStreamIsCapturing, stream_capturing, (cu_stream stream, int *status))                               \
  X(1, cuThreadExchangeStreamCaptureMode, exchange_capture_mode, (int *mode))

#endif /* COLT5_LIB_RUNTIME_CUDA_H */
