#include "colt5/Machine/Machine.h"

using namespace mlir;
using namespace mlir::colt5;

ArrayRef<TargetDescription> colt5::getTargetDescriptions() {
  static const TargetDescription targets[] = {
      {"cpu-generic", "x86-64 with AVX2 and FMA", /*vectorBytes=*/32, /*l1Bytes=*/32 << 10,
       /*l2Bytes=*/1 << 20,
       /*l3Bytes=*/16 << 20, /*cores=*/8, /*contractionRows=*/256, /*contractionColumns=*/512,
       /*attentionQueries=*/64},
      {"cpu-avx512", "x86-64 with AVX-512", /*vectorBytes=*/64, /*l1Bytes=*/48 << 10, /*l2Bytes=*/2 << 20,
       /*l3Bytes=*/32 << 20, /*cores=*/16, /*contractionRows=*/256, /*contractionColumns=*/512,
       /*attentionQueries=*/64},
      {"cpu-baseline", "x86-64 with SSE2", /*vectorBytes=*/16, /*l1Bytes=*/32 << 10, /*l2Bytes=*/256 << 10,
       /*l3Bytes=*/8 << 20, /*cores=*/4, /*contractionRows=*/128, /*contractionColumns=*/256,
       /*attentionQueries=*/32},
      // A chip of a GPU; l2Bytes is one block's share.
      {"sm_80", "NVIDIA Ampere (A100)", /*vectorBytes=*/16, /*l1Bytes=*/32 << 10, /*l2Bytes=*/128 << 10,
       /*l3Bytes=*/40 << 20, /*cores=*/108, /*contractionRows=*/128, /*contractionColumns=*/64,
       /*attentionQueries=*/64, /*threads=*/256, /*sharedBytes=*/36 << 10},
      {"sm_90a", "NVIDIA Hopper (H100, H200)", /*vectorBytes=*/16, /*l1Bytes=*/32 << 10,
       /*l2Bytes=*/128 << 10, /*l3Bytes=*/50 << 20, /*cores=*/132, /*contractionRows=*/128,
       /*contractionColumns=*/64, /*attentionQueries=*/64, /*threads=*/256, /*sharedBytes=*/36 << 10},
  };
  return targets;
}

const TargetDescription *colt5::findTargetDescription(StringRef name) {
  for (const TargetDescription &target : getTargetDescriptions())
    if (target.name == name || name == "cpu")
      return &target;
  return nullptr;
}
