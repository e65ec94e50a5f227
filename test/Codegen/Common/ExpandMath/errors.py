"""Measures the errors of colt5-expand-math against NumPy (long double or glibc) and holds them to docs/numerics.md.

Usage: errors.py STEM NUMERICS.MD. Prints one line per function and type, `measured <= documented`; exit 1 on excess.
"""
import math
import re
import sys

import numpy as np

from colt5_testing.run_kernel import call, compile_kernels

KERNEL = """
func.func @{name}_{t}(%x: memref<?x{t}>, %y: memref<?x{t}>) {{
  linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}}
      ins(%x : memref<?x{t}>) outs(%y : memref<?x{t}>) {{
  ^bb0(%a: {t}, %o: {t}):
    %r = math.{name} %a : {t}
    linalg.yield %r : {t}
  }}
  return
}}
"""
POW = """
func.func @powf_{t}(%x: memref<?x{t}>, %e: memref<?x{t}>, %y: memref<?x{t}>) {{
  linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                   iterator_types = ["parallel"]}}
      ins(%x, %e : memref<?x{t}>, memref<?x{t}>) outs(%y : memref<?x{t}>) {{
  ^bb0(%a: {t}, %b: {t}, %o: {t}):
    %r = math.powf %a, %b : {t}
    linalg.yield %r : {t}
  }}
  return
}}
"""
NAMES = ["exp", "exp2", "log", "log2", "log1p", "tanh", "erf", "sin", "cos", "rsqrt"]
L = np.longdouble
TRUTH = {
    "exp": np.exp, "exp2": np.exp2, "log": np.log, "log2": np.log2, "log1p": np.log1p, "tanh": np.tanh,
    "erf": lambda x: np.array([math.erf(float(v)) for v in x], L), "sin": np.sin, "cos": np.cos,
    "rsqrt": lambda x: 1 / np.sqrt(x)
}
rng = np.random.default_rng(7)


def samples(name, t):
    big = {"f32": 87.0, "f64": 708.0}[t]
    n = 200003  # Odd: the scalar remainder runs too.
    if name in ("exp", "exp2"):
        scale = big * (1.4426 if name == "exp2" else 1)
        return np.concatenate([rng.uniform(-scale, scale, n), rng.uniform(-1, 1, n)])
    if name in ("log", "log2", "rsqrt"):
        return np.concatenate([np.exp(rng.uniform(-big, big, n)), rng.uniform(0.5, 2, n)])
    if name == "log1p":
        return np.concatenate([np.exp(rng.uniform(-big / 2, big, n)), rng.uniform(-0.999, 1, n)])
    if name in ("sin", "cos"):
        return np.concatenate([rng.uniform(-2.0**21, 2.0**21, n), rng.uniform(-7, 7, n)])
    return np.concatenate([rng.uniform(-7, 7, n), rng.choice([-1, 1], n) * np.exp(rng.uniform(-60, 1, n))])


def ulps(got, want, dtype):
    want_rounded = want.astype(dtype)
    unit = np.spacing(np.maximum(np.abs(want_rounded), np.finfo(dtype).tiny)).astype(L)
    return float(np.max(np.abs(got.astype(L) - want) / unit))


def check_special(library):
    inf, nan = np.inf, np.nan
    cases = {
        "exp": [(inf, inf), (-inf, 0), (nan, nan), (0, 1), (1e4, inf), (-1e4, 0)],
        "exp2": [(inf, inf), (-inf, 0), (nan, nan), (10, 1024), (-1, 0.5), (-149, None)],
        "log": [(inf, inf), (0, -inf), (-1, nan), (nan, nan), (1, 0)],
        "log2": [(inf, inf), (0, -inf), (-1, nan), (nan, nan), (8, 3), (1, 0)],
        "log1p": [(inf, inf), (-1, -inf), (-2, nan), (nan, nan), (0, 0), (-0.0, -0.0)],
        "tanh": [(inf, 1), (-inf, -1), (nan, nan), (-0.0, -0.0), (1e-30, 1e-30)],
        "erf": [(inf, 1), (-inf, -1), (nan, nan), (-0.0, -0.0), (9, 1)],
        "sin": [(inf, nan), (-inf, nan), (nan, nan), (0, 0), (-0.0, -0.0)],
        "cos": [(inf, nan), (nan, nan), (0, 1)],
        "rsqrt": [(4, 0.5), (0, inf), (inf, 0), (nan, nan), (-1, nan)],
    }
    power = [(2, 10, 1024), (-2, 3, -8), (-2, 2, 4), (-2, 0.5, nan), (0, 0, 1), (nan, 0, 1), (1, nan, 1), (0, -1, inf),
             (0, 2, 0), (-0.0, 3, -0.0), (-1, inf, 1), (inf, -1, 0), (-inf, 3, -inf), (-inf, 0.5, inf), (2, inf, inf),
             (0.5, inf, 0), (nan, 2, nan), (3, nan, nan), (-0.0, -3, -inf)]
    failures = 0
    for t, dtype in (("f32", np.float32), ("f64", np.float64)):
        for name, pairs in cases.items():
            x = np.array([p[0] for p in pairs] * 5, dtype)
            y = np.zeros_like(x)
            call(library, f"{name}_{t}", x, y)
            for a, got, (_, want) in zip(x, y, pairs * 5):
                want = dtype(TRUTH[name](L(a))) if want is None else dtype(want)
                if not (np.isnan(got) and np.isnan(want)) and (got != want or np.signbit(got) != np.signbit(want)):
                    print(f"special {name}_{t}({a}): expected {want}, got {got}")
                    failures += 1
        x, e = np.array([p[0] for p in power], dtype), np.array([p[1] for p in power], dtype)
        y = np.zeros_like(x)
        call(library, f"powf_{t}", x, e, y)
        for (a, b, want), got in zip(power, y):
            # Finite values may be one rounding off; signs and special values may not.
            close = np.isclose(got, want, rtol=1e-6 if t == "f32" else 1e-14) and np.signbit(got) == np.signbit(want)
            if not (np.isnan(got) and np.isnan(want)) and not close:
                print(f"special powf_{t}({a}, {b}): expected {want}, got {got}")
                failures += 1
    # Denormal results are rounded, not flushed.
    x = np.linspace(-103, -88, 999).astype(np.float32)
    y = np.zeros_like(x)
    call(library, "exp_f32", x, y)
    worst = np.max(np.abs(y.astype(L) - np.exp(x.astype(L))) / L(2.0**-149))
    if worst > 1:
        print(f"special exp_f32 denormal: expected 1 unit of 2^-149, got {worst}")
        failures += 1
    print(f"special values: {failures} failures")
    return failures


def main():
    stem, docs = sys.argv[1:]
    text = "".join(KERNEL.format(name=n, t=t) for n in NAMES for t in ("f32", "f64"))
    text += POW.format(t="f32") + POW.format(t="f64")
    library = compile_kernels(text, ["--colt5-vectorize-linalg", "--colt5-expand-math"], stem)
    documented = {(m[1], m[2]): (float(m[3]), m[4])
                  for m in re.finditer(r"^\| (\w+) \| (f32|f64) \| ([\d.e-]+) (ulp|absolute) \|", open(docs).read(), re.M)}
    failures = check_special(library)
    for name in NAMES + ["powf"]:
        for t, dtype in (("f32", np.float32), ("f64", np.float64)):
            if name == "powf":
                x = np.exp(rng.uniform(-10, 10, 100003)).astype(dtype)
                e = rng.uniform(-8, 8, 100003).astype(dtype)
                y = np.zeros_like(x)
                call(library, f"powf_{t}", x, e, y)
                want = x.astype(L)**e.astype(L)
            else:
                x = samples(name, t).astype(dtype)
                y = np.zeros_like(x)
                call(library, f"{name}_{t}", x, y)
                want = TRUTH[name](x.astype(L))
            if (name, t) not in documented:
                raise SystemExit(f"errors.py: expected a row for {name} {t} in {docs}")
            bound, unit = documented[(name, t)]
            error = ulps(y, want, dtype) if unit == "ulp" else float(np.max(np.abs(y.astype(L) - want)))
            verdict = "ok" if error <= bound else "TOO LARGE"
            failures += error > bound
            print(f"{name} {t}: {error:.2g} <= {bound:g} {unit}: {verdict}")
    print("all within bounds" if failures == 0 else f"{failures} FAILURES")
    return failures != 0


sys.exit(main())
