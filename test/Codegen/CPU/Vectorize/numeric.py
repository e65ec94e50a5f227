"""linalg ops on memrefs through colt5-vectorize-linalg against NumPy, over odd extents, static and dynamic.

Usage: numeric.py STEM VECTOR-BYTES. Prints the failing cases and a summary; exit 1 on failure.
"""
import sys

import numpy as np

from colt5_testing.run_kernel import call, compile_kernels

rng = np.random.default_rng(5)
F = np.float32
# Each case: types of the memref arguments as "dims:type", the body, the NumPy truth of the last argument.
CASES = {
    "fill": (["mn:f32"], "%z = arith.constant 2.5 : f32\nlinalg.fill ins(%z : f32) outs(%0 : {0})",
             lambda c: np.full_like(c, 2.5)),
    "copy": (["mn:f32", "mn:f32"], "linalg.copy ins(%0 : {0}) outs(%1 : {1})", lambda a, c: a),
    "transpose": (["mn:f32", "nm:f32"], "linalg.transpose ins(%0 : {0}) outs(%1 : {1}) permutation = [1, 0]",
                  lambda a, c: a.T),
    "broadcast": (["m:f32", "mn:f32"], "linalg.broadcast ins(%0 : {0}) outs(%1 : {1}) dimensions = [1]",
                  lambda a, c: np.broadcast_to(a[:, None], c.shape)),
    "add": (["mn:f32", "mn:f32", "mn:f32"], "linalg.add ins(%0, %1 : {0}, {1}) outs(%2 : {2})", lambda a, b, c: a + b),
    "sum_rows": (["mn:f32", "m:f32"], "linalg.reduce {{ arith.addf }} ins(%0 : {0}) outs(%1 : {1}) dimensions = [1]",
                 lambda a, c: c + a.sum(1, dtype=np.float64)),
    "sum_columns": (["mn:f32", "n:f32"], "linalg.reduce {{ arith.addf }} ins(%0 : {0}) outs(%1 : {1}) dimensions = [0]",
                    lambda a, c: c + a.sum(0, dtype=np.float64)),
    "max_rows": (["mn:f32", "m:f32"], "linalg.reduce {{ arith.maximumf }} ins(%0 : {0}) outs(%1 : {1}) dimensions = [1]",
                 lambda a, c: np.maximum(c, a.max(1, initial=-np.inf))),
    "sum_all": (["mn:f64", ":f64"], "linalg.reduce {{ arith.addf }} ins(%0 : {0}) outs(%1 : {1}) dimensions = [0, 1]",
                lambda a, c: c + a.sum()),
    "matvec": (["mn:f32", "n:f32", "m:f32"], "linalg.matvec ins(%0, %1 : {0}, {1}) outs(%2 : {2})",
               lambda a, b, c: c + a.astype(np.float64) @ b),
    "vecmat": (["m:f32", "mn:f32", "n:f32"], "linalg.vecmat ins(%0, %1 : {0}, {1}) outs(%2 : {2})",
               lambda a, b, c: c + a.astype(np.float64) @ b),
    "max_int": (["mn:i32", "m:i32"], "linalg.reduce {{ arith.maxsi }} ins(%0 : {0}) outs(%1 : {1}) dimensions = [1]",
                lambda a, c: np.maximum(c, a.max(1, initial=-2**31))),
    "mixed": (["mn:f16", "n:f32", "m:f32", "mn:f32"], """linalg.generic {{indexing_maps = [
        affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}} ins(%0, %1, %2 : {0}, {1}, {2}) outs(%3 : {3}) {{
        ^bb0(%a: f16, %b: f32, %c: f32, %o: f32):
          %e = arith.extf %a : f16 to f32
          %r = math.sqrt %c : f32
          %s = arith.mulf %e, %r : f32
          %t = arith.addf %s, %b : f32
          %u = arith.addf %t, %o : f32
          linalg.yield %u : f32
        }}""", lambda a, b, r, c: a * np.sqrt(r)[:, None] + b + c),
    "mask": (["mn:f32", "mn:i1"], """linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>,
        affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}} ins(%0 : {0}) outs(%1 : {1}) {{
        ^bb0(%a: f32, %o: i1):
          %z = arith.constant 0.0 : f32
          %s = arith.cmpf ogt, %a, %z : f32
          linalg.yield %s : i1
        }}""", lambda a, c: a > 0),
    "select": (["mn:i1", "mn:f32"], """linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>,
        affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}} ins(%0 : {0}) outs(%1 : {1}) {{
        ^bb0(%a: i1, %o: f32):
          %z = arith.constant -1.0 : f32
          %s = arith.select %a, %o, %z : f32
          linalg.yield %s : f32
        }}""", lambda a, c: np.where(a, c, F(-1))),
    "index": (["mn:i64"], """linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}} outs(%0 : {0}) {{
        ^bb0(%o: i64):
          %i = linalg.index 0 : index
          %j = linalg.index 1 : index
          %k = arith.muli %i, %j : index
          %l = arith.addi %k, %j : index
          %s = arith.index_cast %l : index to i64
          linalg.yield %s : i64
        }}""", lambda c: np.add.outer(np.arange(c.shape[0]), np.ones(1, int)) * np.arange(c.shape[1])),
    "argmax": (["mn:f32", "m:f32", "m:i64"], """linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>,
        affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}}
        ins(%0 : {0}) outs(%1, %2 : {1}, {2}) {{
        ^bb0(%a: f32, %o: f32, %p: i64):
          %j = linalg.index 1 : index
          %k = arith.index_cast %j : index to i64
          %g = arith.cmpf ogt, %a, %o : f32
          %s = arith.select %g, %a, %o : f32
          %t = arith.select %g, %k, %p : i64
          linalg.yield %s, %t : f32, i64
        }}""", lambda a, v, c: np.where(a.max(1) > v, a.argmax(1), c)),
    "nested_region": (["mn:f32", "mn:f32"], """linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>,
        affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}} ins(%0 : {0}) outs(%1 : {1}) {{
        ^bb0(%a: f32, %o: f32):
          %c = arith.constant 1.0 : f32
          %s = arith.subf %a, %c : f32
          %b = scf.if %true -> f32 {{ scf.yield %s : f32 }} else {{ scf.yield %a : f32 }}
          linalg.yield %b : f32
        }}""", lambda a, c: a - 1),
    "sub_columns": (["mn:f32", "mn:f32"], """
        %v = memref.subview %0[0, 1] [{m}, {n1}] [1, 1] : {0} to memref<{mt}x{n1t}xf32, strided<[{rs}, 1], offset: 1>>
        %w = memref.subview %1[0, 0] [{m}, {n1}] [1, 1] : {1} to memref<{mt}x{n1t}xf32, strided<[{rs}, 1]>>
        linalg.copy ins(%v : memref<{mt}x{n1t}xf32, strided<[{rs}, 1], offset: 1>>)
            outs(%w : memref<{mt}x{n1t}xf32, strided<[{rs}, 1]>>)""",
                    lambda a, c: np.concatenate([a[:, 1:], c[:, -1:]], 1)),
}
DTYPES = {"f16": np.float16, "f32": np.float32, "f64": np.float64, "i32": np.int32, "i64": np.int64, "i1": np.bool_}
SIZES = [(1, 1), (3, 17), (17, 3), (5, 36), (2, 65), (9, 127), (4, 128), (3, 129), (130, 20)]


def kernel(name, m, n, dynamic, label):
    types, body, _ = CASES[name]
    size = {"m": "?" if dynamic else m, "n": "?" if dynamic else n}
    memrefs = []
    for t in types:
        dims, element = t.split(":")
        memrefs.append("memref<" + "".join(f"{size[d]}x" for d in dims) + element + ">")
    names = dict(m="%dm" if dynamic else m, n1="%dn1" if dynamic else n - 1, mt=size["m"],
                 n1t="?" if dynamic else n - 1, rs="?" if dynamic else n)
    body = body.format(*memrefs, **names)
    head = "%true = arith.constant true\n"
    if dynamic and "%dm" in body:
        head += f"""%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index
          %dm = memref.dim %0, %c0 : {memrefs[0]}\n%dn = memref.dim %0, %c1 : {memrefs[0]}
          %dn1 = arith.subi %dn, %c1 : index\n"""
    args = ", ".join(f"%{i}: {t}" for i, t in enumerate(memrefs))
    return f"func.func @{label}({args}) {{\n{head}{body}\nreturn\n}}\n"


def data(t, m, n):
    dims, element = t.split(":")
    shape = [dict(m=m, n=n)[d] for d in dims]
    x = rng.standard_normal(shape) * 10
    return np.abs(x).astype(DTYPES[element]) if dims == "m" and element == "f32" else x.astype(DTYPES[element]) \
        if element != "i1" else x > 0


def main():
    stem, vector_bytes = sys.argv[1:]
    jobs = [(name, m, n, dynamic) for name in CASES for i, (m, n) in enumerate(SIZES)
            for dynamic in ((False, True) if i < 4 else (i % 2 == 0,)) if (name, n) != ("sub_columns", 1)]
    text = "".join(kernel(*job, f"k{i}") for i, job in enumerate(jobs))
    library = compile_kernels(text, [f"--colt5-set-machine=name=cpu-generic overrides=vector_bytes={vector_bytes}", "--colt5-vectorize-linalg"], stem, level=1)
    failures = 0
    for i, (name, m, n, dynamic) in enumerate(jobs):
        arrays = [np.asarray(data(t, m, n)) for t in CASES[name][0]]
        want = np.asarray(CASES[name][2](*[a.copy() for a in arrays]))
        call(library, f"k{i}", *arrays)
        got = arrays[-1]
        exact = got.dtype.kind in "ib"
        scale = 1e-5 * (1 + np.abs(want)) * max(1, np.sqrt(max(m, n)))
        good = got.shape == want.shape and (np.array_equal(got, want) if exact else bool((abs(got - want) <= scale).all()))
        if not good:
            failures += 1
            print(f"WRONG {name} {m}x{n} dynamic={dynamic}")
    print(f"{len(jobs)} cases, {failures} failures")
    return failures != 0


sys.exit(main())
