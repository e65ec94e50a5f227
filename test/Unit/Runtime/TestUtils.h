// A program as the compiler makes them, and a context on the mock driver.
#ifndef COLT5_TEST_UNIT_RUNTIME_TESTUTILS_H
#define COLT5_TEST_UNIT_RUNTIME_TESTUTILS_H

#include "colt5-abi/gpu_runtime.h"

#include "../../lib/MockCuda/MockCuda.h"
#include "gtest/gtest.h"
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#ifndef COLT5_MOCK_LIBRARY
#error "COLT5_MOCK_LIBRARY: expected the path of the mock driver"
#endif

namespace runtime_test {

/// The kernels of the test program: `small` takes a pointer and a number, `big` a tensor map, a pointer and a
/// map; `big` uses more shared memory than the default and clusters of 16.
inline constexpr const char *kEntries = R"(
.visible .entry small(
  .param .u64 small_param_0,
  .param .u32 small_param_1
) .maxntid 256, 1, 1 { .shared .align 4 .b8 tile[1024]; ret; }
.visible .entry big(
  .param .align 64 .b8 big_param_0[128],
  .param .u64 big_param_1,
  .param .align 64 .b8 big_param_2[128]
) { ret; }
)";

inline std::string makePtx(const char *target, const char *entries = kEntries) {
  return std::string(".version 8.0\n.target ") + target + "\n" + entries;
}

inline std::string makeCubin(int chip, char suffix = 0, const char *entries = kEntries) {
  std::string bytes(4096, 0);
  bytes.resize(mock_make_cubin(bytes.data(), bytes.size(), chip, suffix, entries));
  return bytes;
}

/// Owns the tables of a program.
class Program {
public:
  Program() {
    kernels[0] = {"small", {256, 1, 1}, {1, 1, 1}, 0, 2, smallParameters};
    kernels[1] = {"big", {128, 1, 1}, {16, 1, 1}, 200 * 1024, 3, bigParameters};
    program = {sizeof program, "test", kernels, nullptr, 2, 0};
  }
  Program(const Program &) = delete;

  /// Adds an image; the chip is that of the table, the bytes may say something else.
  Program &add(uint32_t kind, uint16_t chip, char suffix, std::string bytes) {
    // PTX counts its zero, which the string keeps behind its end.
    size_t size = bytes.size() + (kind == COLT5_GPU_PTX);
    storage.push_back(std::make_unique<std::string>(std::move(bytes)));
    images.push_back({kind, chip, suffix, 0, storage.back()->c_str(), size});
    program.images = images.data();
    program.num_images = static_cast<uint32_t>(images.size());
    return *this;
  }
  Program &addCubin(uint16_t chip, char suffix = 0) {
    return add(COLT5_GPU_CUBIN, chip, suffix, makeCubin(chip, suffix));
  }
  const colt5_gpu_program *get() const { return &program; }

  colt5_gpu_kernel kernels[2];
  colt5_gpu_program program;

private:
  const colt5_gpu_parameter smallParameters[2] = {{COLT5_GPU_VALUE, 8}, {COLT5_GPU_VALUE, 4}};
  const colt5_gpu_parameter bigParameters[3] = {{COLT5_GPU_TENSOR_MAP, sizeof(colt5_gpu_tensor_map)},
                                                {COLT5_GPU_VALUE, 8},
                                                {COLT5_GPU_TENSOR_MAP, sizeof(colt5_gpu_tensor_map)}};
  std::vector<std::unique_ptr<std::string>> storage;
  std::vector<colt5_gpu_image> images;
};

/// Compiled code as the compiler makes it: tensors[0].data goes to both kernels.
inline int32_t runBoth(const colt5_cpu_tensor *tensors, void *, const colt5_gpu_launcher *launcher) {
  void *data = tensors[0].data;
  uint32_t number = 42;
  void *smallParameters[] = {&data, &number};
  const int64_t smallGrid[3] = {7, 2, 1};
  if (int32_t status = launcher->launch(launcher->state, 0, smallGrid, smallParameters))
    return status;
  colt5_gpu_tensor_map map{};
  map.address = data;
  map.rank = 2;
  map.data_type = 9;
  map.swizzle_bytes = 128;
  map.sizes[0] = 64;
  map.sizes[1] = 1000;
  map.strides[0] = 128;
  map.box[0] = 64;
  map.box[1] = 128;
  colt5_gpu_tensor_map other = map;
  other.box[0] = 32;
  void *bigParameters[] = {&map, const_cast<void **>(&launcher->error_word), &other};
  const int64_t bigGrid[3] = {32, 1, 1};
  return launcher->launch(launcher->state, 1, bigGrid, bigParameters);
}

/// Only the first kernel, for devices without clusters.
inline int32_t runSmall(const colt5_cpu_tensor *tensors, void *, const colt5_gpu_launcher *launcher) {
  void *data = tensors[0].data;
  uint32_t number = 42;
  void *parameters[] = {&data, &number};
  const int64_t grid[3] = {1, 1, 1};
  return launcher->launch(launcher->state, 0, grid, parameters);
}

inline colt5_gpu_options makeOptions(int32_t device) {
  return {sizeof(colt5_gpu_options), nullptr, device, COLT5_MOCK_LIBRARY};
}

/// A fresh mock for every test; nothing may be left of it.
class RuntimeTest : public testing::Test {
protected:
  void SetUp() override { mock_reset(); }
  void TearDown() override {
    EXPECT_EQ(mock_num_live_objects(), 0);
    EXPECT_EQ(mock_num_abandoned_objects(), numAbandoned);
    const char *misuse = mock_first_misuse();
    EXPECT_STREQ(misuse ? misuse : "", "");
  }

  colt5_gpu_context *create(int32_t device) {
    colt5_gpu_options options = makeOptions(device);
    colt5_gpu_context *context = nullptr;
    EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_OK) << colt5_gpu_message();
    return context;
  }

  /// What a test leaves to a context that it destroys.
  int numAbandoned = 0;
  const int64_t sizes[1] = {4};
  alignas(16) float data[4] = {};
  const colt5_cpu_tensor tensors[1] = {{data, sizes, nullptr}};
};

/// Whether the message of the last status has `text` in it.
inline testing::AssertionResult says(const std::string &text) {
  std::string message = colt5_gpu_message();
  if (message.find(text) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << message << "' lacks '" << text << "'";
}

} // namespace runtime_test

#endif // COLT5_TEST_UNIT_RUNTIME_TESTUTILS_H
