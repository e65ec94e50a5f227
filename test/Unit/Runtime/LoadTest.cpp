// Opening the driver, choosing a context and an image, loading and unloading.
#include "TestUtils.h"

using namespace runtime_test;

namespace {
using LoadTest = RuntimeTest;

TEST_F(LoadTest, NoDriverIsAStatusWithTheLinkersReason) {
  colt5_gpu_options options = {sizeof options, nullptr, 0, "libno-such-driver.so.7"};
  auto *context = reinterpret_cast<colt5_gpu_context *>(1);
  EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_NO_DRIVER);
  EXPECT_EQ(context, nullptr);
  EXPECT_TRUE(says("cannot open the NVIDIA driver's library 'libno-such-driver.so.7'"));
  EXPECT_TRUE(says("cannot open shared object file"));
}

TEST_F(LoadTest, LibraryWithoutTheFunctionsIsAnOldDriver) {
  colt5_gpu_options options = {sizeof options, nullptr, 0, "libpthread.so.0"};
  colt5_gpu_context *context;
  EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_OLD_DRIVER);
  EXPECT_TRUE(says("has no function cuInit"));
}

TEST_F(LoadTest, StructSizeAndNullsAreChecked) {
  colt5_gpu_options options = makeOptions(0);
  colt5_gpu_context *context;
  options.struct_size = 8;
  EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_TRUE(says("found 8"));
  EXPECT_EQ(colt5_gpu_context_create(nullptr, nullptr), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_EQ(colt5_gpu_load(nullptr, nullptr), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_EQ(colt5_gpu_unload(nullptr, nullptr), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_EQ(colt5_gpu_run(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr),
            COLT5_GPU_BAD_ARGUMENT);
  EXPECT_EQ(colt5_gpu_last_error(nullptr, nullptr), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_EQ(colt5_gpu_forget_stream(nullptr, nullptr), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_EQ(colt5_gpu_context_destroy(nullptr), COLT5_GPU_OK);
}

TEST_F(LoadTest, DeviceOutOfRange) {
  colt5_gpu_options options = makeOptions(3);
  colt5_gpu_context *context;
  EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_NO_DEVICE);
  EXPECT_TRUE(says("expected a device in [0, 3), found 3"));
  mock_set_devices(0, nullptr);
  EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_NO_DEVICE);
}

TEST_F(LoadTest, DescribesTheDevice) {
  colt5_gpu_context *context = create(1);
  colt5_gpu_device device = {};
  EXPECT_EQ(colt5_gpu_context_describe(context, &device), COLT5_GPU_BAD_ARGUMENT);
  device.struct_size = sizeof device;
  ASSERT_EQ(colt5_gpu_context_describe(context, &device), COLT5_GPU_OK);
  EXPECT_STREQ(device.name, "Mock of sm_90");
  EXPECT_EQ(device.chip, 90);
  EXPECT_EQ(device.ordinal, 1);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, CurrentContextIsTakenAndLeftCurrent) {
  colt5_gpu_context_destroy(create(0)); // initialises the mock
  void *mine = nullptr, *current = nullptr;
  ASSERT_EQ(cuCtxCreate_v2(&mine, 0, 2), 0);
  colt5_gpu_context *context = create(COLT5_GPU_CURRENT_DEVICE);
  colt5_gpu_device device = {};
  device.struct_size = sizeof device;
  ASSERT_EQ(colt5_gpu_context_describe(context, &device), COLT5_GPU_OK);
  EXPECT_EQ(device.cuda_context, mine);
  EXPECT_EQ(device.chip, 100);
  // Another context of the thread is untouched by a call.
  colt5_gpu_context *other = create(0);
  Program program;
  program.addCubin(80);
  program.program.num_kernels = 1;
  EXPECT_EQ(colt5_gpu_load(other, program.get()), COLT5_GPU_OK) << colt5_gpu_message();
  cuCtxGetCurrent(&current);
  EXPECT_EQ(current, mine);
  EXPECT_EQ(colt5_gpu_context_destroy(other), COLT5_GPU_OK);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
  cuCtxDestroy_v2(mine);
}

TEST_F(LoadTest, LoadsOnceAndUnloads) {
  colt5_gpu_context *context = create(1);
  Program program;
  program.addCubin(90, 'a');
  EXPECT_EQ(colt5_gpu_unload(context, program.get()), COLT5_GPU_NOT_LOADED);
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK);
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK);
  EXPECT_EQ(mock_num_calls_of("cuModuleLoadDataEx"), 1);
  EXPECT_EQ(colt5_gpu_unload(context, program.get()), COLT5_GPU_OK);
  EXPECT_EQ(mock_num_calls_of("cuModuleUnload"), 1);
  EXPECT_EQ(colt5_gpu_run(context, program.get(), runBoth, nullptr, tensors, nullptr, nullptr), COLT5_GPU_OK);
  EXPECT_EQ(mock_num_calls_of("cuModuleLoadDataEx"), 2);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

/// What a chip makes of the images in a program.
struct Choice {
  const char *name;
  int chip;
  std::vector<std::pair<uint32_t, const char *>> images; // kind, "90a"
  const char *expected;                                  // "90a cubin", or the status
};
void PrintTo(const Choice &choice, std::ostream *os) { *os << choice.name; }

class ImageTest : public RuntimeTest, public testing::WithParamInterface<Choice> {};

TEST_P(ImageTest, Chooses) {
  const Choice &choice = GetParam();
  mock_set_devices(1, &choice.chip);
  colt5_gpu_context *context = create(0);
  Program program;
  program.kernels[1] = program.kernels[0];
  for (auto [kind, target] : choice.images) {
    int chip = atoi(target);
    char suffix = isalpha(target[strlen(target) - 1]) ? target[strlen(target) - 1] : 0;
    // The kernel of each image has its own limit, by which it is known.
    std::string entry = ".visible .entry small(.param .u64 p, .param .u32 q) .maxntid " +
                        std::to_string(256 + chip) + ", 1, 1 { ret; }";
    if (kind == COLT5_GPU_PTX)
      program.add(kind, chip, suffix, makePtx((std::string("sm_") + target).c_str(), entry.c_str()));
    else
      program.add(kind, chip, suffix, makeCubin(chip, suffix, entry.c_str()));
  }
  int32_t status = colt5_gpu_load(context, program.get());
  std::string found = status ? colt5_gpu_status_name(status) : "?";
  if (!status) {
    // One thread more than the limit of the image that was not chosen fails to launch.
    for (auto [kind, target] : choice.images) {
      program.kernels[0].block[0] = 256 + atoi(target);
      if (!colt5_gpu_run(context, program.get(), runSmall, nullptr, tensors, nullptr, nullptr))
        found = std::string(target) + (kind == COLT5_GPU_PTX ? " PTX" : " cubin");
      else
        break;
    }
  }
  EXPECT_EQ(found, choice.expected) << colt5_gpu_message();
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

// Images stand in ascending order, so that the last one that launches is the chosen one.
INSTANTIATE_TEST_SUITE_P(
    Images, ImageTest,
    testing::Values(
        Choice{"exact", 90, {{COLT5_GPU_CUBIN, "80"}, {COLT5_GPU_CUBIN, "90"}}, "90 cubin"},
        Choice{"exactWithSuffix", 90, {{COLT5_GPU_CUBIN, "80"}, {COLT5_GPU_CUBIN, "90a"}}, "90a cubin"},
        Choice{"laterMinor", 86, {{COLT5_GPU_CUBIN, "80"}, {COLT5_GPU_CUBIN, "90"}}, "80 cubin"},
        Choice{"nearestMinor", 89, {{COLT5_GPU_CUBIN, "80"}, {COLT5_GPU_CUBIN, "86"}}, "86 cubin"},
        Choice{"cubinBeforePtx", 86, {{COLT5_GPU_PTX, "75"}, {COLT5_GPU_CUBIN, "80"}}, "80 cubin"},
        Choice{"ptxForLaterMajor", 100, {{COLT5_GPU_PTX, "80"}, {COLT5_GPU_CUBIN, "90a"}}, "80 PTX"},
        Choice{"latestPtx", 100, {{COLT5_GPU_PTX, "80"}, {COLT5_GPU_PTX, "90"}}, "90 PTX"},
        Choice{"suffixIsNotPortable",
               103,
               {{COLT5_GPU_CUBIN, "90a"}, {COLT5_GPU_CUBIN, "100a"}},
               "COLT5_GPU_NO_IMAGE"},
        Choice{"ptxWithSuffixIsNotPortable", 100, {{COLT5_GPU_PTX, "90a"}}, "COLT5_GPU_NO_IMAGE"},
        Choice{"family", 103, {{COLT5_GPU_CUBIN, "100f"}}, "100f cubin"},
        Choice{"earlierChip", 80, {{COLT5_GPU_CUBIN, "86"}, {COLT5_GPU_PTX, "90"}}, "COLT5_GPU_NO_IMAGE"},
        Choice{"none", 80, {}, "COLT5_GPU_NO_IMAGE"}),
    [](const auto &info) { return std::string(info.param.name); });

TEST_F(LoadTest, NoImageListsWhatThereIs) {
  colt5_gpu_context *context = create(2);
  Program program;
  program.addCubin(80).addCubin(90, 'a');
  program.program.num_kernels = 1;
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_NO_IMAGE);
  EXPECT_TRUE(says("has no image for sm_100; it has: sm_80 cubin, sm_90a cubin"));
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, DamagedImageFallsBackToTheNext) {
  colt5_gpu_context *context = create(1);
  Program program;
  program.add(COLT5_GPU_CUBIN, 90, 'a', "damaged").add(COLT5_GPU_PTX, 90, 0, makePtx("sm_90"));
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(mock_num_calls_of("cuModuleLoadDataEx"), 2);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, MessageNamesImageAndLog) {
  colt5_gpu_context *context = create(0);
  Program program;
  program.program.num_kernels = 1;
  program.add(COLT5_GPU_PTX, 80, 0, makePtx("sm_90"));
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_BAD_IMAGE);
  EXPECT_TRUE(says("loading the sm_80 PTX image on sm_80, the mock cannot compile this target: "));
  EXPECT_TRUE(says("(218, "));
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, MissingKernel) {
  colt5_gpu_context *context = create(1);
  Program program;
  program.addCubin(90, 'a');
  program.kernels[1].name = "absent";
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_BAD_IMAGE);
  EXPECT_TRUE(says("looking for kernel 'absent'"));
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, ContradictingTablesAreRefused) {
  colt5_gpu_context *context = create(1);
  auto expectRefused = [&](auto change, const char *text) {
    Program program;
    program.addCubin(90, 'a');
    change(program);
    EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_BAD_PROGRAM);
    EXPECT_TRUE(says(text));
  };
  const colt5_gpu_parameter strange[1] = {{7, 8}};
  expectRefused([](Program &p) { p.program.struct_size = 3; }, "found 3");
  expectRefused([](Program &p) { p.program.name = nullptr; }, "a name or a table is NULL");
  expectRefused([](Program &p) { p.program.kernels = nullptr; }, "a name or a table is NULL");
  expectRefused([](Program &p) { p.program.images = nullptr; }, "a name or a table is NULL");
  expectRefused([](Program &p) { p.kernels[1].name = nullptr; }, "kernel 1 has no name");
  expectRefused([](Program &p) { p.kernels[0].block[1] = 0; }, "found 256 x 0 x 1");
  expectRefused([](Program &p) { p.kernels[0].block[1] = 0x1000000; }, "found 256 x 16777216 x 1");
  expectRefused([](Program &p) { p.kernels[0].cluster[1] = 0; }, "found 1 x 0 x 1");
  expectRefused([](Program &p) { p.kernels[0].cluster[1] = 17; }, "found 1 x 17 x 1");
  expectRefused([](Program &p) { p.kernels[0].cluster[0] = p.kernels[0].cluster[2] = 16; },
                "found 16 x 1 x 16");
  expectRefused([](Program &p) { p.kernels[0].num_parameters = 1000; }, "found 1000");
  expectRefused([](Program &p) { p.kernels[0].parameters = nullptr; }, "without a description");
  expectRefused([&](Program &p) { p.kernels[0].parameters = strange, p.kernels[0].num_parameters = 1; },
                "the unknown kind 7");
  expectRefused([](Program &p) { p.kernels[0].block[0] = 512; },
                "allow 256 threads per block on sm_90, it needs 512");
  expectRefused([](Program &p) { p.kernels[0].dynamic_shared_bytes = 227 * 1024; },
                "1024 static and 232448 dynamic");
  expectRefused([](Program &p) { p.kernels[0].dynamic_shared_bytes = 300 * 1024; }, "found 307200");
  expectRefused([](Program &p) { p.add(9, 90, 0, "x"); }, "image 1 is empty or of an unknown kind");
  expectRefused([](Program &p) { p.add(COLT5_GPU_CUBIN, 90, 0, ""); }, "image 1 is empty");
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, ClustersAndTensorMapsNeedHopper) {
  colt5_gpu_context *context = create(0);
  Program program;
  program.addCubin(80);
  program.kernels[1].dynamic_shared_bytes = 0;
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_BAD_PROGRAM);
  EXPECT_TRUE(says("kernel 'big' uses clusters; expected sm_90 or later"));
  program.kernels[1].cluster[0] = 1;
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_BAD_PROGRAM);
  EXPECT_TRUE(says("kernel 'big' uses tensor maps; expected sm_90 or later"));
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(LoadTest, ContextThatIsGoneIsHandled) {
  colt5_gpu_context_destroy(create(0));
  void *mine = nullptr;
  ASSERT_EQ(cuCtxCreate_v2(&mine, 0, 1), 0);
  colt5_gpu_context *context = create(COLT5_GPU_CURRENT_DEVICE);
  Program program;
  program.addCubin(90, 'a');
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK) << colt5_gpu_message();
  cuCtxDestroy_v2(mine);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK) << colt5_gpu_message();
  numAbandoned = 3;
}

TEST_F(LoadTest, ContextWhoseHandleIsTakenAgainIsLeftAlone) {
  colt5_gpu_context_destroy(create(0));
  void *mine = nullptr;
  ASSERT_EQ(cuCtxCreate_v2(&mine, 0, 1), 0);
  colt5_gpu_context *context = create(COLT5_GPU_CURRENT_DEVICE);
  Program program;
  program.addCubin(90, 'a');
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK) << colt5_gpu_message();
  cuCtxDestroy_v2(mine);
  mock_recreate_context(mine, 1);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(mock_num_calls_of("cuModuleUnload"), 0);
  cuCtxDestroy_v2(mine);
  numAbandoned = 3;
}

TEST_F(LoadTest, EveryStatusHasAName) {
  EXPECT_STREQ(colt5_gpu_status_name(COLT5_GPU_OK), "COLT5_GPU_OK");
  EXPECT_STREQ(colt5_gpu_status_name(COLT5_CPU_BAD_ALIGNMENT), "COLT5_CPU_BAD_ALIGNMENT");
  EXPECT_STREQ(colt5_gpu_status_name(COLT5_GPU_NO_DRIVER), "COLT5_GPU_NO_DRIVER");
  EXPECT_STREQ(colt5_gpu_status_name(COLT5_GPU_LAUNCH_FAILED), "COLT5_GPU_LAUNCH_FAILED");
  EXPECT_STREQ(colt5_gpu_status_name(COLT5_GPU_DRIVER_ERROR), "COLT5_GPU_DRIVER_ERROR");
  EXPECT_STREQ(colt5_gpu_status_name(COLT5_GPU_DRIVER_ERROR + 1), "unknown status");
  EXPECT_STREQ(colt5_gpu_status_name(-1), "unknown status");
}
} // namespace
