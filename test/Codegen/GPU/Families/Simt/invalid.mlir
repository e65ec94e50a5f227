// RUN: not colt5-opt %s --colt5-lower-simt="threads=100" 2>&1 | FileCheck %s --check-prefix=THREADS
// RUN: not colt5-opt %s --colt5-lower-simt="threads=2048" 2>&1 | FileCheck %s --check-prefix=MANY

// THREADS: error: expected threads for colt5-lower-simt to be a multiple of 32 up to 1024, found 100
// MANY: error: expected threads for colt5-lower-simt to be a multiple of 32 up to 1024, found 2048
func.func @f() {
  return
}
