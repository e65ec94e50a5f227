/* Creates a context for the CPU. */
#include "scale.h"

#include <stdio.h>

int main(void) {
  colt5_options options = {sizeof options, COLT5_ON_HOST, 0, NULL, NULL, NULL, 1, 0};
  scale_context *context;
  int32_t status = scale_context_create(&options, &context);
  printf("%s: %s\n", scale_status_name(status), status ? scale_message() : "");
  scale_context_destroy(context);
  return 0;
}
