"""The accumulators of the packed kernel must stay in registers: looks at the assembly of the k loop.

Usage: registers.py STEM VECTOR-BYTES CPU. Prints the number of fused multiply-adds of the largest loop body and of the
vector moves to or from the stack in it.
"""
import re
import sys

from colt5_testing.run_kernel import compile_kernels, run, tool

KERNEL = """
func.func @f(%a: memref<256x768xf32>, %b: memref<768x1024xf32>, %c: memref<256x1024xf32>) {
  %z = arith.constant 0.0 : f32
  linalg.fill ins(%z : f32) outs(%c : memref<256x1024xf32>)
  linalg.matmul ins(%a, %b : memref<256x768xf32>, memref<768x1024xf32>) outs(%c : memref<256x1024xf32>)
  return
}
"""

stem, vector_bytes, cpu = sys.argv[1:]
compile_kernels(KERNEL, [f"--colt5-set-machine=name=cpu-generic overrides=vector_bytes={vector_bytes}", "--colt5-lower-contraction"], stem, cpu=cpu)
run([tool("llc"), "-O3", f"-mcpu={cpu}", stem + ".opt.ll", "-o", stem + ".s"])
with open(stem + ".s") as f:
    blocks = re.split(r"^\.LBB\w+:", f.read(), flags=re.M)
loop = max(blocks, key=lambda block: block.count("vfmadd"))
spills = re.findall(r"^\s*vmov\S+\s.*\((?:%rsp|%rbp)\)", loop, flags=re.M)
print(f"{loop.count('vfmadd')} vfmadd, {len(spills)} spills")
