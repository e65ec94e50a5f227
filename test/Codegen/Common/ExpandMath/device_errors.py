"""Errors of the device functions of colt5-expand-math in the emulator, whose approximate instructions round correctly.

The bounds are those of docs/numerics.md less what the instructions themselves may err by. Prints a line per function;
exit 1 on excess or a wrong special value.
"""
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

COUNT = 20000
INSTRUCTION = 2.0**-22  # ex2.approx
KERNEL = """func.func @f(%x: tensor<{n}xf32>) -> tensor<{n}xf32> {{
  %e = tensor.empty() : tensor<{n}xf32>
  %r = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}}
      ins(%x : tensor<{n}xf32>) outs(%e : tensor<{n}xf32>) {{
  ^bb0(%a: f32, %o: f32):
    %v = math.{name} %a : f32
    linalg.yield %v : f32
  }} -> tensor<{n}xf32>
  return %r : tensor<{n}xf32>
}}
"""
INF, NAN = np.inf, np.nan
# Function, truth, largest argument, bound on the relative error, special values.
FUNCTIONS = [
    ("exp", np.exp, 87.0, 2.0**-21 - INSTRUCTION, [(INF, INF), (-INF, 0), (NAN, NAN), (0, 1), (1e4, INF), (-1e4, 0)]),
    ("exp2", np.exp2, 125.0, 2.0**-21 - INSTRUCTION, [(INF, INF), (-INF, 0), (NAN, NAN), (10, 1024), (-149, 2.0**-149)]),
    ("tanh", np.tanh, 12.0, 2.0**-21, [(INF, 1), (-INF, -1), (NAN, NAN), (-0.0, -0.0), (1e-30, 1e-30)]),
    ("erf", lambda x: np.array([math.erf(float(v)) for v in x], np.longdouble), 6.0, 2.0**-21,
     [(INF, 1), (-INF, -1), (NAN, NAN), (-0.0, -0.0), (9, 1)]),
]


def run(name, x, folder):
    source, data = folder / f"{name}.mlir", folder / f"{name}.npy"
    source.write_text(KERNEL.format(name=name, n=len(x)))
    np.save(data, x)
    subprocess.run(["colt5-run", str(source), "--backend=emulator", "--chip=sm_80", "--quiet", f"--input={data}",
                    f"--output-dir={folder}"], check=True, timeout=120)
    return np.load(folder / "0.npy")


def main():
    rng, failures = np.random.default_rng(3), 0
    with tempfile.TemporaryDirectory() as folder:
        for name, truth, limit, bound, special in FUNCTIONS:
            wide = rng.uniform(-limit, limit, COUNT)
            small = rng.choice([-1, 1], COUNT) * np.exp(rng.uniform(-40, 0, COUNT))
            x = np.concatenate([[a for a, _ in special], wide, small]).astype(np.float32)
            got = run(name, x, pathlib.Path(folder))
            for (a, want), value in zip(special, got):
                same = np.isnan(value) if np.isnan(want) else value == np.float32(want) and np.signbit(value) == np.signbit(want)
                if not same:
                    failures += 1
                    print(f"special {name}({a}): expected {want}, got {value}")
            want = truth(x[len(special):].astype(np.longdouble))
            error = float(np.max(np.abs(got[len(special):] - want) / np.abs(want)))
            failures += error > bound
            print(f"{name}: {error:.3g} <= {bound:.3g}: {'ok' if error <= bound else 'TOO LARGE'}")
    print("all within bounds" if failures == 0 else f"{failures} FAILURES")
    return failures != 0


sys.exit(main())
