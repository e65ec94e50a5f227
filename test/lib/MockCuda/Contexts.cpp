// Devices, contexts, modules and functions.
#include "State.h"

#include <cstdio>
#include <cstring>

using namespace mock;

cu_result mock::getCurrent(cu_context &context) {
  if (thread().stack.empty() || !thread().stack.back())
    return CU_INVALID_CONTEXT;
  context = thread().stack.back();
  auto found = state().contexts.find(context);
  if (found == state().contexts.end())
    return CU_CONTEXT_IS_DESTROYED;
  return found->second.stickyError;
}

void mock::destroyContext(cu_context handle) {
  State &s = state();
  auto eraseOf = [&](auto &objects) {
    size_t before = objects.size();
    for (auto it = objects.begin(); it != objects.end();)
      it = it->second.context == handle ? objects.erase(it) : std::next(it);
    return static_cast<int>(before - objects.size());
  };
  eraseOf(s.functions);
  s.abandoned += eraseOf(s.modules) + eraseOf(s.streams) + eraseOf(s.memory);
  s.contexts.erase(handle);
}

static cu_context makeContext(int device) {
  cu_context handle = state().makeHandle();
  state().contexts[handle] = {device, ++state().lastId, 0};
  return handle;
}

COLT5_MOCK_EXPORT cu_result cuInit(unsigned) {
  MOCK_CALL("cuInit");
  if (state().chips.empty())
    return CU_NO_DEVICE;
  state().initialised = true;
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuGetErrorName(cu_result result, const char **name) {
  MOCK_CALL("cuGetErrorName");
  *name = result == CU_OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR_OF_THE_MOCK";
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuGetErrorString(cu_result result, const char **text) {
  MOCK_CALL("cuGetErrorString");
  *text = result == CU_OUT_OF_MEMORY ? "out of memory" : "the text of the mock";
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuDeviceGetCount(int *count) {
  MOCK_CALL("cuDeviceGetCount");
  *count = static_cast<int>(state().chips.size());
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuDeviceGet(cu_device *device, int ordinal) {
  MOCK_CALL("cuDeviceGet");
  if (ordinal < 0 || ordinal >= static_cast<int>(state().chips.size()))
    return CU_INVALID_DEVICE;
  *device = ordinal;
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuDeviceGetName(char *name, int size, cu_device device) {
  MOCK_CALL("cuDeviceGetName");
  snprintf(name, size, "Mock of sm_%d", state().chips[device]);
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuDeviceGetAttribute(int *value, int attribute, cu_device device) {
  MOCK_CALL("cuDeviceGetAttribute");
  int chip = state().chips[device];
  switch (attribute) {
  case CU_DEVICE_MAX_THREADS_PER_BLOCK:
    *value = 1024;
    return CU_SUCCESS;
  case CU_DEVICE_MAJOR:
    *value = chip / 10;
    return CU_SUCCESS;
  case CU_DEVICE_MINOR:
    *value = chip % 10;
    return CU_SUCCESS;
  case CU_DEVICE_MAX_SHARED_BYTES:
    *value = chip == 86 || chip == 89 || chip == 120 ? 99 * 1024 : chip < 90 ? 163 * 1024 : 227 * 1024;
    return CU_SUCCESS;
  default:
    return CU_INVALID_VALUE;
  }
}

COLT5_MOCK_EXPORT cu_result cuDevicePrimaryCtxRetain(cu_context *context, cu_device device) {
  MOCK_CALL("cuDevicePrimaryCtxRetain");
  auto &[handle, count] = state().primaries[device];
  if (!count++)
    handle = makeContext(device);
  *context = handle;
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuDevicePrimaryCtxRelease_v2(cu_device device) {
  Call call("cuDevicePrimaryCtxRelease_v2");
  auto found = state().primaries.find(device);
  if (found == state().primaries.end() || !found->second.second)
    return misuse("a primary context is released more often than retained", CU_INVALID_CONTEXT);
  if (!--found->second.second)
    destroyContext(found->second.first);
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuCtxCreate_v2(cu_context *context, unsigned, cu_device device) {
  MOCK_CALL("cuCtxCreate_v2");
  thread().stack.push_back(*context = makeContext(device));
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuCtxDestroy_v2(cu_context context) {
  Call call("cuCtxDestroy_v2");
  destroyContext(context);
  if (!thread().stack.empty() && thread().stack.back() == context)
    thread().stack.pop_back();
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuCtxSetCurrent(cu_context context) {
  MOCK_CALL("cuCtxSetCurrent");
  if (!thread().stack.empty())
    thread().stack.pop_back();
  if (context)
    thread().stack.push_back(context);
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuCtxGetCurrent(cu_context *context) {
  MOCK_CALL("cuCtxGetCurrent");
  *context = thread().stack.empty() ? nullptr : thread().stack.back();
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuCtxPushCurrent_v2(cu_context context) {
  MOCK_CALL("cuCtxPushCurrent_v2");
  if (!state().contexts.count(context))
    return misuse("a destroyed context is pushed", CU_CONTEXT_IS_DESTROYED);
  thread().stack.push_back(context);
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuCtxPopCurrent_v2(cu_context *context) {
  Call call("cuCtxPopCurrent_v2");
  if (thread().stack.empty())
    return misuse("a context is popped from an empty stack", CU_INVALID_CONTEXT);
  *context = thread().stack.back();
  thread().stack.pop_back();
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuCtxGetDevice(cu_device *device) {
  MOCK_CALL("cuCtxGetDevice");
  cu_context context;
  cu_result result = getCurrent(context);
  if (!result)
    *device = state().contexts[context].device;
  return result;
}

COLT5_MOCK_EXPORT cu_result cuCtxGetId(cu_context context, unsigned long long *id) {
  MOCK_CALL("cuCtxGetId");
  auto found = state().contexts.find(context);
  if (found == state().contexts.end())
    return CU_CONTEXT_IS_DESTROYED;
  *id = found->second.id;
  return CU_SUCCESS;
}

/// Whether the image runs on the chip as it is, or after compiling it.
static bool runsOn(const Image &image, int chip) {
  if (image.suffix == 'a')
    return image.chip == chip;
  bool sameMajor = image.chip / 10 == chip / 10 && image.chip <= chip;
  return image.isPtx && !image.suffix ? image.chip <= chip : sameMajor;
}

COLT5_MOCK_EXPORT cu_result cuModuleLoadDataEx(cu_module *module, const void *bytes, unsigned count,
                                               int *options, void **values) {
  MOCK_CALL("cuModuleLoadDataEx");
  cu_context context;
  cu_result result = getCurrent(context);
  if (!result)
    result = checkUnsafe();
  if (result)
    return result;
  Image image;
  if (!parseImage(static_cast<const char *>(bytes), image))
    return CU_INVALID_IMAGE;
  if (!runsOn(image, state().chips[state().contexts[context].device])) {
    for (unsigned i = 0; i < count && image.isPtx; ++i)
      if (options[i] == CU_JIT_LOG)
        strcpy(static_cast<char *>(values[i]), "the mock cannot compile this target\nsecond line");
    return image.isPtx ? CU_INVALID_PTX : CU_NO_BINARY_FOR_GPU;
  }
  Module loaded{context, {}};
  for (const Kernel &kernel : image.kernels) {
    loaded.functions.push_back(state().makeHandle());
    state().functions[loaded.functions.back()] = {context, kernel};
  }
  *module = state().makeHandle();
  state().modules[*module] = loaded;
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuModuleUnload(cu_module module) {
  Call call("cuModuleUnload");
  auto found = state().modules.find(module);
  if (found == state().modules.end())
    return misuse("a module is unloaded that is not loaded", CU_INVALID_HANDLE);
  cu_context context;
  if (getCurrent(context) == CU_INVALID_CONTEXT || context != found->second.context)
    return misuse("a module is unloaded in another context", CU_INVALID_CONTEXT);
  for (cu_function function : found->second.functions)
    state().functions.erase(function);
  state().modules.erase(found);
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuModuleGetFunction(cu_function *function, cu_module module, const char *name) {
  MOCK_CALL("cuModuleGetFunction");
  auto found = state().modules.find(module);
  if (found == state().modules.end())
    return misuse("a function is looked up in a module that is not loaded", CU_INVALID_HANDLE);
  for (cu_function candidate : found->second.functions)
    if (state().functions[candidate].kernel.name == name) {
      *function = candidate;
      return CU_SUCCESS;
    }
  return CU_NOT_FOUND;
}

COLT5_MOCK_EXPORT cu_result cuFuncGetAttribute(int *value, int attribute, cu_function function) {
  MOCK_CALL("cuFuncGetAttribute");
  auto found = state().functions.find(function);
  if (found == state().functions.end())
    return misuse("an attribute is read of a function that is not loaded", CU_INVALID_HANDLE);
  if (attribute == CU_FUNCTION_SHARED_BYTES)
    *value = found->second.kernel.staticShared;
  else if (attribute == CU_FUNCTION_MAX_THREADS_PER_BLOCK)
    *value = found->second.kernel.maxThreads;
  else
    return CU_INVALID_VALUE;
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuFuncSetAttribute(cu_function function, int attribute, int value) {
  MOCK_CALL("cuFuncSetAttribute");
  auto found = state().functions.find(function);
  if (found == state().functions.end())
    return misuse("an attribute is set of a function that is not loaded", CU_INVALID_HANDLE);
  if (attribute == CU_FUNCTION_MAX_DYNAMIC_SHARED_BYTES)
    found->second.dynamicShared = value;
  else if (attribute == CU_FUNCTION_NON_PORTABLE_CLUSTER_SIZE)
    found->second.nonPortable = value;
  else
    return CU_INVALID_VALUE;
  return CU_SUCCESS;
}
