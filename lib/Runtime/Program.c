#include "Runtime.h"

static int32_t check_parameters(const colt5_gpu_program *program, const colt5_gpu_kernel *kernel) {
  uint32_t maps = 0;
  if (kernel->num_parameters > COLT5_MAX_PARAMETERS || (kernel->num_parameters && !kernel->parameters))
    return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                      "program '%s', kernel '%s': expected at most %d described parameters, found %u%s",
                      program->name, kernel->name, COLT5_MAX_PARAMETERS, kernel->num_parameters,
                      kernel->parameters ? "" : " without a description");
  for (uint32_t i = 0; i < kernel->num_parameters; ++i) {
    uint32_t kind = kernel->parameters[i].kind;
    if (kind != COLT5_GPU_VALUE && kind != COLT5_GPU_TENSOR_MAP)
      return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                        "program '%s', kernel '%s': parameter %u has the unknown kind %u", program->name,
                        kernel->name, i, kind);
    maps += kind == COLT5_GPU_TENSOR_MAP;
  }
  if (maps > COLT5_MAX_TENSOR_MAPS)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                      "program '%s', kernel '%s': expected at most %d tensor maps, found %u", program->name,
                      kernel->name, COLT5_MAX_TENSOR_MAPS, maps);
  return COLT5_GPU_OK;
}

static int32_t check_kernel(const colt5_gpu_context *context, const colt5_gpu_program *program,
                            const colt5_gpu_kernel *kernel) {
  const uint32_t *block = kernel->block, *cluster = kernel->cluster;
  uint64_t threads = (uint64_t)block[0] * block[1];
  /* Each factor alone first: products of three could wrap. */
  int fits = block[0] && block[1] && block[2] && block[2] <= 64 &&
             threads <= (uint64_t)context->max_threads &&
             threads * block[2] <= (uint64_t)context->max_threads;
  if (!fits)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                      "program '%s', kernel '%s': expected a block of 1 to %d threads, found %u x %u x %u",
                      program->name, kernel->name, context->max_threads, block[0], block[1], block[2]);
  /* Each factor alone first, as above. */
  int clusters = cluster[0] - 1 < 16 && cluster[1] - 1 < 16 && cluster[2] - 1 < 16 &&
                 cluster[0] * cluster[1] * cluster[2] <= 16;
  if (!clusters)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                      "program '%s', kernel '%s': expected a cluster of 1 to 16 blocks, found %u x %u x %u",
                      program->name, kernel->name, cluster[0], cluster[1], cluster[2]);
  if (cluster[0] * cluster[1] * cluster[2] > 1 && (context->chip < 90 || !context->driver.launch_ex))
    return colt5_fail(
        COLT5_GPU_BAD_PROGRAM,
        "program '%s', kernel '%s' uses clusters; expected sm_90 or later and a driver of CUDA 11.8 or "
        "later, found sm_%d%s",
        program->name, kernel->name, context->chip,
        context->driver.launch_ex ? "" : " and an earlier driver");
  if (kernel->dynamic_shared_bytes > (uint32_t)context->max_shared_bytes)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM,
                      "program '%s', kernel '%s': expected at most %d bytes of shared memory, found %u",
                      program->name, kernel->name, context->max_shared_bytes, kernel->dynamic_shared_bytes);
  return check_parameters(program, kernel);
}

int32_t colt5_check_program(const colt5_gpu_context *context, const colt5_gpu_program *program) {
  if (program->struct_size != sizeof *program)
    return colt5_fail(COLT5_GPU_BAD_PROGRAM, "expected a program of struct_size %zu, found %zu",
                      sizeof *program, program->struct_size);
  if (!program->name || (program->num_kernels && !program->kernels) ||
      (program->num_images && !program->images))
    return colt5_fail(COLT5_GPU_BAD_PROGRAM, "program '%s': a name or a table is NULL",
                      program->name ? program->name : "(no name)");
  for (uint32_t i = 0; i < program->num_kernels; ++i) {
    if (!program->kernels[i].name)
      return colt5_fail(COLT5_GPU_BAD_PROGRAM, "program '%s': kernel %u has no name", program->name, i);
    int32_t status = check_kernel(context, program, &program->kernels[i]);
    if (status)
      return status;
  }
  for (uint32_t i = 0; i < program->num_images; ++i) {
    const colt5_gpu_image *image = &program->images[i];
    if (!image->bytes || !image->size || image->kind >= COLT5_GPU_NUM_IMAGE_KINDS)
      return colt5_fail(COLT5_GPU_BAD_PROGRAM, "program '%s': image %u is empty or of an unknown kind",
                        program->name, i);
    /* The driver reads PTX up to its zero. */
    if (image->kind == COLT5_GPU_PTX && ((const char *)image->bytes)[image->size - 1] != 0)
      return colt5_fail(COLT5_GPU_BAD_PROGRAM, "program '%s': image %u is PTX without a zero at its end",
                        program->name, i);
  }
  return COLT5_GPU_OK;
}
