// --backend=cuda: without a driver, without the functions of one, and on the mock driver, whose kernels do nothing.

// RUN: not colt5-run %s --backend=cuda --cuda-library=libno-such-driver.so.7 --input=random 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: cannot open the NVIDIA driver's library 'libno-such-driver.so.7': {{.*}}No such file or directory; install the driver, or run on the CPU

// RUN: not colt5-run %s --backend=cuda --cuda-library=libm.so.6 --input=random 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: error: 'libm.so.6' has no function cuInit; expected a driver of CUDA 11.4 or later

// RUN: not colt5-run %s --backend=cuda --cuda-library=%colt5_build/lib/libcolt5-mock-cuda.so --cuda-device=7 --input=random 2>&1 | FileCheck %s --check-prefix=DEVICE
// DEVICE: error: expected a device in [0, 3), found 7

// The mock's kernels write nothing, which the comparison notices.
// RUN: not colt5-run %s --backend=cuda --cuda-library=%colt5_build/lib/libcolt5-mock-cuda.so --cuda-device=1 --input=random --compare=reference 2>&1 | FileCheck %s --check-prefix=IDLE
// IDLE: FAIL

func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.negf ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
