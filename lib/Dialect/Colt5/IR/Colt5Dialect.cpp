#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::colt5;

#include "colt5/Dialect/Colt5/IR/Colt5Dialect.cpp.inc"
#include "colt5/Dialect/Colt5/IR/Colt5Enums.cpp.inc"

#include "colt5/Dialect/Colt5/IR/Colt5AttrInterfaces.cpp.inc"
void Colt5Dialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "colt5/Dialect/Colt5/IR/Colt5Ops.cpp.inc"
      >();
  registerAttributes();
  registerBytecode();
}
