#include "colt5/Tools/Run/RoutingRecord.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

static HostTensor makeTensor(ElementKind kind, ArrayRef<double> values) {
  HostTensor tensor(kind, {1, 1, static_cast<int64_t>(values.size())});
  for (auto [i, value] : llvm::enumerate(values))
    tensor.setDouble(i, value);
  return tensor;
}

static RoutingRecord makeRecord(ArrayRef<double> indices, ArrayRef<double> scores = {}, int64_t block = 0) {
  Selection selection{makeTensor(ElementKind::I32, indices), std::nullopt, block};
  if (!scores.empty())
    selection.scores = makeTensor(ElementKind::F64, scores);
  RoutingRecord record;
  record.selections.push_back(std::move(selection));
  return record;
}

static std::string getError(const RoutingRecord &replayed, const RoutingRecord &own, double margin) {
  auto report = checkReplay(replayed, own, margin);
  return report ? "" : llvm::toString(report.takeError());
}

TEST(RoutingRecord, AcceptsSwapsWithinTheMargin) {
  RoutingRecord own = makeRecord({0, 1}, {5.0, 3.0, 2.9, 1.0});
  auto same = checkReplay(makeRecord({1, 0}), own, 0.0);
  ASSERT_TRUE(static_cast<bool>(same));
  EXPECT_EQ(same->swaps, 0);
  auto near = checkReplay(makeRecord({0, 2}), own, 0.2);
  ASSERT_TRUE(static_cast<bool>(near));
  EXPECT_EQ(near->swaps, 1);
  EXPECT_NEAR(near->largestDistance, 0.1, 1e-12);
}

TEST(RoutingRecord, RefusesWrongTokens) {
  RoutingRecord own = makeRecord({0, 1}, {5.0, 3.0, 2.9, 1.0});
  EXPECT_NE(getError(makeRecord({0, 2}), own, 0.0).find("token 2 differs"), std::string::npos);
  EXPECT_NE(getError(makeRecord({0, 3}), own, 0.2).find("token 3 differs"), std::string::npos);
  // Leaving out a token far above the k-th score is as wrong as taking one far below.
  EXPECT_NE(getError(makeRecord({1, 2}), own, 0.2).find("token 0 differs"), std::string::npos);
}

TEST(RoutingRecord, RefusesImpossibleRecords) {
  RoutingRecord own = makeRecord({0, 1}, {5.0, 3.0, 2.9, 1.0});
  EXPECT_NE(getError(makeRecord({0, 0}), own, 9.0).find("occurs twice"), std::string::npos);
  EXPECT_NE(getError(makeRecord({0, 4}), own, 9.0).find("outside [0, 4)"), std::string::npos);
  EXPECT_NE(getError(makeRecord({0, -1}), own, 9.0).find("expected 2 selected tokens, found 1"),
            std::string::npos);
  EXPECT_NE(getError(makeRecord({0, 1, 2}), own, 9.0).find("expected replayed indices of shape"),
            std::string::npos);
  EXPECT_NE(getError(RoutingRecord(), own, 9.0).find("expected 1 selections"), std::string::npos);
  EXPECT_NE(getError(own, makeRecord({0, 1}), 9.0).find("recorded no scores"), std::string::npos);
}

TEST(RoutingRecord, JudgesBlocksByTheirOwnScores) {
  // Two blocks of two tokens with one slot each: the k-th scores are 5 and 1.
  RoutingRecord own = makeRecord({0, 2}, {5.0, 3.0, 1.0, 0.9}, 2);
  EXPECT_EQ(getError(makeRecord({0, 3}), own, 0.2), "");
  EXPECT_NE(getError(makeRecord({1, 2}), own, 0.2), "");
}

TEST(RoutingRecord, SavesAndLoads) {
  SmallString<128> directory;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("colt5", directory));
  RoutingRecord two = makeRecord({0, 1}, {5.0, 3.0});
  two.selections.push_back(two.selections.front());
  ASSERT_FALSE(static_cast<bool>(two.save(directory)));
  auto loaded = RoutingRecord::load(directory);
  ASSERT_TRUE(static_cast<bool>(loaded));
  EXPECT_EQ(loaded->selections.size(), 2u);
  EXPECT_EQ(loaded->selections[1].indices.getInt(1), 1);
  // A shorter record leaves nothing of the longer one behind.
  ASSERT_FALSE(static_cast<bool>(makeRecord({0, 1}).save(directory)));
  auto shorter = RoutingRecord::load(directory);
  ASSERT_TRUE(static_cast<bool>(shorter));
  EXPECT_EQ(shorter->selections.size(), 1u);
  llvm::sys::fs::remove_directories(directory);
  auto missing = RoutingRecord::load(directory);
  ASSERT_FALSE(static_cast<bool>(missing));
  llvm::consumeError(missing.takeError());
}
