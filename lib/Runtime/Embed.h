/* What the functions of a generated artefact call. The compiler writes calls of these by name
 * (lib/Target/Embed), so their parameters are an interface. */
#ifndef COLT5_LIB_RUNTIME_EMBED_H
#define COLT5_LIB_RUNTIME_EMBED_H

#include "Arguments.h"
#include "Bundle.h"

#include <sys/types.h>

/* CpuFeatures.c: features as in colt5_target. */
int32_t colt5_check_cpu(uint64_t features);

#define COLT5_MAX_THREADS 1024

/* Pool.c: `num_threads` counts the caller; NULL without memory. */
typedef struct colt5_pool colt5_pool;
colt5_pool *colt5_pool_create(int32_t num_threads);
void colt5_pool_destroy(colt5_pool *pool);
int64_t colt5_pool_num_threads(const colt5_pool *pool);
/* The parallel_for of a pool; `state` is the pool. */
void colt5_pool_run(void *state, int64_t count, void (*body)(void *arg, int64_t index, int64_t thread),
                    void *arg);

/* An artefact, constant. functions[3 * (target * entries + entry)] are run, result_sizes and workspace_size.
 */
typedef struct colt5_artefact {
  const char *version;
  const void *bundle;
  uint64_t bytes;
  void *const *functions;
} colt5_artefact;

typedef struct colt5_embed_context {
  const colt5_artefact *artefact;
  colt5_bundle bundle;
  uint32_t target;
  colt5_place place;
  colt5_function *functions;
  colt5_gpu_context *gpu; /* NULL on the CPU */
  pid_t process;          /* that made the context */
  colt5_pool *pool;
  colt5_parallel parallel;
} colt5_embed_context;

/* Embed.c. `arguments` points to a struct_size and the tensors behind it: inputs, then outputs. */
int32_t colt5_embed_create(const colt5_artefact *artefact, const colt5_options *options,
                           colt5_embed_context **created);
int32_t colt5_embed_destroy(colt5_embed_context *context);
const char *colt5_embed_target(const colt5_embed_context *context);
int32_t colt5_embed_load(colt5_embed_context *context);
int32_t colt5_embed_workspace_size(colt5_embed_context *context, uint32_t entry, const void *arguments,
                                   int64_t *bytes);
int32_t colt5_embed_result_sizes(colt5_embed_context *context, uint32_t entry, const void *arguments,
                                 int64_t *sizes);
int32_t colt5_embed_run(colt5_embed_context *context, uint32_t entry, void *stream, const void *arguments,
                        void *workspace, int64_t workspace_bytes);
int32_t colt5_embed_last_error(colt5_embed_context *context, void *stream);

/* The driver does not work in a child of the process that made the context: a status, and `name` in its text.
 */
int32_t colt5_check_process(const colt5_embed_context *context, const char *name);

/* EmbedMemory.c */
int32_t colt5_embed_allocate(colt5_embed_context *context, int64_t bytes, void **address);
int32_t colt5_embed_free(colt5_embed_context *context, void *address);
int32_t colt5_embed_copy_in(colt5_embed_context *context, void *device, const void *host, int64_t bytes);
int32_t colt5_embed_copy_out(colt5_embed_context *context, void *host, const void *device, int64_t bytes);

#endif /* COLT5_LIB_RUNTIME_EMBED_H */
