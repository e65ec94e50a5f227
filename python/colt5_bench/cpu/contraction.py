"""Single-thread speed of generated contractions beside NumPy's BLAS, alternating in one process, medians.

Usage: benchmarks/cpu/contraction [--vector-bytes N] [--repeat N] [--json FILE]
Needs colt5-opt and the LLVM 22 tools on the path.
NumPy must use OpenBLAS for the comparison to mean anything (Debian: libopenblas0-pthread); the library found is
printed. OPENBLAS_CORETYPE chooses its kernels; some versions do not know recent processors and use narrow ones.
"""
import argparse
import json
import os
import statistics
import tempfile
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
from colt5_model.needs import need  # noqa: E402

need("numpy")
import numpy as np  # noqa: E402

from colt5_testing.run_kernel import call, compile_kernels  # noqa: E402

# name, type, a, b, c subscripts, sizes
CASES = [("matmul", "f32", "mk", "kn", "mn", dict(m=m, n=n, k=k))
         for m, n, k in [(256, 1024, 768), (256, 8192, 768), (256, 768, 8192), (512, 1024, 768), (64, 768, 768),
                         (16, 768, 768), (1, 8192, 768), (4, 8192, 768)]]
CASES += [("weights^T", "f32", "mk", "nk", "mn", dict(m=256, n=1024, k=768)),
          ("heads", "f32", "mk", "khc", "hmc", dict(m=256, h=8, c=64, k=768)),
          ("heads out", "f32", "hmc", "hcn", "mn", dict(m=256, h=8, c=64, n=768)),
          ("matmul", "f16", "mk", "kn", "mn", dict(m=256, n=1024, k=768)),
          ("matmul", "f64", "mk", "kn", "mn", dict(m=256, n=1024, k=768)),
          ("matvec", "f32", "mk", "k", "m", dict(m=4096, k=768)),
          ("gated", "f32", "mk", "kn", "mn", dict(m=256, n=1024, k=768))]


def kernel(label, name, t, a, b, c, sizes):
    acc = "f64" if t == "f64" else "f32"
    loops = sorted(set(c)) + sorted(set(a + b) - set(c))
    gated = name == "gated"
    operands = [a, b] + [b] * gated + [c] * (1 + gated)
    maps = ", ".join(f"affine_map<({', '.join(loops)}) -> ({', '.join(s)})>" for s in operands)
    kinds = ", ".join('"parallel"' if d in c else '"reduction"' for d in loops)
    count = 2 + gated
    types = ["memref<" + "".join(f"{sizes[d]}x" for d in s) + (t if i < count else acc) + ">"
             for i, s in enumerate(operands)]
    arguments = ", ".join(f"%{i}: {m}" for i, m in enumerate(types))
    fills = "\n".join(f"linalg.fill ins(%z : {acc}) outs(%{i} : {types[i]})" for i in range(count, len(types)))
    block = ", ".join(f"%v{i}: {t if i < count else acc}" for i in range(len(types)))
    extend = "\n".join(f"%x{i} = arith.extf %v{i} : {t} to {acc}" for i in range(count)) if t != acc else ""
    x = "x" if t != acc else "v"
    body = "\n".join(f"%m{i} = arith.mulf %{x}0, %{x}{i + 1} : {acc}\n%s{i} = arith.addf %v{count + i}, %m{i} : {acc}"
                     for i in range(1 + gated))
    results = ", ".join(f"%s{i}" for i in range(1 + gated))
    return f"""func.func @{label}({arguments}) {{
  %z = arith.constant 0.0 : {acc}
  {fills}
  linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}
    ins({', '.join(f'%{i}' for i in range(count))} : {', '.join(types[:count])})
    outs({', '.join(f'%{i}' for i in range(count, len(types)))} : {', '.join(types[count:])}) {{
  ^bb0({block}):
    {extend}
    {body}
    linalg.yield {results} : {', '.join([acc] * (1 + gated))}
  }}
  return
}}
"""


def blas_name():
    with open("/proc/self/maps") as f:
        found = {os.path.basename(line.split()[-1]) for line in f if "blas" in line}
    return ", ".join(sorted(found)) or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vector-bytes", type=int, default=32)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--json")
    options = parser.parse_args()
    text = "".join(kernel(f"k{i}", *case) for i, case in enumerate(CASES))
    machine = f"--colt5-set-machine=name=cpu-generic overrides=vector_bytes={options.vector_bytes}"
    with tempfile.TemporaryDirectory() as folder:
        library = compile_kernels(text, [machine, "--colt5-lower-contraction", "--colt5-vectorize-linalg"],
                                  os.path.join(folder, "k"))
    rng = np.random.default_rng(0)
    print(f"# BLAS: {blas_name()}, core type {os.environ.get('OPENBLAS_CORETYPE', 'default')}; "
          f"vector-bytes {options.vector_bytes}; 1 thread; median of {options.repeat}")
    print(f"{'case':34} {'GFLOP/s':>8} {'BLAS':>8} {'ratio':>6}  error")
    rows = []
    for i, (name, t, a, b, c, sizes) in enumerate(CASES):
        dtype = {"f16": np.float16, "f32": np.float32, "f64": np.float64}[t]
        acc = np.float64 if t == "f64" else np.float32
        shape = lambda s: tuple(sizes[d] for d in s)
        gated = name == "gated"
        x, *ws = [rng.standard_normal(shape(s)).astype(dtype) for s in [a, b] + [b] * gated]
        outs = [np.zeros(shape(c), acc) for _ in ws]
        # The peer: plain matrix products of the same size in the BLAS type.
        m = np.prod([sizes[d] for d in c if d in a], dtype=int)
        n = np.prod([sizes[d] for d in c if d not in a], dtype=int)
        k = np.prod([sizes[d] for d in a if d not in c], dtype=int)
        left, right = rng.standard_normal((m, k)).astype(acc), rng.standard_normal((k, n)).astype(acc)
        if name == "weights^T":
            right = np.ascontiguousarray(right.T).T
        result = np.zeros((m, n), acc)
        ours, theirs = [], []
        for _ in range(options.repeat + 1):
            start = time.perf_counter()
            call(library, f"k{i}", x, *ws, *outs)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            for _ in ws:
                np.dot(left, right, out=result)
            theirs.append(time.perf_counter() - start)
        mine, peer = statistics.median(ours[1:]), statistics.median(theirs[1:])
        want = np.einsum(f"{a},{b}->{c}", x.astype(np.float64), ws[0].astype(np.float64), optimize=True)
        error = float(np.max(np.abs(outs[0] - want)) / np.max(np.abs(want)))
        flops = 2e-9 * m * n * k * len(ws)
        label = f"{name} {t} " + "x".join(str(v) for v in sizes.values())
        print(f"{label:34} {flops / mine:8.1f} {flops / peer:8.1f} {peer / mine:6.2f}  {error:.1e}", flush=True)
        rows.append(dict(case=label, gflops=flops / mine, blas_gflops=flops / peer, ratio=peer / mine, error=error))
    if options.json:
        with open(options.json, "w") as f:
            json.dump(dict(blas=blas_name(), vector_bytes=options.vector_bytes, rows=rows), f, indent=1)


if __name__ == "__main__":
    main()
