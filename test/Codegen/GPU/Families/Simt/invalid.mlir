// RUN: not colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads=100" --colt5-lower-simt 2>&1 | FileCheck %s --check-prefix=THREADS
// RUN: not colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads=2048" --colt5-lower-simt 2>&1 | FileCheck %s --check-prefix=MANY

// THREADS: error: colt5-set-machine: machine_c2: expected threads of sm_80 to be a power of two from 32 to 1024, an i64, found 100
// MANY: error: colt5-set-machine: machine_c2: expected threads of sm_80 to be a power of two from 32 to 1024, an i64, found 2048
func.func @f() {
  return
}
