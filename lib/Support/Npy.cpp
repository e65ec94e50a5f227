#include "colt5/Support/Npy.h"
#include "colt5/Support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <optional>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
/// What the Python dictionary at the head of the file says.
struct Header {
  std::optional<StringRef> descr;
  std::optional<bool> fortranOrder;
  std::optional<SmallVector<int64_t>> shape;
};

/// Reader of the one dictionary literal that NumPy writes; `message` says what was wrong.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text.rtrim()) {}

  LogicalResult parse(Header &header) {
    if (!consume("{"))
      return fail("it does not start with '{'");
    while (!consume("}")) {
      StringRef key;
      if (failed(parseString(key)))
        return failure();
      if (!consume(":"))
        return fail("':' is missing after a key");
      if (failed(parseValue(key, header)))
        return failure();
      consume(",");
    }
    if (!rest.ltrim().empty())
      return fail("text follows the dictionary");
    if (!header.descr || !header.fortranOrder || !header.shape)
      return fail("one of 'descr', 'fortran_order' and 'shape' is missing");
    return success();
  }

  std::string message;

private:
  LogicalResult fail(const Twine &text) {
    message = text.str();
    return failure();
  }

  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  LogicalResult parseString(StringRef &value) {
    rest = rest.ltrim();
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
      return fail("a quoted string is missing");
    size_t end = rest.find(rest.front(), 1);
    if (end == StringRef::npos)
      return fail("a string is not closed");
    value = rest.slice(1, end);
    rest = rest.drop_front(end + 1);
    return success();
  }

  LogicalResult parseValue(StringRef key, Header &header) {
    if (key == "descr") {
      if (rest.ltrim().starts_with("["))
        return fail("structured element types are not supported");
      StringRef value;
      if (failed(parseString(value)))
        return failure();
      header.descr = value;
      return success();
    }
    if (key == "fortran_order") {
      if (consume("True"))
        header.fortranOrder = true;
      else if (consume("False"))
        header.fortranOrder = false;
      else
        return fail("'fortran_order' is neither True nor False");
      return success();
    }
    if (key == "shape")
      return parseShape(header.shape.emplace());
    return fail("unknown key '" + key + "'");
  }

  LogicalResult parseShape(SmallVector<int64_t> &shape) {
    if (!consume("("))
      return fail("'shape' is not a tuple");
    while (!consume(")")) {
      rest = rest.ltrim();
      uint64_t size;
      if (rest.consumeInteger(10, size) || size > (uint64_t(1) << 48))
        return fail("'shape' holds something that is not a size");
      shape.push_back(static_cast<int64_t>(size));
      consume(",");
    }
    return success();
  }

  StringRef rest;
};
} // namespace

static llvm::Error makeFileError(StringRef path, const Twine &text) {
  return driver::makeError("'" + path + "': " + text);
}

llvm::Expected<HostTensor> driver::parseNpy(StringRef bytes, StringRef path) {
  if (!bytes.starts_with("\x93NUMPY"))
    return makeFileError(path,
                         "not a .npy file: the first six bytes are not \\x93NUMPY; save it with numpy.save");
  if (bytes.size() < 10)
    return makeFileError(path,
                         "truncated .npy file: it ends inside the " + Twine("fixed part of the header"));
  unsigned major = static_cast<uint8_t>(bytes[6]), minor = static_cast<uint8_t>(bytes[7]);
  if ((major != 1 && major != 2) || minor != 0)
    return makeFileError(path,
                         "expected .npy version 1.0 or 2.0, found " + Twine(major) + "." + Twine(minor));
  size_t start = major == 1 ? 10 : 12;
  if (bytes.size() < start)
    return makeFileError(path, "truncated .npy file: it ends inside the fixed part of the header");
  size_t length = major == 1 ? llvm::support::endian::read16le(bytes.data() + 8)
                             : llvm::support::endian::read32le(bytes.data() + 8);
  if (bytes.size() - start < length)
    return makeFileError(path, "truncated .npy file: the header should have " + Twine(length) +
                                   " bytes, but only " + Twine(bytes.size() - start) + " are left");

  HeaderParser parser(bytes.substr(start, length));
  Header header;
  if (failed(parser.parse(header)))
    return makeFileError(path, "malformed .npy header: " + parser.message);
  if (*header.fortranOrder)
    return makeFileError(path, "expected C order, found Fortran order; save numpy.ascontiguousarray(x)");
  StringRef descr = *header.descr;
  if (descr.starts_with(">"))
    return makeFileError(path, "expected little-endian data, found big-endian '" + descr +
                                   "'; save x.astype(x.dtype.newbyteorder('<'))");
  std::optional<ElementKind> kind = descr.size() > 1 ? getKindOfNpy(descr) : std::nullopt;
  if (!kind || (descr.front() != '<' && descr.front() != '|'))
    return makeFileError(
        path, "unsupported element type '" + descr +
                  "'; expected bool, int8, int16, int32, int64, float16, float32, float64, or uint16 "
                  "for the bits of bf16");
  FailureOr<int64_t> count = countElements(*header.shape);
  if (failed(count))
    return makeFileError(path, "the shape in the header has more than 2^48 elements");

  StringRef payload = bytes.drop_front(start + length);
  uint64_t expected = static_cast<uint64_t>(*count) * getTraits(*kind).getBytes();
  if (payload.size() != expected)
    return makeFileError(path, (payload.size() < expected ? "truncated .npy file: " : "damaged .npy file: ") +
                                   formatType(*header.shape, *kind) + " needs " + Twine(expected) +
                                   " bytes of data, found " + Twine(payload.size()));
  HostTensor tensor(*kind, *header.shape);
  if (expected)
    std::memcpy(tensor.data.data(), payload.data(), expected);
  return tensor;
}

llvm::Expected<HostTensor> driver::readNpy(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return makeFileError(path, "cannot read: " + buffer.getError().message());
  return parseNpy((*buffer)->getBuffer(), path);
}

llvm::Expected<std::unique_ptr<OutputFile>> driver::prepareNpy(StringRef path, const HostTensor &tensor,
                                                               bool bf16Bits) {
  if (tensor.kind == ElementKind::BF16 && !bf16Bits)
    return prepareNpy(path, convertTo(tensor, ElementKind::F32));
  ElementKind kind = tensor.kind == ElementKind::BF16 ? ElementKind::U16 : tensor.kind;
  std::string shape;
  for (int64_t size : tensor.shape)
    shape += std::to_string(size) + ",";
  // NumPy writes (3,) for rank 1 and (2, 3) otherwise, and reads both spellings.
  std::string header = llvm::formatv("{{'descr': '{0}', 'fortran_order': False, 'shape': ({1}), }",
                                     getTraits(kind).npyDescr, shape)
                           .str();
  size_t padded = llvm::alignTo(10 + header.size() + 1, 64);
  header.append(padded - 10 - header.size() - 1, ' ');
  header += '\n';

  auto file = OutputFile::open(path);
  if (!file)
    return file;
  char length[2];
  llvm::support::endian::write16le(length, static_cast<uint16_t>(header.size()));
  raw_ostream &os = (*file)->os();
  os << StringRef("\x93NUMPY\x01\x00", 8) << StringRef(length, 2) << header;
  os.write(tensor.data.data(), tensor.data.size());
  if (llvm::Error error = (*file)->finish())
    return std::move(error);
  return file;
}

llvm::Error driver::writeNpy(StringRef path, const HostTensor &tensor, bool bf16Bits) {
  auto file = prepareNpy(path, tensor, bf16Bits);
  return file ? (*file)->keep() : file.takeError();
}
