"""rms_scale, router_scores, block_summary and rope against the model."""
import sys

import numpy as np

from colt5_testing.op_cases import Case, check, narrow

WIDTHS = (1, 3, 17, 36, 65, 127, 128, 129, 1000)
STATISTICS = {"float32": "float32", "float64": "float64", "float16": "float32", "uint16": "float32"}


def data(rng, shape, dtype):
    return narrow(rng.standard_normal(shape), dtype)


def rms_scale(rng):
    for dtype, out in STATISTICS.items():
        for width in WIDTHS if dtype == "float32" else (36, 129):
            for masked in (False, True):
                x = data(rng, (2, 5, width), dtype)
                m = rng.random((2, 5)) < 0.5 if masked else None
                if masked:
                    x[~m] = narrow(np.nan, dtype)
                yield Case("rms_scale", [x], [((2, 5), out)], clauses={"mask": m}, attrs={"eps": 1e-3})
    yield Case("rms_scale", [data(rng, (7, 36), "float32")], [((7,), "float32")])
    yield Case("rms_scale", [np.zeros((7, 36), np.float32)], [((7,), "float32")])
    for layout in ("rows", "any"):
        yield Case("rms_scale", [data(rng, (2, 3, 36), "uint16")], [((2, 3), "float32")], layout=layout)


def router_scores(rng):
    for dtype, out in STATISTICS.items():
        for similarity in ("dot", "cosine"):
            for width in WIDTHS if dtype == "float32" else (36, 129):
                for mask in (None, "row", "route"):
                    x, u = data(rng, (2, 5, width), dtype), data(rng, (3, width), dtype)
                    m = None
                    if mask == "row":
                        m = rng.random((2, 5)) < 0.5
                        x[~m] = narrow(np.nan, dtype)
                    elif mask == "route":
                        m = rng.random((2, 3, 5)) < 0.5
                    yield Case("router_scores", [x, u], [((2, 3, 5), out)], clauses={"mask": m},
                               attrs={"similarity": similarity, "scale": 0.125}, norm=None if out == "float64" else 1e-5)
    x, u = data(rng, (2, 5, 36), "float32"), data(rng, (2, 3, 36), "float32")
    yield Case("router_scores", [x, u], [((2, 3, 5), "float32")])
    x[0, 1] = 0
    yield Case("router_scores", [x, u], [((2, 3, 5), "float32")], attrs={"similarity": "cosine"}, static=True)
    yield Case("router_scores", [x[:, :0], u], [((2, 3, 0), "float32")])


def block_summary(rng):
    for dtype in STATISTICS:
        for reduce in ("sum", "mean"):
            for orphans in ("adopt", "drop"):
                for n, width, size, lengths in ((12, 3, 4, (10, 12)), (8, 17, 4, (3, 8)), (40, 36, 16, (39, 0)), (3, 5, 4, (3, 1)),
                                                (129, 33, 16, (129, 100))):
                    x = data(rng, (2, n, width), dtype)
                    m = np.arange(n)[None] < np.array(lengths)[:, None]
                    x[~m] = narrow(np.nan, dtype)
                    yield Case("block_summary", [x], summary(n, width, size, dtype), clauses={"mask": m},
                               attrs={"size": size, "reduce": reduce, "orphans": orphans})
    x = data(rng, (2, 40, 36), "float32")
    yield Case("block_summary", [x], summary(40, 36, 16, "float32"), model={"mask": None})
    # A gap sets the error word; the row is read as its longest prefix.
    gap = np.arange(40)[None] < np.array([20, 40])[:, None]
    gap[0, 30] = True
    prefix = np.arange(40)[None] < np.array([20, 40])[:, None]
    expect = Case("block_summary", [x], [], clauses={"mask": prefix}).reference()
    yield Case("block_summary", [x], summary(40, 36, 16, "float32"), clauses={"mask": gap}, expect=expect, error=True)


def summary(n, width, size, dtype):
    return [((2, n // size, width), dtype), ((2, n // size), "bool"), ((2, n), "int32")]


def rope(rng):
    for dtype in STATISTICS:
        for layout in ("half", "interleaved"):
            for heads, queries, width, groups in ((4, 5, 64, None), (4, 17, 2, 2), (3, 3, 36, 1), (2, 2, 300, None)):
                x = data(rng, (2, heads, queries, width), dtype)
                pos = rng.integers(-1, 1 << 20, (2, queries) if groups is None else (2, groups, queries)).astype(np.int32)
                pos[..., 0] = -1
                x[:, :, 0, 0] = narrow(np.nan, dtype)
                yield Case("rope", [x, pos], [(x.shape, dtype)], attrs={"layout": layout, "theta": 10000.0},
                           norm=1e-10 if dtype == "float64" else None)
    x = data(rng, (1, 2, 9, 64), "float32")
    pos = np.arange(9, dtype=np.int32)[None] * 100000
    for layout in ("rows", "any"):
        yield Case("rope", [x, pos], [(x.shape, "float32")], attrs={"theta": 500.0}, layout=layout)


def cases():
    rng = np.random.default_rng(2)
    for family in (rms_scale, router_scores, block_summary, rope):
        yield from family(rng)


if __name__ == "__main__":
    check(list(cases()), sys.argv[1])
