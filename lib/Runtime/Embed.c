#include "Embed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int32_t (*cpu_function)(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool);

static const colt5_target *find_target(const colt5_embed_context *context) {
  return &context->bundle.targets[context->target];
}

/* The number of the target whose image fits `chip` best; num_targets if none does. */
static uint32_t choose_gpu_target(const colt5_bundle *bundle, int chip) {
  uint32_t best = bundle->header.num_targets, best_rating = 0;
  for (uint32_t i = 0; i < bundle->header.num_targets; ++i) {
    const colt5_target *target = &bundle->targets[i];
    /* Without kernels nothing has to fit. */
    uint32_t rating = target->device_kind == COLT5_ON_CUDA && !target->program.num_kernels;
    for (uint32_t k = 0; target->device_kind == COLT5_ON_CUDA && k < target->program.num_images; ++k) {
      uint32_t found = colt5_rate_image(&target->program.images[k], chip);
      rating = found > rating ? found : rating;
    }
    if (rating > best_rating) {
      best = i;
      best_rating = rating;
    }
  }
  return best;
}

static int32_t open_gpu(colt5_embed_context *context, const colt5_options *options) {
  colt5_gpu_options gpu = {sizeof gpu, options->cuda_context, options->device, options->driver};
  const colt5_bundle *bundle = &context->bundle;
  char names[128] = "";
  for (uint32_t i = 0; i < bundle->header.num_targets; ++i)
    if (strlen(names) + strlen(bundle->targets[i].name) + 2 < sizeof names) {
      strcat(names, *names ? " " : "");
      strcat(names, bundle->targets[i].name);
    }
  int32_t status = COLT5_GPU_NO_IMAGE;
  for (uint32_t i = 0; status && i < bundle->header.num_targets; ++i)
    if (bundle->targets[i].device_kind == COLT5_ON_CUDA)
      status = COLT5_GPU_OK;
  if (status)
    return colt5_fail(status, "expected an artefact with GPU code, found code for: %s", names);
  status = colt5_gpu_context_create(&gpu, &context->gpu);
  if (status)
    return status;
  context->target = choose_gpu_target(bundle, context->gpu->chip);
  if (context->target == bundle->header.num_targets)
    return colt5_fail(
        COLT5_GPU_NO_IMAGE,
        "expected code that runs on sm_%d, found code for: %s; compile it for this chip, or with "
        "--ptx-fallback",
        context->gpu->chip, names);
  status = colt5_check_cpu(bundle->targets[context->target].features);
  if (status)
    return status;
  context->place.kind = COLT5_ON_CUDA;
  context->place.device = context->gpu->device;
  return COLT5_GPU_OK;
}

static int32_t open_cpu(colt5_embed_context *context, const colt5_options *options) {
  const colt5_bundle *bundle = &context->bundle;
  uint32_t target = 0;
  while (target < bundle->header.num_targets && bundle->targets[target].device_kind != COLT5_ON_HOST)
    ++target;
  if (target == bundle->header.num_targets)
    return colt5_fail(COLT5_BAD_CPU, "expected an artefact with CPU code, found none; compile it with "
                                     "--target=cpu too");
  int32_t status = colt5_check_cpu(bundle->targets[target].features);
  if (status)
    return status;
  context->target = target;
  context->place.kind = COLT5_ON_HOST;
  if (options->num_threads < 0 || options->num_threads > COLT5_MAX_THREADS)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "options: expected 0 to %d threads, found %d",
                      COLT5_MAX_THREADS, options->num_threads);
  if (options->parallel) {
    context->parallel = *options->parallel;
    if (context->parallel.num_threads < 1 || !context->parallel.parallel_for)
      return colt5_fail(COLT5_GPU_BAD_ARGUMENT,
                        "options: expected a parallel_for with 1 thread or more, found %lld threads%s",
                        (long long)context->parallel.num_threads,
                        context->parallel.parallel_for ? "" : " and no parallel_for");
  } else {
    context->pool = colt5_pool_create(options->num_threads);
    if (!context->pool)
      return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "no host memory for a pool of threads");
    context->parallel.state = context->pool;
    context->parallel.num_threads = colt5_pool_num_threads(context->pool);
    context->parallel.parallel_for = colt5_pool_run;
  }
  context->place.threads = context->parallel.num_threads;
  return COLT5_GPU_OK;
}

/* ISO C has no cast from object to function pointers. */
#define TAKE_FUNCTION(field, pointer) memcpy(&(field), &(pointer), sizeof(field))

static int32_t make_functions(colt5_embed_context *context) {
  uint32_t count = context->bundle.num_entries;
  context->functions = calloc(count + 1, sizeof *context->functions);
  if (!context->functions)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "no host memory for a table of functions");
  void *const *compiled = context->artefact->functions + (size_t)3 * context->target * count;
  for (uint32_t i = 0; i < count; ++i, compiled += 3) {
    colt5_function *function = &context->functions[i];
    function->signature = &context->bundle.signatures[i];
    TAKE_FUNCTION(function->run, compiled[0]);
    TAKE_FUNCTION(function->result_sizes, compiled[1]);
    TAKE_FUNCTION(function->workspace_size, compiled[2]);
  }
  return COLT5_GPU_OK;
}

int32_t colt5_check_process(const colt5_embed_context *context, const char *name) {
  if (!context->gpu || context->process == getpid())
    return COLT5_GPU_OK;
  return colt5_fail(
      COLT5_GPU_CONTEXT_LOST,
      "%s: expected the process that made the context, found a child of it; the driver cannot be used "
      "after fork",
      name);
}

static int32_t release(colt5_embed_context *context) {
  /* What a child has of the GPU is its parent's. */
  int32_t status = context->process == getpid() ? colt5_gpu_context_destroy(context->gpu) : COLT5_GPU_OK;
  if (context->pool)
    colt5_pool_destroy(context->pool);
  free(context->functions);
  colt5_bundle_close(&context->bundle);
  free(context);
  return status;
}

int32_t colt5_embed_create(const colt5_artefact *artefact, const colt5_options *options,
                           colt5_embed_context **created) {
  static const colt5_options kDefaults = {sizeof kDefaults, 0, 0, NULL, NULL, NULL, 0, 0};
  if (!created)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "context_create: expected a place for the context, found NULL");
  *created = NULL;
  if (!options)
    options = &kDefaults;
  if (options->struct_size != sizeof *options)
    return colt5_fail(COLT5_BAD_STRUCT, "context_create: expected options of struct_size %zu, found %zu",
                      sizeof *options, options->struct_size);
  int32_t kind = options->device_kind;
  if ((kind && kind != COLT5_ON_HOST && kind != COLT5_ON_CUDA) || options->reserved)
    return colt5_fail(
        COLT5_GPU_BAD_ARGUMENT,
        "context_create: expected a device kind of 0, %d or %d and 0 as reserved, found %d and %d",
        COLT5_ON_HOST, COLT5_ON_CUDA, kind, options->reserved);
  colt5_embed_context *context = calloc(1, sizeof *context);
  if (!context)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "no host memory for a context");
  context->artefact = artefact;
  context->process = getpid();
  int32_t status = colt5_bundle_open(artefact->bundle, artefact->bytes, artefact->version, &context->bundle);
  if (!status) {
    status = kind == COLT5_ON_HOST ? open_cpu(context, options) : open_gpu(context, options);
    /* No GPU, or none that the artefact has code for. Anything else is a mistake that the CPU would hide. */
    int is_absent = status == COLT5_GPU_NO_DRIVER || status == COLT5_GPU_OLD_DRIVER ||
                    status == COLT5_GPU_NO_IMAGE || (status == COLT5_GPU_NO_DEVICE && !options->device);
    if (is_absent && !kind) {
      colt5_gpu_context_destroy(context->gpu);
      context->gpu = NULL;
      status = open_cpu(context, options);
    }
  }
  if (!status)
    status = make_functions(context);
  if (status)
    release(context);
  else
    *created = context;
  return status;
}

int32_t colt5_embed_destroy(colt5_embed_context *context) {
  return context ? release(context) : COLT5_GPU_OK;
}

const char *colt5_embed_target(const colt5_embed_context *context) {
  return context ? find_target(context)->name : "";
}

int32_t colt5_embed_load(colt5_embed_context *context) {
  if (!context)
    return colt5_fail(COLT5_BAD_STRUCT, "load: expected a context, found NULL");
  int32_t status = colt5_check_process(context, "load");
  if (status || !context->gpu)
    return status;
  return colt5_gpu_load(context->gpu, &find_target(context)->program);
}

/* The tensors behind the struct_size of a struct of arguments. */
static int32_t open_arguments(const colt5_embed_context *context, uint32_t entry, const void *arguments,
                              const colt5_function **function, const colt5_tensor **tensors) {
  if (!context || !arguments)
    return colt5_fail(COLT5_BAD_STRUCT, "expected a context and arguments, found NULL as %s",
                      context ? "arguments" : "context");
  *function = &context->functions[entry];
  const colt5_signature *signature = (*function)->signature;
  size_t wanted = sizeof(size_t) + (signature->num_inputs + signature->num_outputs) * sizeof(colt5_tensor);
  size_t found = *(const size_t *)arguments;
  if (found != wanted)
    return colt5_fail(COLT5_BAD_STRUCT, "%s: expected arguments of struct_size %zu, found %zu",
                      signature->name, wanted, found);
  *tensors = (const colt5_tensor *)((const size_t *)arguments + 1);
  return COLT5_GPU_OK;
}

int32_t colt5_embed_workspace_size(colt5_embed_context *context, uint32_t entry, const void *arguments,
                                   int64_t *bytes) {
  const colt5_function *function = NULL;
  const colt5_tensor *tensors = NULL;
  int32_t status = open_arguments(context, entry, arguments, &function, &tensors);
  if (!status && !bytes)
    status =
        colt5_fail(COLT5_GPU_BAD_ARGUMENT, "%s: workspace_size: expected a place for the bytes, found NULL",
                   function->signature->name);
  return status ? status : colt5_find_workspace_size(function, &context->place, tensors, bytes);
}

int32_t colt5_embed_result_sizes(colt5_embed_context *context, uint32_t entry, const void *arguments,
                                 int64_t *sizes) {
  const colt5_function *function = NULL;
  const colt5_tensor *tensors = NULL;
  int32_t status = open_arguments(context, entry, arguments, &function, &tensors);
  if (!status && !sizes)
    status =
        colt5_fail(COLT5_GPU_BAD_ARGUMENT, "%s: result_sizes: expected a place for the sizes, found NULL",
                   function->signature->name);
  return status ? status : colt5_get_result_sizes(function, tensors, function->signature->num_inputs, sizes);
}

int32_t colt5_embed_run(colt5_embed_context *context, uint32_t entry, void *stream, const void *arguments,
                        void *workspace, int64_t workspace_bytes) {
  const colt5_function *function = NULL;
  const colt5_tensor *tensors = NULL;
  colt5_cpu_tensor converted[COLT5_MAX_ARGUMENTS];
  int32_t status = open_arguments(context, entry, arguments, &function, &tensors);
  if (!status)
    status = colt5_check_process(context, function->signature->name);
  if (!status)
    status = colt5_check_call(function, &context->place, tensors, workspace, workspace_bytes, converted);
  if (status)
    return status;
  if (context->gpu)
    return colt5_gpu_run(context->gpu, &find_target(context)->program, function->run, stream, converted,
                         workspace, NULL);
  cpu_function run = (cpu_function)(void (*)(void))function->run;
  return colt5_explain(function->signature->name, run(converted, workspace, &context->parallel));
}

int32_t colt5_embed_last_error(colt5_embed_context *context, void *stream) {
  if (!context)
    return colt5_fail(COLT5_BAD_STRUCT, "last_error: expected a context, found NULL");
  int32_t status = colt5_check_process(context, "last_error");
  return status || !context->gpu ? status : colt5_gpu_last_error(context->gpu, stream);
}
