"""Compiles an .mlir function on memrefs with colt5-opt and upstream's LLVM path and calls it on NumPy arrays.

For tests only: it needs nothing of the product but colt5-opt. Arguments are arrays (any strides; the alignment is
that of NumPy). bfloat16 data are uint16 arrays, see to_bf16 and from_bf16.
"""
import ctypes
import re
import shutil
import subprocess

import numpy as np

LOWER = [
    "--scf-forall-to-for", "--convert-vector-to-scf", "--expand-strided-metadata",
    "--lower-affine", "--arith-expand=include-bf16=true", "--canonicalize", "--cse", "--loop-invariant-code-motion",
    "--convert-scf-to-cf", "--convert-vector-to-llvm", "--finalize-memref-to-llvm", "--convert-math-to-llvm",
    "--convert-arith-to-llvm", "--convert-index-to-llvm", "--convert-cf-to-llvm", "--convert-func-to-llvm",
    "--convert-ub-to-llvm", "--reconcile-unrealized-casts"
]


def tool(name):
    path = shutil.which(name + "-22") or shutil.which(name)
    if not path:
        raise SystemExit(f"run_kernel: expected the program {name}-22 or {name} on the path")
    return path


def to_bf16(x):
    """Rounds to nearest even; returns the bits."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def from_bf16(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


def run(command, **kwargs):
    done = subprocess.run(command, capture_output=True, text=True, **kwargs)
    if done.returncode != 0:
        raise SystemExit(f"run_kernel: {' '.join(command)} failed:\n{done.stderr[:4000]}")
    return done.stdout


def compile_kernels(text, passes, stem, cpu="native", level=3):
    """Builds stem.so from MLIR text; returns the loaded library."""
    mlir, lowered, ll, opt, obj, so = (stem + e for e in (".mlir", ".llvm.mlir", ".ll", ".opt.ll", ".o", ".so"))
    with open(mlir, "w") as f:
        f.write(text)
    code = run([tool("colt5-opt"), mlir, *passes, *LOWER])
    # mlir-translate does not know attributes of colt5.
    with open(lowered, "w") as f:
        f.write(re.sub(r" attributes \{colt5.machine = #colt5.machine<.*>\}", "", code, count=1))
    run([tool("mlir-translate"), "--mlir-to-llvmir", lowered, "-o", ll])
    target = [f"-mcpu={cpu}", "-mtriple=x86_64-pc-linux-gnu"]
    run([tool("opt"), f"-O{level}", *target, "-S", ll, "-o", opt])
    run([tool("llc"), f"-O{level}", *target, "-relocation-model=pic", "-filetype=obj", opt, "-o", obj])
    # CPUs without conversions to bf16 call a function that GCC 12's library does not have.
    run([tool("clang"), "-shared", "--rtlib=compiler-rt", obj, "-o", so, "-lm"])
    return ctypes.CDLL(so)


def descriptor(array):
    """The expanded memref arguments of one array."""
    pointer = ctypes.c_void_p(array.ctypes.data)
    fields = [*array.shape, *(s // array.itemsize for s in array.strides)]
    return [pointer, pointer, ctypes.c_int64(0), *(ctypes.c_int64(v) for v in fields)]


def call(library, name, *arrays):
    args = [field for array in arrays for field in descriptor(array)]
    function = getattr(library, name)
    function.restype = None
    function(*args)
