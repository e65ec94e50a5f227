/* What the runtime knows of DLPack, whose own header artefacts neither need nor include. */
#ifndef COLT5_LIB_RUNTIME_DLPACK_H
#define COLT5_LIB_RUNTIME_DLPACK_H

#include "Runtime.h"
#include "colt5-abi/call.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DLDataTypeCode. */
enum { COLT5_DL_INT = 0, COLT5_DL_FLOAT = 2, COLT5_DL_BFLOAT = 4, COLT5_DL_BOOL = 6 };

/* DLDeviceType. */
enum { COLT5_DL_CPU = 1, COLT5_DL_CUDA = 2, COLT5_DL_CUDA_HOST = 3, COLT5_DL_CUDA_MANAGED = 13 };

/* DLTensor, the same in every version of DLPack, with the members of its DLDevice and DLDataType in place. */
typedef struct colt5_dl_tensor {
  void *data;
  int32_t device_kind, device;
  int32_t rank;
  uint8_t code, bits;
  uint16_t lanes;
  int64_t *sizes;
  int64_t *strides; /* in elements; NULL: row-major */
  uint64_t byte_offset;
} colt5_dl_tensor;

/* Makes *tensor the tensor that a DLTensor describes, with its sizes and strides where they are. Leaves
 * *tensor alone when it fails. */
int32_t colt5_from_dlpack(const void *dl_tensor, colt5_tensor *tensor);

#ifdef __cplusplus
}
#endif

#endif /* COLT5_LIB_RUNTIME_DLPACK_H */
