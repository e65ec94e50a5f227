#include "Runtime.h"

int32_t colt5_gpu_allocate(colt5_gpu_context *context, size_t bytes, void **address) {
  if (!context || !address)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "colt5_gpu_allocate: expected a context and a place for the address");
  *address = NULL;
  int pushed;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  cu_pointer pointer = 0;
  cu_result result = context->driver.allocate(&pointer, bytes ? bytes : 1);
  if (result)
    status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                               "allocating %zu bytes on device %d", bytes, context->device);
  *address = (void *)(uintptr_t)pointer;
  colt5_leave(context, pushed);
  return status;
}

enum operation { kFree, kToDevice, kToHost, kSynchronize };

static int32_t perform(colt5_gpu_context *context, enum operation operation, void *device, void *host,
                       size_t bytes) {
  static const char *const kNames[] = {"freeing memory", "copying to the device", "copying to the host",
                                       "waiting for a stream"};
  if (!context)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "%s: expected a context, found NULL", kNames[operation]);
  int pushed;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  const colt5_driver *driver = &context->driver;
  cu_pointer address = (cu_pointer)(uintptr_t)device;
  cu_result result = CU_SUCCESS;
  /* Copies and freeing also have to wait for streams that do not wait for the null stream. */
  if (operation != kSynchronize)
    result = driver->context_synchronize();
  if (operation == kFree) {
    /* Also when the work before it has failed: then more than ever nobody needs it. */
    cu_result freed = address ? driver->free(address) : CU_SUCCESS;
    result = result ? result : freed;
  }
  if (!result && operation == kSynchronize)
    result = driver->stream_synchronize(device);
  else if (!result && operation != kFree && bytes)
    result = operation == kToDevice ? driver->copy_to_device(address, host, bytes)
                                    : driver->copy_to_host(host, address, bytes);
  /* The driver returns when it has read the host's memory. Streams that do not wait for the null stream have
   * to find the data on the device. */
  if (!result && operation == kToDevice && bytes)
    result = driver->stream_synchronize(NULL);
  if (result)
    status = colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR, "%s (%zu bytes, device %d)",
                               kNames[operation], bytes, context->device);
  colt5_leave(context, pushed);
  return status;
}

int32_t colt5_gpu_free(colt5_gpu_context *context, void *address) {
  return perform(context, kFree, address, NULL, 0);
}

int32_t colt5_gpu_copy_to_device(colt5_gpu_context *context, void *device, const void *host, size_t bytes) {
  return perform(context, kToDevice, device, (void *)(uintptr_t)host, bytes);
}

int32_t colt5_gpu_copy_to_host(colt5_gpu_context *context, void *host, const void *device, size_t bytes) {
  return perform(context, kToHost, (void *)(uintptr_t)device, host, bytes);
}

int32_t colt5_gpu_synchronize(colt5_gpu_context *context, void *stream) {
  return perform(context, kSynchronize, stream, NULL, 0);
}
