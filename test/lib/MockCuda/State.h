// What the mock driver remembers.
#ifndef COLT5_TEST_LIB_MOCKCUDA_STATE_H
#define COLT5_TEST_LIB_MOCKCUDA_STATE_H

#include "../../../lib/Runtime/Cuda.h"
#include "MockCuda.h"
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mock {

struct Kernel {
  std::string name;
  std::vector<uint32_t> parameterBytes;
  int staticShared = 0;
  int maxThreads = 1024;
};

struct Image {
  bool isPtx = false;
  int chip = 0;
  char suffix = 0;
  std::vector<Kernel> kernels;
};

/// Reads an image; false if it is none.
bool parseImage(const char *bytes, Image &image);

struct Context {
  int device = 0;
  unsigned long long id = 0;
  int stickyError = 0;
};
struct Module {
  cu_context context;
  std::vector<cu_function> functions;
};
struct Function {
  cu_context context;
  Kernel kernel;
  int dynamicShared = -1; // not set: the default limit
  bool nonPortable = false;
};
/// A launch with copies of all that it was given.
struct Launch {
  Kernel kernel;
  std::vector<std::vector<char>> values;
  std::vector<void *> pointers;
  mock_launch record{};
};
using Work = std::function<void()>;
struct Stream {
  cu_context context;
  bool blocking = true;
  int capture = CU_CAPTURE_NONE;
  int captureMode = CU_CAPTURE_GLOBAL;
  std::thread::id captureThread;
  std::vector<Work> captured;
};
struct Graph {
  std::vector<Work> work;
  bool executable = false;
};
struct Memory {
  cu_context context;
  std::shared_ptr<void> storage;
  size_t bytes;
};

struct State {
  std::recursive_mutex mutex;
  bool initialised = false;
  std::vector<int> chips{80, 90, 100};
  std::map<cu_context, Context> contexts;
  std::map<int, std::pair<cu_context, int>> primaries; // per device: context, times retained
  std::map<cu_module, Module> modules;
  std::map<cu_function, Function> functions;
  std::map<cu_stream, Stream> streams;
  std::map<void *, Graph> graphs;
  std::map<cu_pointer, Memory> memory;
  std::deque<Launch> launches;
  mock_kernel_runner runner = nullptr;
  void *runnerState = nullptr;
  uintptr_t lastHandle = 0x10000;
  unsigned long long lastId = 0;

  int calls = 0, failFirst = 0, failCount = 0, failResult = 0;
  std::map<std::string, int> callsOf;
  std::string failFunction;
  int failFunctionResult = 0;
  std::string misuse;
  int abandoned = 0;

  void *makeHandle() { return reinterpret_cast<void *>(lastHandle += 64); }
};

State &state();
/// The calling thread's stack of contexts and its capture mode.
struct ThreadState {
  std::vector<cu_context> stack;
  int captureMode = CU_CAPTURE_GLOBAL;
};
ThreadState &thread();

/// One call of the driver: holds the lock, counts, and knows whether the call has to fail.
class Call {
public:
  explicit Call(const char *function);
  int injected = 0;

private:
  std::lock_guard<std::recursive_mutex> lock;
};

/// Notes what a real driver might crash on and returns `result`.
cu_result misuse(const std::string &text, cu_result result);
/// The current context if it is alive and well.
cu_result getCurrent(cu_context &context);
/// What the call means for captures in progress: an error if it is not allowed. It then ends the captures.
cu_result checkUnsafe();
/// The stream's state, nullptr for the null and the per-thread stream; an error if the handle is wrong or if
/// work on the stream would break a capture.
cu_result findStream(cu_stream handle, Stream *&stream);
/// Does `work`, or keeps it for the graph that the stream is captured into.
cu_result submit(cu_stream handle, Work work);
void destroyContext(cu_context handle);

} // namespace mock

#define COLT5_MOCK_EXPORT extern "C" __attribute__((visibility("default")))
/// Opens the body of a function that has no effect when it has to fail.
#define MOCK_CALL(name)                                                                                      \
  mock::Call call(name);                                                                                     \
  if (call.injected)                                                                                         \
  return call.injected

#endif // COLT5_TEST_LIB_MOCKCUDA_STATE_H
