// What is known about the divisors of indices.
#ifndef COLT5_DIALECT_COLT5_INTERFACES_KNOWNDIVISOR_H
#define COLT5_DIALECT_COLT5_INTERFACES_KNOWNDIVISOR_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::colt5 {

/// A number that divides `index` whenever the code runs; 0, which every number divides, for zero.
int64_t getKnownDivisor(OpFoldResult index);

/// Whether `index` is a multiple of `factor` whenever the code runs.
bool isKnownMultiple(OpFoldResult index, int64_t factor);

/// The same for a number, and a number that divides every product of a multiple of `a` and one of `b`.
int64_t getDivisorOf(int64_t value);
int64_t multiplyDivisors(int64_t a, int64_t b);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_KNOWNDIVISOR_H
