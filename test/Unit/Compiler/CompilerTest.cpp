#include "colt5/Compiler/Compiler.h"
#include "colt5/InitAll.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::colt5;

static constexpr const char *kNorm = R"(
func.func @norm(%x: tensor<2x3xf32> {colt5.name = "x"}, %g: tensor<3xf32> {colt5.name = "g"})
    -> (tensor<2x3xf32> {colt5.name = "r"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %r = colt5.rms_norm ins(%x, %g : tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
)";

static CompileOptions makeOptions() {
  CompileOptions options;
  options.inputName = "norm.mlir";
  options.targets = {"cpu", "sm_80"};
  options.emit = {"obj", "header", "ptx"};
  return options;
}

static const Artefact *find(const CompileResult &result, StringRef kind) {
  for (const Artefact &artefact : result.artefacts)
    if (artefact.kind == kind)
      return &artefact;
  return nullptr;
}

TEST(Compiler, ReturnsBytes) {
  testing::internal::CaptureStderr();
  CompileResult result = Compiler().compile(kNorm, makeOptions());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_TRUE(result.succeeded()) << result.errors.front();
  ASSERT_EQ(result.artefacts.size(), 3u);
  const Artefact *object = find(result, "obj"), *header = find(result, "header"), *ptx = find(result, "ptx");
  ASSERT_TRUE(object && header && ptx);
  EXPECT_EQ(object->name, "norm.o");
  EXPECT_EQ(object->target, "");
  EXPECT_EQ(object->bytes.substr(1, 3), "ELF");
  EXPECT_NE(header->bytes.find("norm_run"), std::string::npos);
  EXPECT_EQ(ptx->name, "norm.sm_80.ptx");
  EXPECT_EQ(ptx->target, "sm_80");
  EXPECT_NE(ptx->bytes.find(".target sm_80"), std::string::npos);
  ASSERT_EQ(result.kernels.size(), 1u);
  EXPECT_EQ(result.kernels.front().target, "sm_80");
}

TEST(Compiler, SharesTheFirstStages) {
  CompileOptions options = makeOptions();
  options.keepStages = true;
  CompileResult result = Compiler().compile(kNorm, options);
  std::vector<std::string> names;
  for (const StageRecord &record : result.stages)
    names.push_back(record.target + ":" + record.name);
  EXPECT_EQ(llvm::count(names, "cpu:decompose"), 1);
  EXPECT_EQ(llvm::count(names, "sm_80:decompose"), 0);
  EXPECT_EQ(llvm::count(names, "cpu:plan"), 1);
  EXPECT_EQ(llvm::count(names, "sm_80:plan"), 1);
  EXPECT_NE(result.stages.front().text.find("colt5.rms_norm"), std::string::npos);
  EXPECT_EQ(result.stages.front().suffix, ".input.mlir");
}

TEST(Compiler, ReturnsRemarks) {
  CompileResult result = Compiler().compile(kNorm, makeOptions());
  auto isOfPlan = [](const CompileRemark &remark) { return remark.category == "colt5-plan"; };
  auto found = llvm::find_if(result.remarks, isOfPlan);
  ASSERT_NE(found, result.remarks.end());
  EXPECT_EQ(found->place.file, "norm.mlir");
  EXPECT_EQ(found->place.line, 5u);
  CompileOptions options = makeOptions();
  options.collectRemarks = false;
  EXPECT_TRUE(Compiler().compile(kNorm, options).remarks.empty());
}

TEST(Compiler, TakesAModule) {
  Compiler compiler;
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(kNorm, &context, "norm.mlir");
  ASSERT_TRUE(module);
  CompileResult text = compiler.compile(kNorm, makeOptions());
  CompileResult made = compiler.compile(*module, makeOptions());
  ASSERT_TRUE(made.succeeded()) << made.errors.front();
  ASSERT_EQ(made.artefacts.size(), text.artefacts.size());
  for (size_t i = 0; i < text.artefacts.size(); ++i)
    EXPECT_EQ(made.artefacts[i].bytes, text.artefacts[i].bytes) << text.artefacts[i].name;
}

TEST(Compiler, ReportsDiagnosticsAsData) {
  testing::internal::CaptureStderr();
  CompileResult result = Compiler().compile("func.func @f() {\n  return %x : f32\n}\n", makeOptions());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(result.succeeded());
  EXPECT_FALSE(result.hasInput);
  EXPECT_EQ(result.errors.front(), "'norm.mlir': not a valid module");
  ASSERT_FALSE(result.diagnostics.empty());
  EXPECT_EQ(result.diagnostics.front().place.file, "norm.mlir");
  EXPECT_EQ(result.diagnostics.front().place.line, 2u);
  EXPECT_EQ(result.diagnostics.front().severity, DiagnosticSeverity::Error);
}

TEST(Compiler, RefusesOptions) {
  Compiler compiler;
  CompileOptions options = makeOptions();
  options.targets = {"gpu"};
  CompileResult result = compiler.compile(kNorm, options);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors.front().find("--target=gpu: unknown target; expected one of: cpu"), 0u);
  auto plan = compiler.plan(options);
  EXPECT_EQ(llvm::toString(plan.takeError()), result.errors.front());
}

TEST(Compiler, PlansArtefacts) {
  auto plan = Compiler().plan(makeOptions());
  ASSERT_TRUE(static_cast<bool>(plan));
  ASSERT_EQ(plan->size(), 3u);
  EXPECT_EQ(plan->back().kind, "ptx");
  EXPECT_EQ(plan->back().name, "norm.sm_80.ptx");
  EXPECT_TRUE(plan->back().isText);
}

TEST(Compiler, SaysWhyThePrefixDiffers) {
  CompileOptions options = makeOptions();
  options.output = "1st";
  CompileResult result = Compiler().compile(kNorm, options);
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_EQ(result.notes.front(), "public symbols begin with 'my_1st': '1st' is no name for a C program");
}

namespace {
/// Ends the compilation after a stage.
struct Stopper : CompileListener {
  llvm::Error handleStage(StageRecord &record) override {
    return record.name == "plan" ? llvm::createStringError("enough") : llvm::Error::success();
  }
};
} // namespace

TEST(Compiler, StopsWhereTheListenerFails) {
  Stopper stopper;
  CompileResult result = Compiler().compile(kNorm, makeOptions(), &stopper);
  ASSERT_EQ(result.errors, std::vector<std::string>{"enough"});
  EXPECT_EQ(result.stages.back().name, "plan");
  EXPECT_TRUE(result.artefacts.empty());
}

TEST(Compiler, ReplacesTheResultOfAStage) {
  CompileOptions options = makeOptions();
  options.targets = {"cpu"};
  options.emit = {"mlir"};
  options.stopStage = "decompose";
  options.overrides = {{"decompose", "other.mlir", "func.func private @other()"}};
  CompileResult result = Compiler().compile(kNorm, options);
  ASSERT_TRUE(result.succeeded()) << result.errors.front();
  EXPECT_NE(result.artefacts.front().bytes.find("@other"), std::string::npos);
  EXPECT_EQ(result.artefacts.front().bytes.find("@norm"), std::string::npos);
}
