// threads [DRIVER]: a routed layer in four threads that share a context, on a GPU if there is one, else on
// the CPU, and compared with the CPU. On a GPU one run is captured in a CUDA graph too. DRIVER: path of the
// driver's library.
#include "driver.hpp"
#include "layer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace {
void check(int32_t status) {
  if (status)
    throw std::runtime_error(std::string(layer_status_name(status)) + ": " + layer_message());
}

class Context {
public:
  // `deviceKind` 0: a GPU if there is one.
  explicit Context(int32_t deviceKind, const char *driver = nullptr) {
    colt5_options options{};
    options.struct_size = sizeof options;
    options.device_kind = deviceKind;
    options.driver = driver;
    layer_context *created;
    check(layer_context_create(&options, &created));
    handle.reset(created);
    // A graph cannot capture the first run otherwise.
    check(layer_load(created));
  }
  layer_context *get() const { return handle.get(); }
  int32_t kind() const { return std::strcmp(layer_target(get()), "cpu") ? COLT5_ON_CUDA : COLT5_ON_HOST; }

private:
  struct Destroy {
    void operator()(layer_context *context) const { layer_context_destroy(context); }
  };
  std::unique_ptr<layer_context, Destroy> handle;
};

// Memory of the context's device.
class Buffer {
public:
  Buffer(const Context &context, int64_t bytes) : context(context) {
    check(layer_allocate(context.get(), bytes, &data));
  }
  Buffer(const Buffer &) = delete;
  ~Buffer() { layer_free(context.get(), data); }

  const Context &context;
  void *data = nullptr;
};

class Tensor {
public:
  Tensor(const Context &context, std::vector<int64_t> sizes, const std::vector<float> &values)
      : buffer(context, bytes(values)), sizes(std::move(sizes)), count(values.size()) {
    check(layer_copy_in(context.get(), buffer.data, values.data(), bytes(values)));
  }
  colt5_tensor view() const {
    return colt5_make_tensor(buffer.data, COLT5_F32, static_cast<int32_t>(sizes.size()), sizes.data(),
                             buffer.context.kind(), 0);
  }
  std::vector<float> read() const {
    std::vector<float> values(count);
    check(layer_copy_out(buffer.context.get(), values.data(), buffer.data, bytes(values)));
    return values;
  }

private:
  static int64_t bytes(const std::vector<float> &values) {
    return static_cast<int64_t>(values.size() * sizeof(float));
  }
  Buffer buffer;
  std::vector<int64_t> sizes;
  size_t count;
};

std::vector<float> makeValues(int64_t count, unsigned seed, float scale) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float &value : values)
    value = scale * (static_cast<float>(generator() % 2001) / 1000 - 1);
  return values;
}

// The weights, which all threads share.
struct Weights {
  explicit Weights(const Context &c)
      : gain(c, {64}, makeValues(64, 1, 1.0f)), router(c, {1, 64}, makeValues(64, 2, 0.2f)),
        lightIn(c, {64, 32}, makeValues(64 * 32, 3, 0.2f)),
        lightGate(c, {64, 32}, makeValues(64 * 32, 4, 0.2f)),
        lightOut(c, {32, 64}, makeValues(32 * 64, 5, 0.2f)),
        heavyIn(c, {64, 128}, makeValues(64 * 128, 6, 0.2f)),
        heavyGate(c, {64, 128}, makeValues(64 * 128, 7, 0.2f)),
        heavyOut(c, {128, 64}, makeValues(128 * 64, 8, 0.1f)) {}
  Tensor gain, router, lightIn, lightGate, lightOut, heavyIn, heavyGate, heavyOut;
};

// A sequence with its output and the workspace of its runs.
class Call {
public:
  Call(const Context &context, const Weights &w, int64_t tokens)
      : context(context), x(context, {1, tokens, 64}, makeValues(tokens * 64, 100 + tokens, 1.0f)),
        y(context, {1, tokens, 64}, std::vector<float>(tokens * 64)),
        arguments{sizeof arguments,   x.view(),           w.gain.view(),     w.router.view(),
                  w.lightIn.view(),   w.lightGate.view(), w.lightOut.view(), w.heavyIn.view(),
                  w.heavyGate.view(), w.heavyOut.view(),  y.view()} {
    check(layer_workspace_size(context.get(), &arguments, &bytes));
    workspace.emplace(context, bytes);
  }
  void start(const Stream &stream) {
    check(layer_run(context.get(), stream.handle, &arguments, workspace->data, bytes));
  }
  std::vector<float> wait(const Stream &stream) {
    check(layer_last_error(context.get(), stream.handle));
    return y.read();
  }

private:
  const Context &context;
  Tensor x, y;
  layer_arguments arguments;
  int64_t bytes = 0;
  std::optional<Buffer> workspace;
};

float findDifference(const std::vector<float> &a, const std::vector<float> &b) {
  float largest = 0;
  for (size_t i = 0; i < a.size(); ++i)
    largest = std::isfinite(a[i]) ? std::max(largest, std::fabs(a[i] - b[i])) : INFINITY;
  return largest;
}

int run(const char *path) {
  Context context(0, path), cpu(COLT5_ON_HOST);
  std::cout << "runs on " << layer_target(context.get()) << "\n";
  std::unique_ptr<Driver> driver;
  std::unique_ptr<DeviceContext> device;
  if (context.kind() == COLT5_ON_CUDA) {
    driver = std::make_unique<Driver>(path);
    device = std::make_unique<DeviceContext>(*driver);
  }
  Weights weights(context), cpuWeights(cpu);

  constexpr int kThreads = 4;
  float differences[kThreads];
  std::string errors[kThreads];
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      try {
        int64_t tokens = 40 + 11 * i;
        Stream stream(device.get()), none(nullptr);
        Call call(context, weights, tokens), expected(cpu, cpuWeights, tokens);
        for (int repeat = 0; repeat < 3; ++repeat)
          call.start(stream);
        expected.start(none);
        differences[i] = findDifference(call.wait(stream), expected.wait(none));
      } catch (const std::exception &error) {
        errors[i] = error.what();
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const std::string &error : errors)
    if (!error.empty())
      throw std::runtime_error(error);
  float largest = *std::max_element(differences, differences + kThreads);
  std::cout << kThreads << " threads: largest difference from the CPU " << largest << "\n";
  bool good = largest <= 1e-5f;

  if (device) {
    Stream stream(device.get());
    Call direct(context, weights, 50), captured(context, weights, 50);
    direct.start(stream);
    Graph graph(stream, [&] { captured.start(stream); });
    graph.launch();
    bool equal = direct.wait(stream) == captured.wait(stream);
    std::cout << "a graph computes " << (equal ? "the same" : "something else") << "\n";
    good &= equal;
  }
  return good ? 0 : 1;
}
} // namespace

int main(int argc, char **argv) {
  try {
    return run(argc > 1 ? argv[1] : nullptr);
  } catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
