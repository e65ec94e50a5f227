#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mlir::colt5;

#include "colt5/Dialect/Colt5/IR/Colt5Dialect.cpp.inc"
#include "colt5/Dialect/Colt5/IR/Colt5Enums.cpp.inc"

#include "colt5/Dialect/Colt5/IR/Colt5AttrInterfaces.cpp.inc"
#include "colt5/Dialect/Colt5/IR/Colt5OpInterfaces.cpp.inc"

namespace {
/// Every op may move to another function; regions hold scalar code without calls of their own scope.
struct Colt5InlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void Colt5Dialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "colt5/Dialect/Colt5/IR/Colt5Ops.cpp.inc"
      >();
  registerAttributes();
  registerBytecode();
  addInterfaces<Colt5InlinerInterface>();
}
