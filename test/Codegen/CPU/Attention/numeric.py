"""attention and online_attention against the model: every clause, patterns, odd sizes, absent rows."""
import sys

import numpy as np

from colt5_testing.op_cases import Case, check, narrow

STATISTICS = {"float32": "float32", "float64": "float64", "float16": "float32", "uint16": "float32"}
PATTERNS = ("#colt5.dense", "#colt5.causal", "#colt5.window<5, 3>", "#colt5.block_local<8, 1, 0>", "#colt5.causal_window<6>",
            "#colt5.earlier_windows<8>", "#colt5.all<[#colt5.causal, #colt5.window<40, 90>]>")
BUCKETS = ("#colt5.t5_buckets<32, 128, bidirectional>", "#colt5.t5_buckets<32, 128, causal>",
           "#colt5.t5_buckets<8, 20, bidirectional>")


class Shape:
    def __init__(self, b=1, h=2, g=2, q=17, s=36, c=16):
        self.b, self.h, self.g, self.q, self.s, self.c = b, h, g, q, s, c


def build(rng, shape, dtype="float32", lse=True, clauses=None, attrs=None, **options):
    """A case with random q, k and v; data behind a mask become NaN."""
    clauses, attrs, p = dict(clauses or {}), dict(attrs or {}), shape
    wide_type = STATISTICS[dtype]
    q = rng.standard_normal((p.b, p.h, p.q, p.c))
    k, v = rng.standard_normal((2, p.b, p.g, p.s, p.c))
    hide(q, clauses.get("q_valid"))
    for array in (k, v):
        hide(array, clauses.get("kv_valid"))
        if "kv_pos" in clauses:
            hide(array, clauses["kv_pos"] != -1)
    if "q_pos" in clauses:
        hide(q, clauses["q_pos"] != -1)
    for name in ("bias_table", "side_bias_table"):
        if name in clauses:
            clauses[name] = clauses[name].astype(wide_type)
    if "side" in clauses:
        clauses["side"] = tuple(narrow(x, dtype) if x.ndim == 4 else x for x in clauses["side"])
    attrs.setdefault("scale", 0.25)
    outs = [(q.shape, dtype), (q.shape[:3], wide_type)]
    order = ("q_valid", "kv_valid", "q_pos", "kv_pos", "q_base", "kv_base", "kv_idx", "bias_table", "side", "q_block",
             "side_bias_table", "extra")
    return Case("attention", [narrow(x, dtype) for x in (q, k, v)], outs if lse else outs[:1],
                clauses={name: clauses[name] for name in order if name in clauses}, attrs=attrs, **options)


def hide(array, ok):
    """Rows of [B, X, N, C] where the [B, N] or [B, G, N] mask is 0 in every group become NaN."""
    if ok is None:
        return
    if ok.ndim == 2:
        ok = ok[:, None]
    if ok.shape[1] not in (1, array.shape[1]):
        ok = np.any(ok, axis=1, keepdims=True)
    array[~np.broadcast_to(ok, array.shape[:3])] = np.nan


def positions(rng, shape, limit):
    pos = rng.integers(0, limit, shape).astype(np.int32)
    pos[rng.random(shape) < 0.15] = -1
    return pos


def table(rng, heads, buckets):
    return rng.standard_normal((heads, int(buckets.split("<")[1].split(",")[0])))


def sizes(rng):
    for c in (1, 3, 36, 64, 80, 128):
        for q, s in ((1, 1), (3, 65), (17, 129), (128, 127), (65, 1)):
            yield build(rng, Shape(q=q, s=s, c=c))
        yield build(rng, Shape(q=36, s=65, c=c), static=True)
    for c in (257, 300):
        yield build(rng, Shape(q=17, s=70, c=c))
    yield build(rng, Shape(q=33, s=70, c=257), static=True)
    yield build(rng, Shape(q=1000, s=300, c=16))
    yield build(rng, Shape(q=300, s=1000, c=16), static=True)
    for q, s in ((0, 5), (5, 0)):
        yield build(rng, Shape(q=q, s=s))
    for dtype in ("float64", "float16", "uint16"):
        for c in (3, 64):
            yield build(rng, Shape(q=36, s=129, c=c), dtype)
        yield build(rng, Shape(q=36, s=129, c=64), dtype, static=True)
        yield build(rng, Shape(q=36, s=129, c=64), dtype, layout="rows", lse=False)
    for h, g in ((4, 1), (6, 2), (3, 3)):
        yield build(rng, Shape(b=2, h=h, g=g, q=20, s=70))
    for layout in ("rows", "any"):
        yield build(rng, Shape(b=2, q=20, s=70, c=20), layout=layout)


def patterns(rng):
    for pattern in PATTERNS:
        attrs = {"pattern": pattern}
        for q, s in ((17, 36), (129, 129), (300, 300), (1, 65)):
            yield build(rng, Shape(q=q, s=s), attrs=attrs)
        yield build(rng, Shape(q=300, s=300, c=64), attrs=attrs, static=True)
        # Any tile offset.
        for q_base, kv_base in ((37, 30), (5, 0), (1000, 990)):
            yield build(rng, Shape(q=40, s=100), clauses={"q_base": q_base, "kv_base": kv_base}, attrs=attrs)
        clauses = {"q_pos": positions(rng, (1, 40), 90), "kv_pos": positions(rng, (1, 100), 90)}
        yield build(rng, Shape(q=40, s=100), clauses=clauses, attrs=attrs)
        if pattern in ("#colt5.dense", "#colt5.causal", "#colt5.causal_window<6>", "#colt5.earlier_windows<8>"):
            continue
        clauses = {"q_pos": np.sort(positions(rng, (1, 2, 40), 90)), "kv_pos": positions(rng, (1, 2, 100), 90)}
        yield build(rng, Shape(q=40, s=100), clauses=clauses, attrs=attrs)
        yield build(rng, Shape(q=40, s=100), clauses={"q_pos": positions(rng, (1, 40), 90)}, attrs=attrs)
        yield build(rng, Shape(q=40, s=100), clauses={"kv_pos": positions(rng, (1, 100), 90)}, attrs=attrs)
    # Panels see parts of key blocks.
    yield build(rng, Shape(q=700, s=700, c=64, h=1, g=1), attrs={"pattern": "#colt5.window<127, 127>"}, static=True)
    for q_base, kv_base in ((0, 0), (37, 30), (100, 350)):
        for window in (1, 7, 100):
            yield build(rng, Shape(q=300, s=400), clauses={"q_base": q_base, "kv_base": kv_base},
                        attrs={"pattern": f"#colt5.window<{window}, {window}>"})


def biases(rng):
    for buckets in BUCKETS:
        for pattern in ("#colt5.dense", "#colt5.window<30, 20>"):
            attrs = {"bias": buckets, "pattern": pattern}
            local = {"bias_table": table(rng, 2, buckets)}
            yield build(rng, Shape(q=300, s=300), clauses=local, attrs=attrs)
            for q_base, kv_base in ((37, 30), (1000, 0), (0, 1000)):
                clauses = {**local, "q_base": q_base, "kv_base": kv_base}
                yield build(rng, Shape(q=40, s=100), clauses=clauses, attrs=attrs)
            clauses = {**local, "q_pos": positions(rng, (1, 40), 400), "kv_pos": positions(rng, (1, 100), 400)}
            yield build(rng, Shape(q=40, s=100), clauses=clauses, attrs=attrs)
    local = {"bias_table": table(rng, 2, BUCKETS[0])}
    for dtype in ("float64", "uint16"):
        yield build(rng, Shape(q=40, s=100), dtype, clauses=local, attrs={"bias": BUCKETS[0]})


def masks(rng):
    for q, s in ((17, 36), (65, 129)):
        for rank in (2, 3):
            shape = (2, s) if rank == 2 else (2, 2, s)
            prefix = np.broadcast_to(np.arange(s) < s // 2, shape).copy()
            for kv in (prefix, rng.random(shape) < 0.5, np.zeros(shape, bool)):
                yield build(rng, Shape(b=2, h=4, q=q, s=s), clauses={"kv_valid": kv})
                yield build(rng, Shape(b=2, h=4, q=q, s=s), clauses={"q_valid": rng.random((2, q)) < 0.5, "kv_valid": kv},
                            attrs={"pattern": "#colt5.window<9, 9>"})
    kv = rng.random((2, 129)) < 0.5
    for dtype in ("float64", "uint16"):
        yield build(rng, Shape(b=2, q=40, s=129, c=64), dtype, clauses={"kv_valid": kv}, static=True)
    yield build(rng, Shape(b=2, q=40, s=129, c=300), clauses={"kv_valid": kv})
    yield build(rng, Shape(b=2, q=40, s=129), clauses={"kv_valid": kv}, layout="any")


def lists(rng):
    for dtype in ("float32", "uint16"):
        for w, j in ((1, 7), (4, 65), (20, 3)):
            idx = rng.integers(-1, 50, (2, 2, w, j)).astype(np.int32)
            shape = Shape(b=2, h=4, q=20, s=50)
            yield build(rng, shape, dtype, clauses={"kv_idx": idx})
            yield build(rng, shape, dtype, clauses={"kv_idx": idx, "kv_valid": rng.random((2, 50)) < 0.7},
                        attrs={"pattern": "#colt5.causal"})
            clauses = {"kv_idx": idx, "bias_table": table(rng, 4, BUCKETS[0]), "q_base": 9}
            yield build(rng, shape, dtype, clauses=clauses, attrs={"bias": BUCKETS[0]})
    idx = np.full((2, 2, 4, 3), -1, np.int32)
    yield build(rng, Shape(b=2, h=4, q=20, s=50), clauses={"kv_idx": idx})
    for bad in (50, -2):
        wrong = idx.copy()
        wrong[1, 0, 2, 1], wrong[1, 0, 2, 0] = bad, 3
        yield build(rng, Shape(b=2, h=4, q=20, s=50), clauses={"kv_idx": wrong}, error=True)


def side_keys(rng):
    for p, s in ((1, 36), (5, 36), (70, 129), (0, 9), (3, 0)):
        for tables in (False, True):
            ok = np.broadcast_to(np.arange(p) < max(1, p - 2), (2, p)).copy()
            keys, values = rng.standard_normal((2, 2, 2, p, 16))
            for array in (keys, values):
                hide(array, ok)
            clauses = {"side": (keys, values, ok), "kv_valid": rng.random((2, s)) < 0.5,
                       "q_valid": rng.random((2, 20)) < 0.8}
            attrs = {"pattern": "#colt5.window<9, 9>"}
            if tables:
                clauses.update(bias_table=table(rng, 4, BUCKETS[0]), side_bias_table=table(rng, 4, BUCKETS[0]),
                               q_block=rng.integers(-1, 70, (2, 20)).astype(np.int32))
                attrs["bias"] = BUCKETS[0]
            for dtype in ("float32", "uint16"):
                yield build(rng, Shape(b=2, h=4, q=20, s=s), dtype, clauses=clauses, attrs=attrs)
    ok = np.zeros((2, 3), bool)
    keys, values = np.full((2, 2, 2, 3, 16), np.nan)
    yield build(rng, Shape(b=2, h=4, q=20, s=9), clauses={"side": (keys, values, ok)})


REGIONS = [
    ("^bb0(%s: f32, %q: i32, %k: i32, %e: f32): %t = arith.addf %s, %e : f32\n colt5.yield %t : f32", "score + e0"),
    ("^bb0(%s: f32, %q: i32, %k: i32, %e: f32): %t = math.tanh %s : f32\n %u = arith.mulf %t, %e : f32\n"
     " colt5.yield %u : f32", "tanh(score) * e0"),
    ("^bb0(%s: f32, %q: i32, %k: i32, %e: f32): %i = arith.constant 0xFF800000 : f32\n"
     " %c = arith.cmpi slt, %k, %q : i32\n %t = arith.select %c, %s, %i : f32\n colt5.yield %t : f32",
     "where(kv_pos < q_pos, score, -inf)"),
]


def regions(rng):
    for region, score in REGIONS:
        for shape in ((2, 4, 20, 50), (1, 1, 20, 50), (2, 1, 1, 50), (1, 4, 20, 1), (1, 1, 1, 1)):
            extra = rng.standard_normal(shape).astype(np.float32)
            clauses = {"extra": [extra], "q_base": 20, "kv_valid": rng.random((2, 50)) < 0.8}
            yield build(rng, Shape(b=2, h=4, q=20, s=50), clauses=clauses, region="{" + region + "}",
                        model={"score": score})
        idx = rng.integers(-1, 50, (2, 2, 4, 7)).astype(np.int32)
        extra = rng.standard_normal((2, 1, 20, 50)).astype(np.float32)
        clauses = {"extra": [extra], "kv_idx": idx, "q_base": 20}
        yield build(rng, Shape(b=2, h=4, q=20, s=50), clauses=clauses, region="{" + region + "}", model={"score": score},
                    attrs={"pattern": "#colt5.causal"}, static=True)
    integers = "^bb0(%s: f32, %q: i32, %k: i32, %e: i32, %f: i1): %i = arith.constant 0xFF800000 : f32\n" \
        " %t = arith.select %f, %s, %i : f32\n %x = arith.sitofp %e : i32 to f32\n %u = arith.addf %t, %x : f32\n" \
        " colt5.yield %u : f32"
    clauses = {"extra": [rng.integers(-2, 3, (1, 4, 1, 50)).astype(np.int32), rng.random((2, 1, 20, 50)) < 0.5]}
    yield build(rng, Shape(b=2, h=4, q=20, s=50), clauses=clauses, region="{" + integers + "}",
                model={"score": "where(e1, score, -inf) + e0"})


def large_scores(rng):
    case = build(rng, Shape(q=20, s=130), attrs={"scale": 300.0}, norm=1e-4)
    yield case
    case = build(rng, Shape(q=20, s=130), clauses={"kv_valid": np.arange(130)[None] >= 128})
    case.ins[0][:] = 0
    yield case


def online(rng):
    """Key slices one after the other are one attention."""
    for dtype, c in (("float32", 16), ("uint16", 64), ("float64", 3), ("float32", 300)):
        for pattern in ("#colt5.dense", "#colt5.causal", "#colt5.window<40, 3>"):
            p = Shape(b=2, h=4, g=2, q=20, s=130, c=c)
            buckets = BUCKETS[0]
            whole = build(rng, p, dtype, clauses={"bias_table": table(rng, 4, buckets), "q_base": 60, "kv_base": 0},
                          attrs={"pattern": pattern, "bias": buckets})
            q, k, v = whole.ins
            wide_type = STATISTICS[dtype]
            state = [np.zeros(q.shape, wide_type), np.full(q.shape[:3], -np.inf, wide_type), np.zeros(q.shape[:3], wide_type)]
            for lo, hi in ((100, 130), (0, 37), (37, 37), (37, 100)):
                part = Case("online_attention", [q, np.ascontiguousarray(k[:, :, lo:hi]), np.ascontiguousarray(v[:, :, lo:hi])],
                            state, clauses={**whole.clauses, "kv_base": lo}, attrs=whole.attrs,
                            model=dict(zip(("acc", "max", "sum"), state)))
                state = [np.asarray(x, wide_type) for x in part.reference()]
                yield part
    kv = rng.random((2, 50)) < 0.5
    ok = rng.random((2, 20)) < 0.5
    case = build(rng, Shape(b=2, h=4, q=20, s=50), clauses={"q_valid": ok, "kv_valid": kv})
    shape = case.ins[0].shape
    state = [rng.standard_normal(shape).astype(np.float32), rng.standard_normal(shape[:3]).astype(np.float32),
             rng.random(shape[:3]).astype(np.float32)]
    yield Case("online_attention", case.ins, state, clauses=case.clauses, attrs=case.attrs,
               model=dict(zip(("acc", "max", "sum"), state)))


FAMILIES = {family.__name__: family for family in (sizes, patterns, biases, masks, lists, side_keys, regions, large_scores,
                                                   online)}


def cases(names):
    rng = np.random.default_rng(5)
    for name in names or FAMILIES:
        for case in FAMILIES[name](rng):
            case.name = case.name or name
            yield case


if __name__ == "__main__":
    check(list(cases(sys.argv[2:])), sys.argv[1])
