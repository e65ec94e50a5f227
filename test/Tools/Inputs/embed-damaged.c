/* Creates a context, on the CPU or on GPU 0 of the driver that is named, and says how that went. */
#include "layer.h"

#include <stdio.h>

int main(int argc, char **argv) {
  colt5_options options = {
      sizeof options, argc > 1 ? COLT5_ON_CUDA : COLT5_ON_HOST, 0, NULL, NULL, NULL, 1, 0};
  layer_context *context;
  options.driver = argc > 1 ? argv[1] : NULL;
  int32_t status = layer_context_create(&options, &context);
  printf("status %s%s%s\n", layer_status_name(status), status ? ": " : "", status ? layer_message() : "");
  layer_context_destroy(context);
  return 0;
}
