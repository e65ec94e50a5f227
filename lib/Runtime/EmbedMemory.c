#define _POSIX_C_SOURCE 200112L
#include "Embed.h"

#include <stdlib.h>
#include <string.h>

/* Fits tensors and workspaces of every target. */
#define ALIGNMENT 256

static int32_t check(const colt5_embed_context *context, int64_t bytes, const char *name) {
  if (context && bytes >= 0)
    return colt5_check_process(context, name);
  return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "%s: expected a context and 0 or more bytes, found %s and %lld",
                    name, context ? "one" : "NULL", (long long)bytes);
}

static int32_t check_copy(const colt5_embed_context *context, const void *device, const void *host,
                          int64_t bytes, const char *name) {
  int32_t status = check(context, bytes, name);
  if (!status && bytes && (!device || !host))
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "%s: expected two addresses of %lld bytes, found NULL as %s",
                      name, (long long)bytes, device ? "host" : "device");
  return status;
}

int32_t colt5_embed_allocate(colt5_embed_context *context, int64_t bytes, void **address) {
  int32_t status = check(context, bytes, "allocate");
  if (!status && !address)
    status = colt5_fail(COLT5_GPU_BAD_ARGUMENT, "allocate: expected a place for the address, found NULL");
  if (status)
    return status;
  if (context->gpu)
    return colt5_gpu_allocate(context->gpu, (size_t)bytes, address);
  *address = NULL;
  if (posix_memalign(address, ALIGNMENT, bytes ? (size_t)bytes : 1))
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "allocate: no host memory for %lld bytes", (long long)bytes);
  return COLT5_GPU_OK;
}

int32_t colt5_embed_free(colt5_embed_context *context, void *address) {
  if (!context)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "free: expected a context, found NULL");
  if (!address)
    return COLT5_GPU_OK;
  int32_t status = colt5_check_process(context, "free");
  if (status)
    return status;
  if (context->gpu)
    return colt5_gpu_free(context->gpu, address);
  free(address);
  return COLT5_GPU_OK;
}

int32_t colt5_embed_copy_in(colt5_embed_context *context, void *device, const void *host, int64_t bytes) {
  int32_t status = check_copy(context, device, host, bytes, "copy_in");
  if (status || !bytes)
    return status;
  if (context->gpu)
    return colt5_gpu_copy_to_device(context->gpu, device, host, (size_t)bytes);
  memcpy(device, host, (size_t)bytes);
  return COLT5_GPU_OK;
}

int32_t colt5_embed_copy_out(colt5_embed_context *context, void *host, const void *device, int64_t bytes) {
  int32_t status = check_copy(context, device, host, bytes, "copy_out");
  if (status || !bytes)
    return status;
  if (context->gpu)
    return colt5_gpu_copy_to_host(context->gpu, host, device, (size_t)bytes);
  memcpy(host, device, (size_t)bytes);
  return COLT5_GPU_OK;
}
