// Makes a failing program smaller.
#include "Campaign.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
namespace fuzz = mlir::colt5::fuzz;

namespace {
class Shrinker {
public:
  Shrinker(Program program, Backends backends, std::string signature, const mlir::DialectRegistry &registry,
           unsigned limit)
      : best(std::move(program)), backends(std::move(backends)), signature(std::move(signature)),
        registry(registry), limit(limit) {}

  Program run() {
    // Only what failed is run again.
    backends.keepFailing(signature);
    for (bool progress = true; progress && budget > 0;) {
      progress = dropResults();
      progress |= forEachOp([&](Program &p, fuzz::Block &block, size_t at) { return cut(p, block, at); });
      progress |= forEachOp([&](Program &p, fuzz::Block &block, size_t at) { return bypass(p, block, at); });
      progress |=
          forEachOp([&](Program &p, fuzz::Block &block, size_t at) { return inlineRegion(p, block, at); });
      progress |= forEachOperand();
      progress |= makeStatic();
      progress |= shrinkSizes();
    }
    return best;
  }

private:
  bool accept(Program candidate) {
    if (budget == 0)
      return false;
    candidate.updateSizes();
    candidate.removeDead();
    std::string text = candidate.print();
    if (text == best.print())
      return false;
    --budget;
    Verdict verdict = judgeIsolated(candidate, backends, registry, limit);
    if (verdict.kind != Verdict::Failed || verdict.signature != signature)
      return false;
    best = std::move(candidate);
    return true;
  }

  bool dropResults() {
    bool progress = false;
    for (size_t i = best.body.yields.size(); i-- > 0 && best.body.yields.size() > 1;) {
      Program candidate = best;
      candidate.body.yields.erase(candidate.body.yields.begin() + i);
      progress |= accept(std::move(candidate));
    }
    return progress;
  }

  /// Tries `change` at every op, the last ones first.
  bool forEachOp(llvm::function_ref<bool(Program &, fuzz::Block &, size_t)> change) {
    bool progress = false;
    for (size_t n = countOps(best.body); n-- > 0;) {
      Program candidate = best;
      size_t number = n;
      if (visit(candidate, candidate.body, number, change))
        progress |= accept(std::move(candidate));
      n = std::min(n, countOps(best.body));
    }
    return progress;
  }

  bool visit(Program &program, fuzz::Block &block, size_t &number,
             llvm::function_ref<bool(Program &, fuzz::Block &, size_t)> change) {
    for (size_t i = 0; i < block.ops.size(); ++i) {
      if (number-- == 0)
        return change(program, block, i);
      for (fuzz::Block &region : block.ops[i].regions) {
        size_t inside = countOps(region);
        if (number < inside)
          return visit(program, region, number, change);
        number -= inside;
      }
    }
    return false;
  }

  static void replace(fuzz::Block &block, ValueId from, ValueId to) {
    std::replace(block.yields.begin(), block.yields.end(), from, to);
    for (Op &op : block.ops) {
      std::replace(op.operands.begin(), op.operands.end(), from, to);
      for (fuzz::Block &region : op.regions)
        replace(region, from, to);
    }
  }

  /// An argument that can stand for `id`.
  static ValueId makeArgument(Program &program, ValueId id) {
    Value value = program.values[id];
    Data data;
    data.seed = 1000 + id;
    if (value.rowsOf >= 0) {
      data.kind = Data::Rows;
      data.range = value.rowsOf;
      data.unique = value.unique;
      data.sorted = value.sorted;
    } else if (value.type.element == ElementKind::I1) {
      data.kind = Data::Mask;
      data.scale = 0.7;
    } else if (!value.type.isFloat() || value.exact >= 0) {
      data.kind = Data::Integers;
      data.low = -3;
      data.high = 3;
    }
    value.data = data;
    program.values.push_back(value);
    program.body.arguments.push_back(program.values.size() - 1);
    return program.values.size() - 1;
  }

  /// Makes arguments of the results of an op.
  static bool cut(Program &program, fuzz::Block &block, size_t at) {
    Op op = block.ops[at];
    if (op.results.empty() || llvm::StringRef(op.text).starts_with("tensor.empty") ||
        llvm::StringRef(op.text).starts_with("arith.constant"))
      return false;
    if (llvm::any_of(op.results, [&](ValueId id) { return program.values[id].type.isIndex; }))
      return false;
    block.ops.erase(block.ops.begin() + at);
    for (ValueId id : op.results)
      replace(program.body, id, makeArgument(program, id));
    return true;
  }

  /// Puts an operand of the same type in the place of the only result.
  static bool bypass(Program &program, fuzz::Block &block, size_t at) {
    Op op = block.ops[at];
    if (op.results.size() != 1)
      return false;
    auto sameType = [&](ValueId id) {
      return program.printType(program.values[id].type) ==
             program.printType(program.values[op.results[0]].type);
    };
    auto found =
        llvm::find_if(op.operands, [&](ValueId id) { return sameType(id) && !isEmpty(program.body, id); });
    if (found == op.operands.end())
      return false;
    ValueId id = *found;
    block.ops.erase(block.ops.begin() + at);
    replace(program.body, op.results[0], id);
    return true;
  }

  /// Puts the content of a branch or of a loop's body in the place of the op.
  static bool inlineRegion(Program &program, fuzz::Block &block, size_t at) {
    Op op = block.ops[at];
    if (op.regions.empty() || op.regions[0].yields.size() != op.results.size() ||
        op.regions[0].terminator != "scf.yield")
      return false;
    fuzz::Block region = op.regions[0];
    size_t skipped = region.arguments.size() - (region.arguments.empty() ? 0 : op.results.size());
    for (size_t i = skipped; i < region.arguments.size(); ++i) {
      size_t operand = op.operands.size() - op.results.size() + i - skipped;
      replace(region, region.arguments[i], op.operands[operand]);
    }
    block.ops.erase(block.ops.begin() + at);
    block.ops.insert(block.ops.begin() + at, region.ops.begin(), region.ops.end());
    for (auto [result, yielded] : llvm::zip_equal(op.results, region.yields))
      replace(program.body, result, yielded);
    return true;
  }

  /// Makes arguments, or empty tensors, of single operands.
  bool forEachOperand() {
    bool progress = false;
    for (size_t n = countOps(best.body); n-- > 0;) {
      for (size_t operand = 0; operand < 8; ++operand)
        for (bool asEmpty : {true, false}) {
          Program candidate = best;
          size_t number = n;
          bool changed =
              visit(candidate, candidate.body, number, [&](Program &program, fuzz::Block &block, size_t at) {
                Op &op = block.ops[at];
                if (operand >= op.operands.size())
                  return false;
                ValueId old = op.operands[operand];
                const ValueType &type = program.values[old].type;
                if (!type.isTensor || llvm::is_contained(program.body.arguments, old) ||
                    isEmpty(program.body, old))
                  return false;
                if (!asEmpty) {
                  op.operands[operand] = makeArgument(program, old);
                  return true;
                }
                if (llvm::is_contained(type.dynamic, true) || !isOnlyWritten(op, operand))
                  return false;
                program.values.push_back(program.values[old]);
                ValueId id = program.values.size() - 1;
                op.operands[operand] = id;
                Op empty;
                empty.text = "tensor.empty() : @0";
                empty.results = {id};
                block.ops.insert(block.ops.begin() + at, empty);
                return true;
              });
          if (changed && accept(std::move(candidate)))
            progress = true;
        }
      n = std::min(n, countOps(best.body));
    }
    return progress;
  }

  /// Whether an operand is one of `outs` whose content the op does not read.
  static bool isOnlyWritten(const Op &op, size_t operand) {
    llvm::StringRef text(op.text);
    auto [head, outs] = text.split(" outs(");
    std::string name = "$" + std::to_string(operand);
    if (!outs.split(" : ").first.contains(name) || head.contains(name))
      return false;
    for (llvm::StringRef reader : {"mat", "dot", "vec", "contract", "batch", "reduce"})
      if (text.starts_with(("linalg." + reader).str()))
        return false;
    if (text.starts_with("colt5.scatter") || text.starts_with("colt5.online"))
      return false;
    // In a generic its scalar has the number of the operand, once as an argument.
    std::string scalar = "%s" + std::to_string(operand);
    return !text.starts_with("linalg.generic") || text.count(scalar) == 1;
  }

  static bool isEmpty(const fuzz::Block &block, ValueId id) {
    return llvm::any_of(block.ops, [&](const Op &op) {
      return (llvm::is_contained(op.results, id) && llvm::StringRef(op.text).starts_with("tensor.empty")) ||
             llvm::any_of(op.regions, [&](const fuzz::Block &region) { return isEmpty(region, id); });
    });
  }

  /// Shows sizes in types: all of them, or those of one dimension.
  bool makeStatic() {
    bool progress = false;
    for (Size size = -1; size < static_cast<Size>(best.sizes.size()); ++size) {
      Program candidate = best;
      for (Value &value : candidate.values)
        for (auto [dim, dynamic] : llvm::zip_equal(value.type.dims, value.type.dynamic))
          if (size < 0 || dim == size)
            dynamic = false;
      dropSizeOperands(candidate, candidate.body);
      progress |= accept(std::move(candidate));
    }
    return progress;
  }

  /// tensor.empty has an operand per dynamic dimension; others that count them are left to be refused.
  static void dropSizeOperands(Program &program, fuzz::Block &block) {
    for (Op &op : block.ops) {
      for (fuzz::Block &region : op.regions)
        dropSizeOperands(program, region);
      if (!llvm::StringRef(op.text).starts_with("tensor.empty("))
        continue;
      if (llvm::is_contained(program.values[op.results[0]].type.dynamic, true))
        continue;
      op.text = "tensor.empty() : @0";
      op.operands.clear();
    }
  }

  bool shrinkSizes() {
    bool progress = false;
    for (size_t i = 0; i < best.sizes.size(); ++i) {
      if (best.sizes[i].how != SizeRule::Free && best.sizes[i].how != SizeRule::Fixed)
        continue;
      for (int64_t value : {int64_t(1), int64_t(2), int64_t(3), int64_t(4), best.sizes[i].value / 2}) {
        if (value >= best.sizes[i].value)
          continue;
        Program candidate = best;
        candidate.sizes[i].value = value;
        if (accept(std::move(candidate))) {
          progress = true;
          break;
        }
      }
    }
    return progress;
  }

  Program best;
  Backends backends;
  std::string signature;
  const mlir::DialectRegistry &registry;
  unsigned limit, budget = 300;
};
} // namespace

Program fuzz::shrink(Program program, const Backends &backends, const std::string &signature,
                     const mlir::DialectRegistry &registry, unsigned limit) {
  return Shrinker(std::move(program), backends, signature, registry, limit).run();
}
