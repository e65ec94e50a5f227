"""Calls of topk and soft_topk for the harness: odd sizes, ties, special values, masks, more slots than tokens."""
import numpy as np

from .harness import garbage, model, structured

RNG = np.random.default_rng(20230309)
SIZES = (1, 3, 17, 36, 65, 127, 128, 129, 1000)


def scores(kind, batch, routes, tokens):
    s = RNG.normal(size=(batch, routes, tokens))
    if kind == "ties":
        return np.round(s * 2) / 2
    if kind == "special":
        pool = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0])
        return np.where(RNG.random(s.shape) < 0.5, pool[RNG.integers(0, len(pool), s.shape)], s)
    return s


def masks(batch, tokens):
    """Random, all ones and all zeros, one per row where there are rows."""
    m = RNG.random((batch, tokens)) < 0.6
    if batch > 1:
        m[1] = False
    return m


def topk_program(mask, values):
    kinds = {"s": "BRN S", "mask": "BRN i1" if mask == "route" else "BN i1", "idx": "BRK i32", "valid": "BRK i1",
             "values": "BRK S"}
    return structured("topk", ["s"], [("mask", ["mask"])] if mask else [],
                      ["idx", "valid"] + (["values"] if values else []), kinds)


def topk(suite, data, mask, values, sizes=None, **attributes):
    compiled = suite.compile(topk_program(mask, values), data, sizes, **attributes)
    block = attributes.get("block")
    first = True
    for tokens in [sizes["N"]] if sizes else SIZES:
        if block and tokens < block:
            continue
        for kind in ("normal", "ties", "special"):
            for k in [sizes["K"]] if sizes else sorted({1, max(tokens // 7, 1), tokens, tokens + 5}):
                batch, routes = (sizes["B"], sizes["R"]) if sizes else ((2, 1) if tokens == 1000 else (2, 3))
                if block:
                    k = tokens // block * (k % 5 + 1)
                shape = (batch, routes, k)
                m = masks(batch, tokens)
                if mask == "route":
                    m = np.broadcast_to(m[:, None], (batch, routes, tokens)) & (RNG.random((batch, routes, tokens)) < 0.8)
                arrays = {"s": scores(kind, batch, routes, tokens), "mask": m, "idx": garbage(RNG, shape, "i32"),
                          "valid": garbage(RNG, shape, "i1"), "values": garbage(RNG, shape)}
                expect = model("topk", ["s"], ["mask"] if mask else [], k=k, **attributes)
                suite.check(compiled, arrays, lambda **v: expect(**v)[:3 if values else 2],
                            where=f"N={tokens} K={k} {kind}", reference=first)
                first = False


def soft_topk(suite, data, per_row, sizes=None, **attributes):
    kinds = {"s": "BRN S", "k_norm": "BR S" if per_row else "S", "mask": "BN i1", "w": "BRN S"}
    compiled = suite.compile(structured("soft_topk", ["s", "k_norm"], [("mask", ["mask"])], ["w"], kinds), data,
                             sizes, **attributes)
    first = True
    for tokens in [sizes["N"]] if sizes else SIZES:
        for kind in ("normal", "special"):
            if attributes.get("block") and tokens < attributes["block"]:
                continue
            k = np.array(max(tokens / 5, 0.5)) if not per_row else RNG.random((2, 3)) * (tokens + 1)
            batch, routes = (sizes["B"], sizes["R"]) if sizes else (2, 3)
            arrays = {"s": scores(kind, batch, routes, tokens), "k_norm": k, "mask": masks(batch, tokens),
                      "w": garbage(RNG, (batch, routes, tokens))}
            suite.check(compiled, arrays, model("soft_topk", ["s", "k_norm"], ["mask"], **attributes),
                        where=f"N={tokens} {kind}", reference=first, norm=None if data == "f64" else 2e-5)
            first = False
