// Streams, captures, graphs and memory.
#include "State.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

using namespace mock;

cu_result mock::checkUnsafe() {
  if (thread().captureMode == CU_CAPTURE_RELAXED)
    return CU_SUCCESS;
  cu_result result = CU_SUCCESS;
  for (auto &[handle, stream] : state().streams) {
    bool own = stream.captureThread == std::this_thread::get_id();
    bool concerned = stream.captureMode == CU_CAPTURE_GLOBAL
                         ? own || thread().captureMode == CU_CAPTURE_GLOBAL
                         : own && stream.captureMode == CU_CAPTURE_THREAD_LOCAL;
    if (stream.capture == CU_CAPTURE_NONE || !concerned)
      continue;
    stream.capture = CU_CAPTURE_INVALIDATED;
    result = CU_STREAM_CAPTURE_UNSUPPORTED;
  }
  return result;
}

static bool isNull(cu_stream handle) { return !handle || handle == CU_LEGACY_STREAM; }

/// Whether work on the null stream of `context` would have to wait for a stream that is captured.
static bool entangles(cu_context context) {
  for (auto &[handle, stream] : state().streams)
    if (stream.context == context && stream.blocking && stream.capture != CU_CAPTURE_NONE)
      return true;
  return false;
}

cu_result mock::findStream(cu_stream handle, Stream *&stream) {
  stream = nullptr;
  cu_context context;
  if (cu_result result = getCurrent(context))
    return result;
  if (handle == CU_PER_THREAD_STREAM)
    return CU_SUCCESS;
  if (isNull(handle))
    return entangles(context) ? CU_STREAM_CAPTURE_IMPLICIT : CU_SUCCESS;
  auto found = state().streams.find(handle);
  if (found == state().streams.end())
    return misuse("a stream is used that does not exist", CU_INVALID_HANDLE);
  if (found->second.context != context)
    return CU_INVALID_HANDLE;
  stream = &found->second;
  return CU_SUCCESS;
}

cu_result mock::submit(cu_stream handle, Work work) {
  Stream *stream;
  if (cu_result result = findStream(handle, stream))
    return result;
  if (stream && stream->capture == CU_CAPTURE_INVALIDATED)
    return CU_STREAM_CAPTURE_INVALIDATED;
  if (stream && stream->capture == CU_CAPTURE_ACTIVE)
    stream->captured.push_back(std::move(work));
  else
    work();
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuStreamCreate(cu_stream *stream, unsigned flags) {
  MOCK_CALL("cuStreamCreate");
  cu_context context;
  if (cu_result result = getCurrent(context))
    return result;
  *stream = state().makeHandle();
  Stream &created = state().streams[*stream];
  created.context = context;
  created.blocking = !(flags & CU_STREAM_IS_NON_BLOCKING);
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuStreamDestroy_v2(cu_stream stream) {
  Call call("cuStreamDestroy_v2");
  if (!state().streams.erase(stream))
    return misuse("a stream is destroyed that does not exist", CU_INVALID_HANDLE);
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuStreamSynchronize(cu_stream handle) {
  MOCK_CALL("cuStreamSynchronize");
  Stream *stream;
  cu_result result = findStream(handle, stream);
  if (result || !stream || stream->capture == CU_CAPTURE_NONE)
    return result;
  stream->capture = CU_CAPTURE_INVALIDATED;
  return CU_STREAM_CAPTURE_UNSUPPORTED;
}

COLT5_MOCK_EXPORT cu_result cuCtxSynchronize() {
  MOCK_CALL("cuCtxSynchronize");
  cu_context context;
  cu_result result = getCurrent(context);
  return result ? result : checkUnsafe();
}

COLT5_MOCK_EXPORT cu_result cuStreamIsCapturing(cu_stream handle, int *status) {
  MOCK_CALL("cuStreamIsCapturing");
  Stream *stream;
  cu_result result = findStream(handle, stream);
  *status = stream ? stream->capture : CU_CAPTURE_NONE;
  return result;
}

COLT5_MOCK_EXPORT cu_result cuThreadExchangeStreamCaptureMode(int *mode) {
  Call call("cuThreadExchangeStreamCaptureMode");
  // A failure to go back would leave the thread in a mode that nobody asked for.
  if (call.injected && *mode == CU_CAPTURE_RELAXED)
    return call.injected;
  std::swap(*mode, thread().captureMode);
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuStreamBeginCapture_v2(cu_stream handle, int mode) {
  MOCK_CALL("cuStreamBeginCapture_v2");
  Stream *stream;
  if (cu_result result = findStream(handle, stream))
    return result;
  if (!stream || stream->capture != CU_CAPTURE_NONE)
    return CU_STREAM_CAPTURE_UNSUPPORTED;
  stream->capture = CU_CAPTURE_ACTIVE;
  stream->captureMode = mode;
  stream->captureThread = std::this_thread::get_id();
  stream->captured.clear();
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuStreamEndCapture(cu_stream handle, void **graph) {
  MOCK_CALL("cuStreamEndCapture");
  *graph = nullptr;
  Stream *stream;
  if (cu_result result = findStream(handle, stream))
    return result;
  if (!stream || stream->capture == CU_CAPTURE_NONE)
    return misuse("a capture is ended that was not begun", /*CUDA_ERROR_ILLEGAL_STATE=*/401);
  bool valid = stream->capture == CU_CAPTURE_ACTIVE;
  stream->capture = CU_CAPTURE_NONE;
  if (!valid)
    return CU_STREAM_CAPTURE_INVALIDATED;
  *graph = state().makeHandle();
  state().graphs[*graph] = {std::move(stream->captured)};
  return CU_SUCCESS;
}

/// The graph of a handle of the right kind.
static cu_result findGraph(void *handle, bool executable, const Graph *&graph) {
  auto found = state().graphs.find(handle);
  if (found == state().graphs.end() || found->second.executable != executable)
    return misuse(executable ? "an executable graph is used that does not exist"
                             : "a graph is used that does not exist",
                  CU_INVALID_HANDLE);
  graph = &found->second;
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuGraphInstantiateWithFlags(void **executable, void *handle, unsigned long long) {
  MOCK_CALL("cuGraphInstantiateWithFlags");
  const Graph *graph;
  if (cu_result result = findGraph(handle, /*executable=*/false, graph))
    return result;
  *executable = state().makeHandle();
  state().graphs[*executable] = {graph->work, /*executable=*/true};
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuGraphLaunch(void *executable, cu_stream stream) {
  MOCK_CALL("cuGraphLaunch");
  const Graph *graph;
  if (cu_result result = findGraph(executable, /*executable=*/true, graph))
    return result;
  for (const Work &work : graph->work)
    if (cu_result result = submit(stream, work))
      return result;
  return CU_SUCCESS;
}

static cu_result destroyGraph(void *handle, bool executable, int injected) {
  const Graph *graph;
  if (cu_result result = findGraph(handle, executable, graph))
    return result;
  state().graphs.erase(handle);
  return injected;
}

COLT5_MOCK_EXPORT cu_result cuGraphExecDestroy(void *executable) {
  Call call("cuGraphExecDestroy");
  return destroyGraph(executable, /*executable=*/true, call.injected);
}

COLT5_MOCK_EXPORT cu_result cuGraphDestroy(void *graph) {
  Call call("cuGraphDestroy");
  return destroyGraph(graph, /*executable=*/false, call.injected);
}

/// The memory at [address, address + bytes), nullptr if that is not inside one allocation.
static char *resolve(cu_pointer address, size_t bytes) {
  auto found = state().memory.upper_bound(address);
  if (found == state().memory.begin())
    return nullptr;
  --found;
  return address + bytes <= found->first + found->second.bytes ? reinterpret_cast<char *>(address) : nullptr;
}

/// Fresh memory holds anything but zeros; memory of gigabytes holds nothing before it is touched.
static std::shared_ptr<void> allocate(size_t bytes) {
  if (bytes >= size_t(1) << 30) {
    void *pages =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED)
      return nullptr;
    return {pages, [bytes](void *begin) { munmap(begin, bytes); }};
  }
  auto words = std::make_shared<std::vector<uint32_t>>(bytes / 4, 0xcdcdcdcd);
  return {words, words->data()};
}

COLT5_MOCK_EXPORT cu_result cuMemAlloc_v2(cu_pointer *address, size_t bytes) {
  MOCK_CALL("cuMemAlloc_v2");
  cu_context context;
  cu_result result = getCurrent(context);
  if (!result)
    result = checkUnsafe();
  if (result)
    return result;
  if (!bytes)
    return CU_INVALID_VALUE;
  if (bytes > size_t(1) << 34)
    return CU_OUT_OF_MEMORY;
  std::shared_ptr<void> storage = allocate((bytes + 259) / 4 * 4);
  if (!storage)
    return CU_OUT_OF_MEMORY;
  *address = (reinterpret_cast<cu_pointer>(storage.get()) + 255) / 256 * 256;
  state().memory[*address] = {context, std::move(storage), bytes};
  return CU_SUCCESS;
}

COLT5_MOCK_EXPORT cu_result cuMemFree_v2(cu_pointer address) {
  Call call("cuMemFree_v2");
  if (!state().memory.erase(address))
    return misuse("memory is freed that is not allocated", CU_INVALID_VALUE);
  return call.injected;
}

COLT5_MOCK_EXPORT cu_result cuMemsetD32Async(cu_pointer address, unsigned value, size_t count,
                                             cu_stream stream) {
  MOCK_CALL("cuMemsetD32Async");
  char *memory = resolve(address, 4 * count);
  if (!memory)
    return misuse("memory is set that is not allocated", CU_INVALID_VALUE);
  return submit(stream, [=] { std::fill_n(reinterpret_cast<uint32_t *>(memory), count, value); });
}

COLT5_MOCK_EXPORT cu_result cuMemcpyHtoD_v2(cu_pointer device, const void *host, size_t bytes) {
  MOCK_CALL("cuMemcpyHtoD_v2");
  char *memory = resolve(device, bytes);
  if (!memory)
    return misuse("a copy goes to memory that is not allocated", CU_INVALID_VALUE);
  return submit(nullptr, [=] { memcpy(memory, host, bytes); });
}

COLT5_MOCK_EXPORT cu_result cuMemcpyDtoHAsync_v2(void *host, cu_pointer device, size_t bytes,
                                                 cu_stream stream) {
  MOCK_CALL("cuMemcpyDtoHAsync_v2");
  char *memory = resolve(device, bytes);
  if (!memory)
    return misuse("a copy comes from memory that is not allocated", CU_INVALID_VALUE);
  return submit(stream, [=] { memcpy(host, memory, bytes); });
}

COLT5_MOCK_EXPORT cu_result cuMemcpyDtoH_v2(void *host, cu_pointer device, size_t bytes) {
  MOCK_CALL("cuMemcpyDtoH_v2");
  char *memory = resolve(device, bytes);
  if (!memory)
    return misuse("a copy comes from memory that is not allocated", CU_INVALID_VALUE);
  return submit(nullptr, [=] { memcpy(host, memory, bytes); });
}

COLT5_MOCK_EXPORT void mock_visit_memory(void (*visit)(void *, void *, size_t), void *visitor) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  for (auto &[address, memory] : state().memory)
    visit(visitor, reinterpret_cast<void *>(address), memory.bytes);
}
