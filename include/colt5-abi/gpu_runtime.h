/* The C interface of the runtime: what opens the driver, loads programs and launches their kernels.
 *
 * A program that embeds compiled code needs libc only; `libcuda.so.1` is opened when a context is created. A
 * context belongs to one CUDA context. Programs are constant data; each is loaded once per context, when it
 * is first used. All functions may be called from any number of threads, except that nothing else may use a
 * context while it is destroyed, nor a program in a context while it is unloaded there.
 *
 * Functions return COLT5_GPU_OK or a status. colt5_gpu_message() then says what was expected, what was found
 * and what the driver said. Nothing is printed, no signal is raised, the process is never ended.
 */
#ifndef COLT5_ABI_GPU_RUNTIME_H
#define COLT5_ABI_GPU_RUNTIME_H

#include "colt5-abi/call.h"
#include "colt5-abi/gpu.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an image holds. */
enum {
  COLT5_GPU_CUBIN = 0,  /* runs on `chip` and on later minor versions; with a suffix: see colt5_gpu_image */
  COLT5_GPU_PTX = 1,    /* zero-terminated text, compiled by the driver for `chip` and later */
  COLT5_GPU_FATBIN = 2, /* several images; the driver selects one */
  COLT5_GPU_NUM_IMAGE_KINDS
};

typedef struct colt5_gpu_image {
  uint32_t kind;
  uint16_t chip; /* 10 * major + minor of the compute capability, 90 for sm_90; not used for a fatbin */
  char suffix;   /* 0; 'a': this chip and no other; 'f': this chip and later minor versions of its family */
  char reserved;
  const void *bytes;
  size_t size;
} colt5_gpu_image;

/* The device side of a compiled module. Constant, and alive while it is loaded anywhere. */
typedef struct colt5_gpu_program {
  size_t struct_size; /* sizeof(colt5_gpu_program) */
  const char *name;   /* for messages */
  const colt5_gpu_kernel *kernels;
  const colt5_gpu_image *images;
  uint32_t num_kernels;
  uint32_t num_images;
} colt5_gpu_program;

/* A compiled function; see colt5-abi/gpu.h. */
typedef int32_t (*colt5_gpu_function)(const colt5_cpu_tensor *tensors, void *workspace,
                                      const colt5_gpu_launcher *launcher);

typedef struct colt5_gpu_context colt5_gpu_context;

#define COLT5_GPU_CURRENT_DEVICE (-1)

typedef struct colt5_gpu_options {
  size_t struct_size; /* sizeof(colt5_gpu_options) */
  void *cuda_context; /* a CUcontext; NULL: `device` decides */
  int32_t device; /* its primary context. COLT5_GPU_CURRENT_DEVICE: the calling thread's current CUDA context,
                     or the primary context of device 0 if there is none. */
  const char *driver; /* path of the driver's library; NULL: libcuda.so.1 */
} colt5_gpu_options;

typedef struct colt5_gpu_device {
  size_t struct_size; /* in: sizeof(colt5_gpu_device) */
  void *cuda_context;
  int32_t ordinal;
  uint16_t chip;             /* 10 * major + minor */
  uint32_t max_shared_bytes; /* of one block */
  char name[96];
} colt5_gpu_device;

/* Opens the driver and binds a new context to a CUDA context. `options` may be NULL for all defaults. */
int32_t colt5_gpu_context_create(const colt5_gpu_options *options, colt5_gpu_context **context);
/* Unloads all programs and frees everything. Work that was started must have finished. The CUDA context may
 * be gone already. Frees the host memory whatever it returns; NULL is allowed. */
int32_t colt5_gpu_context_destroy(colt5_gpu_context *context);
int32_t colt5_gpu_context_describe(colt5_gpu_context *context, colt5_gpu_device *device);

/* Loads `program` unless it is loaded. */
int32_t colt5_gpu_load(colt5_gpu_context *context, const colt5_gpu_program *program);
int32_t colt5_gpu_unload(colt5_gpu_context *context, const colt5_gpu_program *program);

/* Calls `function` with a launcher for `stream`: a CUstream, NULL and the per-thread stream included. Loads
 * the program when it is not loaded, except under capture. Neither waits nor allocates once the program is
 * loaded and the stream has been seen. `error_word`: device memory of four bytes that the caller zeroes, or
 * NULL for the context's own. */
int32_t colt5_gpu_run(colt5_gpu_context *context, const colt5_gpu_program *program,
                      colt5_gpu_function function, void *stream, const colt5_cpu_tensor *tensors,
                      void *workspace, void *error_word);

/* Waits for `stream`. Returns COLT5_CPU_BAD_INDEX if a run on it that used the context's error word met an
 * index outside its range since the last call, and the failure if a kernel failed. */
int32_t colt5_gpu_last_error(colt5_gpu_context *context, void *stream);
/* Frees what the context holds for `stream`; for programs that destroy streams. */
int32_t colt5_gpu_forget_stream(colt5_gpu_context *context, void *stream);

/* Device memory and copies, for programs that have no allocator of their own. Copies wait for all work of the
 * context. */
int32_t colt5_gpu_allocate(colt5_gpu_context *context, size_t bytes, void **address);
int32_t colt5_gpu_free(colt5_gpu_context *context, void *address);
int32_t colt5_gpu_copy_to_device(colt5_gpu_context *context, void *device, const void *host, size_t bytes);
int32_t colt5_gpu_copy_to_host(colt5_gpu_context *context, void *host, const void *device, size_t bytes);
int32_t colt5_gpu_synchronize(colt5_gpu_context *context, void *stream);

/* The text that belongs to the last status that is not COLT5_GPU_OK, in the calling thread. */
const char *colt5_gpu_message(void);
/* The name of a status, for example "COLT5_GPU_NO_DRIVER". */
const char *colt5_gpu_status_name(int32_t status);

#ifdef __cplusplus
}
#endif

#endif /* COLT5_ABI_GPU_RUNTIME_H */
