/* From the bytes of a bundle to the tables that the rest of the runtime works with. */
#include "Bundle.h"
#include "Runtime.h"

#include <stdlib.h>
#include <string.h>

typedef struct colt5_block {
  struct colt5_block *next;
  uint64_t data[];
} colt5_block;

/* Reads a section front to back. A section with the right hash can only be malformed if the compiler is, yet
 * nothing may be read beyond its end. */
typedef struct colt5_reader {
  colt5_bundle *bundle;
  const char *at, *end;
  int bad, out_of_memory;
} colt5_reader;

/* Zeroed memory that lives as long as the bundle. */
static void *allocate(colt5_reader *reader, size_t count, size_t size) {
  colt5_block *block = calloc(1, sizeof *block + count * size + 8);
  if (!block) {
    reader->out_of_memory = reader->bad = 1;
    return NULL;
  }
  block->next = reader->bundle->blocks;
  reader->bundle->blocks = block;
  return block->data;
}

static void read_bytes(colt5_reader *reader, void *value, size_t size) {
  if (reader->bad || (size_t)(reader->end - reader->at) < size) {
    reader->bad = 1;
    memset(value, 0, size);
    return;
  }
  memcpy(value, reader->at, size);
  reader->at += size;
}

static uint32_t read_u32(colt5_reader *reader) {
  uint32_t value;
  read_bytes(reader, &value, sizeof value);
  return value;
}

/* A number of things of which each takes `size` bytes or more. */
static uint32_t read_count(colt5_reader *reader, size_t size) {
  uint32_t count = read_u32(reader);
  if (count <= (size_t)(reader->end - reader->at) / size)
    return count;
  reader->bad = 1;
  return 0;
}

static const char *read_text(colt5_reader *reader) {
  uint32_t size = read_count(reader, 1);
  if (reader->bad || !size || reader->at[size - 1]) {
    reader->bad = 1;
    return "";
  }
  const char *text = reader->at;
  reader->at += size;
  return text;
}

static void read_signature(colt5_reader *reader, colt5_signature *signature) {
  signature->struct_size = sizeof *signature;
  signature->name = read_text(reader);
  signature->num_inputs = read_count(reader, 1);
  signature->num_outputs = read_count(reader, 1);
  signature->num_symbols = read_count(reader, 1);
  const char **symbols = allocate(reader, signature->num_symbols, sizeof *symbols);
  for (uint32_t i = 0; !reader->bad && i < signature->num_symbols; ++i)
    symbols[i] = read_text(reader);
  signature->symbols = symbols;
  uint32_t count = signature->num_inputs + signature->num_outputs;
  colt5_argument *arguments = allocate(reader, count, sizeof *arguments);
  for (uint32_t i = 0; !reader->bad && i < count; ++i) {
    arguments[i].name = read_text(reader);
    arguments[i].type = (int32_t)read_u32(reader);
    uint32_t rank = read_u32(reader), is_scalar = read_u32(reader);
    uint32_t count = read_count(reader, sizeof(int64_t));
    int64_t *sizes = allocate(reader, count, sizeof *sizes);
    if (sizes)
      read_bytes(reader, sizes, count * sizeof *sizes);
    for (uint32_t dim = 0; !reader->bad && dim < count; ++dim)
      reader->bad |= sizes[dim] < -(int64_t)signature->num_symbols;
    int is_size =
        is_scalar && count == 1 && (arguments[i].type == COLT5_I64 || arguments[i].type == COLT5_I32);
    reader->bad |= arguments[i].type < 0 || arguments[i].type >= COLT5_NUM_TYPES || rank > COLT5_MAX_RANK ||
                   (count != rank && !is_size) || is_scalar > (rank == 0);
    arguments[i].rank = (int32_t)rank;
    arguments[i].is_scalar = (int32_t)is_scalar;
    arguments[i].sizes = count ? sizes : NULL;
  }
  signature->arguments = arguments;
}

static void read_kernel(colt5_reader *reader, colt5_gpu_kernel *kernel, colt5_kernel_usage *usage) {
  kernel->name = read_text(reader);
  read_bytes(reader, kernel->block, sizeof kernel->block);
  read_bytes(reader, kernel->cluster, sizeof kernel->cluster);
  kernel->dynamic_shared_bytes = read_u32(reader);
  read_bytes(reader, usage, sizeof *usage);
  kernel->num_parameters = read_count(reader, sizeof(colt5_gpu_parameter));
  colt5_gpu_parameter *parameters = allocate(reader, kernel->num_parameters, sizeof *parameters);
  if (parameters)
    read_bytes(reader, parameters, kernel->num_parameters * sizeof *parameters);
  kernel->parameters = parameters;
}

static void read_target(colt5_reader *reader, colt5_target *target) {
  target->name = read_text(reader);
  target->device_kind = (int32_t)read_u32(reader);
  read_bytes(reader, &target->features, sizeof target->features);
  uint32_t count = read_count(reader, 1);
  colt5_gpu_kernel *kernels = allocate(reader, count, sizeof *kernels);
  colt5_kernel_usage *usage = allocate(reader, count, sizeof *usage);
  for (uint32_t i = 0; !reader->bad && i < count; ++i)
    read_kernel(reader, &kernels[i], &usage[i]);
  target->usage = usage;
  target->program.struct_size = sizeof target->program;
  target->program.name = target->name;
  target->program.kernels = kernels;
  target->program.num_kernels = count;
}

static void read_images(colt5_reader *reader, const void *bytes, uint32_t index) {
  colt5_gpu_program *program = &reader->bundle->targets[index].program;
  uint32_t count = reader->bundle->header.num_sections;
  colt5_gpu_image *images = allocate(reader, count, sizeof *images);
  program->images = images;
  for (uint32_t i = 0; images && i < count; ++i) {
    colt5_bundle_section section = colt5_bundle_get_section(bytes, i);
    if (section.kind != COLT5_SECTION_IMAGE || section.index != index)
      continue;
    colt5_gpu_image *image = &images[program->num_images++];
    image->kind = section.detail & 0xff;
    image->chip = (uint16_t)(section.detail >> 8);
    image->suffix = (char)(section.detail >> 24);
    image->bytes = (const char *)bytes + section.offset;
    image->size = section.bytes;
  }
}

int32_t colt5_bundle_open(const void *bytes, size_t size, const char *version, colt5_bundle *bundle) {
  memset(bundle, 0, sizeof *bundle);
  int32_t status = colt5_bundle_check(bytes, size, version, &bundle->header);
  if (status)
    return status;
  uint32_t count = bundle->header.num_sections, num_targets = 0;
  colt5_reader reader = {bundle, NULL, NULL, 0, 0};
  bundle->signatures = allocate(&reader, count, sizeof *bundle->signatures);
  bundle->targets = allocate(&reader, count, sizeof *bundle->targets);
  for (uint32_t i = 0; !reader.bad && i < count; ++i) {
    colt5_bundle_section section = colt5_bundle_get_section(bytes, i);
    reader.at = (const char *)bytes + section.offset;
    reader.end = reader.at + section.bytes;
    if (section.kind == COLT5_SECTION_SIGNATURE)
      read_signature(&reader, &bundle->signatures[bundle->num_entries++]);
    else if (section.kind == COLT5_SECTION_TARGET)
      read_target(&reader, &bundle->targets[num_targets++]);
    else if (section.kind == COLT5_SECTION_IMAGE && section.index < bundle->header.num_targets)
      continue;
    else
      reader.bad = 1;
    reader.bad |= reader.at != reader.end;
    if (reader.bad && !reader.out_of_memory)
      return colt5_fail(COLT5_BAD_BUNDLE, "bundle: section %u of kind %u is malformed", i, section.kind);
  }
  for (uint32_t i = 0; !reader.bad && i < num_targets; ++i)
    read_images(&reader, bytes, i);
  if (reader.out_of_memory)
    return colt5_fail(COLT5_GPU_OUT_OF_MEMORY, "no host memory for the tables of a bundle");
  if (num_targets != bundle->header.num_targets)
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected %u targets, found %u", bundle->header.num_targets,
                      num_targets);
  return COLT5_GPU_OK;
}

void colt5_bundle_close(colt5_bundle *bundle) {
  for (colt5_block *next, *block = bundle->blocks; block; block = next) {
    next = block->next;
    free(block);
  }
  memset(bundle, 0, sizeof *bundle);
}
