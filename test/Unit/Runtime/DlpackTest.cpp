// Tensors of other libraries.
#include "TestUtils.h"

#include "../../../lib/Runtime/Dlpack.h"
#include "colt5-abi/embed.h"
#include <cstddef>
#include <functional>

using namespace runtime_test;

namespace {
// The structs of DLPack as its specification has them, written down a second time.
namespace dl {
enum DeviceType : int32_t { CPU = 1, CUDA = 2, CUDAHost = 3, OpenCL = 4, ROCM = 10, CUDAManaged = 13 };
struct Device {
  DeviceType type;
  int32_t id;
};
enum Code : uint8_t {
  Int = 0,
  UInt = 1,
  Float = 2,
  Handle = 3,
  Bfloat = 4,
  Complex = 5,
  Bool = 6,
  Float8 = 10
};
struct DataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};
struct Tensor {
  void *data;
  Device device;
  int32_t ndim;
  DataType dtype;
  int64_t *shape;
  int64_t *strides;
  uint64_t byteOffset;
};
struct ManagedTensor {
  Tensor tensor;
  void *manager;
  void (*deleter)(ManagedTensor *);
};
struct ManagedTensorVersioned {
  uint32_t major, minor;
  void *manager;
  void (*deleter)(ManagedTensorVersioned *);
  uint64_t flags;
  Tensor tensor;
};
} // namespace dl

#define SAME_PLACE(theirs, ours)                                                                             \
  static_assert(offsetof(dl::Tensor, theirs) == offsetof(colt5_dl_tensor, ours), "")
SAME_PLACE(data, data);
SAME_PLACE(device.type, device_kind);
SAME_PLACE(device.id, device);
SAME_PLACE(ndim, rank);
SAME_PLACE(dtype.code, code);
SAME_PLACE(dtype.bits, bits);
SAME_PLACE(dtype.lanes, lanes);
SAME_PLACE(shape, sizes);
SAME_PLACE(strides, strides);
SAME_PLACE(byteOffset, byte_offset);
#undef SAME_PLACE
static_assert(sizeof(dl::Tensor) == sizeof(colt5_dl_tensor), "");
static_assert(sizeof(dl::Tensor) == 48 && offsetof(dl::ManagedTensorVersioned, tensor) == 32, "");

/// A tensor of 2 x 3 floats on the CPU, which tests spoil.
struct Exported {
  float data[8] = {};
  int64_t shape[2] = {2, 3}, strides[2] = {3, 1};
  dl::Tensor tensor = {data, {dl::CPU, 0}, 2, {dl::Float, 32, 1}, shape, strides, 0};
};

TEST(DlpackTest, EveryMemberArrives) {
  Exported exported;
  exported.tensor.device = {dl::CUDA, 3};
  exported.tensor.byteOffset = 8;
  colt5_tensor tensor;
  ASSERT_EQ(colt5_from_dlpack(&exported.tensor, &tensor), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(tensor.struct_size, sizeof tensor);
  EXPECT_EQ(tensor.data, exported.data + 2);
  EXPECT_EQ(tensor.sizes, exported.shape);
  EXPECT_EQ(tensor.strides, exported.strides);
  EXPECT_EQ(tensor.type, COLT5_F32);
  EXPECT_EQ(tensor.rank, 2);
  EXPECT_EQ(tensor.device_kind, COLT5_ON_CUDA);
  EXPECT_EQ(tensor.device, 3);
}

TEST(DlpackTest, ManagedTensorsOfBothKinds) {
  Exported exported;
  dl::ManagedTensor managed = {exported.tensor, nullptr, nullptr};
  dl::ManagedTensorVersioned versioned = {1, 0, nullptr, nullptr, 0, exported.tensor};
  colt5_tensor tensor;
  ASSERT_EQ(colt5_from_dlpack(&managed.tensor, &tensor), COLT5_GPU_OK);
  EXPECT_EQ(tensor.data, exported.data);
  ASSERT_EQ(colt5_from_dlpack(&versioned.tensor, &tensor), COLT5_GPU_OK);
  EXPECT_EQ(tensor.data, exported.data);
}

TEST(DlpackTest, EveryTypeAndDevice) {
  const struct {
    dl::DataType theirs;
    int32_t ours;
  } kTypes[] = {
      {{dl::Bool, 8, 1}, COLT5_BOOL},    {{dl::Int, 8, 1}, COLT5_I8},     {{dl::Int, 16, 1}, COLT5_I16},
      {{dl::Int, 32, 1}, COLT5_I32},     {{dl::Int, 64, 1}, COLT5_I64},   {{dl::Float, 16, 1}, COLT5_F16},
      {{dl::Bfloat, 16, 1}, COLT5_BF16}, {{dl::Float, 32, 1}, COLT5_F32}, {{dl::Float, 64, 1}, COLT5_F64}};
  static_assert(sizeof kTypes / sizeof *kTypes == COLT5_NUM_TYPES, "every type of the interface");
  colt5_tensor tensor;
  for (auto &type : kTypes) {
    Exported exported;
    exported.tensor.dtype = type.theirs;
    ASSERT_EQ(colt5_from_dlpack(&exported.tensor, &tensor), COLT5_GPU_OK) << colt5_gpu_message();
    EXPECT_EQ(tensor.type, type.ours);
  }
  const struct {
    dl::Device theirs;
    int32_t kind, device;
  } kDevices[] = {{{dl::CPU, 0}, COLT5_ON_HOST, 0},
                  {{dl::CUDA, 1}, COLT5_ON_CUDA, 1},
                  {{dl::CUDAHost, 1}, COLT5_ON_HOST, 0},
                  {{dl::CUDAManaged, 1}, COLT5_ON_CUDA, 1}};
  for (auto &device : kDevices) {
    Exported exported;
    exported.tensor.device = device.theirs;
    ASSERT_EQ(colt5_from_dlpack(&exported.tensor, &tensor), COLT5_GPU_OK) << colt5_gpu_message();
    EXPECT_EQ(tensor.device_kind, device.kind);
    EXPECT_EQ(tensor.device, device.device);
  }
}

TEST(DlpackTest, ScalarsAndEmptyTensors) {
  Exported exported;
  colt5_tensor tensor;
  // What stands in the sizes of a scalar and in the data of an empty tensor does not matter.
  exported.tensor.ndim = 0;
  exported.tensor.shape = exported.tensor.strides = reinterpret_cast<int64_t *>(8);
  ASSERT_EQ(colt5_from_dlpack(&exported.tensor, &tensor), COLT5_GPU_OK);
  EXPECT_EQ(tensor.sizes, nullptr);
  EXPECT_EQ(tensor.strides, nullptr);
  Exported empty;
  empty.shape[1] = 0;
  empty.tensor.data = nullptr;
  empty.tensor.byteOffset = 4;
  ASSERT_EQ(colt5_from_dlpack(&empty.tensor, &tensor), COLT5_GPU_OK);
  EXPECT_EQ(tensor.data, nullptr);
}

TEST(DlpackTest, RefusalsNameBothValuesAndLeaveTheTensorAlone) {
  auto expect = [](int32_t status, const char *text, const std::function<void(Exported &)> &spoil) {
    Exported exported;
    spoil(exported);
    colt5_tensor tensor = {}, untouched = {};
    EXPECT_STREQ(colt5_gpu_status_name(colt5_from_dlpack(&exported.tensor, &tensor)),
                 colt5_gpu_status_name(status));
    EXPECT_TRUE(says(text));
    EXPECT_EQ(memcmp(&tensor, &untouched, sizeof tensor), 0);
  };
  using E = Exported;
  expect(COLT5_BAD_TYPE, "float16, bfloat16, float32 or float64 in 1 lane, found uint8 in 1",
         [](E &e) { e.tensor.dtype = {dl::UInt, 8, 1}; });
  expect(COLT5_BAD_TYPE, "found float32 in 4", [](E &e) { e.tensor.dtype.lanes = 4; });
  expect(COLT5_BAD_TYPE, "found bool1 in 1", [](E &e) { e.tensor.dtype = {dl::Bool, 1, 1}; });
  expect(COLT5_BAD_TYPE, "found complex64 in 1", [](E &e) { e.tensor.dtype = {dl::Complex, 64, 1}; });
  expect(COLT5_BAD_TYPE, "found type code 10 of 8 bits in 1",
         [](E &e) { e.tensor.dtype = {dl::Float8, 8, 1}; });
  expect(COLT5_BAD_DEVICE, "CPU (1), CUDA (2), CUDA host (3) or CUDA managed (13), found type 10",
         [](E &e) { e.tensor.device.type = dl::ROCM; });
  expect(COLT5_BAD_DEVICE, "found type 4", [](E &e) { e.tensor.device.type = dl::OpenCL; });
  expect(COLT5_BAD_RANK, "expected 0 dimensions or more, found -1", [](E &e) { e.tensor.ndim = -1; });
  expect(COLT5_BAD_STRUCT, "expected 2 sizes, found NULL", [](E &e) { e.tensor.shape = nullptr; });
  expect(COLT5_TOO_LARGE, "expected an offset within memory, found 18446744073709551615 bytes",
         [](E &e) { e.tensor.byteOffset = UINT64_MAX; });
  Exported exported;
  colt5_tensor tensor;
  EXPECT_EQ(colt5_from_dlpack(nullptr, &tensor), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_TRUE(says("found NULL as DLTensor"));
  EXPECT_EQ(colt5_from_dlpack(&exported.tensor, nullptr), COLT5_GPU_BAD_ARGUMENT);
  EXPECT_TRUE(says("found NULL as colt5_tensor"));
}

class DlpackCallTest : public RuntimeTest {};

TEST_F(DlpackCallTest, CallsTakeWhatDlpackLeavesOpen) {
  // f(x: n x 4) -> y: n x 4, in which every stride of a dimension of size 1 is arbitrary.
  static const int64_t kRows[] = {-1, 4};
  static const char *const kSymbols[] = {"n"};
  static const colt5_argument kArguments[] = {{"x", COLT5_F32, 2, kRows}, {"y", COLT5_F32, 2, kRows}};
  static const colt5_signature kSignature = {sizeof kSignature, "f", kArguments, kSymbols, 1, 1, 1};
  static const colt5_function kFunction = {&kSignature, runSmall,
                                           [](const colt5_cpu_tensor *inputs, int64_t *sizes) {
                                             sizes[0] = inputs[0].sizes[0];
                                             sizes[1] = 4;
                                           },
                                           [](const colt5_cpu_tensor *) -> int64_t { return 0; }};
  colt5_gpu_context *context = create(1);
  Program program;
  program.addCubin(90, 'a');
  auto call = [&](int64_t rows, int64_t rowStride, bool withStrides) {
    alignas(16) static float x[8], y[8];
    int64_t sizes[2] = {rows, 4}, strides[2] = {rowStride, 1};
    colt5_tensor tensors[2];
    for (int i = 0; i < 2; ++i) {
      dl::Tensor tensor = {
          i ? y : x, {dl::CUDA, 1}, 2, {dl::Float, 32, 1}, sizes, withStrides ? strides : nullptr, 0};
      EXPECT_EQ(colt5_from_dlpack(&tensor, &tensors[i]), COLT5_GPU_OK);
    }
    return colt5_call(context, program.get(), &kFunction, nullptr, tensors, 2, nullptr, 0);
  };
  EXPECT_EQ(call(2, 0, false), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(call(2, 4, true), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(call(1, 77, true), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(call(0, 77, true), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(call(2, 8, true), COLT5_BAD_STRIDES);
  EXPECT_TRUE(says("argument 'x', dimension 0: expected row-major data, stride 4, found 8"));
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}
} // namespace
