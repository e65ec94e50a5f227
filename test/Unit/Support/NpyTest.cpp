#include "colt5/Support/Npy.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"
#include <limits>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

/// A version 1 file with the given dictionary and data.
static std::string makeFile(StringRef dictionary, StringRef data, char version = 1) {
  std::string header = dictionary.str() + "\n";
  std::string file = std::string("\x93NUMPY") + version + '\0';
  size_t sizeBytes = version == 1 ? 2 : 4;
  for (size_t i = 0; i < sizeBytes; ++i)
    file += static_cast<char>(header.size() >> (8 * i));
  return file + header + data.str();
}

static std::string getError(StringRef bytes) {
  llvm::Expected<HostTensor> tensor = parseNpy(bytes, "x.npy");
  return tensor ? "" : llvm::toString(tensor.takeError());
}

TEST(Npy, ReadsBothVersions) {
  float values[] = {1.5f, -2.0f};
  StringRef data(reinterpret_cast<char *>(values), sizeof(values));
  for (char version : {1, 2}) {
    auto tensor = parseNpy(
        makeFile("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", data, version), "x.npy");
    ASSERT_TRUE(static_cast<bool>(tensor)) << llvm::toString(tensor.takeError());
    EXPECT_EQ(tensor->shape, (SmallVector<int64_t>{2, 1}));
    EXPECT_EQ(tensor->getDouble(1), -2.0);
  }
}

TEST(Npy, ReadsScalarsAndEmptyTensors) {
  auto scalar = parseNpy(
      makeFile("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", StringRef("\1", 1)), "x.npy");
  ASSERT_TRUE(static_cast<bool>(scalar));
  EXPECT_EQ(scalar->getInt(0), 1);
  auto empty = parseNpy(makeFile("{'descr': '<i8', 'fortran_order': False, 'shape': (3, 0)}", ""), "x.npy");
  ASSERT_TRUE(static_cast<bool>(empty));
  EXPECT_EQ(empty->getNumElements(), 0);
}

TEST(Npy, RefusesDamagedFiles) {
  std::string good = makeFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "abcd");
  EXPECT_EQ(getError(good), "");
  // Every prefix is refused with a reason.
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(getError(StringRef(good).take_front(size)), "") << size;
  EXPECT_EQ(getError("garbage"),
            "'x.npy': not a .npy file: the first six bytes are not \\x93NUMPY; save it with numpy.save");
  EXPECT_EQ(getError(StringRef(good).drop_back()),
            "'x.npy': truncated .npy file: 1xf32 needs 4 bytes of data, found 3");
  EXPECT_EQ(getError(good + "x"), "'x.npy': damaged .npy file: 1xf32 needs 4 bytes of data, found 5");
  EXPECT_EQ(getError(makeFile("{'descr': '<f4'}", "", 3)),
            "'x.npy': expected .npy version 1.0 or 2.0, found 3.0");
}

TEST(Npy, RefusesForeignLayouts) {
  EXPECT_EQ(getError(makeFile("{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}", "abcd")),
            "'x.npy': expected C order, found Fortran order; save numpy.ascontiguousarray(x)");
  EXPECT_EQ(getError(makeFile("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", "abcd")),
            "'x.npy': expected little-endian data, found big-endian '>f4'; save "
            "x.astype(x.dtype.newbyteorder('<'))");
  EXPECT_NE(getError(makeFile("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "abcdefgh"))
                .find("unsupported element type '<c8'"),
            std::string::npos);
}

TEST(Npy, RefusesMalformedHeaders) {
  for (const char *dictionary :
       {"", "{", "{}", "{'descr': '<f4'}", "{'descr' '<f4'}", "{'descr': '<f4, 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "{'x': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"})
    EXPECT_NE(getError(makeFile(dictionary, "abcd")).find("malformed .npy header"), std::string::npos)
        << dictionary;
  EXPECT_NE(getError(makeFile("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999)}",
                              "abcd")),
            "");
}

TEST(Npy, RoundTrips) {
  SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("colt5", "npy", path));
  for (ElementKind kind : {ElementKind::I1, ElementKind::I8, ElementKind::I16, ElementKind::I32,
                           ElementKind::I64, ElementKind::F16, ElementKind::F32, ElementKind::F64}) {
    HostTensor tensor(kind, {2, 3});
    for (int64_t i = 0; i < 6; ++i)
      tensor.setInt(i, i % 2);
    ASSERT_FALSE(static_cast<bool>(writeNpy(path, tensor)));
    auto back = readNpy(path);
    ASSERT_TRUE(static_cast<bool>(back)) << llvm::toString(back.takeError());
    EXPECT_EQ(back->kind, kind);
    EXPECT_EQ(back->data, tensor.data);
  }
  llvm::sys::fs::remove(path);
}

TEST(HostTensor, RoundsOnceToNearestEven) {
  HostTensor bf16(ElementKind::BF16, {4});
  // Halfway between two bf16 values: to even. One f64 ulp above: up, although f32 rounds it to the tie.
  bf16.setDouble(0, 1.00390625);
  bf16.setDouble(1, 1.00390625 + 0x1p-40);
  bf16.setDouble(2, std::numeric_limits<double>::quiet_NaN());
  bf16.setDouble(3, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(bf16.getDouble(0), 1.0);
  EXPECT_EQ(bf16.getDouble(1), 1.0078125);
  EXPECT_TRUE(bf16.getDouble(2) != bf16.getDouble(2));
  EXPECT_EQ(bf16.getDouble(3), -std::numeric_limits<double>::infinity());
  HostTensor f16(ElementKind::F16, {1});
  f16.setDouble(0, 65520.0);
  EXPECT_EQ(f16.getDouble(0), std::numeric_limits<double>::infinity());
}
