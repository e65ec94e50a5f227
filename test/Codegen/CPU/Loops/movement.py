"""gather and scatter_combine against the model: every element type, absent and wrong indices, weights, routes."""
import sys

import numpy as np

from colt5_testing.op_cases import Case, check, narrow, wide

FLOATS = ("float32", "float64", "float16", "uint16")


def data(rng, shape, dtype):
    if dtype == "bool":
        return rng.random(shape) < 0.5
    if dtype == "int32":
        return rng.integers(-9, 9, shape).astype(dtype)
    return narrow(rng.standard_normal(shape), dtype)


def indices(rng, shape, n, kind):
    idx = rng.integers(-1, n, shape).astype(np.int32)
    if kind == "bad":
        idx.flat[0], idx.flat[-1] = n, -2
    return idx


def distinct(rng, shape, n, kind):
    """Indices that name no row twice, in one route only."""
    idx = np.full(shape, -1, np.int32)
    first = idx.reshape(shape[0], -1, shape[-1])
    first[:, 0] = np.argsort(rng.random((shape[0], n)), axis=1)[:, :shape[-1]]
    if kind == "bad":
        first[0, 0, 0], first[-1, 0, -1] = n, -2
    return idx


def is_error(idx, n, valid):
    """Whether a slot that counts has an index that is neither -1 nor a row."""
    wrong = (idx < -1) | (idx >= n)
    return bool((wrong if valid is None else wrong & valid).any())


def gather(rng):
    for dtype in (*FLOATS, "bool", "int32"):
        for rest in ((), (17,), (3, 5), (1,)):
            for kind in ("good", "bad"):
                for route in ((), (3,)):
                    n, shape = 9, (2, *route, 7)
                    source, idx = data(rng, (2, n, *rest), dtype), indices(rng, shape, n, kind)
                    valid = rng.random(shape) < 0.7 if kind == "good" else None
                    scale = None
                    if dtype in FLOATS and rest:
                        scale = rng.standard_normal(shape).astype("float64" if dtype == "float64" else "float32")
                    yield Case("gather", [source, idx], [((*shape, *rest), dtype)],
                               clauses={"valid": valid, "scale": scale}, error=is_error(idx, n, valid))
    source, idx = data(rng, (2, 3, 9), "float32"), indices(rng, (2, 3, 4), 9, "good")
    yield Case("gather", [source, idx], [((2, 3, 4), "float32")], attrs={"batch_dims": 2})
    yield Case("gather", [source, idx], [((2, 3, 4), "float32")], attrs={"batch_dims": 2, "trusted": True}, static=True)
    source, idx = data(rng, (2, 0, 9), "float32"), np.full((2, 4), -1, np.int32)
    yield Case("gather", [source, idx], [((2, 4, 9), "float32")])
    for layout in ("rows", "any"):
        source, idx = data(rng, (2, 9, 130), "uint16"), indices(rng, (2, 4), 9, "good")
        yield Case("gather", [source, idx], [((2, 4, 130), "uint16")], layout=layout)


def scatter(rng):
    for dtype in FLOATS:
        for combine in ("add", "set"):
            for route in ((), (3,)):
                for kind in ("good", "bad"):
                    for extras in (False, True):
                        shape = (2, *route, 6)
                        idx, facts = indices(rng, shape, 9, kind), {}
                        if dtype in ("float16", "uint16") and combine == "add":
                            # Repeated rows of 16 bits get a wide base before this pass, which refuses them.
                            idx, facts = distinct(rng, shape, 9, kind), {"unique": True}
                        y, base = data(rng, (*shape, 17), dtype), data(rng, (2, 9, 17), dtype)
                        valid = weight = None
                        if extras:
                            valid = rng.random(shape) < 0.7
                            weight = rng.standard_normal(shape).astype("float64" if dtype == "float64" else "float32")
                            y[~valid] = narrow(np.nan, dtype)
                        yield Case("scatter_combine", [y, idx], [base], clauses={"valid": valid, "weight": weight},
                                   attrs={"combine": combine, **facts}, error=is_error(idx, 9, valid))
    y, base, idx = data(rng, (2, 4, 130), "uint16"), data(rng, (2, 9, 130), "float32"), indices(rng, (2, 4), 9, "good")
    yield Case("scatter_combine", [y, idx], [base])
    for layout in ("rows", "any"):
        yield Case("scatter_combine", [y, idx], [base], layout=layout)


def cases():
    rng = np.random.default_rng(3)
    yield from gather(rng)
    for case in scatter(rng):
        case.model["base"] = wide(case.outs[0].copy())
        yield case


if __name__ == "__main__":
    check(list(cases()), sys.argv[1])
