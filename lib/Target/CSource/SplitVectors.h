// Vectors that fit the machine.
#ifndef COLT5_LIB_TARGET_CSOURCE_SPLITVECTORS_H
#define COLT5_LIB_TARGET_CSOURCE_SPLITVECTORS_H

namespace llvm {
class Function;
} // namespace llvm

namespace mlir::colt5 {

/// Splits what computes vectors of more than `bits` bits lane by lane into parts of at most `bits` bits, as the back-end
/// of LLVM would. Every lane is computed as before.
void splitVectors(llvm::Function &function, unsigned bits);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_CSOURCE_SPLITVECTORS_H
