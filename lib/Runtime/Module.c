#include "Runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

colt5_loaded *colt5_find_loaded(colt5_gpu_context *context, const colt5_gpu_program *program) {
  colt5_loaded *loaded = __atomic_load_n(&context->loaded, __ATOMIC_ACQUIRE);
  while (loaded && loaded->program != program)
    loaded = __atomic_load_n(&loaded->next, __ATOMIC_ACQUIRE);
  return loaded;
}

/* Whether another image of the program may fare better. */
static int is_image_error(cu_result result) {
  return result == CU_INVALID_IMAGE || result == CU_NO_BINARY_FOR_GPU || result == CU_INVALID_PTX ||
         result == CU_UNSUPPORTED_PTX_VERSION || result == CU_JIT_COMPILER_NOT_FOUND ||
         result == CU_JIT_COMPILATION_DISABLED || result == CU_INVALID_SOURCE;
}

static int32_t load_image(colt5_gpu_context *context, const colt5_gpu_program *program,
                          const colt5_gpu_image *image, cu_module *module, cu_result *result) {
  char log[512] = "", name[32];
  int options[] = {CU_JIT_LOG, CU_JIT_LOG_BYTES};
  void *values[] = {log, (void *)(uintptr_t)(sizeof log - 1)};
  *result = context->driver.module_load(module, image->bytes, 2, options, values);
  if (*result == CU_SUCCESS)
    return COLT5_GPU_OK;
  colt5_describe_image(image, name, sizeof name);
  log[strcspn(log, "\n")] = 0;
  return colt5_fail_driver(&context->driver, *result,
                           is_image_error(*result) ? COLT5_GPU_BAD_IMAGE : COLT5_GPU_DRIVER_ERROR,
                           "program '%s': loading the %s image on sm_%d%s%s", program->name, name,
                           context->chip, *log ? ", " : "", log);
}

static int32_t load_module(colt5_gpu_context *context, const colt5_gpu_program *program, cu_module *module) {
  uint32_t *order = malloc((program->num_images + 1) * sizeof *order);
  if (!order)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "program '%s': no host memory to load it", program->name);
  uint32_t count = colt5_order_images(program, context->chip, order);
  int32_t status = COLT5_GPU_OK;
  if (!count) {
    char names[256] = "";
    for (uint32_t i = 0; i < program->num_images && strlen(names) < sizeof names - 40; ++i) {
      size_t used = strlen(names);
      if (used) {
        memcpy(names + used, ", ", 3);
        used += 2;
      }
      colt5_describe_image(&program->images[i], names + used, sizeof names - used);
    }
    status =
        colt5_fail(COLT5_GPU_NO_IMAGE,
                   "program '%s' has no image for sm_%d; it has: %s; compile it for this chip, or with PTX",
                   program->name, context->chip, *names ? names : "none");
  }
  for (uint32_t i = 0; i < count; ++i) {
    cu_result result;
    status = load_image(context, program, &program->images[order[i]], module, &result);
    if (!status || !is_image_error(result))
      break;
  }
  free(order);
  return status;
}

static int32_t prepare_kernel(colt5_gpu_context *context, const colt5_gpu_program *program,
                              colt5_loaded *loaded, uint32_t index) {
  const colt5_driver *driver = &context->driver;
  const colt5_gpu_kernel *kernel = &program->kernels[index];
  int shared = 0, threads = 0;
  cu_result result = driver->module_function(&loaded->functions[index], loaded->module, kernel->name);
  if (result)
    return colt5_fail_driver(
        driver, result, result == CU_NOT_FOUND ? COLT5_GPU_BAD_IMAGE : COLT5_GPU_DRIVER_ERROR,
        "program '%s': looking for kernel '%s' in the image", program->name, kernel->name);
  cu_function function = loaded->functions[index];
  result = driver->function_attribute(&shared, CU_FUNCTION_SHARED_BYTES, function);
  if (!result)
    result = driver->function_attribute(&threads, CU_FUNCTION_MAX_THREADS_PER_BLOCK, function);
  if (result)
    return colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR,
                             "program '%s', kernel '%s': reading its attributes", program->name,
                             kernel->name);
  uint32_t wanted = kernel->block[0] * kernel->block[1] * kernel->block[2];
  if (wanted > (uint32_t)threads)
    return colt5_fail(
        COLT5_GPU_BAD_PROGRAM,
        "program '%s', kernel '%s': its registers allow %d threads per block on sm_%d, it needs %u",
        program->name, kernel->name, threads, context->chip, wanted);
  uint64_t bytes = (uint64_t)shared + kernel->dynamic_shared_bytes;
  if (bytes > (uint64_t)context->max_shared_bytes)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                      "program '%s', kernel '%s': expected at most %d bytes of shared memory, found %d "
                      "static and %u dynamic",
                      program->name, kernel->name, context->max_shared_bytes, shared,
                      kernel->dynamic_shared_bytes);
  /* The limit holds for both kinds together, the attribute for the dynamic one. */
  if (bytes > COLT5_DEFAULT_SHARED_BYTES)
    result = driver->function_set(function, CU_FUNCTION_MAX_DYNAMIC_SHARED_BYTES,
                                  (int)kernel->dynamic_shared_bytes);
  if (!result && kernel->cluster[0] * kernel->cluster[1] * kernel->cluster[2] > COLT5_PORTABLE_CLUSTER_SIZE)
    result = driver->function_set(function, CU_FUNCTION_NON_PORTABLE_CLUSTER_SIZE, 1);
  if (result)
    return colt5_fail_driver(
        driver, result, COLT5_GPU_DRIVER_ERROR,
        "program '%s', kernel '%s': allowing %u bytes of dynamic shared memory and clusters of "
        "%u x %u x %u",
        program->name, kernel->name, kernel->dynamic_shared_bytes, kernel->cluster[0], kernel->cluster[1],
        kernel->cluster[2]);
  for (uint32_t i = 0; i < kernel->num_parameters; ++i)
    if (kernel->parameters[i].kind == COLT5_GPU_TENSOR_MAP && (!driver->encode_tiled || context->chip < 90))
      return colt5_fail(
          COLT5_GPU_BAD_PROGRAM,
          "program '%s', kernel '%s' uses tensor maps; expected sm_90 or later and a driver of CUDA 12 or "
          "later, found sm_%d%s",
          program->name, kernel->name, context->chip, driver->encode_tiled ? "" : " and an earlier driver");
  return COLT5_GPU_OK;
}

static int32_t load_program(colt5_gpu_context *context, const colt5_gpu_program *program) {
  int32_t status = colt5_check_program(context, program);
  if (status)
    return status;
  colt5_loaded *created = calloc(1, sizeof *created + program->num_kernels * sizeof(cu_function));
  if (!created)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "program '%s': no host memory to load it", program->name);
  created->program = program;
  /* Without kernels no image is needed. */
  status = program->num_kernels ? load_module(context, program, &created->module) : COLT5_GPU_OK;
  for (uint32_t i = 0; !status && i < program->num_kernels; ++i)
    status = prepare_kernel(context, program, created, i);
  if (status) {
    if (created->module)
      context->driver.module_unload(created->module);
    free(created);
    return status;
  }
  created->next = context->loaded;
  __atomic_store_n(&context->loaded, created, __ATOMIC_RELEASE);
  return COLT5_GPU_OK;
}

int32_t colt5_load(colt5_gpu_context *context, const colt5_gpu_program *program) {
  if (colt5_find_loaded(context, program))
    return COLT5_GPU_OK;
  pthread_mutex_lock(&context->mutex);
  int32_t status = COLT5_GPU_OK;
  if (!colt5_find_loaded(context, program)) {
    /* Loading allocates, which must not break a capture that another thread has begun. */
    int mode = CU_CAPTURE_RELAXED;
    cu_result result = context->driver.exchange_capture_mode(&mode);
    if (result) {
      status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                                 "program '%s': setting the thread's capture mode", program->name);
    } else {
      status = colt5_reserve_words(context);
      if (!status)
        status = load_program(context, program);
      context->driver.exchange_capture_mode(&mode);
    }
  }
  pthread_mutex_unlock(&context->mutex);
  return status;
}

int32_t colt5_gpu_load(colt5_gpu_context *context, const colt5_gpu_program *program) {
  if (!context || !program)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "colt5_gpu_load: expected a context and a program, found NULL");
  int pushed;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  status = colt5_load(context, program);
  colt5_leave(context, pushed);
  return status;
}

int32_t colt5_gpu_unload(colt5_gpu_context *context, const colt5_gpu_program *program) {
  if (!context || !program)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "colt5_gpu_unload: expected a context and a program, found NULL");
  int pushed;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  pthread_mutex_lock(&context->mutex);
  colt5_loaded **link = &context->loaded, *found;
  while ((found = *link) && found->program != program)
    link = &found->next;
  cu_result result = CU_SUCCESS;
  if (found) {
    __atomic_store_n(link, found->next, __ATOMIC_RELEASE);
    result = found->module ? context->driver.module_unload(found->module) : CU_SUCCESS;
    /* Another thread may be walking past it, so it is freed with the context. */
    found->retired = context->retired;
    context->retired = found;
  }
  pthread_mutex_unlock(&context->mutex);
  colt5_leave(context, pushed);
  if (!found)
    return colt5_fail(COLT5_GPU_NOT_LOADED, "program '%s' is not loaded in this context",
                      program->name ? program->name : "(no name)");
  if (result)
    return colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR, "program '%s': unloading it",
                             program->name);
  return COLT5_GPU_OK;
}

int32_t colt5_unload_all(colt5_gpu_context *context, int alive) {
  int32_t status = COLT5_GPU_OK;
  for (colt5_loaded *next, *loaded = context->loaded; loaded; loaded = next) {
    next = loaded->next;
    cu_result result = alive && loaded->module ? context->driver.module_unload(loaded->module) : CU_SUCCESS;
    if (result && !status)
      status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                                 "program '%s': unloading it", loaded->program->name);
    free(loaded);
  }
  for (colt5_loaded *next, *loaded = context->retired; loaded; loaded = next) {
    next = loaded->retired;
    free(loaded);
  }
  context->loaded = context->retired = NULL;
  return status;
}
