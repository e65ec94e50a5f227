"""soft_topk against the model: every option, odd scores, masks, blocks."""
import sys

import numpy as np

from colt5_testing.op_cases import Case, check

SIZES = (1, 17, 36, 129, 1000)


def cases():
    rng = np.random.default_rng(4)
    options = [
        {}, {"iterations": 1}, {"init": "neg", "iterations": 3}, {"init": "neg"}, {"overflow": "iterate"}, {"solver": "exact"},
        {"eps": 0.03, "eps_init": 4.0, "eps_decay": 0.7, "iterations": 20}, {"eps": 0.5, "solver": "exact"},
        {"eps": 0.1, "eps_init": 4.0, "eps_decay": 0.5, "iterations": 3, "init": "neg"},
        {"eps_init": 4.0, "eps_decay": 0.5, "iterations": 1}
    ]
    for attrs in options:
        for dtype in ("float32", "float64"):
            for n in SIZES:
                for mask in (None, "row", "route"):
                    for k in (0.5, n / 8, n * 2.0) if mask is None else (n / 5,):
                        yield one(rng, n, k, 2.0, mask, dtype, attrs)
        yield one(rng, 1000, 64.0, 27.7, None, "float64", attrs)
        yield one(rng, 65, 8.0, 2.0, "row", "float32", attrs, odd=True)
        yield one(rng, 65, 8.0, 2.0, None, "float64", attrs, odd=True)
        yield one(rng, 65, 8.0, 2.0, None, "float32", {**attrs, "block": 16})
        yield one(rng, 7, 8.0, 2.0, "row", "float32", {**attrs, "block": 16})
    # The worked example of the paper's iteration.
    s = np.array([[[2, 1, 0.5, 0, -1, -2]]], np.float32)
    yield Case("soft_topk", [s, 2.0], [(s.shape, "float32")],
               expect=[np.array([[[1, .463063196317, .280862025951, .170351429888, .06266878883, .023054559014]]])])
    s = s.copy()
    s[0, 0, 1] = np.inf
    yield Case("soft_topk", [s, 2.0], [(s.shape, "float32")], attrs={"solver": "exact"}, name="inf")
    for init in ("zero", "neg"):
        yield Case("soft_topk", [s, 2.0], [(s.shape, "float32")], attrs={"init": init}, name="inf")
        for k in (0.0, -1.0):
            yield Case("soft_topk", [s, k], [(s.shape, "float32")], attrs={"init": init, "overflow": "iterate"})


def one(rng, n, k, sigma, mask, dtype, attrs, odd=False):
    s = (rng.standard_normal((2, 3, n)) * sigma).astype(dtype)
    if odd:
        s[..., ::5] = np.nan
        s[..., 1::5] = -np.inf
    m = None
    if mask == "row":
        m = np.arange(n)[None] < np.array([n // 2 + 1, 0])[:, None]
    elif mask == "route":
        m = rng.random((2, 3, n)) < 0.6
    per_row = n % 2 == 0
    k_norm = np.full((2, 3), k, dtype) if per_row or dtype == "float64" else float(np.float32(k))
    # f32 keeps the scalar state in f64; what is left is the rounding of the exponentials, in units of sigma / eps.
    norm = 1e-11 if dtype == "float64" else 1e-5
    return Case("soft_topk", [s, k_norm], [(s.shape, dtype)], clauses={"mask": m}, attrs=attrs, norm=norm)


if __name__ == "__main__":
    check(list(cases()), sys.argv[1])
