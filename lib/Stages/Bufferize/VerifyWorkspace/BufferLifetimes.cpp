#include "BufferLifetimes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// Begin and end of every op in the order of the program; what is inside an op lies between.
using Positions = llvm::DenseMap<Operation *, std::pair<int64_t, int64_t>>;

void number(Region &region, Positions &positions, int64_t &next) {
  for (Block &block : region)
    for (Operation &op : block) {
      int64_t begin = next++;
      for (Region &inner : op.getRegions())
        number(inner, positions, next);
      positions[&op] = {begin, next++};
    }
}

/// Ops that read or write a buffer, through whatever name.
class Accesses {
public:
  explicit Accesses(Value buffer) { follow(buffer); }
  SmallVector<Operation *> ops;

private:
  void follow(Value value) {
    if (!isa<BaseMemRefType>(value.getType()) || !seen.insert(value).second)
      return;
    for (OpOperand &use : value.getUses())
      follow(use);
  }

  void follow(OpOperand &use) {
    Operation *user = use.getOwner();
    unsigned number = use.getOperandNumber();
    if (isa<ViewLikeOpInterface, arith::SelectOp>(user)) {
      for (Value result : user->getResults())
        follow(result);
    } else if (auto loop = dyn_cast<scf::ForOp>(user)) {
      follow(loop.getTiedLoopRegionIterArg(&use));
      follow(loop.getTiedLoopResult(&use));
    } else if (auto loop = dyn_cast<scf::WhileOp>(user)) {
      follow(loop.getBeforeArguments()[number]);
    } else if (auto condition = dyn_cast<scf::ConditionOp>(user)) {
      auto loop = cast<scf::WhileOp>(user->getParentOp());
      follow(loop.getAfterArguments()[number - 1]);
      follow(loop.getResult(number - 1));
    } else if (isa<scf::YieldOp>(user)) {
      Operation *parent = user->getParentOp();
      if (auto loop = dyn_cast<scf::ForOp>(parent))
        follow(loop.getRegionIterArgs()[number]);
      if (auto loop = dyn_cast<scf::WhileOp>(parent))
        follow(loop.getBeforeArguments()[number]);
      else
        follow(parent->getResult(number));
    } else {
      ops.push_back(user);
    }
  }

  llvm::DenseSet<Value> seen;
};

/// The memory behind a view, and the outermost kernel around it.
Value getMemory(memref::ViewOp view) {
  Value source = view.getSource();
  while (Operation *def = source.getDefiningOp()) {
    if (!isa<ViewLikeOpInterface>(def))
      break;
    source = def->getOperand(0);
  }
  return source;
}

Operation *getKernel(Operation *op) {
  Operation *kernel = nullptr;
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp())
    if (isa<scf::ForallOp>(parent))
      kernel = parent;
  return kernel;
}

} // namespace

SmallVector<PlannedBuffer> colt5::findPlannedBuffers(func::FuncOp func) {
  Positions positions;
  int64_t next = 0;
  number(func.getBody(), positions, next);
  SmallVector<PlannedBuffer> buffers;
  func.walk([&](memref::ViewOp view) {
    PlannedBuffer buffer{view, getMemory(view), getKernel(view), next, -1};
    for (Operation *op : Accesses(view).ops) {
      auto [begin, end] = positions.lookup(op);
      // In a loop around the use, but not around the buffer, the next iteration finds what this one left.
      for (Operation *parent = op->getParentOp(); parent && !parent->isAncestor(view);
           parent = parent->getParentOp())
        if (isa<LoopLikeOpInterface>(parent))
          std::tie(begin, end) = positions.lookup(parent);
      buffer.begin = std::min(buffer.begin, begin);
      buffer.end = std::max(buffer.end, end);
    }
    if (buffer.end >= 0)
      buffers.push_back(buffer);
  });
  return buffers;
}
