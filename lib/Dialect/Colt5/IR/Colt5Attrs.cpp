#include "AttributeSyntax.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::colt5;

#define GET_ATTRDEF_CLASSES
#include "colt5/Dialect/Colt5/IR/Colt5Attrs.cpp.inc"

void Colt5Dialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "colt5/Dialect/Colt5/IR/Colt5Attrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// #colt5.t5_buckets
//===----------------------------------------------------------------------===//

LogicalResult T5BucketsAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t numBuckets,
                                    int64_t maxDistance, Direction direction) {
  int64_t perSign = direction == Direction::Bidirectional ? numBuckets / 2 : numBuckets;
  if ((direction == Direction::Bidirectional && numBuckets % 2 != 0) || perSign < 2 || numBuckets > 65536)
    return emitError()
           << "t5_buckets_c1: expected at least 4 buckets and an even number when bidirectional (at "
              "least 2 when causal), and at most 65536, found "
           << numBuckets;
  if (maxDistance <= perSign / 2 || maxDistance > std::numeric_limits<int32_t>::max())
    return emitError() << "t5_buckets_c2: expected a maximum distance above " << perSign / 2
                       << " that fits 32 bits, found " << maxDistance;
  return success();
}

SmallVector<int64_t> T5BucketsAttr::getThresholds() const {
  // Half of the buckets are exact; the rest divide [exact, maxDistance) evenly on a logarithmic scale. The
  // smallest distance of each bucket is found with integers only: bucket b starts at the smallest a with
  // (a / exact)^log_buckets >= (maxDistance / exact)^b.
  int64_t perSign = getDirection() == Direction::Bidirectional ? getNumBuckets() / 2 : getNumBuckets();
  int64_t exact = perSign / 2;
  int64_t logBuckets = perSign - exact;
  SmallVector<int64_t> thresholds;
  for (int64_t bucket = 1; bucket <= exact; ++bucket)
    thresholds.push_back(bucket);
  for (int64_t bucket = 1; bucket < logBuckets; ++bucket) {
    double start = exact * std::pow(double(getMaxDistance()) / exact, double(bucket) / logBuckets);
    // Powers that are integers in exact arithmetic must not fall on either side by rounding.
    double nearest = std::round(start);
    int64_t distance =
        std::abs(start - nearest) < 1e-9 * nearest ? int64_t(nearest) : int64_t(std::ceil(start));
    thresholds.push_back(std::max(distance, thresholds.back()));
  }
  return thresholds;
}

int64_t T5BucketsAttr::getBucket(int64_t relativePosition) const {
  bool bidirectional = getDirection() == Direction::Bidirectional;
  int64_t bucket = bidirectional && relativePosition > 0 ? getNumBuckets() / 2 : 0;
  int64_t distance = bidirectional ? std::abs(relativePosition) : std::max<int64_t>(-relativePosition, 0);
  for (int64_t threshold : getThresholds())
    bucket += distance >= threshold;
  return bucket;
}

//===----------------------------------------------------------------------===//
// #colt5.routing
//===----------------------------------------------------------------------===//

Attribute RoutingAttr::parse(AsmParser &parser, Type) {
  RoutingKind kind = RoutingKind::SoftTopK;
  double eps = 1.0, epsInit = 0.0, epsDecay = 1.0, kRatio = 1.0, scale = 1.0;
  int64_t iterations = 50, block = 0;
  DescentInit init = DescentInit::Zero;
  Overflow overflow = Overflow::Ones;
  Solver solver = Solver::Iterate;
  Similarity similarity = Similarity::Dot;
  Bypass bypass = Bypass::None;
  auto number = [&](double &value) {
    return [&parser, &value]() -> ParseResult { return parser.parseFloat(value); };
  };
  auto integer = [&](int64_t &value) {
    return [&parser, &value]() -> ParseResult { return parser.parseInteger(value); };
  };
  auto keyword = [&](auto &value) {
    return [&parser, &value]() -> ParseResult { return parseEnum(parser, value); };
  };
  auto parseEps = number(eps), parseEpsInit = number(epsInit), parseEpsDecay = number(epsDecay),
       parseRatio = number(kRatio), parseScale = number(scale);
  auto parseIterations = integer(iterations), parseBlock = integer(block);
  auto parseInit = keyword(init);
  auto parseOverflow = keyword(overflow);
  auto parseSolver = keyword(solver);
  auto parseSimilarity = keyword(similarity);
  auto parseBypass = keyword(bypass);
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parseEnum(parser, kind) ||
      parseParameters(parser, {{"eps", parseEps},
                               {"iterations", parseIterations},
                               {"init", parseInit},
                               {"eps_init", parseEpsInit},
                               {"eps_decay", parseEpsDecay},
                               {"overflow", parseOverflow},
                               {"solver", parseSolver},
                               {"k_ratio", parseRatio},
                               {"similarity", parseSimilarity},
                               {"scale", parseScale},
                               {"block", parseBlock},
                               {"bypass", parseBypass}}))
    return {};
  return RoutingAttr::getChecked([&] { return parser.emitError(loc); }, parser.getContext(), kind,
                                 APFloat(eps), iterations, init, APFloat(epsInit), APFloat(epsDecay),
                                 overflow, solver, APFloat(kRatio), similarity, APFloat(scale), block,
                                 bypass);
}

void RoutingAttr::print(AsmPrinter &printer) const {
  auto number = [&](StringRef name, const APFloat &value, double standard) {
    if (value.convertToDouble() == standard)
      return;
    printer << ", " << name << " = ";
    printer.printFloat(value);
  };
  auto integer = [&](StringRef name, int64_t value, int64_t standard) {
    if (value != standard)
      printer << ", " << name << " = " << value;
  };
  auto keyword = [&](StringRef name, auto value) {
    if (static_cast<uint32_t>(value) != 0)
      printer << ", " << name << " = " << stringifyEnum(value);
  };
  printer << "<" << stringifyEnum(getKind());
  number("eps", getEps(), 1.0);
  integer("iterations", getIterations(), 50);
  keyword("init", getInit());
  number("eps_init", getEpsInit(), 0.0);
  number("eps_decay", getEpsDecay(), 1.0);
  keyword("overflow", getOverflow());
  keyword("solver", getSolver());
  number("k_ratio", getKRatio(), 1.0);
  keyword("similarity", getSimilarity());
  number("scale", getScale(), 1.0);
  integer("block", getBlock(), 0);
  keyword("bypass", getBypass());
  printer << ">";
}

StringRef colt5::findDescentOption(bool hasEpsInit, double epsDecay, int64_t iterations, DescentInit init,
                                   Overflow overflow) {
  return hasEpsInit                   ? "eps_init"
         : epsDecay != 1.0            ? "eps_decay"
         : iterations != 50           ? "iterations"
         : init != DescentInit::Zero  ? "init"
         : overflow != Overflow::Ones ? "overflow"
                                      : "";
}

LogicalResult RoutingAttr::verify(function_ref<InFlightDiagnostic()> emitError, RoutingKind kind,
                                  APFloat epsAttr, int64_t iterations, DescentInit init, APFloat epsInitAttr,
                                  APFloat epsDecayAttr, Overflow overflow, Solver solver, APFloat kRatioAttr,
                                  Similarity, APFloat scaleAttr, int64_t block, Bypass) {
  double eps = epsAttr.convertToDouble(), epsInit = epsInitAttr.convertToDouble(),
         epsDecay = epsDecayAttr.convertToDouble(), kRatio = kRatioAttr.convertToDouble();
  if (!(eps > 0.0) || !std::isfinite(eps) || !(epsInit >= 0.0) || !std::isfinite(epsInit))
    return emitError()
           << "routing_c1: expected finite eps > 0 and eps_init >= 0 (0 means the same as eps), found " << eps
           << " and " << epsInit;
  if (!(epsDecay > 0.0) || epsDecay > 1.0)
    return emitError() << "routing_c2: expected 0 < eps_decay <= 1, found " << epsDecay;
  if (iterations < 1)
    return emitError() << "routing_c3: expected iterations >= 1, found " << iterations;
  if (!(kRatio > 0.0) || !std::isfinite(kRatio))
    return emitError() << "routing_c4: expected a finite k_ratio > 0, found " << kRatio;
  if (block < 0)
    return emitError() << "routing_c5: expected block >= 0 (0 means no blocks), found " << block;
  if (!scaleAttr.isFinite())
    return emitError() << "routing_c6: expected a finite scale, found " << scaleAttr.convertToDouble();
  StringRef ofDescent = findDescentOption(epsInit != 0.0, epsDecay, iterations, init, overflow);
  StringRef ofWeights = eps != 1.0                  ? "eps"
                        : kRatio != 1.0             ? "k_ratio"
                        : solver != Solver::Iterate ? "solver"
                                                    : ofDescent;
  if (kind != RoutingKind::SoftTopK && !ofWeights.empty())
    return emitError() << "routing_c7: expected no " << ofWeights << " with kind " << stringifyEnum(kind)
                       << ", which does not read it, found one; leave it out or use soft_topk";
  if (solver == Solver::Exact && !ofDescent.empty())
    return emitError() << "routing_c8: expected no " << ofDescent
                       << " with solver = exact, which does not read it, found one; leave it out";
  return success();
}

//===----------------------------------------------------------------------===//
// #colt5.tile
//===----------------------------------------------------------------------===//

LogicalResult TileMappingAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t dim) {
  if (dim < 0)
    return emitError() << "tile_c1: expected a grid dimension >= 0, found " << dim;
  return success();
}

int64_t TileMappingAttr::getMappingId() const { return getDim(); }
bool TileMappingAttr::isLinearMapping() const { return true; }
int64_t TileMappingAttr::getRelativeIndex() const { return getDim(); }
