// RUN: colt5-opt %s | FileCheck %s --check-prefixes=USED,MISSING
// USED-LABEL: func.func @f
// CHECK: never read
func.func private @f()
