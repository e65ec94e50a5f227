#include "Runtime.h"

#include <stdio.h>

/* Exact code before code of an earlier chip, that before what the
 * driver has to choose or to compile. */
uint32_t colt5_rate_image(const colt5_gpu_image *image, int chip) {
  int same_family = image->chip / 10 == chip / 10 && image->chip <= chip;
  switch (image->kind) {
  case COLT5_GPU_CUBIN:
    if (image->suffix == 'a')
      return image->chip == chip ? 3000000 : 0;
    return same_family ? 2000000u + 10u * image->chip + (image->suffix == 'f') : 0;
  case COLT5_GPU_FATBIN:
    return 1000000;
  case COLT5_GPU_PTX:
    if (image->suffix == 'a')
      return image->chip == chip ? 10u * image->chip + 2 : 0;
    if (image->suffix == 'f')
      return same_family ? 10u * image->chip + 1 : 0;
    return image->chip <= chip ? 10u * image->chip : 0;
  default:
    return 0;
  }
}

uint32_t colt5_order_images(const colt5_gpu_program *program, int chip, uint32_t *order) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < program->num_images; ++i) {
    uint32_t rating = colt5_rate_image(&program->images[i], chip);
    if (!rating)
      continue;
    uint32_t place = count++;
    for (; place && colt5_rate_image(&program->images[order[place - 1]], chip) < rating; --place)
      order[place] = order[place - 1];
    order[place] = i;
  }
  return count;
}

void colt5_describe_image(const colt5_gpu_image *image, char *text, size_t size) {
  static const char *const kKinds[] = {"cubin", "PTX", "fatbin"};
  if (image->kind == COLT5_GPU_FATBIN)
    snprintf(text, size, "fatbin");
  else
    snprintf(text, size, "sm_%d%.1s %s", image->chip, image->suffix ? &image->suffix : "",
             kKinds[image->kind]);
}
