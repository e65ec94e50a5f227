"""Contractions of odd shapes, types and layouts against NumPy in float64.

Usage: numeric.py STEM VECTOR-BYTES EVERY: runs every EVERY-th case. Prints one line per case; exit 1 if an error is above 2e-6 (f32) or 1e-14 (f64)
relative to sum |a b|.
"""
import sys

import numpy as np

from colt5_testing.run_kernel import call, compile_kernels, from_bf16, to_bf16

MAPS = {  # name: (a, b, c) subscripts
    "matmul": ("mk", "kn", "mn"),
    "nt": ("mk", "nk", "mn"),
    "tn": ("km", "kn", "mn"),
    "transposed_out": ("mk", "kn", "nm"),
    "batch": ("bmk", "bkn", "bmn"),
    "batch_last": ("mkb", "knb", "mnb"),
    "project": ("bmk", "khc", "bhmc"),
    "project_out": ("bmhc", "hcn", "bmn"),
    "shared_rows": ("bmk", "nk", "bmn"),
    "scattered": ("kmb", "nkb", "bnm"),
}
rng = np.random.default_rng(3)


def memref(shape, t):
    return "memref<" + "".join(f"{s}x" for s in shape) + f"{t}>"


def kernel(name, subscripts, sizes, t_in, t_out, dynamic, fill, gated=False):
    loops = sorted(set("".join(subscripts)))
    c = subscripts[2]
    loops = [d for d in loops if d in c] + [d for d in loops if d not in c]
    a_map, b_map, c_map = (f"affine_map<({', '.join(loops)}) -> ({', '.join(s)})>" for s in subscripts)
    shapes = [["?" if dynamic else sizes[d] for d in s] for s in subscripts]
    a, b, o = memref(shapes[0], t_in), memref(shapes[1], t_in), memref(shapes[2], t_out)
    kinds = ", ".join('"parallel"' if d in c else '"reduction"' for d in loops)
    ext = (lambda v: f"%{v}e = arith.extf %{v} : {t_in} to {t_out}\n") if t_in != t_out else \
        (lambda v: f"%zero_{v} = arith.constant 0 : i32\n")
    e = "e" if t_in != t_out else ""
    zero = f"%z = arith.constant 0.0 : {t_out}\n" + "".join(
        f"linalg.fill ins(%z : {t_out}) outs(%{v} : {o})\n" for v in (["c", "d"] if gated else ["c"])) if fill else ""
    if gated:
        return f"""func.func @{name}(%a: {a}, %b: {b}, %g: {b}, %c: {o}, %d: {o}) {{
  {zero}
  linalg.generic {{indexing_maps = [{a_map}, {b_map}, {b_map}, {c_map}, {c_map}], iterator_types = [{kinds}]}}
      ins(%a, %b, %g : {a}, {b}, {b}) outs(%c, %d : {o}, {o}) {{
  ^bb0(%x: {t_in}, %y: {t_in}, %w: {t_in}, %p: {t_out}, %q: {t_out}):
    {ext('x')} {ext('y')} {ext('w')}
    %m = arith.mulf %x{e}, %y{e} : {t_out}
    %n = arith.mulf %w{e}, %x{e} : {t_out}
    %s = arith.addf %p, %m : {t_out}
    %r = arith.addf %n, %q : {t_out}
    linalg.yield %s, %r : {t_out}, {t_out}
  }}
  return
}}
"""
    return f"""func.func @{name}(%a: {a}, %b: {b}, %c: {o}) {{
  {zero}
  linalg.generic {{indexing_maps = [{a_map}, {b_map}, {c_map}], iterator_types = [{kinds}]}}
      ins(%a, %b : {a}, {b}) outs(%c : {o}) {{
  ^bb0(%x: {t_in}, %y: {t_in}, %p: {t_out}):
    {ext('x')} {ext('y')}
    %m = arith.mulf %x{e}, %y{e} : {t_out}
    %s = arith.addf %p, %m : {t_out}
    linalg.yield %s : {t_out}
  }}
  return
}}
"""


def data(shape, t):
    x = rng.standard_normal(shape)
    if t == "bf16":
        bits = to_bf16(x)
        return bits, from_bf16(bits).astype(np.float64)
    x = x.astype({"f16": np.float16, "f32": np.float32, "f64": np.float64}[t])
    return x, x.astype(np.float64)


def cases():
    for i, (m, n, k) in enumerate([(1, 17, 3), (3, 1, 5), (3, 5, 1), (17, 36, 65), (36, 65, 17), (65, 17, 36), (127, 129, 128),
                                   (128, 127, 129), (129, 128, 300), (300, 70, 600), (2, 1000, 3), (12, 32, 256)]):
        for dynamic in (False, True):
            yield "matmul", dict(m=m, n=n, k=k), "f32", "f32", dynamic, (i + dynamic) % 2 == 0
    small = dict(b=3, h=4, c=20, m=17, n=37, k=66)
    for name in MAPS:
        for dynamic in (False, True):
            yield name, small, "f32", "f32", dynamic, dynamic
            yield name, small, "f64", "f64", dynamic, not dynamic
        yield name, small, "f16", "f32", False, True
        yield name, small, "bf16", "f32", True, True
        yield name, small, "f32", "f64", True, False
    yield "project_out", dict(b=2, h=12, c=64, m=70, n=100), "f32", "f32", False, True
    yield "project_out", dict(b=1, h=7, c=30, m=9, n=40), "bf16", "f32", False, False
    for m in (1, 2, 5):  # Few rows: B in place.
        yield "matmul", dict(m=m, n=700, k=70), "f32", "f32", False, m == 2
        yield "matmul", dict(m=m, n=400, k=7), "bf16", "f32", False, True
        yield "project", dict(b=2, h=3, c=330, m=m, k=300), "f32", "f32", False, True
        yield "matmul", dict(m=m, n=200, k=9), "f64", "f64", False, False
    yield "matmul", dict(m=5, n=6, k=0), "f32", "f32", True, True
    yield "matmul", dict(m=5, n=8, k=0), "f32", "f32", False, True
    yield "matmul", dict(m=0, n=6, k=4), "f32", "f32", True, True
    yield "project_out", dict(b=1, h=0, c=30, m=9, n=40), "f32", "f32", True, True


def main():
    stem, vector_bytes, every = sys.argv[1:]
    all_cases = [(c, False) for c in cases()]
    for dynamic in (False, True):
        for sizes in (dict(m=36, n=65, k=300), dict(m=7, n=16, k=3)):
            for t in (("f32", "f32"), ("bf16", "f32"), ("f64", "f64")):
                all_cases.append((("matmul", sizes, *t, dynamic, dynamic), True))
    all_cases = all_cases[::int(every)]
    text = "".join(
        kernel(f"k{i}", MAPS[c[0]], *c[1:], gated=gated) for i, (c, gated) in enumerate(all_cases))
    machine = f"--colt5-set-machine=name=cpu-generic overrides=vector_bytes={vector_bytes}"
    library = compile_kernels(
        text, [machine, "--colt5-lower-contraction", "--colt5-vectorize-linalg", "--canonicalize"], stem, level=1)
    failures = 0
    for i, ((name, sizes, t_in, t_out, dynamic, fill), gated) in enumerate(all_cases):
        shapes = [tuple(sizes[d] for d in s) for s in MAPS[name]]
        (a, a64), (b, b64), (g, g64) = data(shapes[0], t_in), data(shapes[1], t_in), data(shapes[1], t_in)
        outputs = [data(shapes[2], t_out)[0] for _ in range(1 + gated)]
        if fill:  # What is not overwritten shows as NaN.
            outputs = [np.full_like(o, np.nan) for o in outputs]
        rule = "{},{}->{}".format(*MAPS[name])
        want = [np.einsum(rule, a64, w) + (0 if fill else o) for w, o in zip((b64, g64), outputs)]
        size = [np.einsum(rule, abs(a64), abs(w)) + 1 for w in (b64, g64)]
        call(library, f"k{i}", a, b, *((g,) if gated else ()), *outputs)
        error = max((float(np.max(abs(o - w) / s, initial=0)) if not np.isnan(o).any() else np.inf)
                    for o, w, s in zip(outputs, want, size))
        ok = error <= (1e-14 if t_in == "f64" else 2e-6)
        failures += not ok
        kind = "gated " if gated else ""
        print(f"{kind}{name} {sizes} {t_in}->{t_out} dynamic={dynamic} fill={fill}: {error:.1e} {'ok' if ok else 'WRONG'}")
    print(f"{len(all_cases)} cases, {failures} failures")
    return failures != 0


sys.exit(main())
