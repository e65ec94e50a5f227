#include "State.h"

#include <algorithm>
#include <cstring>
#include <memory>

using namespace mock;

static cu_result checkLaunch(const Function &function, int chip, const mock_launch &launch) {
  uint64_t threads = uint64_t(launch.block[0]) * launch.block[1] * launch.block[2];
  uint64_t blocks = uint64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2];
  if (!threads || !blocks || launch.grid[0] > INT32_MAX || launch.grid[1] > 65535 || launch.grid[2] > 65535)
    return CU_INVALID_VALUE;
  if (threads > static_cast<uint64_t>(function.kernel.maxThreads))
    return CU_LAUNCH_OUT_OF_RESOURCES;
  uint32_t allowed = function.dynamicShared >= 0 ? function.dynamicShared
                                                 : std::max(0, 48 * 1024 - function.kernel.staticShared);
  if (launch.dynamic_shared_bytes > allowed)
    return CU_INVALID_VALUE;
  uint32_t cluster = launch.cluster[0] * launch.cluster[1] * launch.cluster[2];
  bool divides = cluster && !(launch.grid[0] % launch.cluster[0]) && !(launch.grid[1] % launch.cluster[1]) &&
                 !(launch.grid[2] % launch.cluster[2]);
  if (!divides || (cluster > 1 && chip < 90) || cluster > (function.nonPortable ? 16 : 8))
    return 912;
  return CU_SUCCESS;
}

static cu_result launch(cu_function handle, const mock_launch &wanted, void **parameters) {
  State &s = state();
  auto found = s.functions.find(handle);
  if (found == s.functions.end())
    return misuse("a function is launched that is not loaded", CU_INVALID_HANDLE);
  Function &function = found->second;
  cu_context context;
  if (cu_result result = getCurrent(context))
    return result;
  if (context != function.context)
    return CU_INVALID_HANDLE;
  if (cu_result result = checkLaunch(function, s.chips[s.contexts[context].device], wanted))
    return result;
  auto launch = std::make_shared<Launch>();
  launch->kernel = function.kernel;
  for (size_t i = 0; i < function.kernel.parameterBytes.size(); ++i) {
    if (!parameters || !parameters[i])
      return misuse("a kernel is launched without a parameter", CU_INVALID_VALUE);
    const char *value = static_cast<const char *>(parameters[i]);
    launch->values.emplace_back(value, value + function.kernel.parameterBytes[i]);
  }
  launch->record = wanted;
  return submit(wanted.stream, [launch, context] {
    State &s = state();
    s.launches.push_back(*launch);
    Launch &kept = s.launches.back();
    for (std::vector<char> &value : kept.values)
      kept.pointers.push_back(value.data());
    kept.record.kernel = kept.kernel.name.c_str();
    kept.record.num_parameters = static_cast<uint32_t>(kept.pointers.size());
    kept.record.parameter_bytes = kept.kernel.parameterBytes.data();
    kept.record.parameters = kept.pointers.data();
    // Kernels report their failures to whoever waits for them.
    if (int result = s.runner ? s.runner(s.runnerState, &kept.record) : 0)
      s.contexts[context].stickyError = result;
  });
}

COLT5_MOCK_EXPORT cu_result cuLaunchKernel(cu_function function, unsigned gx, unsigned gy, unsigned gz,
                                           unsigned bx, unsigned by, unsigned bz, unsigned shared,
                                           cu_stream stream, void **parameters, void **) {
  MOCK_CALL("cuLaunchKernel");
  mock_launch wanted{nullptr, {gx, gy, gz}, {bx, by, bz}, {1, 1, 1}, shared, stream, 0, nullptr, nullptr};
  return launch(function, wanted, parameters);
}

COLT5_MOCK_EXPORT cu_result cuLaunchKernelEx(const cu_launch *config, cu_function function, void **parameters,
                                             void **) {
  MOCK_CALL("cuLaunchKernelEx");
  mock_launch wanted{};
  memcpy(wanted.grid, config->grid, sizeof wanted.grid);
  memcpy(wanted.block, config->block, sizeof wanted.block);
  wanted.cluster[0] = wanted.cluster[1] = wanted.cluster[2] = 1;
  wanted.dynamic_shared_bytes = config->dynamic_shared_bytes;
  wanted.stream = config->stream;
  for (uint32_t i = 0; i < config->num_attributes; ++i)
    if (config->attributes[i].id == CU_ATTRIBUTE_CLUSTER)
      memcpy(wanted.cluster, config->attributes[i].value.cluster, sizeof wanted.cluster);
  return launch(function, wanted, parameters);
}

COLT5_MOCK_EXPORT cu_result cuTensorMapEncodeTiled(cu_tensor_map *map, int type, uint32_t rank, void *address,
                                                   const uint64_t *sizes, const uint64_t *strides,
                                                   const uint32_t *box, const uint32_t *elementStrides,
                                                   int interleave, int swizzle, int promotion, int fill) {
  MOCK_CALL("cuTensorMapEncodeTiled");
  bool valid = reinterpret_cast<uintptr_t>(map) % 64 == 0 && reinterpret_cast<uintptr_t>(address) % 16 == 0 &&
               address && rank >= 1 && rank <= 5 && type >= 0 && type < CU_NUM_TENSOR_MAP_TYPES;
  for (uint32_t i = 0; valid && i < rank; ++i)
    valid = sizes[i] >= 1 && sizes[i] <= uint64_t(1) << 32 && box[i] >= 1 && box[i] <= 256 &&
            elementStrides[i] == 1 && (i + 1 == rank || strides[i] % 16 == 0);
  if (!valid)
    return CU_INVALID_VALUE;
  // Readable, so that tests can check what arrived.
  memset(map, 0, sizeof *map);
  map->opaque[0] = reinterpret_cast<uint64_t>(address);
  map->opaque[1] = rank | type << 8 | swizzle << 16 | interleave << 20 | promotion << 24 | fill << 28;
  for (uint32_t i = 0; i < rank; ++i)
    map->opaque[2 + i] = sizes[i];
  for (uint32_t i = 0; i < rank; ++i)
    map->opaque[7 + i] = box[i];
  return CU_SUCCESS;
}
