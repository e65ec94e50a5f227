"""topk against the model: sizes, ties, masks, odd values, blocks, orders."""
import sys

import numpy as np

from colt5_testing.op_cases import Case, check

SIZES = [(1, 1), (3, 2), (17, 5), (36, 36), (65, 1), (127, 64), (128, 128), (129, 20), (1000, 63), (5, 9), (0, 3),
         (40, 0)]


def scores(rng, kind, shape, dtype):
    if kind == "normal":
        return rng.standard_normal(shape).astype(dtype)
    if kind == "ties":
        return rng.integers(-2, 3, shape).astype(dtype)
    s = rng.choice(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e-40, 3e38]), shape).astype(dtype)
    return s


def cases():
    rng = np.random.default_rng(1)
    for tie in ("lowest_index", "highest_index"):
        for order in ("index", "score"):
            for n, k in SIZES:
                for kind in ("normal", "ties", "odd"):
                    for mask in (None, "row", "route"):
                        for dtype in ("float32", "float64") if kind == "odd" and tie == "lowest_index" else ("float32",):
                            yield one(rng, n, k, kind, mask, dtype, {"tie": tie, "order": order})
    for n, k, block in ((64, 8, 16), (70, 8, 16), (64, 12, 5), (9, 12, 3), (7, 4, 8), (66, 22, 3)):
        for order in ("index", "score"):
            yield one(rng, n, k, "ties", "row", "float32", {"order": order, "block": block})
    for layout in ("rows", "any"):
        yield one(rng, 129, 20, "odd", "row", "float32", {}, layout=layout)
    yield one(rng, 129, 20, "odd", "row", "float32", {}, static=True)


def one(rng, n, k, kind, mask, dtype, attrs, **options):
    batch, routes = 2, 3
    s = scores(rng, kind, (batch, routes, n), dtype)
    m = None
    if mask == "row":
        m = np.arange(n)[None] < np.array([n // 2, 0])[:, None]
    elif mask == "route":
        m = rng.random((batch, routes, n)) < 0.6
    outs = [((batch, routes, k), "int32"), ((batch, routes, k), "bool"), ((batch, routes, k), dtype)]
    return Case("topk", [s], outs, clauses={"mask": m}, attrs=attrs, model={"k": k}, **options)


if __name__ == "__main__":
    check(list(cases()), sys.argv[1])
