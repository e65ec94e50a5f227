#ifndef COLT5_STAGES_INPUT_PASSES_H
#define COLT5_STAGES_INPUT_PASSES_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Stages/Input/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "colt5/Stages/Input/Passes.h.inc"

} // namespace mlir::colt5

#endif // COLT5_STAGES_INPUT_PASSES_H
