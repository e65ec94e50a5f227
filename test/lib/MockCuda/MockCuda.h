/* Controls the mock driver: a shared library that takes the place of libcuda.so.1 in tests.
 *
 * It keeps the driver's rules and not its speed: memory is host memory, work is done when it is started, and
 * every handle is checked. Kernels do nothing unless a runner is set. Images are PTX text, or what
 * mock_make_cubin makes. With COLT5_MOCK_REPORT=FILE in the environment it writes, when it is closed, what
 * ran, what was not released, and the first misuse.
 */
#ifndef COLT5_TEST_LIB_MOCKCUDA_MOCKCUDA_H
#define COLT5_TEST_LIB_MOCKCUDA_MOCKCUDA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a kernel was started with. */
typedef struct mock_launch {
  const char *kernel;
  uint32_t grid[3], block[3], cluster[3];
  uint32_t dynamic_shared_bytes;
  void *stream;
  uint32_t num_parameters;
  const uint32_t *parameter_bytes;
  void *const *parameters;
} mock_launch;

/* Executes a kernel; a result other than 0 becomes the context's error. */
typedef int (*mock_kernel_runner)(void *state, const mock_launch *launch);
void mock_set_kernel_runner(mock_kernel_runner runner, void *state);

/* Forgets everything: objects, failures, counts, the calling thread's contexts. Devices become sm_80, sm_90,
 * sm_100. */
void mock_reset(void);
void mock_set_devices(int count, const int *chips);
/* Makes `count` calls fail with `result`, from call number `first` on; calls are counted from 1 since
 * mock_reset or mock_reset_calls. Calls that release something do so and still report the failure, as the
 * driver may. */
void mock_fail(int first, int count, int result);
/* Makes every call of one function fail. NULL: none. */
void mock_fail_function(const char *function, int result);
void mock_reset_calls(void);
int mock_num_calls(void);
/* Calls of one function since the last reset of the counts. */
int mock_num_calls_of(const char *function);
/* The kernels that ran, in order: how many, and the record of one. */
int mock_num_launches(void);
const mock_launch *mock_get_launch(int index);
/* Calls `visit` for all memory that is allocated; for kernel runners. */
void mock_visit_memory(void (*visit)(void *state, void *address, size_t bytes), void *state);
/* Contexts, modules, memory, streams, graphs that were made and not released. */
int mock_num_live_objects(void);
/* Modules, memory and streams that nobody released and that went with their context. */
int mock_num_abandoned_objects(void);
/* Makes a context of `device` whose handle is that of a destroyed one, as the driver may. */
void mock_recreate_context(void *context, int device);
/* The first call that a real driver need not survive, NULL if there was none. */
const char *mock_first_misuse(void);
/* Writes a mock cubin of `chip` with optional suffix, whose kernels are the entries of the PTX text
 * `entries`. Returns the size. */
size_t mock_make_cubin(char *bytes, size_t capacity, int chip, char suffix, const char *entries);

/* The driver's own functions, of which the runtime needs none: what a program around it calls. */
int cuCtxCreate_v2(void **context, unsigned flags, int device);
int cuCtxDestroy_v2(void *context);
int cuCtxSetCurrent(void *context);
int cuCtxGetCurrent(void **context);
int cuThreadExchangeStreamCaptureMode(int *mode);
int cuStreamCreate(void **stream, unsigned flags);
int cuStreamDestroy_v2(void *stream);
int cuStreamBeginCapture_v2(void *stream, int mode);
int cuStreamEndCapture(void *stream, void **graph);
int cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags);
int cuGraphLaunch(void *executable, void *stream);
int cuGraphExecDestroy(void *executable);
int cuGraphDestroy(void *graph);

#ifdef __cplusplus
}
#endif

#endif /* COLT5_TEST_LIB_MOCKCUDA_MOCKCUDA_H */
