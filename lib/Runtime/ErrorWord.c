#include "Runtime.h"

#include <stdlib.h>

/* Owners are read without the mutex: `taken` is stored last. Only forgetting a stream takes an owner's word
 * away, and nobody may use that stream meanwhile. */
static int owns(colt5_word_owner *owner, cu_stream stream, uintptr_t thread) {
  return __atomic_load_n(&owner->taken, __ATOMIC_ACQUIRE) &&
         __atomic_load_n(&owner->stream, __ATOMIC_RELAXED) == stream &&
         __atomic_load_n(&owner->thread, __ATOMIC_RELAXED) == thread;
}

static uintptr_t thread_of(cu_stream stream) {
  return stream == CU_PER_THREAD_STREAM ? (uintptr_t)pthread_self() : 0;
}

static cu_pointer find(colt5_gpu_context *context, cu_stream stream, colt5_word_owner **owner) {
  uintptr_t thread = thread_of(stream);
  colt5_word_chunk *chunk = __atomic_load_n(&context->chunks, __ATOMIC_ACQUIRE);
  for (; chunk; chunk = chunk->next)
    for (uint32_t i = 0; i < COLT5_WORDS_PER_CHUNK; ++i)
      if (owns(&chunk->owners[i], stream, thread)) {
        if (owner)
          *owner = &chunk->owners[i];
        return chunk->words + 4 * i;
      }
  return 0;
}

cu_pointer colt5_find_word(colt5_gpu_context *context, cu_stream stream) {
  return find(context, stream, NULL);
}

/* Takes a free word for `stream`; 0 if there is none. The caller holds the mutex. */
static cu_pointer take(colt5_gpu_context *context, cu_stream stream) {
  for (colt5_word_chunk *chunk = context->chunks; chunk; chunk = chunk->next)
    for (uint32_t i = 0; i < COLT5_WORDS_PER_CHUNK; ++i) {
      colt5_word_owner *owner = &chunk->owners[i];
      if (owner->taken)
        continue;
      __atomic_store_n(&owner->stream, stream, __ATOMIC_RELAXED);
      __atomic_store_n(&owner->thread, thread_of(stream), __ATOMIC_RELAXED);
      __atomic_store_n(&owner->taken, 1, __ATOMIC_RELEASE);
      return chunk->words + 4 * i;
    }
  return 0;
}

/* Sets words to 0, without touching the streams of the program. */
static cu_result clear(colt5_gpu_context *context, cu_pointer words, size_t count) {
  cu_result result = context->driver.set32(words, 0, count, context->service);
  return result ? result : context->driver.stream_synchronize(context->service);
}

static int32_t add_chunk(colt5_gpu_context *context) {
  colt5_word_chunk *chunk = calloc(1, sizeof *chunk);
  if (!chunk)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "no host memory for the error words of streams");
  cu_result result = context->driver.allocate(&chunk->words, 4 * COLT5_WORDS_PER_CHUNK);
  if (!result) {
    result = clear(context, chunk->words, COLT5_WORDS_PER_CHUNK);
    if (result)
      context->driver.free(chunk->words);
  }
  if (result) {
    free(chunk);
    return colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                             "allocating and clearing the error words of streams");
  }
  chunk->next = context->chunks;
  __atomic_store_n(&context->chunks, chunk, __ATOMIC_RELEASE);
  return COLT5_GPU_OK;
}

int32_t colt5_reserve_words(colt5_gpu_context *context) {
  return context->chunks ? COLT5_GPU_OK : add_chunk(context);
}

int32_t colt5_error_word(colt5_gpu_context *context, cu_stream stream, cu_pointer *word) {
  *word = colt5_find_word(context, stream);
  if (*word)
    return COLT5_GPU_OK;
  int32_t status = COLT5_GPU_OK;
  int capturing = 0;
  pthread_mutex_lock(&context->mutex);
  *word = take(context, stream);
  if (!*word)
    status = colt5_is_capturing(context, stream, &capturing);
  if (!*word && !status && capturing)
    status = colt5_fail(
        COLT5_GPU_NOT_LOADED,
        "the stream is being captured and all error words are taken; run once on the stream before the "
        "capture, or call colt5_gpu_forget_stream for streams that are gone");
  if (!*word && !status) {
    int mode = CU_CAPTURE_RELAXED;
    cu_result result = context->driver.exchange_capture_mode(&mode);
    if (result) {
      status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                                 "setting the thread's capture mode");
    } else {
      status = add_chunk(context);
      context->driver.exchange_capture_mode(&mode);
    }
    if (!status)
      *word = take(context, stream);
  }
  pthread_mutex_unlock(&context->mutex);
  return status;
}

int32_t colt5_gpu_forget_stream(colt5_gpu_context *context, void *stream) {
  if (!context)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "colt5_gpu_forget_stream: expected a context, found NULL");
  int pushed;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  colt5_word_owner *owner;
  pthread_mutex_lock(&context->mutex);
  cu_pointer word = find(context, stream, &owner);
  if (word) {
    cu_result result = clear(context, word, 1);
    if (result)
      status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                                 "clearing the error word of a stream");
    else
      __atomic_store_n(&owner->taken, 0, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&context->mutex);
  colt5_leave(context, pushed);
  return status;
}

int32_t colt5_gpu_last_error(colt5_gpu_context *context, void *stream) {
  if (!context)
    return colt5_fail(COLT5_GPU_BAD_ARGUMENT, "colt5_gpu_last_error: expected a context, found NULL");
  int pushed, capturing;
  uint32_t value = 0;
  int32_t status = colt5_enter(context, &pushed);
  if (status)
    return status;
  status = colt5_is_capturing(context, stream, &capturing);
  if (!status && capturing)
    status = colt5_fail(COLT5_GPU_CAPTURING,
                        "colt5_gpu_last_error waits for the stream, but the stream is being captured; "
                        "call it after the graph has run");
  if (!status) {
    const colt5_driver *driver = &context->driver;
    cu_pointer word = colt5_find_word(context, stream);
    cu_result result = word ? driver->copy_to_host_async(&value, word, sizeof value, stream) : CU_SUCCESS;
    if (!result)
      result = driver->stream_synchronize(stream);
    if (!result && value) {
      result = driver->set32(word, 0, 1, stream);
      if (!result)
        result = driver->stream_synchronize(stream);
    }
    if (result)
      status = colt5_fail_driver(driver, result, COLT5_GPU_DRIVER_ERROR, "waiting for the work of a stream");
    else if (value)
      status = colt5_fail(COLT5_CPU_BAD_INDEX,
                          "an index tensor held a value that is neither -1 nor in range; it counted as -1");
  }
  colt5_leave(context, pushed);
  return status;
}

int32_t colt5_free_words(colt5_gpu_context *context, int alive) {
  int32_t status = COLT5_GPU_OK;
  for (colt5_word_chunk *next, *chunk = context->chunks; chunk; chunk = next) {
    next = chunk->next;
    cu_result result = alive ? context->driver.free(chunk->words) : CU_SUCCESS;
    if (result && !status)
      status = colt5_fail_driver(&context->driver, result, COLT5_GPU_DRIVER_ERROR,
                                 "freeing the error words of streams");
    free(chunk);
  }
  context->chunks = NULL;
  return status;
}
