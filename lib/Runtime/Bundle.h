/* The data of an artefact: signatures, kernels and images as one block of bytes that the compiler writes
 * (lib/Target/Embed) and the runtime reads. Numbers are little-endian.
 *
 *   header:  magic, format, sizes, version of the compiler, one entry per section with its hash, a hash of
 * all that section: padded with zeros to a multiple of COLT5_BUNDLE_ALIGNMENT; they follow each other without
 * gaps
 */
#ifndef COLT5_LIB_RUNTIME_BUNDLE_H
#define COLT5_LIB_RUNTIME_BUNDLE_H

#include "colt5-abi/embed.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COLT5_BUNDLE_MAGIC "COLT5BDL"
#define COLT5_BUNDLE_FORMAT 3
#define COLT5_BUNDLE_ALIGNMENT 16
#define COLT5_BUNDLE_MAX_SECTIONS 1024
/* The section of the object file that bundles are in. */
#define COLT5_BUNDLE_SECTION "colt5_bundle"

enum {
  COLT5_SECTION_SIGNATURE = 1, /* of entry `index` */
  COLT5_SECTION_TARGET = 2,    /* target `index`: its name, what it needs, its kernels */
  COLT5_SECTION_IMAGE = 3      /* an image of target `index`; detail: kind, chip << 8, suffix << 24 */
};

typedef struct colt5_bundle_header {
  char magic[8];
  uint32_t format;
  uint32_t header_bytes; /* with the sections' entries and the hash behind them */
  uint64_t total_bytes;
  char version[16]; /* of the compiler */
  uint32_t num_sections;
  uint32_t num_targets;
} colt5_bundle_header;

typedef struct colt5_bundle_section {
  uint32_t kind, index, detail, reserved;
  uint64_t offset, bytes, hash;
} colt5_bundle_section;

/* The names and cpuid bits of what CPU code may need; bit i of a target's features is entry i. */
typedef struct colt5_cpu_feature {
  const char *name; /* as LLVM spells it */
  uint32_t leaf, word, bit;
} colt5_cpu_feature;
#define COLT5_NUM_CPU_FEATURES 27
extern const colt5_cpu_feature colt5_cpu_features[COLT5_NUM_CPU_FEATURES];

/* What the assembler said about a kernel; -1: not known. */
typedef struct colt5_kernel_usage {
  int32_t registers, static_shared_bytes, spill_bytes;
} colt5_kernel_usage;

typedef struct colt5_target {
  const char *name;
  int32_t device_kind;
  uint64_t features;
  colt5_gpu_program program; /* of a GPU */
  const colt5_kernel_usage *usage;
} colt5_target;

/* A bundle, decoded. Strings and images lie in the bytes themselves. */
typedef struct colt5_bundle {
  colt5_bundle_header header;
  uint32_t num_entries;
  colt5_signature *signatures;
  colt5_target *targets;
  struct colt5_block *blocks; /* all memory of the above */
} colt5_bundle;

uint64_t colt5_bundle_hash(const void *bytes, size_t size);
/* Compares everything that is written down about the bytes with the bytes. Reads no byte behind `size`. */
int32_t colt5_bundle_check(const void *bytes, size_t size, const char *version, colt5_bundle_header *header);
/* The entry of section `index` of bytes that passed the check. */
colt5_bundle_section colt5_bundle_get_section(const void *bytes, uint32_t index);
/* Checks and decodes. The bundle is to be closed whatever the status. */
int32_t colt5_bundle_open(const void *bytes, size_t size, const char *version, colt5_bundle *bundle);
void colt5_bundle_close(colt5_bundle *bundle);

#ifdef __cplusplus
}
#endif

#endif /* COLT5_LIB_RUNTIME_BUNDLE_H */
