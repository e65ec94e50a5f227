#include "Contraction.h"
#include "InterpreterImpl.h"
#include "Strided.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

namespace {
/// out[o] += in[a] * in[b], the numbers of the operands.
struct Product {
  unsigned a, b, out;
  bool roundsInSixteenBits;
};

/// The loops of one product by the operands they address.
struct Roles {
  SmallVector<int64_t> batch, rows, columns, sum;
};
} // namespace

/// The block argument behind a value, through extensions.
static BlockArgument getArgument(Value value, Block *block) {
  while (auto ext = value.getDefiningOp<arith::ExtFOp>())
    value = ext.getIn();
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == block ? argument : BlockArgument();
}

static std::optional<Product> matchProduct(Block *block, Value yielded, unsigned out, unsigned numInputs) {
  auto add = yielded.getDefiningOp<arith::AddFOp>();
  if (!add)
    return std::nullopt;
  for (auto [sum, term] : {std::pair(add.getLhs(), add.getRhs()), std::pair(add.getRhs(), add.getLhs())}) {
    auto mul = term.getDefiningOp<arith::MulFOp>();
    if (sum != block->getArgument(out) || !mul)
      continue;
    BlockArgument a = getArgument(mul.getLhs(), block), b = getArgument(mul.getRhs(), block);
    if (a && b && a.getArgNumber() < numInputs && b.getArgNumber() < numInputs)
      return Product{a.getArgNumber(), b.getArgNumber(), out, mul.getType().getIntOrFloatBitWidth() < 32};
  }
  return std::nullopt;
}

static std::optional<Roles> getRoles(linalg::LinalgOp op, const Product &product) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  AffineMap a = maps[product.a], b = maps[product.b], out = maps[product.out];
  for (AffineMap map : {a, b, out})
    if (!map.isProjectedPermutation())
      return std::nullopt;
  Roles roles;
  for (unsigned d = 0; d < op.getNumLoops(); ++d) {
    bool inA = a.isFunctionOfDim(d), inB = b.isFunctionOfDim(d), inOut = out.isFunctionOfDim(d);
    if (inA && inB && inOut)
      roles.batch.push_back(d);
    else if (inA && inOut)
      roles.rows.push_back(d);
    else if (inB && inOut)
      roles.columns.push_back(d);
    else if (inA && inB)
      roles.sum.push_back(d);
    else
      return std::nullopt;
  }
  return roles;
}

/// Strides of the operand along the given loops.
static SmallVector<int64_t> loopStrides(AffineMap map, const Tensor &tensor, ArrayRef<int64_t> loops) {
  SmallVector<int64_t> strides = getStrides(tensor.getShape()), result;
  for (int64_t loop : loops)
    result.push_back(strides[*map.getResultPosition(getAffineDimExpr(loop, map.getContext()))]);
  return result;
}

bool mlir::colt5::reference::tryContraction(linalg::LinalgOp op, LinalgOperands &operands,
                                            const ReferenceOptions &options) {
  int64_t total = 1;
  for (int64_t bound : operands.bounds)
    total *= bound;
  if (total < (1 << 12))
    return false;
  Block *block = op.getBlock();
  unsigned numInputs = op.getNumDpsInputs();
  bool declared = options.precision == ReferencePrecision::Declared;
  SmallVector<std::pair<Product, Roles>, 2> products;
  for (auto [i, yielded] : llvm::enumerate(block->getTerminator()->getOperands())) {
    std::optional<Product> product = matchProduct(block, yielded, numInputs + i, numInputs);
    std::optional<Roles> roles = product ? getRoles(op, *product) : std::nullopt;
    if (!roles)
      return false;
    // Products that the body rounds to 16 bits: literal evaluation does that.
    if (declared && product->roundsInSixteenBits && !accumulatesInF32(op))
      return false;
    products.emplace_back(*product, *roles);
  }

  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (const auto &entry : products) {
    const Product &product = entry.first;
    const Roles &roles = entry.second;
    auto extent = [&](ArrayRef<int64_t> loops) {
      int64_t count = 1;
      for (int64_t loop : loops)
        count *= operands.bounds[loop];
      return count;
    };
    // Copies an operand to [batch][first][second] order, or back.
    auto arrange = [&](unsigned operand, ArrayRef<int64_t> first, ArrayRef<int64_t> second) {
      const Tensor &tensor = operands.tensors[operand];
      SmallVector<int64_t> loops(roles.batch);
      llvm::append_range(loops, first);
      llvm::append_range(loops, second);
      SmallVector<int64_t> strides = loopStrides(maps[operand], tensor, loops), sizes;
      for (int64_t loop : loops)
        sizes.push_back(operands.bounds[loop]);
      if (llvm::ArrayRef<int64_t>(strides) == llvm::ArrayRef<int64_t>(getStrides(sizes)))
        return tensor;
      Tensor packed(Tensor::Shape(sizes.begin(), sizes.end()), tensor.getKind());
      copyBox(tensor, 0, strides, packed, 0, getStrides(sizes), sizes);
      return packed;
    };
    int64_t batch = extent(roles.batch), m = extent(roles.rows), n = extent(roles.columns),
            k = extent(roles.sum);
    Tensor a = arrange(product.a, roles.rows, roles.sum), b = arrange(product.b, roles.sum, roles.columns);
    Tensor &out = operands.tensors[product.out];
    Tensor c = arrange(product.out, roles.rows, roles.columns);
    SmallVector<int64_t> loops(roles.batch);
    llvm::append_range(loops, roles.rows);
    llvm::append_range(loops, roles.columns);
    SmallVector<int64_t> strides = loopStrides(maps[product.out], out, loops), sizes;
    for (int64_t loop : loops)
      sizes.push_back(operands.bounds[loop]);
    bool inPlace = c.floats() == out.floats();
    if (inPlace)
      out = Tensor();
    double *data = c.mutableFloats();
    bool inF32 = declared && c.getKind() != ElementKind::F64;
    for (int64_t i = 0; i < batch; ++i)
      contract(a.floats() + i * m * k, b.floats() + i * k * n, data + i * m * n, m, n, k,
               inF32 ? Accumulate::F32 : Accumulate::F64, options.threads);
    if (inPlace)
      out = std::move(c);
    else
      copyBox(c, 0, getStrides(sizes), out, 0, strides, sizes);
  }
  return true;
}
