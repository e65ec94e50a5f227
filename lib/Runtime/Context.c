#include "Runtime.h"

#include <stdlib.h>
#include <string.h>

int32_t colt5_enter(colt5_gpu_context *context, int *pushed) {
  const colt5_driver *driver = &context->driver;
  cu_context current = NULL;
  *pushed = 0;
  cu_result result = driver->context_current(&current);
  if (!result && current != context->cuda) {
    result = driver->context_push(context->cuda);
    *pushed = !result;
  }
  if (result)
    return colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR,
                             "making the context of device %d current", context->device);
  return COLT5_GPU_OK;
}

void colt5_leave(colt5_gpu_context *context, int pushed) {
  cu_context popped;
  if (pushed)
    context->driver.context_pop(&popped);
}

int32_t colt5_is_capturing(colt5_gpu_context *context, cu_stream stream, int *capturing) {
  int state = CU_CAPTURE_NONE;
  cu_result result = context->driver.stream_capturing(stream, &state);
  /* The null stream cannot be captured, but work on it would end captures of other streams. */
  *capturing = state != CU_CAPTURE_NONE || result == CU_STREAM_CAPTURE_IMPLICIT;
  if (result && result != CU_STREAM_CAPTURE_IMPLICIT)
    return colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                             "asking whether a stream is being captured");
  return COLT5_GPU_OK;
}

/* Chooses the CUDA context. */
static int32_t choose(colt5_gpu_context *context, const colt5_gpu_options *options) {
  const colt5_driver *driver = &context->driver;
  int count = 0, ordinal = options->device;
  cu_result result = driver->init(0);
  if (!result)
    result = driver->device_count(&count);
  if (result)
    return colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR, "initialising the NVIDIA driver");
  context->cuda = options->cuda_context;
  if (context->cuda)
    return COLT5_GPU_OK;
  if (ordinal == COLT5_GPU_CURRENT_DEVICE) {
    result = driver->context_current(&context->cuda);
    if (result)
      return colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR, "asking for the current CUDA context");
    if (context->cuda)
      return COLT5_GPU_OK;
    ordinal = 0;
  }
  if (ordinal < 0 || ordinal >= count)
    return colt5_fail(COLT5_GPU_NO_DEVICE, "expected a device in [0, %d), found %d", count, ordinal);
  result = driver->device_get(&context->device, ordinal);
  if (!result)
    result = driver->primary_retain(&context->cuda, context->device);
  if (result)
    return colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR,
                             "taking the primary context of device %d", ordinal);
  context->retained = 1;
  return COLT5_GPU_OK;
}

/* Reads the device's limits; the context is current. */
static int32_t read_device(colt5_gpu_context *context) {
  const colt5_driver *driver = &context->driver;
  int major = 0, minor = 0;
  cu_result result = driver->context_device(&context->device);
  if (!result && driver->context_id)
    result = driver->context_id(context->cuda, &context->id);
  if (!result)
    result = driver->device_attribute(&major, CU_DEVICE_MAJOR, context->device);
  if (!result)
    result = driver->device_attribute(&minor, CU_DEVICE_MINOR, context->device);
  if (!result)
    result =
        driver->device_attribute(&context->max_threads, CU_DEVICE_MAX_THREADS_PER_BLOCK, context->device);
  if (!result)
    result =
        driver->device_attribute(&context->max_shared_bytes, CU_DEVICE_MAX_SHARED_BYTES, context->device);
  if (!result)
    result = driver->stream_create(&context->service, CU_STREAM_IS_NON_BLOCKING);
  if (result)
    return colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR, "reading the limits of device %d",
                             context->device);
  context->chip = 10 * major + minor;
  return COLT5_GPU_OK;
}

int32_t colt5_gpu_context_create(const colt5_gpu_options *options, colt5_gpu_context **created) {
  colt5_gpu_options defaults = {sizeof defaults, NULL, COLT5_GPU_CURRENT_DEVICE, NULL};
  if (!created)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "colt5_gpu_context_create: expected a place for the context, found NULL");
  *created = NULL;
  if (!options)
    options = &defaults;
  if (options->struct_size != sizeof *options)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "colt5_gpu_context_create: expected options of struct_size %zu, found %zu",
                      sizeof *options, options->struct_size);
  colt5_gpu_context *context = calloc(1, sizeof *context);
  if (!context)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "no host memory for a context");
  pthread_mutex_init(&context->mutex, NULL);
  int pushed;
  int32_t status = colt5_driver_open(&context->driver, options->driver);
  if (!status)
    status = choose(context, options);
  if (!status) {
    status = colt5_enter(context, &pushed);
    if (!status) {
      status = read_device(context);
      colt5_leave(context, pushed);
    }
  }
  if (status) {
    if (context->retained)
      context->driver.primary_release(context->device);
    colt5_driver_close(&context->driver);
    pthread_mutex_destroy(&context->mutex);
    free(context);
    return status;
  }
  *created = context;
  return COLT5_GPU_OK;
}

/* Whether the CUDA context still is the one that the context was bound to. A handle alone does not tell: the
 * driver may have given it to another one. */
static int is_alive(colt5_gpu_context *context) {
  unsigned long long id = 0;
  cu_result result =
      context->driver.context_id ? context->driver.context_id(context->cuda, &id) : CU_NOT_FOUND;
  if (result == CU_SUCCESS)
    return id == context->id;
  return result != CU_INVALID_CONTEXT && result != CU_CONTEXT_IS_DESTROYED && result != CU_DEINITIALIZED;
}

int32_t colt5_gpu_context_destroy(colt5_gpu_context *context) {
  if (!context)
    return COLT5_GPU_OK;
  int pushed = 0;
  int32_t status = is_alive(context) ? colt5_enter(context, &pushed) : COLT5_GPU_CONTEXT_LOST;
  int alive = !status;
  /* The driver has freed with its context all that was in it. */
  if (status == COLT5_GPU_CONTEXT_LOST)
    status = COLT5_GPU_OK;
  int32_t unloaded = colt5_unload_all(context, alive);
  int32_t freed = colt5_free_words(context, alive);
  cu_result result = alive ? context->driver.stream_destroy(context->service) : CU_SUCCESS;
  if (alive)
    colt5_leave(context, pushed);
  cu_result released = context->retained ? context->driver.primary_release(context->device) : CU_SUCCESS;
  if (!result && alive)
    result = released;
  status = status ? status : unloaded ? unloaded : freed;
  if (!status && result)
    status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                               "releasing the context of device %d", context->device);
  colt5_driver_close(&context->driver);
  pthread_mutex_destroy(&context->mutex);
  free(context);
  return status;
}

int32_t colt5_gpu_context_describe(colt5_gpu_context *context, colt5_gpu_device *device) {
  if (!context || !device || device->struct_size != sizeof *device)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "colt5_gpu_context_describe: expected a context and a device of struct_size %zu",
                      sizeof *device);
  memset(device, 0, sizeof *device);
  device->struct_size = sizeof *device;
  device->cuda_context = context->cuda;
  device->ordinal = context->device;
  device->chip = (uint16_t)context->chip;
  device->max_shared_bytes = (uint32_t)context->max_shared_bytes;
  cu_result result = context->driver.device_name(device->name, sizeof device->name, context->device);
  if (result)
    return colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                             "asking for the name of device %d", context->device);
  return COLT5_GPU_OK;
}
