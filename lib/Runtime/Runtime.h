/* What the files of the runtime share. */
#ifndef COLT5_LIB_RUNTIME_RUNTIME_H
#define COLT5_LIB_RUNTIME_RUNTIME_H

#include "Cuda.h"
#include "colt5-abi/gpu_runtime.h"

#include <pthread.h>

#if defined(__GNUC__)
#define COLT5_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define COLT5_PRINTF(text, first)
#endif

#define COLT5_MAX_TENSOR_MAPS 8
#define COLT5_MAX_PARAMETERS 256
/* What a kernel can use without asking for more. */
#define COLT5_DEFAULT_SHARED_BYTES (48 * 1024)
#define COLT5_PORTABLE_CLUSTER_SIZE 8

typedef struct colt5_driver {
  void *library;
#define FIELD(need, name, field, parameters) cu_result(*field) parameters;
  COLT5_CUDA_FUNCTIONS(FIELD)
#undef FIELD
} colt5_driver;

/* A program in a context. Only the links change once it is in the context's list. */
typedef struct colt5_loaded {
  struct colt5_loaded *next;
  struct colt5_loaded *retired; /* the next one that is unloaded */
  const colt5_gpu_program *program;
  cu_module module;
  cu_function functions[]; /* one per kernel */
} colt5_loaded;

#define COLT5_WORDS_PER_CHUNK 256

/* Whose an error word is. */
typedef struct colt5_word_owner {
  int taken;
  cu_stream stream;
  uintptr_t thread; /* the per-thread stream is another stream in every thread; 0 for other streams */
} colt5_word_owner;

/* Error words of streams. Words stay where they are for as long as the context lives; those without an owner
 * are 0. */
typedef struct colt5_word_chunk {
  struct colt5_word_chunk *next;
  cu_pointer words;
  colt5_word_owner owners[COLT5_WORDS_PER_CHUNK];
} colt5_word_chunk;

struct colt5_gpu_context {
  colt5_driver driver;
  cu_context cuda;
  unsigned long long id; /* of `cuda`; 0 if the driver cannot tell */
  cu_device device;
  int retained; /* the primary context is ours to release */
  int chip;
  int max_threads;
  int max_shared_bytes;
  cu_stream service;        /* for clearing memory; waits for no other stream */
  pthread_mutex_t mutex;    /* guards all changes below */
  colt5_loaded *loaded;     /* read without the mutex */
  colt5_loaded *retired;    /* unloaded, to be freed with the context */
  colt5_word_chunk *chunks; /* read without the mutex */
};

/* Message.c: each returns `status` and keeps the text for colt5_gpu_message. */
int32_t colt5_fail(int32_t status, const char *format, ...) COLT5_PRINTF(2, 3);
/* The status that fits `result`, with its name and text behind the formatted text. `otherwise` is the status
 * of results that have none of their own. */
int32_t colt5_fail_driver(const colt5_driver *driver, cu_result result, int32_t otherwise, const char *format,
                          ...) COLT5_PRINTF(4, 5);

/* Keeps the text for a status of compiled code (colt5-abi/cpu.h) and returns `status`; other statuses have
 * their text already. */
int32_t colt5_explain(const char *name, int32_t status);

/* Driver.c */
int32_t colt5_driver_open(colt5_driver *driver, const char *library);
void colt5_driver_close(colt5_driver *driver);

/* Context.c: makes the context current if it is not. *pushed tells leave what to undo. */
int32_t colt5_enter(colt5_gpu_context *context, int *pushed);
void colt5_leave(colt5_gpu_context *context, int pushed);
int32_t colt5_is_capturing(colt5_gpu_context *context, cu_stream stream, int *capturing);

/* Image.c: how well an image fits `chip`, 0: not at all. */
uint32_t colt5_rate_image(const colt5_gpu_image *image, int chip);
/* Fills `order` with the numbers of the images that `chip` can run, best first; returns how many. */
uint32_t colt5_order_images(const colt5_gpu_program *program, int chip, uint32_t *order);
/* "sm_90a cubin" */
void colt5_describe_image(const colt5_gpu_image *image, char *text, size_t size);

/* Program.c: contradictions within the tables, and limits of the context's device. */
int32_t colt5_check_program(const colt5_gpu_context *context, const colt5_gpu_program *program);

/* Module.c: the context is current. */
colt5_loaded *colt5_find_loaded(colt5_gpu_context *context, const colt5_gpu_program *program);
int32_t colt5_load(colt5_gpu_context *context, const colt5_gpu_program *program);
int32_t colt5_unload_all(colt5_gpu_context *context, int alive);

/* ErrorWord.c: the context is current. */
/* Makes room for streams that are first seen under capture. The caller holds the mutex. */
int32_t colt5_reserve_words(colt5_gpu_context *context);
/* The word of `stream`, taken now if the stream is new. */
int32_t colt5_error_word(colt5_gpu_context *context, cu_stream stream, cu_pointer *word);
/* 0 if the stream has none. */
cu_pointer colt5_find_word(colt5_gpu_context *context, cu_stream stream);
int32_t colt5_free_words(colt5_gpu_context *context, int alive);

#endif /* COLT5_LIB_RUNTIME_RUNTIME_H */
