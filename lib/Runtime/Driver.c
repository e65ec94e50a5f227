#include "Runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#ifndef RTLD_NODELETE
#define RTLD_NODELETE 0
#endif

int32_t colt5_driver_open(colt5_driver *driver, const char *library) {
  const char *path = library ? library : "libcuda.so.1";
  memset(driver, 0, sizeof *driver);
  /* The driver runs threads of its own, so its code must never be unmapped. */
  driver->library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!driver->library) {
    const char *reason = dlerror();
    return colt5_fail(
        COLT5_GPU_NO_DRIVER,
        "cannot open the NVIDIA driver's library '%s': %s; install the driver, or run on the CPU", path,
        reason ? reason : "no reason given");
  }
#define RESOLVE(need, name, field, parameters)                                                               \
  {                                                                                                          \
    void *symbol = dlsym(driver->library, #name);                                                            \
    if (!symbol && need) {                                                                                   \
      colt5_driver_close(driver);                                                                            \
      return colt5_fail(COLT5_GPU_OLD_DRIVER,                                                                \
                        "'%s' has no function " #name "; expected a driver of CUDA 11.4 or later", path);    \
    }                                                                                                        \
    /* ISO C has no cast from object to function pointers. */                                                \
    memcpy(&driver->field, &symbol, sizeof symbol);                                                          \
  }
  COLT5_CUDA_FUNCTIONS(RESOLVE)
#undef RESOLVE
  return COLT5_GPU_OK;
}

void colt5_driver_close(colt5_driver *driver) {
  if (driver->library)
    dlclose(driver->library);
  driver->library = NULL;
}
