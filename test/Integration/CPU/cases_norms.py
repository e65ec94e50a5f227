"""router_scores, rms_scale, rms_norm and rope: widths, masks that hide NaN, positions, cosine."""
import numpy as np
from colt5_testing.harness import Suite, garbage, model, structured

RNG = np.random.default_rng(706)
DATA = ("f32", "f64", "f16", "bf16")
SIZES = ((1, 1), (3, 17), (17, 3), (36, 65), (129, 128), (1000, 36))


def hidden(shape, mask):
    """Normal data, NaN where the mask is 0."""
    x = RNG.normal(size=shape)
    x[~mask] = np.nan
    return x


def router_scores(suite, data, per_batch=False, mask="BN", sizes=None, **attributes):
    kinds = {"x": "BND T", "u": "BRD T" if per_batch else "RD T", "mask": f"{mask} i1", "s": "BRN S"}
    compiled = suite.compile(structured("router_scores", ["x", "u"], [("mask", ["mask"])], ["s"], kinds), data, sizes,
                             **attributes)
    for n, (tokens, width) in enumerate([(sizes["N"], sizes["D"])] if sizes else SIZES):
        batch, routes = 2, 3
        ok = RNG.random((batch, tokens)) < 0.7
        full = ok if mask == "BN" else ok[:, None] & (RNG.random((batch, routes, tokens)) < 0.8)
        values = {"x": hidden((batch, tokens, width), ok), "mask": full, "s": garbage(RNG, (batch, routes, tokens)),
                  "u": RNG.normal(size=(batch, routes, width) if per_batch else (routes, width))}
        if attributes.get("similarity") == "cosine":
            values["x"][0, 0] = 0.0
        suite.check(compiled, values, model("router_scores", ["x", "u"], ["mask"], **attributes), reference=n == 1,
                    norm=1e-12 if data == "f64" else 1e-5)


def rms_scale(suite, data, rank=3, sizes=None, **attributes):
    letters = "ABND"[4 - rank:]
    kinds = {"x": f"{letters} T", "mask": f"{letters[:-1]} i1", "r": f"{letters[:-1]} S"}
    compiled = suite.compile(structured("rms_scale", ["x"], [("mask", ["mask"])], ["r"], kinds), data, sizes,
                             **attributes)
    for n, (tokens, width) in enumerate([(sizes["N"], sizes["D"])] if sizes else SIZES):
        shape = (2, 3, tokens, width)[4 - rank:]
        ok = RNG.random(shape[:-1]) < 0.7
        x = hidden(shape, ok)
        x[..., ::3, :] *= 0.0  # with eps = 0 the factor of such rows is 0
        values = {"x": x, "mask": ok, "r": garbage(RNG, shape[:-1])}
        suite.check(compiled, values, model("rms_scale", ["x"], ["mask"], **attributes), reference=n == 1,
                    norm=1e-12 if data == "f64" else 1e-5)


def rms_norm(suite, data, gain="T", masked=True, sizes=None, **attributes):
    kinds = {"x": "BND T", "g": f"D {gain}", "mask": "BN i1", "y": "BND T"}
    clauses = [("mask", ["mask"])] if masked else []
    compiled = suite.compile(structured("rms_norm", ["x", "g"], clauses, ["y"], kinds), data, sizes, **attributes)
    for n, (tokens, width) in enumerate([(sizes["N"], sizes["D"])] if sizes else SIZES):
        ok = RNG.random((2, tokens)) < 0.7 if masked else np.ones((2, tokens), bool)
        x = hidden((2, tokens, width), ok)
        x[:, ::3] *= 0.0
        values = {"x": x, "g": RNG.normal(size=width), "mask": ok, "y": garbage(RNG, (2, tokens, width))}
        suite.check(compiled, values, model("rms_norm", ["x", "g"], ["mask"] if masked else [], **attributes),
                    reference=n == 1)


def rope(suite, data, grouped=False, sizes=None, **attributes):
    kinds = {"x": "BHQC T", "pos": "BGQ i32" if grouped else "BQ i32", "y": "BHQC T"}
    compiled = suite.compile(structured("rope", ["x", "pos"], [], ["y"], kinds), data, sizes, **attributes)
    cases = ((1, 2), (3, 8), (17, 6), (36, 64), (129, 34))
    for n, (queries, size) in enumerate([(sizes["Q"], sizes["C"])] if sizes else cases):
        high = 1 << 20 if n % 2 else 40
        values = {"x": RNG.normal(size=(2, 4, queries, size)), "y": garbage(RNG, (2, 4, queries, size)),
                  "pos": RNG.integers(-1, high, (2, 2, queries) if grouped else (2, queries))}
        # One rounding of the angle to f32 costs 1e-6 of a turn at position 2^20.
        suite.check(compiled, values, model("rope", ["x", "pos"], **attributes), reference=n == 1,
                    norm={"f64": 1e-9, "f32": 2e-6}.get(data))


def main():
    suite = Suite()
    for data in DATA:
        router_scores(suite, data)
        router_scores(suite, data, similarity="cosine", scale=8.0, per_batch=True)
        rms_scale(suite, data)
        rms_norm(suite, data)
        rope(suite, data)
    router_scores(suite, "f32", mask="BRN", scale=0.125)
    router_scores(suite, "f32", sizes={"B": 2, "R": 3, "N": 127, "D": 768})
    for data in ("f32", "f64", "bf16"):
        rms_scale(suite, data, eps=0.0)
        rms_norm(suite, data, eps=0.0)
    rms_scale(suite, "f32", rank=2, eps=0.5)
    rms_scale(suite, "bf16", rank=4)
    rms_scale(suite, "f32", sizes={"B": 3, "N": 36, "D": 65})
    rms_norm(suite, "bf16", gain="f32", masked=False)
    rms_norm(suite, "f32", eps=0.25, sizes={"B": 2, "N": 65, "D": 127})
    rope(suite, "f32", grouped=True, layout="interleaved", theta=500.0)
    rope(suite, "bf16", grouped=True, sizes={"B": 2, "H": 4, "G": 2, "Q": 65, "C": 64})
    suite.finish()


if __name__ == "__main__":
    main()
