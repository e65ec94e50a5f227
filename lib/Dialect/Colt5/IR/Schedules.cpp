// #colt5.plan and the schedules of the families in the tree.
#include "AttributeSyntax.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// What schedules have in common
//===----------------------------------------------------------------------===//

ParseResult colt5::parseTileSizes(AsmParser &parser, SmallVector<int64_t> &tile) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                        [&] { return parser.parseInteger(tile.emplace_back()); });
}

void colt5::printTileSizes(AsmPrinter &printer, ArrayRef<int64_t> tile) {
  printer << "[";
  llvm::interleaveComma(tile, printer);
  printer << "]";
}

static LogicalResult verifyTile(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> tile) {
  for (int64_t size : tile)
    if (size < 0)
      return emitError() << "schedule_c1: expected tile sizes >= 0 (0 means not tiled), found " << size;
  return success();
}

static LogicalResult verifyNumber(function_ref<InFlightDiagnostic()> emitError, const ScheduleNumber &number,
                                  int64_t value) {
  bool isInRange = value >= number.min && value <= number.max && value % number.multiple == 0 &&
                   (!number.isPowerOfTwo || llvm::isPowerOf2_64(value));
  if (value == 0 || isInRange)
    return success();
  InFlightDiagnostic diag = emitError() << "schedule_c1: expected " << number.name << " to be ";
  if (number.isPowerOfTwo)
    diag << "a power of two ";
  else if (number.multiple > 1)
    diag << "a multiple of " << number.multiple << " ";
  return diag << "from " << number.min << " to " << number.max << ", found " << value;
}

static LogicalResult verifySchedule(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> tile,
                                    ArrayRef<ScheduleNumber> numbers, ArrayRef<int64_t> values) {
  if (failed(verifyTile(emitError, tile)))
    return failure();
  for (auto [number, value] : llvm::zip_equal(numbers, values))
    if (failed(verifyNumber(emitError, number, value)))
      return failure();
  return success();
}

/// `<tile = [...], threads = 256>`; what is 0 is left out, and so are brackets around nothing.
template <typename AttrT> static Attribute parseSchedule(AsmParser &parser) {
  SmallVector<int64_t> tile, values(AttrT::getNumbers().size(), 0);
  SmallVector<AttributeParameter> parameters{
      {"tile", [&]() -> ParseResult { return parseTileSizes(parser, tile); }}};
  for (auto [number, value] : llvm::zip_equal(AttrT::getNumbers(), values))
    parameters.push_back(
        {number.name, [&parser, &value = value]() -> ParseResult { return parser.parseInteger(value); }});
  SMLoc loc = parser.getCurrentLocation();
  if (failed(parser.parseOptionalLess()) || succeeded(parser.parseOptionalGreater()))
    return AttrT::fromValues(parser.getContext(), {}, values);
  if (parseParameters(parser, parameters, /*isFirst=*/true))
    return {};
  auto emitError = [&] { return parser.emitError(loc); };
  if (failed(verifySchedule(emitError, tile, AttrT::getNumbers(), values)))
    return {};
  return AttrT::fromValues(parser.getContext(), tile, values);
}

template <typename AttrT> static void printSchedule(AttrT schedule, AsmPrinter &printer) {
  bool isEmpty = true;
  auto begin = [&] {
    printer << (isEmpty ? "<" : ", ");
    isEmpty = false;
  };
  if (!schedule.getTile().empty()) {
    begin();
    printer << "tile = ";
    printTileSizes(printer, schedule.getTile());
  }
  for (auto [number, value] : llvm::zip_equal(AttrT::getNumbers(), schedule.getValues())) {
    if (value == 0)
      continue;
    begin();
    printer << number.name << " = " << value;
  }
  if (!isEmpty)
    printer << ">";
}

//===----------------------------------------------------------------------===//
// #colt5.loops
//===----------------------------------------------------------------------===//

ArrayRef<ScheduleNumber> LoopsScheduleAttr::getNumbers() {
  static constexpr ScheduleNumber numbers[] = {{"block_rows", 1, 1 << 16}, {"block_columns", 1, 1 << 16},
                                               {"block_k", 4, 1 << 16, 4}, {"query_block", 1, 1 << 12},
                                               {"key_block", 1, 256},      {"head_chunk", 1, 256}};
  return numbers;
}

SmallVector<int64_t> LoopsScheduleAttr::getValues() const {
  return {getBlockRows(), getBlockColumns(), getBlockK(), getQueryBlock(), getKeyBlock(), getHeadChunk()};
}

LoopsScheduleAttr LoopsScheduleAttr::fromValues(MLIRContext *context, ArrayRef<int64_t> tile,
                                                ArrayRef<int64_t> v) {
  return get(context, tile, v[0], v[1], v[2], v[3], v[4], v[5]);
}

LogicalResult LoopsScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> tile,
                                        int64_t blockRows, int64_t blockColumns, int64_t blockK,
                                        int64_t queryBlock, int64_t keyBlock, int64_t headChunk) {
  return verifySchedule(emitError, tile, getNumbers(),
                        {blockRows, blockColumns, blockK, queryBlock, keyBlock, headChunk});
}

//===----------------------------------------------------------------------===//
// #colt5.simt
//===----------------------------------------------------------------------===//

ArrayRef<ScheduleNumber> SimtScheduleAttr::getNumbers() {
  static constexpr ScheduleNumber numbers[] = {
      {"threads", 32, 1024, 1, true}, {"block_rows", 4, 128, 1, true}, {"block_columns", 4, 128, 1, true},
      {"block_k", 8, 64, 1, true},    {"query_block", 1, 256},         {"key_block", 16, 64, 16},
      {"head_chunk", 16, 256, 16}};
  return numbers;
}

SmallVector<int64_t> SimtScheduleAttr::getValues() const {
  return {getThreads(),    getBlockRows(), getBlockColumns(), getBlockK(),
          getQueryBlock(), getKeyBlock(),  getHeadChunk()};
}

SimtScheduleAttr SimtScheduleAttr::fromValues(MLIRContext *context, ArrayRef<int64_t> tile,
                                              ArrayRef<int64_t> v) {
  return get(context, tile, v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
}

LogicalResult SimtScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> tile,
                                       int64_t threads, int64_t blockRows, int64_t blockColumns,
                                       int64_t blockK, int64_t queryBlock, int64_t keyBlock,
                                       int64_t headChunk) {
  return verifySchedule(emitError, tile, getNumbers(),
                        {threads, blockRows, blockColumns, blockK, queryBlock, keyBlock, headChunk});
}

//===----------------------------------------------------------------------===//
// #colt5.mma_sync
//===----------------------------------------------------------------------===//

ArrayRef<ScheduleNumber> MmaSyncScheduleAttr::getNumbers() {
  static constexpr ScheduleNumber numbers[] = {
      {"block_rows", 16, 256, 1, true}, {"block_columns", 16, 256, 1, true}, {"block_k", 16, 64, 1, true},
      {"warp_rows", 16, 128, 1, true},  {"warp_columns", 16, 128, 1, true},  {"stages", 2, 8}};
  return numbers;
}

SmallVector<int64_t> MmaSyncScheduleAttr::getValues() const {
  return {getBlockRows(), getBlockColumns(), getBlockK(), getWarpRows(), getWarpColumns(), getStages()};
}

MmaSyncScheduleAttr MmaSyncScheduleAttr::fromValues(MLIRContext *context, ArrayRef<int64_t> tile,
                                                    ArrayRef<int64_t> v) {
  return get(context, tile, v[0], v[1], v[2], v[3], v[4], v[5]);
}

LogicalResult MmaSyncScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                          ArrayRef<int64_t> tile, int64_t blockRows, int64_t blockColumns,
                                          int64_t blockK, int64_t warpRows, int64_t warpColumns,
                                          int64_t stages) {
  return verifySchedule(emitError, tile, getNumbers(),
                        {blockRows, blockColumns, blockK, warpRows, warpColumns, stages});
}

//===----------------------------------------------------------------------===//
// #colt5.select
//===----------------------------------------------------------------------===//

ArrayRef<ScheduleNumber> SelectScheduleAttr::getNumbers() {
  static constexpr ScheduleNumber numbers[] = {{"threads", 32, 1024, 1, true}};
  return numbers;
}

SmallVector<int64_t> SelectScheduleAttr::getValues() const { return {getThreads()}; }

SelectScheduleAttr SelectScheduleAttr::fromValues(MLIRContext *context, ArrayRef<int64_t> tile,
                                                  ArrayRef<int64_t> v) {
  return get(context, tile, v[0]);
}

LogicalResult SelectScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> tile,
                                         int64_t threads) {
  return verifySchedule(emitError, tile, getNumbers(), {threads});
}

#define COLT5_SCHEDULE(AttrT)                                                                                \
  Attribute AttrT::parse(AsmParser &parser, Type) { return parseSchedule<AttrT>(parser); }                   \
  void AttrT::print(AsmPrinter &printer) const { printSchedule(*this, printer); }                            \
  ScheduleAttrInterface AttrT::withTile(ArrayRef<int64_t> tile) const {                                      \
    return fromValues(getContext(), tile, getValues());                                                      \
  }
COLT5_SCHEDULE(LoopsScheduleAttr)
COLT5_SCHEDULE(SimtScheduleAttr)
COLT5_SCHEDULE(MmaSyncScheduleAttr)
COLT5_SCHEDULE(SelectScheduleAttr)
#undef COLT5_SCHEDULE

//===----------------------------------------------------------------------===//
// #colt5.tiles
//===----------------------------------------------------------------------===//

LogicalResult TilesScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                        ArrayRef<int64_t> tile) {
  return verifyTile(emitError, tile);
}

ScheduleAttrInterface TilesScheduleAttr::withTile(ArrayRef<int64_t> tile) const {
  return get(getContext(), tile);
}

//===----------------------------------------------------------------------===//
// #colt5.plan
//===----------------------------------------------------------------------===//

Attribute PlanAttr::parse(AsmParser &parser, Type) {
  int64_t kernel = 0;
  KernelRole role = KernelRole::Root;
  ScheduleAttrInterface schedule;
  StringAttr reason;
  auto parseRole = [&]() -> ParseResult { return parseEnum(parser, role); };
  auto parseScheduleAttr = [&]() -> ParseResult {
    Attribute attr;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseAttribute(attr))
      return failure();
    schedule = dyn_cast<ScheduleAttrInterface>(attr);
    if (schedule)
      return success();
    return parser.emitError(loc) << "expected a schedule such as #colt5.tiles<[8, 0]>, found " << attr;
  };
  auto parseReason = [&]() -> ParseResult { return parser.parseAttribute(reason); };
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword("kernel") || parser.parseEqual() ||
      parser.parseInteger(kernel) ||
      parseParameters(parser,
                      {{"role", parseRole}, {"schedule", parseScheduleAttr}, {"reason", parseReason}}))
    return {};
  return PlanAttr::getChecked([&] { return parser.emitError(loc); }, parser.getContext(), kernel, role,
                              schedule, reason);
}

void PlanAttr::print(AsmPrinter &printer) const {
  printer << "<kernel = " << getKernel() << ", role = " << stringifyEnum(getRole());
  if (getSchedule())
    printer << ", schedule = " << getSchedule();
  if (getReason())
    printer << ", reason = " << getReason();
  printer << ">";
}

LogicalResult PlanAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t kernel, KernelRole role,
                               ScheduleAttrInterface schedule, StringAttr) {
  if (kernel < 0 || kernel > INT32_MAX)
    return emitError() << "plan_c1: expected a kernel number in [0, 2^31), found " << kernel;
  if (schedule && role == KernelRole::Fused)
    return emitError() << "plan_c2: expected the schedule in the plan of the root of kernel " << kernel
                       << " only, found " << schedule << " with role = fused";
  return success();
}
