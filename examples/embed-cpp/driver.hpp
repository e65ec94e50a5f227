// What this program itself wants of the CUDA driver: streams and graphs. From the driver's own library, so
// that building needs no CUDA toolkit. Numbers and parameters are those of cuda.h.
#ifndef EMBED_CPP_DRIVER_HPP
#define EMBED_CPP_DRIVER_HPP

#include <dlfcn.h>
#include <stdexcept>
#include <string>

class Driver {
  struct Symbol {
    void *address;
    template <typename Function> operator Function *() const { return reinterpret_cast<Function *>(address); }
  };
  Symbol find(const char *name) const {
    if (void *address = dlsym(library, name))
      return {address};
    throw std::runtime_error("expected a driver with " + std::string(name) + ", found none in it");
  }
  static void *open(const char *path) {
    if (void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL))
      return library;
    throw std::runtime_error(dlerror());
  }
  void *library;

public:
  explicit Driver(const char *path) : library(open(path ? path : "libcuda.so.1")) {}
  Driver(const Driver &) = delete;
  ~Driver() { dlclose(library); }

  int (*init)(unsigned flags) = find("cuInit");
  int (*retainContext)(void **context, int device) = find("cuDevicePrimaryCtxRetain");
  int (*releaseContext)(int device) = find("cuDevicePrimaryCtxRelease_v2");
  int (*setContext)(void *context) = find("cuCtxSetCurrent");
  int (*createStream)(void **stream, unsigned flags) = find("cuStreamCreate");
  int (*destroyStream)(void *stream) = find("cuStreamDestroy_v2");
  int (*beginCapture)(void *stream, int mode) = find("cuStreamBeginCapture_v2");
  int (*endCapture)(void *stream, void **graph) = find("cuStreamEndCapture");
  int (*instantiate)(void **executable, void *graph,
                     unsigned long long flags) = find("cuGraphInstantiateWithFlags");
  int (*launch)(void *executable, void *stream) = find("cuGraphLaunch");
  int (*destroyExecutable)(void *executable) = find("cuGraphExecDestroy");
  int (*destroyGraph)(void *graph) = find("cuGraphDestroy");
};

inline void check(const char *what, int result) {
  if (result)
    throw std::runtime_error(std::string(what) + ": error " + std::to_string(result) + " of the CUDA driver");
}

// The primary context of device 0, current in the thread that makes it.
class DeviceContext {
public:
  explicit DeviceContext(const Driver &driver) : driver(driver) {
    check("cuInit", driver.init(0));
    check("cuDevicePrimaryCtxRetain", driver.retainContext(&handle, 0));
    makeCurrent();
  }
  DeviceContext(const DeviceContext &) = delete;
  ~DeviceContext() { driver.releaseContext(0); }
  void makeCurrent() const { check("cuCtxSetCurrent", driver.setContext(handle)); }

  const Driver &driver;
  void *handle = nullptr;
};

// A stream that waits for no other; the null stream without a GPU.
class Stream {
public:
  explicit Stream(const DeviceContext *device) : device(device) {
    if (!device)
      return;
    device->makeCurrent();
    check("cuStreamCreate", device->driver.createStream(&handle, /*CU_STREAM_NON_BLOCKING=*/1));
  }
  Stream(const Stream &) = delete;
  ~Stream() {
    if (handle)
      device->driver.destroyStream(handle);
  }

  const DeviceContext *device;
  void *handle = nullptr;
};

// What `work` starts on the stream, to be started again at once.
class Graph {
public:
  template <typename Work>
  Graph(const Stream &stream, Work work) : stream(stream), driver(stream.device->driver) {
    check("cuStreamBeginCapture",
          driver.beginCapture(stream.handle, /*CU_STREAM_CAPTURE_MODE_THREAD_LOCAL=*/1));
    work();
    check("cuStreamEndCapture", driver.endCapture(stream.handle, &graph));
    check("cuGraphInstantiateWithFlags", driver.instantiate(&executable, graph, 0));
  }
  Graph(const Graph &) = delete;
  ~Graph() {
    driver.destroyExecutable(executable);
    driver.destroyGraph(graph);
  }
  void launch() { check("cuGraphLaunch", driver.launch(executable, stream.handle)); }

private:
  const Stream &stream;
  const Driver &driver;
  void *graph = nullptr, *executable = nullptr;
};

#endif // EMBED_CPP_DRIVER_HPP
