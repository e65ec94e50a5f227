#include "colt5/Compiler/SourceFile.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::colt5;

static bool passes(const std::string &text) {
  llvm::Error error = checkNesting(text);
  bool failed = static_cast<bool>(error);
  llvm::consumeError(std::move(error));
  return !failed;
}

TEST(SourceFile, BoundsTheNesting) {
  for (char open : {'(', '[', '{', '<'}) {
    EXPECT_TRUE(passes(std::string(kMaxNesting, open)));
    EXPECT_FALSE(passes(std::string(kMaxNesting + 1, open)));
  }
}

TEST(SourceFile, CountsOnlyBracketsThatNest) {
  std::string many;
  for (unsigned i = 0; i < 2 * kMaxNesting; ++i)
    many += "() -> tensor<2xf32> affine_set<(d0) : (d0 >= 0, d0 <= 3)> \"<<\\\"((\" // ((([[[\n";
  EXPECT_TRUE(passes(many));
}

TEST(SourceFile, NamesTheLine) {
  EXPECT_EQ(llvm::toString(checkNesting("\n\n" + std::string(kMaxNesting + 1, '('))),
            "line 3: brackets are nested deeper than 256 levels; flatten the input");
}

TEST(SourceFile, RefusesZeroBytes) {
  EXPECT_EQ(llvm::toString(checkNesting(StringRef("\n\0", 2))),
            "line 2: expected MLIR text or bytecode, found a zero byte");
  EXPECT_TRUE(passes(std::string("\"\0\"", 3)));
}
