// RUN: not colt5-opt %s --pass-pipeline='builtin.module(colt5-infer-sizes,colt5-specialize-sizes{sizes=m=8})' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: no public function has a size named 'm'; expected one of: d, n
// RUN: not colt5-opt %s --pass-pipeline='builtin.module(colt5-infer-sizes,colt5-specialize-sizes{sizes=n=-8})' 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: error: option 'sizes' expects NAME=SIZE with a size of 0 or more, found 'n=-8'
// RUN: not colt5-opt %s --pass-pipeline='builtin.module(colt5-infer-sizes,colt5-specialize-sizes{sizes=n})' 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: error: option 'sizes' expects NAME=SIZE with a size of 0 or more, found 'n'
// RUN: not colt5-opt %s --pass-pipeline='builtin.module(colt5-infer-sizes,colt5-specialize-sizes{sizes=n=8,n=9})' 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: option 'sizes' has 'n' twice
// RUN: sed 's/?/8/g; s/{[^}]*}//' %s | not colt5-opt - --pass-pipeline='builtin.module(colt5-infer-sizes,colt5-specialize-sizes{sizes=n=8})' 2>&1 | FileCheck %s --check-prefix=STATIC
// STATIC: error: no public function has a size named 'n'; all sizes are static
// RUN: not colt5-compile %s --static-shapes=rows=8 -o %t 2>&1 | FileCheck %s --check-prefix=TOOL
// TOOL: error: no public function has a size named 'rows'; expected one of: d, n

func.func @f(%x: tensor<?x?xf32> {colt5.sizes = ["n", "d"]}) -> tensor<?x?xf32> {
  %r = linalg.add ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>) outs(%x : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
