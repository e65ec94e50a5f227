#include "State.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace mock;

State &mock::state() {
  static State *instance = new State;
  return *instance;
}

ThreadState &mock::thread() {
  static thread_local ThreadState instance;
  return instance;
}

Call::Call(const char *function) : lock(state().mutex) {
  State &s = state();
  ++s.calls;
  ++s.callsOf[function];
  if (s.failCount && s.calls >= s.failFirst && s.calls < s.failFirst + s.failCount)
    injected = s.failResult;
  if (s.failFunction == function)
    injected = s.failFunctionResult;
  // The names of errors are asked for while an error is handled; failing there too is tested by name.
  if (!injected && !s.initialised && strcmp(function, "cuInit") && strncmp(function, "cuGetError", 10))
    injected = 3;
}

cu_result mock::misuse(const std::string &text, cu_result result) {
  if (state().misuse.empty())
    state().misuse = text;
  return result;
}

COLT5_MOCK_EXPORT void mock_set_kernel_runner(mock_kernel_runner runner, void *runnerState) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  state().runner = runner;
  state().runnerState = runnerState;
}

COLT5_MOCK_EXPORT void mock_reset(void) {
  State &s = state();
  std::lock_guard<std::recursive_mutex> lock(s.mutex);
  // Handles are never used twice, so that a stale one is always recognised.
  s.contexts.clear();
  s.primaries.clear();
  s.modules.clear();
  s.functions.clear();
  s.streams.clear();
  s.graphs.clear();
  s.memory.clear();
  s.launches.clear();
  s.chips = {80, 90, 100};
  s.runner = nullptr;
  s.initialised = false;
  s.misuse.clear();
  s.abandoned = 0;
  s.failFunction.clear();
  s.failCount = 0;
  thread() = {};
  mock_reset_calls();
}

COLT5_MOCK_EXPORT void mock_set_devices(int count, const int *chips) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  state().chips.assign(chips, chips + count);
}

COLT5_MOCK_EXPORT void mock_fail(int first, int count, int result) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  state().failFirst = first;
  state().failCount = count;
  state().failResult = result;
}

COLT5_MOCK_EXPORT void mock_fail_function(const char *function, int result) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  state().failFunction = function ? function : "";
  state().failFunctionResult = result;
}

COLT5_MOCK_EXPORT void mock_reset_calls(void) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  state().calls = 0;
  state().callsOf.clear();
}

COLT5_MOCK_EXPORT int mock_num_calls(void) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  return state().calls;
}

COLT5_MOCK_EXPORT int mock_num_calls_of(const char *function) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  auto found = state().callsOf.find(function);
  return found == state().callsOf.end() ? 0 : found->second;
}

COLT5_MOCK_EXPORT int mock_num_launches(void) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  return static_cast<int>(state().launches.size());
}

COLT5_MOCK_EXPORT const mock_launch *mock_get_launch(int index) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  bool known = index >= 0 && index < static_cast<int>(state().launches.size());
  return known ? &state().launches[index].record : nullptr;
}

COLT5_MOCK_EXPORT int mock_num_live_objects(void) {
  State &s = state();
  std::lock_guard<std::recursive_mutex> lock(s.mutex);
  size_t count = s.contexts.size() + s.modules.size() + s.streams.size() + s.graphs.size() + s.memory.size();
  return static_cast<int>(count);
}

COLT5_MOCK_EXPORT int mock_num_abandoned_objects(void) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  return state().abandoned;
}

COLT5_MOCK_EXPORT void mock_recreate_context(void *context, int device) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  state().contexts[context] = {device, ++state().lastId, 0};
}

COLT5_MOCK_EXPORT const char *mock_first_misuse(void) {
  std::lock_guard<std::recursive_mutex> lock(state().mutex);
  return state().misuse.empty() ? nullptr : state().misuse.c_str();
}

/// For programs that do not know that their driver is a mock.
__attribute__((destructor)) static void report() {
  const char *path = getenv("COLT5_MOCK_REPORT");
  FILE *file = path ? fopen(path, "w") : nullptr;
  if (!file)
    return;
  const char *misuse = mock_first_misuse();
  fprintf(file, "%d launches, %d objects left, misuse: %s\n", mock_num_launches(), mock_num_live_objects(),
          misuse ? misuse : "none");
  fclose(file);
}
