// Reads PTX, and the mock's cubins: "MOCKCUBIN" and then PTX.
#include "State.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace mock;

static const char kCubin[] = "MOCKCUBIN\n";

COLT5_MOCK_EXPORT size_t mock_make_cubin(char *bytes, size_t capacity, int chip, char suffix,
                                         const char *entries) {
  char suffixText[2] = {suffix, 0};
  int size = snprintf(bytes, capacity, "%s.target sm_%d%s\n%s", kCubin, chip, suffixText, entries);
  return static_cast<size_t>(size) + 1;
}

static uint32_t scalarBytes(const std::string &type) {
  size_t digit = type.find_first_of("0123456789");
  return digit == std::string::npos ? 1 : std::max(1, atoi(type.c_str() + digit) / 8);
}

/// The size of " [.align N] .type name[count]".
static uint32_t declaredBytes(std::string text) {
  size_t align = text.find(".align");
  if (align != std::string::npos)
    text.erase(align, text.find('.', align + 1) - align);
  size_t type = text.find('.'), bracket = text.find('[');
  uint32_t bytes =
      type == std::string::npos ? 8 : scalarBytes(text.substr(type, text.find(' ', type) - type));
  return bracket == std::string::npos ? bytes : bytes * atoi(text.c_str() + bracket + 1);
}

static Kernel parseKernel(const std::string &text) {
  Kernel kernel;
  size_t open = text.find('('), close = text.find(')');
  kernel.name = text.substr(0, open);
  kernel.name.erase(0, kernel.name.find_first_not_of(" \t\n"));
  kernel.name.erase(kernel.name.find_last_not_of(" \t\n") + 1);
  for (size_t at = text.find(".param", open); at < close; at = text.find(".param", at + 1)) {
    size_t begin = at + strlen(".param");
    kernel.parameterBytes.push_back(
        declaredBytes(text.substr(begin, text.find_first_of(",)", begin) - begin)));
  }
  for (size_t at = text.find(".shared", close); at != std::string::npos; at = text.find(".shared", at + 1)) {
    // Instructions have a type right behind the state space.
    size_t begin = at + strlen(".shared");
    if (begin < text.size() && text[begin] == ' ' && text.find('[', begin) < text.find(';', begin))
      kernel.staticShared += declaredBytes(text.substr(begin, text.find(';', begin) - begin));
  }
  size_t limit = text.find(".maxntid", close);
  if (limit != std::string::npos && limit < text.find('{', close)) {
    int product = 1;
    const char *at = text.c_str() + limit + strlen(".maxntid");
    for (char *end; product *= static_cast<int>(strtol(at, &end, 10)), *end == ',';)
      at = end + 1;
    kernel.maxThreads = product;
  }
  return kernel;
}

bool mock::parseImage(const char *bytes, Image &image) {
  image.isPtx = strncmp(bytes, kCubin, sizeof kCubin - 1) != 0;
  // The driver finds out what an image is by its first bytes; everything else it may crash on.
  if (image.isPtx && strncmp(bytes, "//", 2) && strncmp(bytes, ".version", 8))
    return false;
  std::string text(bytes);
  size_t target = text.find(".target sm_");
  if (target == std::string::npos)
    return false;
  char *end;
  image.chip = static_cast<int>(strtol(text.c_str() + target + strlen(".target sm_"), &end, 10));
  image.suffix = *end == 'a' || *end == 'f' ? *end : 0;
  for (size_t at = text.find(".entry"); at != std::string::npos;) {
    size_t next = text.find(".entry", at + 1);
    image.kernels.push_back(parseKernel(text.substr(at + strlen(".entry"), next - at - strlen(".entry"))));
    at = next;
  }
  return true;
}
