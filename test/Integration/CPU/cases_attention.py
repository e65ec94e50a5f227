"""attention and online_attention: patterns, biases, positions, lists, side keys, regions, masks that hide NaN."""
import sys

import numpy as np
from colt5_model.arrays import has_index_error
from colt5_testing.harness import Suite, garbage, model, structured

RNG = np.random.default_rng(10)
CLAUSES = (("q_valid", ["q_valid"]), ("kv_valid", ["kv_valid"]), ("q_pos", ["q_pos"]), ("kv_pos", ["kv_pos"]),
           ("q_base", ["q_base"]), ("kv_base", ["kv_base"]), ("kv_idx", ["kv_idx"]), ("bias_table", ["bias_table"]),
           ("side", ["side_k", "side_v", "side_valid"]), ("q_block", ["q_block"]),
           ("side_bias_table", ["side_bias_table"]), ("extra", ["e0"]))
KINDS = {"q": "BHQC T", "k": "BGSC T", "v": "BGSC T", "q_valid": "BQ i1", "kv_valid": "BS i1", "q_pos": "BQ i32",
         "kv_pos": "BS i32", "q_base": "index", "kv_base": "index", "kv_idx": "BGWJ i32", "bias_table": "HU S",
         "side_k": "BGPC T", "side_v": "BGPC T", "side_valid": "BP i1", "q_block": "BQ i32",
         "side_bias_table": "HU S", "e0": "1HQS S", "o": "BHQC T", "lse": "BHQ S", "acc": "BHQC S", "max": "BHQ S",
         "sum": "BHQ S"}
REGION = """ {
  ^bb0(%s: !S, %qp: i32, %kp: i32, %x: !S):
    %t = math.tanh %s : !S
    %y = arith.addf %t, %x : !S
    colt5.yield %y : !S
  }"""
SHAPES = ((1, 1), (3, 17), (17, 3), (36, 65), (65, 36), (127, 129), (129, 128))


def values_of(batch, heads, groups, queries, keys, size, side=5, windows=1, listed=7, bad=False):
    """Every operand the clauses may ask for; keys that a mask hides are NaN."""
    kv_ok = RNG.random((batch, keys)) < 0.8
    if batch > 1:
        kv_ok[1] = False
    k, v = RNG.normal(size=(2, batch, groups, keys, size))
    side_ok = RNG.random((batch, side)) < 0.7
    side_k, side_v = RNG.normal(size=(2, batch, groups, side, size))
    side_k[np.broadcast_to(~side_ok[:, None], side_k.shape[:3])] = np.nan
    kv_idx = RNG.integers(-1, keys, (batch, groups, windows, listed))
    if bad:
        kv_idx[0, 0, 0, :2] = [keys, -5]
    values = {"q": RNG.normal(size=(batch, heads, queries, size)), "k": k, "v": v,
              "q_valid": RNG.random((batch, queries)) < 0.8, "kv_valid": kv_ok,
              "q_pos": RNG.integers(-1, 3 * queries, (batch, queries)),
              "kv_pos": RNG.integers(-1, 3 * queries, (batch, keys)), "q_base": np.array(11), "kv_base": np.array(7),
              "kv_idx": kv_idx, "bias_table": RNG.normal(size=(heads, 32)), "side_k": side_k, "side_v": side_v,
              "side_valid": side_ok, "q_block": RNG.integers(-1, side, (batch, queries)),
              "side_bias_table": RNG.normal(size=(heads, 32)), "e0": RNG.normal(size=(1, heads, queries, keys)),
              "o": garbage(RNG, (batch, heads, queries, size)), "lse": garbage(RNG, (batch, heads, queries))}
    return values


def hide(values, names):
    """NaN in the keys that the used masks and positions hide."""
    ok = np.ones(values["kv_valid"].shape, bool)
    if "kv_valid" in names:
        ok &= values["kv_valid"]
    if "kv_pos" in names:
        ok &= values["kv_pos"] != -1
    for name in ("k", "v"):
        values[name] = np.where(ok[:, None, :, None], values[name], np.nan)


def clauses_of(names):
    return [(clause, operands) for clause, operands in CLAUSES if operands[0] in names]


def attention(suite, data="f32", names=(), lse=True, sizes=None, region="", shapes=SHAPES, heads=(1, 8, 17, 64),
              **attributes):
    program = structured("attention", ["q", "k", "v"], clauses_of(names), ["o"] + (["lse"] if lse else []),
                         dict(KINDS, kv_valid="BGS i1") if "group_valid" in names else KINDS, region)
    compiled = suite.compile(program, data, sizes, **attributes)
    operands = [o for _, group in clauses_of(names) for o in group if o != "e0"]
    for n, (queries, keys) in enumerate([(sizes["Q"], sizes["S"])] if sizes else shapes):
        windows = 3 if queries % 3 == 0 else 1
        size = sizes["C"] if sizes else heads[n % len(heads)]
        for bad in (False, True) if "kv_idx" in names and n > 1 else (False,):
            values = values_of(2, 4, 2, queries, keys, size, windows=windows, bad=bad)
            hide(values, names)

            def expect(**v):
                extra = {"extra": [v["e0"]], "score": "tanh(score) + e0"} if region else {}
                call = model("attention", ["q", "k", "v"], operands, **attributes, **extra)
                return call(**v)[:2 if lse else 1]
            code = int("kv_idx" in names and has_index_error(values["kv_idx"], keys))
            suite.check(compiled, values, expect, code=code, reference=n == 1,
                        where=f"Q={queries} S={keys} C={size} {' '.join(names)} {attributes.get('pattern', '')}")


def online(suite, data="f32", names=(), size=8, shapes=SHAPES, **attributes):
    program = structured("online_attention", ["q", "k", "v"], clauses_of(names), ["acc", "max", "sum"], KINDS)
    compiled = suite.compile(program, data, **attributes)
    for n, (queries, keys) in enumerate(shapes):
        values = values_of(2, 4, 2, queries, keys, size)
        hide(values, names)
        fresh = n % 2 == 0
        shape = values["lse"].shape
        values["acc"] = np.zeros(values["o"].shape) if fresh else RNG.normal(size=values["o"].shape)
        values["max"] = np.full(shape, -np.inf) if fresh else RNG.normal(size=shape)
        values["sum"] = np.zeros(shape) if fresh else RNG.random(shape) + 0.5
        suite.check(compiled, values, model("online_attention", ["q", "k", "v", "acc", "max", "sum"], names, **attributes),
                    reference=n == 1, norm=None)


PATTERNS = ("#colt5.causal", "#colt5.window<3, 5>", "#colt5.window<20, 0>", "#colt5.block_local<16, 1, 1>",
            "#colt5.causal_window<4>", "#colt5.earlier_windows<16>",
            "#colt5.all<[#colt5.causal, #colt5.block_local<8, 2, 0>]>")


def plain(suite):
    for data in ("f32", "f64", "f16", "bf16"):
        attention(suite, data, ("q_valid", "kv_valid", "bias_table"), pattern="#colt5.window<20, 30>",
                  bias="#colt5.t5_buckets<32, 128, bidirectional>", scale=0.25)
    attention(suite)
    attention(suite, lse=False, scale=0.5)
    for pattern in PATTERNS:
        attention(suite, names=("kv_valid",), pattern=pattern, shapes=SHAPES[1::2])
        attention(suite, names=("q_pos", "kv_pos"), pattern=pattern, shapes=SHAPES[2::2])
    attention(suite, names=("q_base", "kv_base", "bias_table"), pattern="#colt5.causal",
              bias="#colt5.t5_buckets<32, 128, causal>")


def clauses(suite):
    attention(suite, names=("kv_idx",))
    attention(suite, names=("kv_idx", "kv_valid", "q_pos", "kv_pos", "bias_table"), pattern="#colt5.causal",
              bias="#colt5.t5_buckets<32, 128, causal>")
    side = ("side_k", "side_valid", "q_block", "side_bias_table")
    attention(suite, names=("q_valid", "kv_valid", "bias_table") + side, pattern="#colt5.window<7, 7>",
              bias="#colt5.t5_buckets<32, 128, bidirectional>")
    attention(suite, "bf16", names=("kv_idx", "side_k"), scale=0.25)
    attention(suite, names=("e0", "kv_valid"), region=REGION, pattern="#colt5.causal")
    attention(suite, "f64", names=("e0",), region=REGION)
    attention(suite, names=("q_pos", "kv_pos", "bias_table"), sizes={"B": 2, "H": 4, "G": 2, "Q": 65, "S": 127, "C": 64},
              bias="#colt5.t5_buckets<32, 128, bidirectional>")
    attention(suite, "bf16", names=("q_valid", "kv_valid"), pattern="#colt5.window<17, 17>",
              sizes={"B": 2, "H": 4, "G": 2, "Q": 129, "S": 129, "C": 16})
    online(suite, "f32", ("kv_valid",))
    online(suite, "f64", ("kv_valid", "q_valid"), pattern="#colt5.causal")
    online(suite, "bf16", ("q_base", "kv_base", "bias_table"), pattern="#colt5.window<9, 9>",
           bias="#colt5.t5_buckets<32, 128, bidirectional>")


def heads(suite):
    """Heads that do not fit one block of columns, and biases that reach far."""
    far = "#colt5.t5_buckets<32, 4096, bidirectional>"
    attention(suite, names=("kv_valid", "bias_table"), shapes=((3, 17), (36, 65)), heads=(130, 257), bias=far)
    attention(suite, "f64", names=("q_pos", "kv_pos"), shapes=((3, 17), (17, 36)), heads=(65, 130), pattern="#colt5.causal")
    for data, size in (("f32", 80), ("f32", 128), ("f32", 300), ("f64", 64), ("bf16", 129), ("f16", 36)):
        attention(suite, data, names=("kv_valid",), sizes={"B": 2, "H": 4, "G": 2, "Q": 36, "S": 65, "C": size})
    attention(suite, names=("side_k", "side_valid"), sizes={"B": 2, "H": 4, "G": 2, "Q": 1, "S": 3, "P": 5, "C": 32})
    online(suite, "f32", ("kv_valid",), size=200, shapes=((3, 17), (65, 36)))


def main():
    suite = Suite()
    {"plain": plain, "clauses": clauses, "heads": heads}[sys.argv[1]](suite)
    suite.finish()


if __name__ == "__main__":
    main()
