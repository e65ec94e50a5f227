#include "Runtime.h"

typedef struct colt5_binding {
  colt5_gpu_context *context;
  const colt5_loaded *loaded;
  cu_stream stream;
} colt5_binding;

static int32_t encode_map(colt5_gpu_context *context, const colt5_gpu_kernel *kernel, uint32_t parameter,
                          const colt5_gpu_tensor_map *wanted, cu_tensor_map *map) {
  static const uint32_t kElementStrides[5] = {1, 1, 1, 1, 1};
  int swizzle = wanted->swizzle_bytes == 0    ? 0
                : wanted->swizzle_bytes == 32 ? 1
                : wanted->swizzle_bytes == 64 ? 2
                                              : 3;
  int known = wanted->rank >= 1 && wanted->rank <= 5 && wanted->data_type < CU_NUM_TENSOR_MAP_TYPES &&
              (swizzle != 3 || wanted->swizzle_bytes == 128);
  if (!known)
    return colt5_fail(
        COLT5_GPU_BAD_PROGRAM,
        "kernel '%s', tensor map %u: expected rank 1 to 5, a known type and a swizzle of 0, 32, 64 or 128 "
        "bytes, found rank %u, type %u, swizzle %u",
        kernel->name, parameter, wanted->rank, wanted->data_type, wanted->swizzle_bytes);
  cu_result result = context->driver.encode_tiled(
      map, (int)wanted->data_type, wanted->rank, wanted->address, wanted->sizes, wanted->strides, wanted->box,
      kElementStrides, CU_INTERLEAVE_NONE, swizzle, CU_PROMOTE_L2_128, CU_FILL_ZERO);
  if (!result)
    return COLT5_GPU_OK;
  return colt5_fail_driver(&context->driver, result, COLT5_GPU_LAUNCH_FAILED,
                           "kernel '%s', tensor map %u: encoding address %p, sizes %llu x %llu, box %u x %u",
                           kernel->name, parameter, wanted->address, (unsigned long long)wanted->sizes[0],
                           (unsigned long long)wanted->sizes[1], wanted->box[0], wanted->box[1]);
}

static int32_t start(const colt5_binding *binding, const colt5_gpu_kernel *kernel, cu_function function,
                     const int64_t grid[3], void **parameters) {
  const colt5_driver *driver = &binding->context->driver;
  unsigned x = (unsigned)grid[0], y = (unsigned)grid[1], z = (unsigned)grid[2];
  cu_result result;
  if (kernel->cluster[0] * kernel->cluster[1] * kernel->cluster[2] == 1) {
    result = driver->launch(function, x, y, z, kernel->block[0], kernel->block[1], kernel->block[2],
                            kernel->dynamic_shared_bytes, binding->stream, parameters, NULL);
  } else {
    cu_attribute attribute = {CU_ATTRIBUTE_CLUSTER, {0}, {{0}}};
    cu_launch launch = {{x, y, z},
                        {kernel->block[0], kernel->block[1], kernel->block[2]},
                        kernel->dynamic_shared_bytes,
                        binding->stream,
                        &attribute,
                        1};
    for (int i = 0; i < 3; ++i)
      attribute.value.cluster[i] = kernel->cluster[i];
    result = driver->launch_ex(&launch, function, parameters, NULL);
  }
  if (!result)
    return COLT5_GPU_OK;
  return colt5_fail_driver(
      driver, result, COLT5_GPU_LAUNCH_FAILED,
      "program '%s': launching kernel '%s' with %u x %u x %u blocks of %u x %u x %u threads and %u "
      "bytes of dynamic shared memory",
      binding->loaded->program->name, kernel->name, x, y, z, kernel->block[0], kernel->block[1],
      kernel->block[2], kernel->dynamic_shared_bytes);
}

/* colt5_gpu_launcher::launch */
static int32_t launch(void *state, uint32_t index, const int64_t grid[3], void *const *parameters) {
  const colt5_binding *binding = state;
  const colt5_gpu_program *program = binding->loaded->program;
  if (index >= program->num_kernels)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM, "program '%s': expected a kernel in [0, %u), found %u",
                      program->name, program->num_kernels, index);
  const colt5_gpu_kernel *kernel = &program->kernels[index];
  if (grid[0] < 1 || grid[0] > INT32_MAX || grid[1] < 1 || grid[1] > 65535 || grid[2] < 1 || grid[2] > 65535)
    return colt5_fail(
        COLT5_GPU_LAUNCH_FAILED,
        "program '%s', kernel '%s': expected a grid of at most 2147483647 x 65535 x 65535 blocks, found "
        "%lld x %lld x %lld",
        program->name, kernel->name, (long long)grid[0], (long long)grid[1], (long long)grid[2]);
  cu_tensor_map maps[COLT5_MAX_TENSOR_MAPS];
  void *values[COLT5_MAX_PARAMETERS];
  uint32_t num_maps = 0;
  for (uint32_t i = 0; i < kernel->num_parameters; ++i) {
    values[i] = parameters[i];
    if (kernel->parameters[i].kind != COLT5_GPU_TENSOR_MAP)
      continue;
    int32_t status = encode_map(binding->context, kernel, i, parameters[i], &maps[num_maps]);
    if (status)
      return status;
    values[i] = &maps[num_maps++];
  }
  return start(binding, kernel, binding->loaded->functions[index], grid, values);
}

static int32_t prepare(colt5_gpu_context *context, const colt5_gpu_program *program, cu_stream stream,
                       colt5_binding *binding, cu_pointer *word) {
  colt5_loaded *loaded = colt5_find_loaded(context, program);
  int32_t status = COLT5_GPU_OK;
  int capturing;
  if (!loaded) {
    status = colt5_is_capturing(context, stream, &capturing);
    if (!status && capturing)
      status = colt5_fail(
          COLT5_GPU_NOT_LOADED,
          "program '%s' is not loaded and the stream is being captured; load it before the capture",
          program->name ? program->name : "(no name)");
    if (!status)
      status = colt5_load(context, program);
    if (status)
      return status;
    loaded = colt5_find_loaded(context, program);
    /* Whoever unloads a program while it is used breaks the contract; say so rather than crash. */
    if (!loaded)
      return colt5_fail(COLT5_GPU_NOT_LOADED, "program '%s' was unloaded while it was loaded", program->name);
  }
  binding->context = context;
  binding->loaded = loaded;
  binding->stream = stream;
  return *word ? COLT5_GPU_OK : colt5_error_word(context, stream, word);
}

int32_t colt5_gpu_run(colt5_gpu_context *context, const colt5_gpu_program *program,
                      colt5_gpu_function function, void *stream, const colt5_cpu_tensor *tensors,
                      void *workspace, void *error_word) {
  if (!context || !program || !function)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                      "colt5_gpu_run: expected a context, a program and a function, found NULL");
  colt5_binding binding;
  cu_pointer word = (cu_pointer)(uintptr_t)error_word;
  int pushed;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  status = prepare(context, program, stream, &binding, &word);
  if (!status) {
    const colt5_gpu_launcher launcher = {&binding, launch, (void *)(uintptr_t)word};
    status = colt5_explain(program->name, function(tensors, workspace, &launcher));
  }
  colt5_leave(context, pushed);
  return status;
}
