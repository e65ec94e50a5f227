"""Writes ten modules that add their number + 1, compiles them, and a program that calls all: FOLDER."""
import os
import subprocess
import sys

os.chdir(sys.argv[1])
MODULE = """func.func @{name}(%x: tensor<3xf32> {{colt5.name = "x"}}) -> (tensor<3xf32> {{colt5.name = "y"}}) {{
  %c = arith.constant {number}.0 : f32
  %e = tensor.empty() : tensor<3xf32>
  %y = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}}
      ins(%x : tensor<3xf32>) outs(%e : tensor<3xf32>) {{
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  }} -> tensor<3xf32>
  return %y : tensor<3xf32>
}}
"""
CALL = """static void call_{name}(void) {{
  float x[3] = {{0, 1, 2}}, y[3];
  const int64_t sizes[1] = {{3}};
  {name}_context *context;
  {name}_arguments arguments = {{sizeof arguments, colt5_make_tensor(x, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0),
                               colt5_make_tensor(y, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0)}};
  colt5_options options = {{sizeof options, COLT5_ON_HOST, 0, NULL, NULL, NULL, 1, 0}};
  if ({name}_context_create(&options, &context) || {name}_run(context, NULL, &arguments, NULL, 0))
    printf("%s\\n", {name}_message());
  printf("{name} %s %g %g %g\\n", {name}_target(context), y[0], y[1], y[2]);
  {name}_context_destroy(context);
}}
"""
LAST = """
  const int64_t sizes[1] = {2};
  float x[3], y[3];
  a0_context *context;
  a0_arguments arguments = {sizeof arguments, colt5_make_tensor(x, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0),
                            colt5_make_tensor(y, COLT5_F32, 1, sizes, COLT5_ON_HOST, 0)};
  a0_context_create(NULL, &context);
  a0_run(context, NULL, &arguments, NULL, 0);
  printf("messages of their own: %s%s\\n", a0_message(), a9_message());
  a0_context_destroy(context);
  return 0;
}
"""
names = [f"a{i}" for i in range(10)]
for i, name in enumerate(names):
    with open(f"{name}.mlir", "w", encoding="utf-8") as file:
        file.write(MODULE.format(name=name, number=i + 1))
    kinds = "obj,header" if i < 6 else "c,header"
    subprocess.run(["colt5-compile", f"{name}.mlir", f"--emit={kinds}", "-o", name], check=True)
with open("main.c", "w", encoding="utf-8") as file:
    file.write("".join(f'#include "{name}.h"\n' for name in names) + "#include <stdio.h>\n\n")
    file.write("".join(CALL.format(name=name) for name in names))
    file.write("int main(void) {\n" + "".join(f"  call_{name}();\n" for name in names) + LAST)
