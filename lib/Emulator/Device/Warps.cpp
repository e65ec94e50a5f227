// What the lanes of a warp do together.
#include "Runtime.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static bool isMatrixOp(uint32_t kind) { return kind >= LdMatrix; }
static bool isShuffle(uint32_t kind) { return kind >= ShflBfly && kind <= ShflIdx; }

static std::string hex(uint32_t mask) { return "0x" + llvm::utohexstr(mask, /*LowerCase=*/true); }

/// Lane that `lane` reads from, and whether the instruction calls that valid.
static std::pair<uint32_t, bool> shuffleSource(uint32_t kind, uint32_t lane, uint32_t operand,
                                               uint32_t maskAndClamp) {
  uint32_t clamp = maskAndClamp & 31, segment = maskAndClamp >> 8 & 31;
  uint32_t last = (lane & segment) | (clamp & ~segment), first = lane & segment;
  operand &= 31;
  int32_t source;
  bool valid;
  switch (kind) {
  case ShflUp:
    source = int32_t(lane) - int32_t(operand);
    valid = source >= int32_t(last);
    break;
  case ShflDown:
    source = lane + operand;
    valid = source <= int32_t(last);
    break;
  case ShflBfly:
    source = lane ^ operand;
    valid = source <= int32_t(last);
    break;
  default:
    source = first | (operand & ~segment);
    valid = source <= int32_t(last);
  }
  return {valid ? source : lane, valid};
}

static uint32_t reduce(uint32_t kind, uint32_t a, uint32_t b) {
  switch (kind) {
  case ReduxAdd:
    return a + b;
  case ReduxUMin:
    return std::min(a, b);
  case ReduxUMax:
    return std::max(a, b);
  case ReduxMin:
    return std::min(int32_t(a), int32_t(b));
  case ReduxMax:
    return std::max(int32_t(a), int32_t(b));
  case ReduxAnd:
    return a & b;
  case ReduxOr:
    return a | b;
  default:
    return a ^ b;
  }
}

/// Runs the operation for the lanes that arrived. Returns what is wrong, or nothing.
static std::string execute(Meeting &meeting) {
  SmallVector<uint32_t, 32> lanes;
  for (uint32_t lane = 0; lane < 32; ++lane)
    if (meeting.arrived >> lane & 1)
      lanes.push_back(lane);
  auto in = [&](uint32_t lane, unsigned i = 0) { return meeting.values[lane][i]; };
  std::array<std::array<uint64_t, 2>, 32> out;
  uint32_t kind = meeting.kind;
  if (isMatrixOp(kind)) {
    if (meeting.arrived != ~0u)
      return "needs all 32 lanes of the warp; those that came are " + hex(meeting.arrived);
    executeMatrixOp(meeting);
    return "";
  }
  if (isShuffle(kind)) {
    for (uint32_t lane : lanes) {
      auto [source, valid] = shuffleSource(kind, lane, in(lane, 1), in(lane, 2));
      if (!(meeting.arrived >> source & 1))
        return "lane " + std::to_string(lane) + " reads lane " + std::to_string(source) +
               ", which does not take part; those that do are " + hex(meeting.arrived);
      out[lane] = {in(source), valid};
    }
  } else if (kind >= VoteAny && kind <= VoteUni) {
    uint32_t ballot = 0;
    for (uint32_t lane : lanes)
      ballot |= uint32_t(in(lane) & 1) << lane;
    uint32_t result = kind == VoteBallot ? ballot
                      : kind == VoteAny  ? ballot != 0
                      : kind == VoteAll  ? ballot == meeting.arrived
                                         : ballot == 0 || ballot == meeting.arrived;
    for (uint32_t lane : lanes)
      out[lane][0] = result;
  } else if (kind == MatchAny || kind == MatchAll) {
    for (uint32_t lane : lanes) {
      uint32_t same = 0;
      for (uint32_t other : lanes)
        same |= uint32_t(in(other) == in(lane)) << other;
      bool all = same == meeting.arrived;
      out[lane] = {kind == MatchAny || all ? same : 0, all};
    }
  } else if (kind >= ReduxAdd && kind <= ReduxXor) {
    uint32_t result = in(lanes[0]);
    for (uint32_t lane : ArrayRef(lanes).drop_front())
      result = reduce(kind, result, in(lane));
    for (uint32_t lane : lanes)
      out[lane][0] = result;
  } else if (kind == Elect) {
    for (uint32_t lane : lanes)
      out[lane][0] = lane == lanes[0];
  } else {
    // bar.warp.sync: what the lanes did before is ordered before what they do now.
    Join join;
    for (uint32_t lane : lanes)
      join.add(*meeting.threads[lane]);
    for (uint32_t lane : lanes) {
      // It holds what the lane knew, too.
      meeting.threads[lane]->known = join.get();
      meeting.threads[lane]->tick();
    }
    return "";
  }
  for (uint32_t lane : lanes)
    std::copy(out[lane].begin(), out[lane].end(), meeting.values[lane]);
  return "";
}

void emulator::checkMeetings(Cta &block, Warp &warp) {
  for (size_t i = 0; i < warp.meetings.size(); ++i) {
    Meeting &meeting = *warp.meetings[i];
    if (meeting.arrived != (meeting.mask & ~warp.exited))
      continue;
    uint32_t first = llvm::countr_zero(meeting.arrived);
    std::string error = execute(meeting);
    if (!error.empty())
      return record(*meeting.threads[first], EmulatorErrorKind::DivergentCollective, meeting.site,
                    std::move(error));
    std::unique_ptr<Meeting> done = std::move(warp.meetings[i]);
    warp.meetings.erase(warp.meetings.begin() + i--);
    for (uint32_t lane = 0; lane < 32; ++lane)
      if (done->arrived >> lane & 1)
        wake(*done->threads[lane]);
  }
}

/// The memory that this lane's part of a matrix operation touches: one row of 16 bytes.
static void touchRows(uint32_t kind, uint32_t param, uint32_t lane, uint64_t *values, uint32_t site) {
  if ((kind != LdMatrix && kind != StMatrix) || lane >= 8 * (param & 255))
    return;
  touch(reinterpret_cast<void *>(values[0]), 16, 16, kind == LdMatrix ? Access::Read : Access::Write, site);
}

static void warpOp(uint32_t kind, uint32_t param, uint32_t mask, uint64_t *values, uint32_t site) {
  Thread &self = currentThread();
  Cta &block = *self.block;
  Warp &warp = block.warps[self.index / 32];
  uint32_t lane = self.index % 32;
  if (!(mask >> lane & 1))
    fail(EmulatorErrorKind::DivergentCollective, site,
         "lane " + std::to_string(lane) + " is not in its own mask " + hex(mask));
  touchRows(kind, param, lane, values, site);
  Meeting *meeting = nullptr;
  for (auto &other : warp.meetings) {
    if (other->mask != mask)
      continue;
    // Lanes with this mask wait for this lane, and it would wait for them.
    if (other->kind != kind || other->param != param || (isMatrixOp(kind) && other->site != site))
      fail(EmulatorErrorKind::DivergentCollective, site,
           "lanes " + hex(other->arrived) + " of the same mask " + hex(mask) +
               " wait in another operation, " + block.launch->sites[other->site]);
    meeting = other.get();
  }
  if (!meeting) {
    warp.meetings.push_back(std::make_unique<Meeting>());
    meeting = warp.meetings.back().get();
    meeting->kind = kind;
    meeting->param = param;
    meeting->mask = mask;
    meeting->site = site;
  }
  meeting->arrived |= 1u << lane;
  meeting->values[lane] = values;
  meeting->threads[lane] = &self;
  ++block.worker->progress;
  checkMeetings(block, warp);
  suspend(Wait::Warp, site);
}

void emulator::addWarpSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_warp"] = reinterpret_cast<void *>(warpOp);
}
