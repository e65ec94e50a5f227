"""ffn, conditional, conditional_ffn and conditional_attention: routings, budgets, bases, scales, masked rows."""
import sys

import numpy as np
from colt5_model import registry
from colt5_testing.harness import SIZES as WITHOUT_CALLS
from colt5_testing.harness import Program, Suite

RNG = np.random.default_rng(3)
DATA = ("f32", "f64", "f16", "bf16")
D, E, F, C = 16, 24, 36, 8


def weights(**shapes):
    """Normal weights by name, scaled by what their first dimension sums over."""
    return {name: RNG.normal(size=shape) * (shape[0] if len(shape) > 1 else 4) ** -0.5 for name, shape in shapes.items()}


def tokens_of(batch, tokens, masked=True):
    """x, NaN behind the mask, and the mask; one whole row is masked."""
    mask = RNG.random((batch, tokens)) < 0.8
    if batch > 2:
        mask[2] = False
    x = RNG.normal(size=(batch, tokens, D))
    if masked:
        x[~mask] = np.nan
    return x, mask


def in_order(program):
    """The operand types of a composite, in the order of the arguments."""
    return ", ".join("{" + name + "}" for name in program)


def ffn(suite, data, gate, biases, **attributes):
    inputs = {"x": "BND T", "in_": "DE T", "gate": "DE T", "out": "ED T", "in_bias": "E T",
              "gate_bias": "E S", "out_bias": "D S"}
    drop = ([] if gate else ["gate", "gate_bias"]) + ([] if biases else ["in_bias", "gate_bias", "out_bias"])
    inputs = {name: kind for name, kind in inputs.items() if name not in drop}
    text = "colt5.ffn %x in(%in_)" + (" gate(%gate)" if gate else "") + " out(%out)"
    text += "".join(f" {n}(%{n})" for n in ("in_bias", "gate_bias", "out_bias") if n in inputs)
    program = Program("ffn", inputs, {"y": "BND T"}, f"{text} {{attributes}} : {in_order(inputs)} -> {{y}}")
    compiled = suite.compile(program, data, {}, **attributes)
    for n, tokens in enumerate((1, 3, 17, 65, 129)):
        values = {"x": RNG.normal(size=(2, tokens, D)),
                  **weights(in_=(D, E), gate=(D, E), out=(E, D), in_bias=(E,), gate_bias=(E,), out_bias=(D,))}

        def expect(**v):
            named = {("in_" if k == "in_" else k): a for k, a in v.items() if k != "x"}
            return registry.call("ffn", [v["x"]], named, attributes)
        suite.check(compiled, values, expect, reference=n == 1)


def conditional(suite, data, routes, with_base=True, static_width=False):
    slot = "BRK" if routes else "BK"
    inputs = {"x": "BND T", "base": "BND T", "idx": f"{slot} i32", "weight": f"{slot} S", "valid": f"{slot} i1"}
    if not with_base:
        del inputs["base"]
    rows = f"!<{slot}D T>"
    program = Program("conditional", inputs, {"y": "BND T"},
                      "colt5.conditional %x" + (" base(%base)" if with_base else "") +
                      f" routed(%idx, %weight, %valid) : {in_order(inputs)} -> {{y}}",
                      f""" {{
  ^bb0(%t: {rows}):
    %h = linalg.map {{ arith.mulf }} ins(%t, %t : {rows}, {rows}) outs(%t : {rows})
    colt5.yield %h : {rows}
  }}""")
    compiled = suite.compile(program, data, {"D": D} if static_width else {})
    for n, (tokens, k) in enumerate(((1, 1), (3, 5), (36, 17), (129, 36), (65, 65))):
        shape = (2, 3, k) if routes else (2, k)
        idx = RNG.integers(-1, tokens, shape)
        valid = RNG.random(shape) < 0.8
        bad = n == 2
        if bad:
            idx.reshape(-1)[0], valid.reshape(-1)[0] = tokens, True
        values = {"x": RNG.normal(size=(2, tokens, D)), "base": RNG.normal(size=(2, tokens, D)), "idx": idx,
                  "weight": RNG.normal(size=shape), "valid": valid}

        def expect(x, idx, weight, valid, base=None):
            rows = registry.call("gather", [x, idx], {"valid": valid}, {})[0]
            base = np.zeros(x.shape) if base is None else base
            return registry.call("scatter_combine", [rows * rows, idx, base], {"valid": valid, "weight": weight}, {})
        suite.check(compiled, values, expect, code=int(bad), reference=n == 1)


def conditional_ffn(suite, data="f32", light=True, base=False, mask=True, gate=True, tokens=None, counts=(1, 3, 17, 36, 129),
                    sizes=None, norm=None, **attributes):
    inputs = {"x": "BND T", "mask": "BN i1", "router": "1D T", "base": "BND T", "light_in": "DE T",
              "light_gate": "DE T", "light_out": "ED T", "heavy_in": "DF T", "heavy_gate": "DF T",
              "heavy_out": "FD T", "tokens": "index"}
    drop = ["light_in", "light_gate", "light_out"] * (not light) + ["base"] * (not base) + ["mask"] * (not mask)
    drop += ["light_gate", "heavy_gate"] * (not gate) + ["tokens"] * (tokens is not None)
    inputs = {name: kind for name, kind in inputs.items() if name not in drop}

    def branch(name):
        gated = f", gate = %{name}_gate" if gate else ""
        return f" {name}(in = %{name}_in{gated}, out = %{name}_out)"
    text = "colt5.conditional_ffn %x" + (" mask(%mask)" if mask else "") + " router(%router)"
    text += (" base(%base)" if base else "") + (branch("light") if light else "") + branch("heavy")
    text += " tokens(%tokens)" if tokens is None else ""
    program = Program("conditional_ffn", inputs, {"y": "BND T"},
                      f"{text} {{attributes}} : {in_order(inputs)} -> {{y}}")
    written = dict(attributes) if tokens is None else dict(attributes, tokens=tokens)
    compiled = suite.compile(program, data, sizes, **written)
    for n, count in enumerate((sizes["N"],) if sizes else counts):
        x, ok = tokens_of(3, count, mask)
        values = {"x": x, "mask": ok, "base": RNG.normal(size=x.shape), "tokens": np.array(max(count // 4, 1) + 3 * (n == 1)),
                  **weights(router=(1, D), light_in=(D, E), light_gate=(D, E), light_out=(E, D), heavy_in=(D, F),
                            heavy_gate=(D, F), heavy_out=(F, D))}

        def expect(**v):
            call_attributes = dict(attributes, tokens=int(v.pop("tokens", tokens or 0)))
            return registry.call("conditional_ffn", [v.pop("x")], v, call_attributes)
        suite.check(compiled, values, expect, reference=n == 1, where=f"N={count} {attributes}", norm=norm)


def conditional_attention(suite, data="f32", light=True, base=False, mask=True, bias=True, counts=(1, 3, 17, 36, 129),
                          norm=None, **attributes):
    names = ("wq", "wk", "wv", "wo")
    inputs = {"x": "BND T", "mask": "BN i1", "u_q": "1D T", "u_kv": "1D T", "base": "BND T"}
    for b in ("light", "heavy"):
        inputs.update({f"{b}_wq": "DHC T", f"{b}_wk": "DGC T", f"{b}_wv": "DGC T", f"{b}_wo": "HCD T",
                       f"{b}_bias": "HU S"})
    inputs.update(queries="index", keys="index")
    drop = ["base"] * (not base) + ["mask"] * (not mask) + ["light_bias", "heavy_bias"] * (not bias)
    drop += [f"light_{w}" for w in names + ("bias",)] * (not light)
    inputs = {name: kind for name, kind in inputs.items() if name not in drop}

    def branch(b):
        return f" {b}(" + ", ".join(f"%{b}_{w}" for w in names) + (f" bias %{b}_bias" if bias else "") + ")"
    text = "colt5.conditional_attention %x" + (" mask(%mask)" if mask else "") + " routers(%u_q, %u_kv)"
    text += (" base(%base)" if base else "") + (branch("light") if light else "") + branch("heavy")
    program = Program("conditional_attention", inputs, {"y": "BND T"},
                      f"{text} queries(%queries) keys(%keys) {{attributes}} : {in_order(inputs)} -> {{y}}")
    compiled = suite.compile(program, data, {}, **attributes)
    for n, count in enumerate(counts):
        x, ok = tokens_of(3, count, mask)
        shapes = {}
        for b in ("light", "heavy"):
            shapes.update({f"{b}_wq": (D, 4, C), f"{b}_wk": (D, 2, C), f"{b}_wv": (D, 2, C), f"{b}_wo": (4, C, D)})
        values = {"x": x, "mask": ok, "base": RNG.normal(size=x.shape), "queries": np.array(max(count // 4, 1)),
                  "keys": np.array(count // 2 + 3), "light_bias": RNG.normal(size=(4, 32)),
                  "heavy_bias": RNG.normal(size=(4, 32)), **weights(u_q=(1, D), u_kv=(1, D), **shapes)}

        def expect(**v):
            counted = {k: int(v.pop(k)) for k in ("queries", "keys")}
            return registry.call("conditional_attention", [v.pop("x")], v, dict(attributes, **counted))
        suite.check(compiled, values, expect, reference=n == 1, where=f"N={count} {attributes}", norm=norm)


ROUTINGS = ("softmax_topk", "soft_topk", "softmax_all", "sigmoid", "raw", "ones",
            "soft_topk, eps = 0.5, iterations = 9, init = neg, k_ratio = 1.125", "soft_topk, solver = exact, eps = 0.25",
            "soft_topk, similarity = cosine, scale = 8.0", "soft_topk, bypass = ones", "soft_topk, overflow = iterate")


def feedforward(suite):
    for activation in ("gelu_tanh", "gelu", "relu", "silu", "sigmoid", "identity"):
        ffn(suite, "f32", True, True, activation=activation)
    for data in DATA:
        ffn(suite, data, True, False)
        ffn(suite, data, False, True, activation="gelu")
        conditional(suite, data, routes=data != "f64")
        conditional_ffn(suite, data, norm=wide(data))
    conditional(suite, "f32", routes=False, with_base=False)
    conditional(suite, "f32", routes=True, with_base=False, static_width=True)
    conditional(suite, "f32", routes=False, static_width=True)
    for routing in ROUTINGS:
        conditional_ffn(suite, "f32", routing=f"#colt5.routing<{routing}>", counts=(3, 36, 65))
    conditional_ffn(suite, light=False, gate=False, counts=(3, 36))
    conditional_ffn(suite, light=False, base=True, mask=False, counts=(3, 36))
    conditional_ffn(suite, activation="relu", counts=(3, 36))
    conditional_ffn(suite, tokens=8, routing="#colt5.routing<soft_topk, block = 8>", counts=(17, 65, 36))
    if WITHOUT_CALLS:  # blocks that drawn sizes can fill
        conditional_ffn(suite, routing="#colt5.routing<soft_topk, block = 2>")
        conditional_ffn(suite, tokens=4, routing="#colt5.routing<raw, block = 2>")
    conditional_ffn(suite, tokens=5, sizes={"B": 3, "N": 36, "D": D, "E": E, "F": F})
    conditional_ffn(suite, tokens=40, sizes={"B": 3, "N": 17, "D": D, "E": E, "F": F})


def wide(data):
    """16-bit data: several roundings follow each other."""
    return 2e-2 if data in ("f16", "bf16") else None


def attention(suite):
    for data in DATA:
        conditional_attention(suite, data, light_pattern="#colt5.window<3, 3>", norm=wide(data))
    for routing in ("softmax_topk", "sigmoid"):
        conditional_attention(suite, routing=f"#colt5.routing<{routing}>", counts=(3, 36))
    # The key side and the query side do not meet: every value of each, not every pair.
    for kv_scale, q_scale in (("value", "query"), ("key_value", "output_and_query"), ("none", "none")):
        conditional_attention(suite, kv_scale=kv_scale, q_scale=q_scale, counts=(36,), scale=0.5, bias=False)
    conditional_attention(suite, light=False, base=True, mask=False, counts=(3, 36))
    conditional_attention(suite, light=False, bias=False, counts=(17,))
    if WITHOUT_CALLS:
        conditional_attention(suite, bias=False, routing="#colt5.routing<soft_topk, block = 2>")


def main():
    suite = Suite()
    {"ffn": feedforward, "attention": attention}[sys.argv[1]](suite)
    suite.finish()


if __name__ == "__main__":
    main()
