#include "Runtime.h"
#include "colt5-abi/embed.h"

#include <stdarg.h>
#include <stdio.h>

/* Not a variable of the context: two threads of one context must not overwrite each other's text, and
 * creating a context can fail too. */
static _Thread_local char message[1024];

int32_t colt5_explain(const char *name, int32_t status) {
  static const char *const kTexts[] = {
      "an index tensor held a value outside its range; it counted as -1",
      "`tensors`, the data of a non-empty tensor or a needed workspace is NULL",
      "expected the sizes that are compiled in or that the function computes, found other or negative ones",
      "a tensor is not dense row-major",
      "a tensor or the workspace is not aligned as colt5-abi says",
      "a tensor or the workspace is too large for 64 bits"};
  if (status < COLT5_CPU_BAD_INDEX || status > COLT5_CPU_TOO_LARGE)
    return status;
  return colt5_fail(status, "%s: %s", name, kTexts[status - 1]);
}

const char *colt5_gpu_message(void) { return message; }

int32_t colt5_fail(int32_t status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return status;
}

static int32_t classify(cu_result result, int32_t otherwise) {
  switch (result) {
  case CU_OUT_OF_MEMORY:
    return COLT5_GPU_OUT_OF_MEMORY;
  case CU_NO_DEVICE:
  case CU_INVALID_DEVICE:
    return COLT5_GPU_NO_DEVICE;
  case CU_DEINITIALIZED:
  case CU_INVALID_CONTEXT:
  case CU_CONTEXT_IS_DESTROYED:
    return COLT5_GPU_CONTEXT_LOST;
  case CU_ILLEGAL_ADDRESS:
  case CU_MISALIGNED_ADDRESS:
  case CU_LAUNCH_FAILED:
  case CU_LAUNCH_OUT_OF_RESOURCES:
    return COLT5_GPU_LAUNCH_FAILED;
  default:
    return otherwise;
  }
}

int32_t colt5_fail_driver(const colt5_driver *driver, cu_result result, int32_t otherwise, const char *format,
                          ...) {
  const char *name = NULL, *text = NULL;
  char what[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  if (driver->error_name(result, &name) != CU_SUCCESS || !name)
    name = "an error that the driver does not name";
  if (driver->error_string(result, &text) != CU_SUCCESS || !text)
    text = "no text";
  return colt5_fail(classify(result, otherwise), "%s: %s (%d, %s)", what, name, result, text);
}

const char *colt5_gpu_status_name(int32_t status) {
  static const char *const kLaunch[] = {
      "COLT5_GPU_NO_DRIVER",   "COLT5_GPU_OLD_DRIVER",  "COLT5_GPU_NO_DEVICE",     "COLT5_GPU_NO_IMAGE",
      "COLT5_GPU_BAD_IMAGE",   "COLT5_GPU_BAD_PROGRAM", "COLT5_GPU_BAD_ARGUMENT",  "COLT5_GPU_OUT_OF_MEMORY",
      "COLT5_GPU_NOT_LOADED",  "COLT5_GPU_CAPTURING",   "COLT5_GPU_LAUNCH_FAILED", "COLT5_GPU_CONTEXT_LOST",
      "COLT5_GPU_DRIVER_ERROR"};
  static const char *const kCompiled[] = {
      "COLT5_GPU_OK",          "COLT5_CPU_BAD_INDEX",     "COLT5_CPU_NULL_POINTER", "COLT5_CPU_BAD_SIZE",
      "COLT5_CPU_BAD_STRIDES", "COLT5_CPU_BAD_ALIGNMENT", "COLT5_CPU_TOO_LARGE"};
  static const char *const kArguments[] = {
      "COLT5_BAD_STRUCT",  "COLT5_BAD_COUNT",       "COLT5_BAD_TYPE",   "COLT5_BAD_RANK",  "COLT5_BAD_SIZE",
      "COLT5_BAD_STRIDES", "COLT5_BAD_ALIGNMENT",   "COLT5_BAD_DEVICE", "COLT5_NULL_DATA", "COLT5_OVERLAP",
      "COLT5_TOO_LARGE",   "COLT5_SMALL_WORKSPACE", "COLT5_BAD_BUNDLE", "COLT5_BAD_CPU"};
  if (status >= COLT5_BAD_STRUCT && status < COLT5_NUM_STATUSES)
    return kArguments[status - COLT5_BAD_STRUCT];
  if (status >= 0 && status <= COLT5_CPU_TOO_LARGE)
    return kCompiled[status];
  if (status >= COLT5_GPU_NO_DRIVER && status <= COLT5_GPU_DRIVER_ERROR)
    return kLaunch[status - COLT5_GPU_NO_DRIVER];
  return "unknown status";
}
