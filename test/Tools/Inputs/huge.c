/* Asks for sizes that 64 bits cannot hold. No memory is touched: everything is refused before. */
#include "huge.h"

#include <stdio.h>
#include <string.h>

static _Alignas(256) char memory[4096];

int main(int argc, char **argv) {
  colt5_options options = {sizeof options, 0, 0, NULL, NULL, NULL, 0, 0};
  options.driver = argc > 1 ? argv[1] : "/no/driver";
  huge_context *context;
  if (huge_context_create(&options, &context))
    return printf("%s\n", huge_message()), 1;
  int kind = strcmp(huge_target(context), "cpu") ? COLT5_ON_CUDA : COLT5_ON_HOST;
  float k = 2;
  static const int64_t counts[] = {(INT64_C(1) << 61) - 1, INT64_C(1) << 60, INT64_C(1) << 61, 8};
  for (int i = 0; i < 4; ++i) {
    const int64_t sizes[3] = {1, 1, counts[i]};
    huge_chain_arguments a = {sizeof a, colt5_make_tensor(memory, COLT5_F32, 3, sizes, kind, 0),
                              colt5_make_tensor(&k, COLT5_F32, 0, NULL, COLT5_ON_HOST, 0),
                              colt5_make_tensor(memory + 2048, COLT5_F32, 3, sizes, kind, 0)};
    int64_t bytes = 0;
    int32_t status = huge_chain_workspace_size(context, &a, &bytes);
    printf("n = %lld: %s\n", (long long)counts[i], huge_status_name(status));
    if (status)
      printf("%s, run: %s\n", huge_message(),
             huge_status_name(huge_chain_run(context, NULL, &a, memory + 1024, 1024)));
  }
  const int64_t n[1] = {INT64_C(1) << 32}, both[2] = {INT64_C(1) << 32, INT64_C(1) << 32}, flat[1] = {0};
  huge_outer_arguments o = {sizeof o, colt5_make_tensor(memory, COLT5_I8, 1, n, kind, 0),
                            colt5_make_tensor(memory, COLT5_I8, 1, n, kind, 0),
                            colt5_make_tensor(memory, COLT5_I8, 2, both, kind, 0),
                            colt5_make_tensor(memory, COLT5_I8, 1, flat, kind, 0)};
  int64_t sizes[3] = {0, 0, 0};
  int32_t status = huge_outer_result_sizes(context, &o, sizes);
  printf("sizes: %s: %s\n", huge_status_name(status), huge_message());
  status = huge_outer_run(context, NULL, &o, memory, sizeof memory);
  printf("run: %s\n", huge_status_name(status));
  return huge_context_destroy(context);
}
