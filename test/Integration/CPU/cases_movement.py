"""gather, scatter_combine and block_summary: sentinels, bad indices, routes, scales, element types."""
import numpy as np
from colt5_model.arrays import has_index_error
from colt5_testing.harness import SIZES as WITHOUT_CALLS
from colt5_testing.harness import Suite, garbage, model, structured

RNG = np.random.default_rng(1911)
DATA = ("f32", "f64", "f16", "bf16")


def indices(shape, tokens, bad):
    """Indices with sentinels; with `bad` some are far outside."""
    idx = RNG.integers(-1, max(tokens, 1), shape).astype(np.int32)
    if tokens == 0:
        idx[...] = -1
    if bad:
        idx.reshape(-1)[:: max(idx.size // 3, 1)] = RNG.choice([tokens, -2, 2**31 - 1, -2**31])
    return idx


def expect_code(values, clauses, tokens):
    """The return code: 1 if the index of a valid slot is out of range."""
    used = np.where(values["valid"], values["idx"], -1) if "valid" in clauses else values["idx"]
    return int(has_index_error(used, tokens))


def gather(suite, data, element="T", routes=False, clauses=(), sizes=None, batch_dims=1, **attributes):
    slot = {1: "BRK" if routes else "BK", 2: "BRK", 0: "K"}[batch_dims]
    source = {1: "BND", 2: "BRN", 0: "ND"}[batch_dims]
    out = slot + ("D" if batch_dims != 2 else "")
    kinds = {"x": f"{source} {element}", "idx": f"{slot} i32", "valid": f"{slot} i1", "scale": f"{slot} S",
             "o": f"{out} {element}"}
    compiled = suite.compile(structured("gather", ["x", "idx"], [(c, [c]) for c in clauses], ["o"], kinds), data,
                             sizes, **(attributes if batch_dims == 1 else dict(attributes, batch_dims=batch_dims)))
    first = True
    for tokens, k, width in ((1, 1, 1), (3, 17, 5), (36, 9, 65), (129, 127, 16), (1000, 36, 3), (17, 0, 4), (0, 3, 4)):
        for bad in (False, True):
            if sizes:
                tokens, k, width = sizes["N"], sizes["K"], sizes["D"]
            extent = {"B": 2, "R": 3, "N": tokens, "K": k, "D": width}
            shape = {name: tuple(extent[c] for c in kind.split()[0]) for name, kind in kinds.items()}
            idx = indices(shape["idx"], tokens, bad and k > 0)
            if attributes.get("trusted"):
                idx = np.where((idx < -1) | (idx >= tokens), -1, idx)
            if element == "T":
                x = RNG.normal(size=shape["x"])
            else:
                x = RNG.integers(0, 2 if element == "i1" else 99, shape["x"])
            values = {"x": x, "idx": idx, "valid": RNG.random(shape["valid"]) < 0.7,
                      "scale": RNG.normal(size=shape["scale"]), "o": np.zeros(shape["o"])}
            # The index of a slot that is not valid is not judged.
            suite.check(compiled, values, model("gather", ["x", "idx"], clauses, batch_dims=batch_dims),
                        code=expect_code(values, clauses, tokens), where=f"N={tokens} K={k} D={width} bad={bad}",
                        reference=first)
            first = False
        if sizes:
            break


def unique_indices(shape, tokens):
    idx = np.full(shape, -1, np.int32)
    for at in np.ndindex(*shape[:-1]):
        count = min(shape[-1], tokens)
        idx[at][:count] = np.sort(RNG.permutation(tokens)[:count])
    return idx


def scatter(suite, data, routes=False, clauses=(), base="T", sizes=None, **attributes):
    slot = "BRK" if routes else "BK"
    kinds = {"y": f"{slot}D T", "idx": f"{slot} i32", "valid": f"{slot} i1", "weight": f"{slot} S",
             "base": f"BND {base}"}
    compiled = suite.compile(structured("scatter_combine", ["y", "idx"], [(c, [c]) for c in clauses], ["base"], kinds),
                             data, sizes, **attributes)
    named = [c for c in clauses]
    first = True
    for tokens, k, width in ((1, 1, 1), (3, 17, 5), (36, 9, 65), (129, 127, 16), (1000, 36, 3), (17, 0, 4)):
        for bad in (False, True):
            if sizes:
                tokens, k, width = sizes["N"], sizes["K"], sizes["D"]
            extent = {"B": 2, "R": 3, "N": tokens, "K": k, "D": width}
            shape = {name: tuple(extent[c] for c in kind.split()[0]) for name, kind in kinds.items()}
            if attributes.get("unique"):
                idx = unique_indices(shape["idx"], tokens)
            else:
                idx = indices(shape["idx"], tokens, bad and k > 0)
            values = {"y": RNG.normal(size=shape["y"]), "idx": idx, "valid": RNG.random(shape["valid"]) < 0.7,
                      "weight": RNG.normal(size=shape["weight"]), "base": RNG.normal(size=shape["base"])}
            expect = model("scatter_combine", ["y", "idx", "base"], named,
                           **{n: v for n, v in attributes.items() if n == "combine"})
            suite.check(compiled, values, expect, code=expect_code(values, clauses, tokens),
                        where=f"N={tokens} K={k} D={width} bad={bad}", reference=first)
            first = False
        if sizes:
            break


def repeated_rows(suite, data):
    """1000 slots that add 1 to one row: a sum in bf16 would end at 256, one in f16 at 2048."""
    kinds = {"y": "BKD T", "idx": "BK i32", "weight": "BK S", "base": "BND T"}
    compiled = suite.compile(structured("scatter_combine", ["y", "idx"], [("weight", ["weight"])], ["base"], kinds), data)
    idx = np.full((1, 1000), 3, np.int32)
    idx[0, ::100] = -1
    values = {"y": np.ones((1, 1000, 2)), "idx": idx, "weight": np.full((1, 1000), 4.0), "base": np.zeros((1, 5, 2))}
    suite.check(compiled, values, model("scatter_combine", ["y", "idx", "base"], ["weight"]), norm=4e-3)


def block_summary(suite, data, sizes=None, **attributes):
    kinds = {"x": "BND T", "mask": "BN i1", "s": "BPD T", "ok": "BP i1", "block": "BN i32"}
    compiled = suite.compile(structured("block_summary", ["x"], [("mask", ["mask"])], ["s", "ok", "block"], kinds),
                             data, sizes, **attributes)
    first = True
    for tokens in (1, 3, 17, 36, 65, 127, 128, 129, 1000):
        batch, width = 3, 7
        if sizes:
            batch, tokens, width = sizes["B"], sizes["N"], sizes["D"]
        slots = tokens // attributes.get("size", 16)
        lengths = RNG.integers(0, tokens + 1, batch)
        lengths[0] = tokens
        mask = np.arange(tokens) < lengths[:, None]
        x = RNG.normal(size=(batch, tokens, width))
        x[~mask] = np.nan  # what a mask hides never shows
        values = {"x": x, "mask": mask, "s": garbage(RNG, (batch, slots, width)), "ok": garbage(RNG, (batch, slots), "i1"),
                  "block": garbage(RNG, (batch, tokens), "i32")}
        suite.check(compiled, values, model("block_summary", ["x"], ["mask"], **attributes), where=f"N={tokens}",
                    reference=first)
        first = False


def main():
    suite = Suite()
    for data in DATA:
        gather(suite, data, clauses=("valid", "scale"))
        gather(suite, data, routes=True)
        scatter(suite, data, clauses=("valid", "weight"))
        block_summary(suite, data)
    for data in ("f16", "bf16"):
        repeated_rows(suite, data)
        scatter(suite, data, routes=True, clauses=("weight",))
    gather(suite, "f32", batch_dims=2, clauses=("valid",))
    gather(suite, "f32", batch_dims=0)
    gather(suite, "f32", element="i32", clauses=("valid",))
    gather(suite, "f32", element="i1")
    gather(suite, "f32", trusted=True)
    gather(suite, "bf16", routes=True, clauses=("valid", "scale"), sizes={"B": 2, "R": 3, "N": 65, "K": 17, "D": 36})
    scatter(suite, "f32", routes=True, clauses=("valid", "weight"))
    scatter(suite, "f32", clauses=("weight",), unique=True)
    scatter(suite, "bf16", routes=True, clauses=("weight",), base="f32")
    scatter(suite, "f32", routes=True, clauses=("valid",), combine="set")
    scatter(suite, "bf16", clauses=("valid", "weight"), combine="set", unique=True)
    scatter(suite, "f32", routes=True, clauses=("weight",), sizes={"B": 2, "R": 3, "N": 36, "K": 17, "D": 128})
    block_summary(suite, "f32", size=4, reduce="mean", orphans="drop")
    block_summary(suite, "bf16", size=4, reduce="mean")
    if WITHOUT_CALLS:  # blocks that drawn sizes can fill
        block_summary(suite, "f32", size=2)
    block_summary(suite, "f32", orphans="drop", sizes={"B": 2, "N": 127, "P": 7, "D": 36})
    suite.finish()


if __name__ == "__main__":
    main()
