/* Checks of the arguments of one call, in the order in which they are done. */
#ifndef COLT5_LIB_RUNTIME_ARGUMENTS_H
#define COLT5_LIB_RUNTIME_ARGUMENTS_H

#include "Runtime.h"
#include "colt5-abi/embed.h"

/* The values of dynamic sizes, and the argument that each was first seen in. */
typedef struct colt5_symbols {
  int64_t value[COLT5_MAX_SYMBOLS];
  const char *owner[COLT5_MAX_SYMBOLS];
} colt5_symbols;

/* Where a call runs. */
typedef struct colt5_place {
  int32_t kind;    /* COLT5_ON_HOST or COLT5_ON_CUDA */
  int32_t device;  /* of a GPU */
  int64_t threads; /* of the host */
} colt5_place;

/* The struct of the signature and the number of tensors. */
int32_t colt5_check_signature(const colt5_function *function, uint32_t wanted, uint32_t found);
/* Struct, type, rank, sizes and strides of argument `index`; sets the bytes of its data. */
int32_t colt5_check_tensor(const colt5_signature *signature, uint32_t index, const colt5_tensor *tensor,
                           colt5_symbols *symbols, int64_t *bytes);
/* The value of a scalar, whose data has been checked. */
int32_t colt5_check_scalar(const colt5_signature *signature, uint32_t index, const colt5_tensor *tensor,
                           colt5_symbols *symbols);
/* Data, device and alignment. */
int32_t colt5_check_memory(const colt5_signature *signature, uint32_t index, const colt5_tensor *tensor,
                           int64_t bytes, const colt5_place *place);
/* Outputs against all other tensors, the workspace against all tensors. */
int32_t colt5_check_overlaps(const colt5_signature *signature, const colt5_tensor *tensors,
                             const int64_t *bytes, const void *workspace, int64_t workspace_bytes);

/* Call.c: all checks of a call. `tensors` has as many as the signature; on success `converted` is what the
 * compiled code takes. */
int32_t colt5_check_call(const colt5_function *function, const colt5_place *place,
                         const colt5_tensor *tensors, void *workspace, int64_t workspace_bytes,
                         colt5_cpu_tensor *converted);
int32_t colt5_find_workspace_size(const colt5_function *function, const colt5_place *place,
                                  const colt5_tensor *inputs, int64_t *bytes);

#endif /* COLT5_LIB_RUNTIME_ARGUMENTS_H */
