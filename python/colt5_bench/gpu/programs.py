"""What is compiled: MLIR text, tensors and useful work of each kind of program in the suite."""
import dataclasses
import math

BYTES = {"f32": 4, "bf16": 2, "i32": 4, "i1": 1}
ROUTING = "#colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = zero>"


@dataclasses.dataclass(frozen=True)
class Tensor:
    """One argument or result. `rule` says how values are made: see data.py."""
    name: str
    shape: tuple
    type: str
    rule: str = ""
    std: float = 1.0

    @property
    def mlir(self):
        return f"tensor<{''.join(f'{size}x' for size in self.shape)}{self.type}>"

    @property
    def bytes(self):
        return math.prod(self.shape) * BYTES[self.type]

    def to_json(self):
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(values):
        return Tensor(**{**values, "shape": tuple(values["shape"])})


@dataclasses.dataclass(frozen=True)
class Program:
    """A function @f with its useful floating-point operations (FLOP, a multiply-add is 2)."""
    inputs: list
    outputs: list
    body: str
    flops: float

    @property
    def bytes(self):
        """Each input and output once."""
        return sum(tensor.bytes for tensor in self.inputs + self.outputs)

    @property
    def text(self):
        def named(tensor):
            return f'{tensor.mlir} {{colt5.name = "{tensor.name}"}}'
        arguments = ", ".join(f"%{tensor.name}: {named(tensor)}" for tensor in self.inputs)
        results, types = (", ".join(map(f, self.outputs)) for f in (named, lambda tensor: tensor.mlir))
        values = ", ".join(f"%r_{tensor.name}" for tensor in self.outputs)
        return (f"func.func @f({arguments}) -> ({results}) {{\n{self.body}"
                f"  return {values} : {types}\n}}\n")


def _ins(*tensors):
    return ", ".join(f"%{t.name}" for t in tensors) + " : " + ", ".join(t.mlir for t in tensors)


def _empty(name, tensor):
    return f"  %{name} = tensor.empty() : {tensor.mlir}\n"


def _matrix(name, shape, data, fan_in=None):
    """A weight whose products keep the size of what they multiply."""
    return Tensor(name, shape, data, "normal", (fan_in or shape[0]) ** -0.5)


def gemm(c):
    """x [n, d] by w [d, light width], accumulated in f32 and rounded once."""
    x = Tensor("x", (c.n, c.d), c.type, "normal")
    w = _matrix("w", (c.d, c.light_width), c.type)
    y = Tensor("y", (c.n, c.light_width), c.type)
    wide = dataclasses.replace(y, type="f32")
    body = (f"  %zero = arith.constant 0.0 : f32\n{_empty('e', wide)}"
            f"  %init = linalg.fill ins(%zero : f32) outs(%e : {wide.mlir}) -> {wide.mlir}\n"
            f"  %acc = linalg.matmul ins({_ins(x, w)}) outs(%init : {wide.mlir}) -> {wide.mlir}\n")
    if c.type == "f32":
        body = body.replace("%acc", "%r_y")
    else:
        body += _empty("o", y) + (f"  %r_y = linalg.map {{ arith.truncf }} ins(%acc : {wide.mlir}) "
                                  f"outs(%o : {y.mlir})\n")
    return Program([x, w], [y], body, 2.0 * c.n * c.d * c.light_width)


def rms_norm(c):
    x = Tensor("x", (1, c.n, c.d), c.type, "normal")
    g = Tensor("g", (c.d,), c.type, "near_one")
    y = Tensor("y", x.shape, c.type)
    body = _empty("o", y) + f"  %r_y = colt5.rms_norm ins({_ins(x, g)}) outs(%o : {y.mlir}) -> {y.mlir}\n"
    return Program([x, g], [y], body, 4.0 * c.n * c.d)


def _scores(c):
    return Tensor("s", (1, 1, c.n), "f32", "normal")


def _topk(c, s):
    idx, valid = Tensor("idx", (1, 1, c.routed), "i32"), Tensor("valid", (1, 1, c.routed), "i1")
    text = _empty("o_idx", idx) + _empty("o_valid", valid)
    text += (f"  %r_idx, %r_valid = colt5.topk ins(%{s} : {_scores(c).mlir}) outs(%o_idx, %o_valid : {idx.mlir}, "
             f"{valid.mlir}) -> ({idx.mlir}, {valid.mlir})\n")
    return idx, valid, text


def _soft_topk(c, s):
    w = Tensor("w", (1, 1, c.n), "f32")
    text = f"  %k = arith.constant {float(c.routed)} : f32\n{_empty('o_w', w)}"
    text += (f"  %r_w = colt5.soft_topk ins(%{s}, %k : {_scores(c).mlir}, f32) outs(%o_w : {w.mlir}) "
             f"{{eps = 1.0, iterations = 50, init = zero}} -> {w.mlir}\n")
    return w, text


def topk(c):
    idx, valid, text = _topk(c, "s")
    return Program([_scores(c)], [idx, valid], text, 0.0)


def soft_topk(c):
    w, text = _soft_topk(c, "s")
    return Program([_scores(c)], [w], text, 4.0 * 50 * c.n)


def router(c):
    """One router: scores, exact selection, weights of all tokens."""
    x = Tensor("x", (1, c.n, c.d), c.type, "normal")
    u = Tensor("u", (1, c.d), c.type, "normal", c.d ** -0.5)
    s = _scores(c)
    text = _empty("o_s", s) + (f"  %r_s = colt5.router_scores ins({_ins(x, u)}) outs(%o_s : {s.mlir}) -> {s.mlir}\n")
    idx, valid, selection = _topk(c, "r_s")
    w, weights = _soft_topk(c, "r_s")
    outputs = [dataclasses.replace(s, rule=""), idx, valid, w]
    return Program([x, u], outputs, text + selection + weights, 2.0 * c.n * c.d + 200.0 * c.n)


def _heads(name, heads, rows, c, std=1.0):
    return Tensor(name, (1, heads, rows, c.head_size), c.type, "normal", std)


def _table(name, heads):
    return Tensor(name, (heads, 32), "f32", "normal", 0.3)


def light_attention(c):
    """Window of `radius` on both sides with T5's position bias."""
    q = _heads("q", c.light_heads, c.n, c, c.head_size ** -0.5)
    k, v = (_heads(name, c.light_heads, c.n, c) for name in "kv")
    table, o = _table("table", c.light_heads), Tensor("o", q.shape, c.type)
    window = f"#colt5.window<{c.radius}, {c.radius}>"
    return Program([q, k, v, table], [o], _attention(q, k, v, table, o, "", f"pattern = {window}, "),
                   4.0 * c.light_heads * c.head_size * window_pairs(c.n, c.radius))


def heavy_attention(c):
    """Routed queries on routed keys at their positions, dense, with T5's position bias."""
    q = _heads("q", c.heavy_heads, c.routed, c, c.head_size ** -0.5)
    k, v = (_heads(name, c.heavy_heads, c.keys, c) for name in "kv")
    q_pos = Tensor("q_pos", (1, c.routed), "i32", f"subset:{c.n}")
    kv_pos = Tensor("kv_pos", (1, c.keys), "i32", f"subset:{c.n}")
    table, o = _table("table", c.heavy_heads), Tensor("o", q.shape, c.type)
    clauses = f" q_pos({_ins(q_pos)}) kv_pos({_ins(kv_pos)})"
    return Program([q, k, v, q_pos, kv_pos, table], [o], _attention(q, k, v, table, o, clauses, ""),
                   4.0 * c.heavy_heads * c.head_size * c.routed * c.keys)


def _attention(q, k, v, table, o, clauses, attributes):
    return _empty("e", o) + (f"  %r_o = colt5.attention ins({_ins(q, k, v)}){clauses} bias_table({_ins(table)}) "
                             f"outs(%e : {o.mlir}) {{{attributes}bias = #colt5.t5_buckets<32, 128, bidirectional>}} "
                             f"-> {o.mlir}\n")


def window_pairs(n, radius):
    """Pairs of a query and a key of n tokens that are at most `radius` apart."""
    r = min(radius, n - 1)
    return n * (2 * r + 1) - r * (r + 1)


def _ffn_weights(c, width, prefix=""):
    return [_matrix(prefix + "w_in", (c.d, width), c.type), _matrix(prefix + "w_gate", (c.d, width), c.type),
            _matrix(prefix + "w_out", (width, c.d), c.type)]


def light_ffn(c):
    x, y = Tensor("x", (1, c.n, c.d), c.type, "normal"), Tensor("y", (1, c.n, c.d), c.type)
    weights = _ffn_weights(c, c.light_width)
    operands = ", ".join(t.mlir for t in [x, *weights])
    body = f"  %r_y = colt5.ffn %x in(%w_in) gate(%w_gate) out(%w_out) : {operands} -> {y.mlir}\n"
    return Program([x, *weights], [y], body, 6.0 * c.n * c.d * c.light_width)


def routed_ffn(c):
    """base + scatter(weight * gated FFN(gather x)) at given tokens."""
    x, base = (Tensor(name, (1, c.n, c.d), c.type, "normal") for name in ("x", "base"))
    idx = Tensor("idx", (1, c.routed), "i32", f"subset:{c.n}")
    weight, valid = Tensor("weight", (1, c.routed), "f32", "unit"), Tensor("valid", (1, c.routed), "i1", "ones")
    weights, y = _ffn_weights(c, c.heavy_width), Tensor("y", (1, c.n, c.d), c.type)
    rows = f"tensor<1x{c.routed}x{c.d}x{c.type}>"
    inner = ", ".join([rows, *(t.mlir for t in weights)])
    operands = ", ".join(t.mlir for t in (x, base, idx, weight, valid))
    body = (f"  %r_y = colt5.conditional %x base(%base) routed(%idx, %weight, %valid) {{unique, sorted}}\n"
            f"      : {operands} -> {y.mlir} {{\n  ^bb0(%t: {rows}):\n"
            f"    %h = colt5.ffn %t in(%w_in) gate(%w_gate) out(%w_out) : {inner} -> {rows}\n"
            f"    colt5.yield %h : {rows}\n  }}\n")
    return Program([x, base, idx, weight, valid, *weights], [y], body, 6.0 * c.routed * c.d * c.heavy_width)


LAYER_WEIGHTS = ("g1", "u_q", "u_kv", "light_wq", "light_wk", "light_wv", "light_wo", "light_bias", "heavy_wq",
                 "heavy_wk", "heavy_wv", "heavy_wo", "heavy_bias", "g2", "u_f", "light_in", "light_gate", "light_out",
                 "heavy_in", "heavy_gate", "heavy_out")


def _layer_weights(c):
    def branch(kind, heads):
        shape = (c.d, heads, c.head_size)
        return [Tensor(f"{kind}_wq", shape, c.type, "normal", (c.d * c.head_size) ** -0.5),
                _matrix(f"{kind}_wk", shape, c.type), _matrix(f"{kind}_wv", shape, c.type),
                _matrix(f"{kind}_wo", (heads, c.head_size, c.d), c.type, heads * c.head_size),
                _table(f"{kind}_bias", heads)]

    def feed_forward(kind, width):
        return [_matrix(f"{kind}_{name}", shape, c.type)
                for name, shape in (("in", (c.d, width)), ("gate", (c.d, width)), ("out", (width, c.d)))]

    def vector(name):
        return Tensor(name, (1, c.d), c.type, "normal", c.d ** -0.5)

    weights = [Tensor("g1", (c.d,), c.type, "near_one"), vector("u_q"), vector("u_kv"), *branch("light", c.light_heads),
               *branch("heavy", c.heavy_heads), Tensor("g2", (c.d,), c.type, "near_one"), vector("u_f"),
               *feed_forward("light", c.light_width), *feed_forward("heavy", c.heavy_width)]
    assert tuple(t.name for t in weights) == LAYER_WEIGHTS
    return weights


def layer(c):
    """A CoLT5 encoder layer as in examples/colt5_base.mlir."""
    x, mask = Tensor("x", (1, c.n, c.d), c.type, "normal"), Tensor("mask", (1, c.n), "i1", "ones")
    weights, out = _layer_weights(c), Tensor("out", (1, c.n, c.d), c.type)
    kinds = {t.name: t.mlir for t in weights}
    X, M = x.mlir, mask.mlir

    def types(names):
        return ", ".join([X, M, *(kinds[name] for name in names)])

    def norm(result, source, g):
        return (f"  %{result} = colt5.rms_norm ins(%{source}, %{g} : {X}, {kinds[g]}) mask(%mask : {M}) "
                f"outs(%e : {X}) -> {X}\n")

    def add(result, a, b):
        return f"  %{result} = linalg.add ins(%{a}, %{b} : {X}, {X}) outs(%e : {X}) -> {X}\n"

    def branch(kind):
        return f"{kind}(%{kind}_wq, %{kind}_wk, %{kind}_wv, %{kind}_wo bias %{kind}_bias)"

    def feed_forward(kind):
        return f"{kind}(in = %{kind}_in, gate = %{kind}_gate, out = %{kind}_out)"

    body = _empty("e", x) + norm("h1", "x", "g1")
    body += (f"  %a = colt5.conditional_attention %h1 mask(%mask) routers(%u_q, %u_kv) {branch('light')} "
             f"{branch('heavy')}\n      {{queries = {c.routed}, keys = {c.keys}, "
             f"light_pattern = #colt5.window<{c.radius}, {c.radius}>, routing = {ROUTING}}}\n      : {types(LAYER_WEIGHTS[1:13])} -> {X}\n")
    body += add("x1", "x", "a") + norm("h2", "x1", "g2")
    body += (f"  %f = colt5.conditional_ffn %h2 mask(%mask) router(%u_f) {feed_forward('light')} "
             f"{feed_forward('heavy')}\n      {{tokens = {c.routed}, routing = {ROUTING}}}\n"
             f"      : {types(LAYER_WEIGHTS[14:])} -> {X}\n")
    body += add("r_out", "x1", "f")
    return Program([x, mask, *weights], [out], body, layer_flops(c))


def layer_flops(c):
    """Projections, attention over allowed pairs and feed-forward; norms, routers and softmax are not counted."""
    light, heavy = c.light_heads * c.head_size, c.heavy_heads * c.head_size
    projections = 8.0 * c.n * c.d * light + 4.0 * c.d * heavy * (c.routed + c.keys)
    attention = 4.0 * light * window_pairs(c.n, c.radius) + 4.0 * heavy * c.routed * c.keys
    return projections + attention + 6.0 * c.d * (c.n * c.light_width + c.routed * c.heavy_width)


KINDS = {function.__name__: function for function in (gemm, rms_norm, topk, soft_topk, router, light_attention,
                                                      heavy_attention, light_ffn, routed_ffn, layer)}


def make_program(case):
    """The Program of a Case; ValueError for a kind that is not known."""
    if case.kind not in KINDS:
        raise ValueError(f"{case.name}: expected one of {', '.join(KINDS)}, got kind '{case.kind}'")
    return KINDS[case.kind](case)
