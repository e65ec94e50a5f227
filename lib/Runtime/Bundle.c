#include "Bundle.h"
#include "Runtime.h"

#include <string.h>

/* Every step is invertible, so no change within one word can get lost. */
uint64_t colt5_bundle_hash(const void *bytes, size_t size) {
  const unsigned char *at = bytes;
  uint64_t hash = 0x6a09e667f3bcc909u ^ size;
  for (; size; at += 8) {
    uint64_t word = 0;
    size_t count = size < 8 ? size : 8;
    memcpy(&word, at, count);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
    size -= count;
  }
  return hash;
}

colt5_bundle_section colt5_bundle_get_section(const void *bytes, uint32_t index) {
  colt5_bundle_section section;
  memcpy(&section, (const char *)bytes + sizeof(colt5_bundle_header) + index * sizeof section,
         sizeof section);
  return section;
}

static int32_t check_header(const void *bytes, size_t size, const char *version,
                            colt5_bundle_header *header) {
  if (!bytes || size < sizeof *header)
    return colt5_fail(COLT5_BAD_BUNDLE,
                      "bundle: expected at least %zu bytes, found %zu; the file is cut short", sizeof *header,
                      bytes ? size : 0);
  memcpy(header, bytes, sizeof *header);
  if (memcmp(header->magic, COLT5_BUNDLE_MAGIC, sizeof header->magic) != 0)
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected it to begin with " COLT5_BUNDLE_MAGIC
                                        ", found other bytes; this is no bundle, or a damaged one");
  if (header->format != COLT5_BUNDLE_FORMAT)
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected format %d, found %u; compile it again",
                      COLT5_BUNDLE_FORMAT, header->format);
  uint64_t wanted = sizeof *header + (uint64_t)header->num_sections * sizeof(colt5_bundle_section) + 8;
  if (header->num_sections > COLT5_BUNDLE_MAX_SECTIONS || header->header_bytes != wanted)
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected a header of %llu bytes, found %u; it is damaged",
                      (unsigned long long)wanted, header->header_bytes);
  if (header->total_bytes != size || wanted > size)
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected %llu bytes, found %zu; it is cut short or damaged",
                      (unsigned long long)header->total_bytes, size);
  uint64_t hash;
  memcpy(&hash, (const char *)bytes + wanted - 8, sizeof hash);
  if (hash != colt5_bundle_hash(bytes, wanted - 8))
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: the header is damaged: its hash differs");
  if (strncmp(header->version, version, sizeof header->version) != 0)
    return colt5_fail(COLT5_BAD_BUNDLE,
                      "bundle: expected version %s of the compiler, found %.16s; compile it again", version,
                      header->version);
  return COLT5_GPU_OK;
}

int32_t colt5_bundle_check(const void *bytes, size_t size, const char *version, colt5_bundle_header *header) {
  int32_t status = check_header(bytes, size, version, header);
  if (status)
    return status;
  uint64_t next = header->header_bytes;
  for (uint32_t i = 0; i < header->num_sections; ++i) {
    colt5_bundle_section section = colt5_bundle_get_section(bytes, i);
    uint64_t begin = (next + COLT5_BUNDLE_ALIGNMENT - 1) & ~(uint64_t)(COLT5_BUNDLE_ALIGNMENT - 1);
    if (section.offset != begin || begin > size || section.bytes > size - begin)
      return colt5_fail(COLT5_BAD_BUNDLE, "bundle: section %u: expected it at byte %llu, found %llu", i,
                        (unsigned long long)begin, (unsigned long long)section.offset);
    for (; next < begin; ++next)
      if (((const char *)bytes)[next])
        return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected zeros before section %u; it is damaged", i);
    uint64_t hash = colt5_bundle_hash((const char *)bytes + begin, section.bytes);
    if (hash != section.hash)
      return colt5_fail(COLT5_BAD_BUNDLE,
                        "bundle: section %u is damaged: expected hash %016llx, found %016llx", i,
                        (unsigned long long)section.hash, (unsigned long long)hash);
    next = begin + section.bytes;
  }
  if (next != size)
    return colt5_fail(COLT5_BAD_BUNDLE, "bundle: expected nothing after byte %llu, found %llu more",
                      (unsigned long long)next, (unsigned long long)(size - next));
  return COLT5_GPU_OK;
}
