#include "first.h"
#include "second-library.h"
#include "third.h"

#include <stdio.h>
#include <string.h>

/* Runs a function of the artefact PREFIX on the CPU. */
#define RUN(PREFIX, SYMBOL)                                                                                  \
  do {                                                                                                       \
    float x[6] = {1, 2, 3, 4, 5, 6}, y[6] = {0};                                                             \
    const int64_t sizes[1] = {6};                                                                            \
    colt5_options options;                                                                                   \
    PREFIX##_context *context;                                                                               \
    SYMBOL##_arguments arguments;                                                                            \
    memset(&options, 0, sizeof options);                                                                     \
    options.struct_size = sizeof options;                                                                    \
    options.device_kind = COLT5_ON_HOST;                                                                     \
    arguments.struct_size = sizeof arguments;                                                                \
    arguments.x = colt5_make_tensor(x, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0);                               \
    arguments.y = colt5_make_tensor(y, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0);                               \
    if (PREFIX##_context_create(&options, &context) || SYMBOL##_run(context, NULL, &arguments, NULL, 0))     \
      printf("%s\n", PREFIX##_message());                                                                    \
    printf(#SYMBOL " %g\n", y[5]);                                                                           \
    PREFIX##_context_destroy(context);                                                                       \
  } while (0)

int main(void) {
  RUN(alpha, alpha);
  RUN(second_library, second_library_twice);
  RUN(second_library, second_library_square);
  RUN(third, third_twice);
  return 0;
}
