#ifndef COLT5_LIB_REFERENCE_COMPOSITEHELPERS_H
#define COLT5_LIB_REFERENCE_COMPOSITEHELPERS_H

#include "Contraction.h"
#include "colt5/Reference/Composites.h"

namespace mlir::colt5::reference {

/// a [rows..., K] times b [K, columns...]: [rows..., columns...] of the statistics kind.
Tensor matmul(const Tensor &a, const Tensor &b, const CompositeContext &context);

/// Declares the elements as `kind`, rounded when the run rounds.
void declareAs(Tensor &tensor, ElementKind kind, const CompositeContext &context);

/// A router's selection and its weights, BxK.
struct Routed {
  Tensor indices, valid, weights;
};

/// Runs one router (1xD) over x; nothing when a hook stopped it.
std::optional<Routed> route(const char *name, const Tensor &x, const Tensor *mask, const Tensor &router,
                            int64_t k, const RouterOptions &options, CompositeContext &context);

/// Rows of x BxNxD whose mask is 0 become 0.
void clearMaskedRows(Tensor &x, const Tensor *mask);

/// base + scatter(w * heavy); reports the parts "light" and "heavy".
Tensor combineBranches(Tensor base, const Tensor &heavy, const Routed &routed, bool weighted,
                       CompositeContext &context);

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_COMPOSITEHELPERS_H
