"""Activations, ffn, conditional, and the two sub-layers in all their modes."""
import numpy as np

from colt5_model.composites import ACTIVATIONS, conditional, conditional_attention, conditional_ffn, ffn
from colt5_model.composites import merge, project
from colt5_model.attention import attention
from colt5_model.routing import route

ONES = "#colt5.routing<ones>"


def check_activations(t):
    want = {"gelu_tanh": 0.8411919906082768, "gelu": 0.8413447460685429, "relu": 1.0, "silu": 0.7310585786300049,
            "sigmoid": 0.7310585786300049, "identity": 1.0}
    for name, value in want.items():
        t.close(ACTIVATIONS[name](np.array([1.0])), [value], name, 1e-14)
        t.true(np.all(np.isfinite(ACTIVATIONS[name](np.array([-800.0, 0.0, 800.0])))), f"{name} far out")
    t.raises(lambda: ffn(np.zeros((1, 1)), np.zeros((1, 1)), None, np.zeros((1, 1)), activation="tanh"), "unknown")


def check_ffn(t):
    rng = np.random.default_rng(1)
    x, a, b, c = rng.standard_normal(3), *rng.standard_normal((2, 3, 5)), rng.standard_normal((5, 2))
    i, g, o = rng.standard_normal(5), rng.standard_normal(5), rng.standard_normal(2)
    want = [sum(max(sum(x[d] * a[d, e] for d in range(3)) + i[e], 0.0)
                * (sum(x[d] * b[d, e] for d in range(3)) + g[e]) * c[e, n] for e in range(5)) + o[n] for n in range(2)]
    t.close(ffn(x, a, b, c, i, g, o, activation="relu"), want, "gated with biases")
    t.close(ffn(x, a, None, c, activation="identity"), x @ a @ c, "not gated")


def check_conditional(t):
    rng = np.random.default_rng(2)
    x, base = rng.standard_normal((2, 1, 5, 3))
    y = conditional(x, base, [[4, -1, 1]], [[0.5, 9.0, 2.0]], [[True, True, False]], heavy=lambda h: h + 1)
    want = base.copy()
    want[0, 4] += 0.5 * (x[0, 4] + 1)
    t.close(y, want, "only live slots arrive, though the region makes 1 of a zero row")
    y = conditional(x, base, [[[0], [0]]], heavy=lambda h: h * np.array([1.0, 10.0])[None, :, None, None])
    t.close(y[0, 0], base[0, 0] + 11 * x[0, 0], "routes add")


def _ffn_operands(rng, d=6):
    light = [rng.standard_normal(s) / 3 for s in ((d, 4), (d, 4), (4, d))]
    heavy = [rng.standard_normal(s) / 3 for s in ((d, 8), (d, 8), (8, d))]
    return rng.standard_normal((1, d)), light, heavy


def check_conditional_ffn(t):
    rng = np.random.default_rng(3)
    x, (u, light, heavy) = rng.standard_normal((2, 9, 6)), _ffn_operands(rng)
    parts = {}
    y = conditional_ffn(x, None, u, *light, *heavy, tokens=3, parts=parts)
    _, idx, _, w = (a[:, 0] for a in route(x, u, 3))
    want = ffn(x, *light)
    for b in range(2):
        want[b, idx[b]] += w[b][:, None] * ffn(x[b, idx[b]], *heavy)
    t.close(y, want, "light plus weighted heavy on the routed rows")
    t.equal(parts["idx"], idx, "parts hold the selection")
    full = conditional_ffn(x, None, u, *light, *heavy, tokens=9, routing=ONES)
    t.close(full, ffn(x, *light) + ffn(x, *heavy), "K = N with weights 1 is dense")
    only = conditional_ffn(x, None, u, None, None, None, *heavy, tokens=3)
    t.close(only, y - ffn(x, *light), "no light branch: the base is 0")
    t.close(conditional_ffn(x, None, u, None, None, None, *heavy, base=x, tokens=3), x + only, "or a given base")
    t.far(conditional_ffn(x, None, u, *light, *heavy, tokens=3, routing=ONES), y, "weights matter")


def check_masked_rows(t):
    rng = np.random.default_rng(4)
    x, (u, light, heavy) = rng.standard_normal((2, 9, 6)), _ffn_operands(rng)
    mask = np.array([np.arange(9) < 5, np.zeros(9, bool)])
    x[~mask] = np.nan
    bias = rng.standard_normal((3, 4)), rng.standard_normal((3, 8))
    y = conditional_ffn(x, mask, u, *light, *heavy, bias[0][0], bias[0][1], None, bias[1][0], bias[1][1], tokens=7)
    t.true(np.all(y[~mask] == 0), "masked rows are 0 in both branches, also with biases and K > n_valid")
    short = conditional_ffn(x[:1, :5], None, u, *light, *heavy, bias[0][0], bias[0][1], None, bias[1][0], bias[1][1],
                            tokens=7)
    t.close(y[:1, :5], short, "a padded row equals the unpadded one, K > N")


def _attention_operands(rng, d=6, heads=(2, 4), groups=(2, 4), size=3):
    u_q, u_kv = rng.standard_normal((2, 1, d))
    branches = []
    for h, g in zip(heads, groups):
        branches += [rng.standard_normal((d, n, size)) / 2 for n in (h, g, g)]
        branches += [rng.standard_normal((h, size, d)) / 2, rng.standard_normal((h, 32))]
    return [u_q, u_kv] + branches


def check_conditional_attention(t):
    rng = np.random.default_rng(5)
    x, w = rng.standard_normal((2, 10, 6)), _attention_operands(rng, groups=(1, 2))
    u_q, u_kv, lq, lk, lv, lo, lt, hq, hk, hv, ho, ht = w
    attributes = {"queries": 4, "keys": 6, "light_pattern": "window<2, 2>", "scale": 0.6}
    y = conditional_attention(x, None, *w, **attributes)
    _, iq, _, wq = (a[:, 0] for a in route(x, u_q, 4))
    _, ik, _, wk = (a[:, 0] for a in route(x, u_kv, 6))
    want = merge(attention(project(x, lq), project(x, lk), project(x, lv), bias_table=lt, scale=0.6,
                           pattern="window<2, 2>")[0], lo)
    for b in range(2):
        hkv = wk[b][:, None] * x[b, ik[b]]
        q, k, v = (project(a[None], m) for a, m in ((x[b, iq[b]], hq), (hkv, hk), (hkv, hv)))
        heavy = merge(attention(q, k, v, None, None, iq[b][None], ik[b][None], bias_table=ht, scale=0.6)[0], ho)
        want[b, iq[b]] += wq[b][:, None] * heavy[0]
    t.close(y, want, "light plus heavy, by hand")
    modes = {(kv, q): conditional_attention(x, None, *w, kv_scale=kv, q_scale=q, **attributes)
             for kv in ("input", "value", "key_value", "none")
             for q in ("output", "query", "output_and_query", "none")}
    for q in ("output", "query", "output_and_query", "none"):
        t.close(modes["input", q], modes["key_value", q], f"input equals key_value without biases, {q}")
    distinct = [modes[kv, q] for kv in ("input", "value", "none") for q in ("output", "query", "output_and_query",
                                                                          "none")]
    for n, one in enumerate(distinct):
        for other in distinct[:n]:
            t.far(one, other, f"mode {n} is its own", 1e-4)


def check_dense_limit(t):
    rng = np.random.default_rng(6)
    x, w = rng.standard_normal((1, 8, 6)), _attention_operands(rng)
    y = conditional_attention(x, None, w[0], w[1], None, None, None, None, None, *w[7:], queries=8, keys=8,
                              routing=ONES)
    dense, _ = attention(project(x, w[7]), project(x, w[8]), project(x, w[9]), bias_table=w[11])
    t.close(y, merge(dense, w[10]), "K = N with weights 1 is full attention")
    soft = conditional_attention(x, None, *w, queries=8, keys=8)
    t.close(soft, conditional_attention(x, None, *w, queries=8, keys=8, routing=ONES), "overflow = ones gives that too")
    bypass = "#colt5.routing<raw, bypass = ones>"
    t.close(conditional_attention(x, None, *w, queries=8, keys=9, routing=bypass), soft, "bypass when K >= N")


def check_attention_masks(t):
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((2, 9, 6)), _attention_operands(rng)
    mask = np.array([np.arange(9) < 4, np.zeros(9, bool)])
    x[~mask] = np.nan
    y = conditional_attention(x, mask, *w, queries=5, keys=6, light_pattern="window<2, 2>")
    t.true(np.all(y[~mask] == 0), "masked rows are 0")
    short = conditional_attention(x[:1, :4], None, *w, queries=5, keys=6, light_pattern="window<2, 2>")
    t.close(y[:1, :4], short, "a padded row equals the unpadded one")
    exact = conditional_attention(x[:1, :4], None, *w, queries=4, keys=4, light_pattern="window<2, 2>")
    t.close(y[:1, :4], exact, "n_valid < K equals K = n_valid")
