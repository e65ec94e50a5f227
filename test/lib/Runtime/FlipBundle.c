/* FlipBundle FILE VERSION: damages the bundle in FILE in memory in every way that is asked for and counts how
 * often the runtime refuses it. Prints one line per kind of damage. */
#include "Bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *version;
static unsigned char *original;
static size_t size;

/* Copies of the exact size, so that a sanitizer sees a read behind the end. */
static int is_refused(const unsigned char *bytes, size_t count) {
  unsigned char *copy = malloc(count ? count : 1);
  colt5_bundle bundle;
  memcpy(copy, bytes, count);
  int32_t status = colt5_bundle_open(copy, count, version, &bundle);
  colt5_bundle_close(&bundle);
  free(copy);
  return status == COLT5_BAD_BUNDLE;
}

static int flip(size_t byte, unsigned bit) {
  original[byte] ^= (unsigned char)(1u << bit);
  int refused = is_refused(original, size);
  original[byte] ^= (unsigned char)(1u << bit);
  return refused;
}

static void report(const char *what, long refused, long total) {
  printf("%s: %ld of %ld refused\n", what, refused, total);
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  if (!file)
    return 1;
  version = argv[2];
  fseek(file, 0, SEEK_END);
  size = (size_t)ftell(file);
  rewind(file);
  original = malloc(size);
  if (fread(original, 1, size, file) != size)
    return 1;
  fclose(file);
  report("intact", is_refused(original, size), 1);

  colt5_bundle_header header;
  memcpy(&header, original, sizeof header);
  long refused = 0, total = 0;
  for (size_t byte = 0; byte < header.header_bytes; ++byte)
    for (unsigned bit = 0; bit < 8; ++bit, ++total)
      refused += flip(byte, bit);
  report("header bits", refused, total);

  uint64_t state = 1;
  refused = 0;
  for (total = 0; total < 10000; ++total) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    refused += flip((size_t)((state >> 20) % size), (unsigned)(state >> 61));
  }
  report("random bits", refused, total);

  refused = total = 0;
  for (size_t count = 0; count < size; count += count < 256 ? 1 : 97, ++total)
    refused += is_refused(original, count);
  report("truncated", refused, total);

  const char *known = version;
  version = "0.0.1";
  report("version", is_refused(original, size), 1);
  printf("%s\n", colt5_gpu_message());
  version = known;

  /* A later format whose hashes are right. */
  header.format = COLT5_BUNDLE_FORMAT + 1;
  memcpy(original, &header, sizeof header);
  uint64_t hash = colt5_bundle_hash(original, header.header_bytes - 8);
  memcpy(original + header.header_bytes - 8, &hash, sizeof hash);
  report("format", is_refused(original, size), 1);
  printf("%s\n", colt5_gpu_message());

  /* Sections that are malformed although every hash is right: nothing is read beyond them. */
  header.format = COLT5_BUNDLE_FORMAT;
  memcpy(original, &header, sizeof header);
  total = 0;
  for (uint32_t i = 0; i < header.num_sections; ++i) {
    colt5_bundle_section section = colt5_bundle_get_section(original, i);
    if (section.kind == COLT5_SECTION_IMAGE)
      continue;
    for (uint64_t at = section.offset; at < section.offset + section.bytes; ++at, ++total) {
      unsigned char saved = original[at];
      original[at] = 0xff;
      section.hash = colt5_bundle_hash(original + section.offset, section.bytes);
      memcpy(original + sizeof header + i * sizeof section, &section, sizeof section);
      hash = colt5_bundle_hash(original, header.header_bytes - 8);
      memcpy(original + header.header_bytes - 8, &hash, sizeof hash);
      is_refused(original, size);
      original[at] = saved;
    }
    section.hash = colt5_bundle_hash(original + section.offset, section.bytes);
    memcpy(original + sizeof header + i * sizeof section, &section, sizeof section);
  }
  printf("malformed: survived %ld\n", total);
  free(original);
  return 0;
}
