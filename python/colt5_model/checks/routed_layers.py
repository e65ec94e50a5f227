"""Mixture-of-Depths, CoDA, expert choice and top-k attention against dense or looped forms."""
import numpy as np

from colt5_model import routed_layers as routed
from colt5_model.attention import attention
from colt5_model.composites import ffn, merge, project
from colt5_model.norms import rms_norm

D, N = 8, 13


def _block(rng):
    return {"g1": rng.uniform(0.5, 1.5, D), "wq": rng.standard_normal((D, 2, 4)) / 3,
            "wk": rng.standard_normal((D, 2, 4)) / 3, "wv": rng.standard_normal((D, 2, 4)) / 3,
            "wo": rng.standard_normal((2, 4, D)) / 3, "g2": rng.uniform(0.5, 1.5, D),
            "w_in": rng.standard_normal((D, 12)) / 3, "w_gate": rng.standard_normal((D, 12)) / 3,
            "w_out": rng.standard_normal((12, D)) / 3}


def check_mixture_of_depths(t):
    rng = np.random.default_rng(1)
    x, u, w = rng.standard_normal((2, N, D)), rng.standard_normal((1, D)), _block(rng)
    y = routed.mixture_of_depths_block(x, None, u, **w, tokens=4)
    for b in range(2):
        s = x[b] @ u[0]
        kept = np.sort(np.argsort(-s)[:4])
        skipped = np.setdiff1d(np.arange(N), kept)
        t.equal(y[b, skipped], x[b, skipped], "skipped tokens pass unchanged")
        tokens = x[b:b + 1, kept]
        f = routed.transformer_increment(tokens, None, kept[None], pattern="causal", **w)
        t.close(y[b, kept], tokens[0] + s[kept][:, None] * f[0], "routed tokens get r * f(x)")
    h = rms_norm(x, w["g1"])
    a = x + merge(attention(project(h, w["wq"]), project(h, w["wk"]), project(h, w["wv"]), pattern="causal")[0],
                  w["wo"])
    dense = a + ffn(rms_norm(a, w["g2"]), w["w_in"], w["w_gate"], w["w_out"])
    t.close(routed.mixture_of_depths_block(x, None, u, **w, tokens=N, routing="ones"), dense, "all tokens: the block")
    mask = np.arange(N)[None].repeat(2, 0) < 9
    padded = routed.mixture_of_depths_block(x, mask, u, **w, tokens=4)
    t.close(padded[:, :9], routed.mixture_of_depths_block(x[:, :9], None, u, **w, tokens=4), "a padded row")


def check_coda(t):
    rng = np.random.default_rng(2)
    x, u, w = rng.standard_normal((1, N, D)), rng.standard_normal((1, D)), _block(rng)
    down, up = rng.standard_normal((D, 3)), rng.standard_normal((3, D))
    y = routed.coda_layer(x, None, u, down, up, **w, tokens=4)
    adapter = x + np.maximum(x @ down, 0) @ up
    changed = np.nonzero(np.any(y != adapter, axis=2)[0])[0]
    t.true(0 < len(changed) <= 4, "adapter everywhere, heavy on at most 4 tokens")
    heavy = routed.transformer_increment(x, None, np.arange(N)[None], **w)
    t.close(routed.coda_layer(x, None, u, down, up, **w, tokens=N), adapter + heavy, "all tokens: weights 1")


def check_expert_choice(t):
    rng = np.random.default_rng(3)
    x, u = rng.standard_normal((1, N, D)), rng.standard_normal((3, D))
    w_in, w_gate, w_out = (rng.standard_normal(s) / 3 for s in ((3, D, 5), (3, D, 5), (3, 5, D)))
    y = routed.expert_choice_layer(x, None, u, w_in, w_gate, w_out, tokens=4)
    e = np.exp(x[0] @ u.T)
    gates = e / e.sum(1, keepdims=True)
    want = np.zeros((N, D))
    for r in range(3):
        for i in np.argsort(-gates[:, r])[:4]:
            want[i] += gates[i, r] * ffn(x[0, i], w_in[r], w_gate[r], w_out[r])
    t.close(y[0], want, "every expert adds its tokens")
    based = routed.expert_choice_layer(x, None, u, w_in, w_gate, w_out, base=x, tokens=4)
    t.close(based, x + y, "on a base")
    mask = np.arange(N)[None] < 2
    t.equal(routed.expert_choice_layer(x, mask, u, w_in, w_gate, w_out, tokens=4)[0, 2:], np.zeros((N - 2, D)),
            "padding gets nothing")


def check_topk_attention(t):
    rng = np.random.default_rng(4)
    x, w = rng.standard_normal((2, N, D)), _block(rng)
    operands = [w[name] for name in ("g1", "wq", "wk", "wv", "wo")]
    h = rms_norm(x, w["g1"])
    q, k, v = (project(h, w[name]) for name in ("wq", "wk", "wv"))
    all_keys = routed.topk_attention_layer(x, None, *operands, keys=N)
    t.close(all_keys, x + merge(attention(q, k, v)[0], w["wo"]), "all keys: dense attention")
    s = q @ np.swapaxes(k, 2, 3)
    edge = np.sort(s, axis=-1)[..., -3:-2]
    e = np.where(s >= edge, np.exp(s), 0.0)
    want = x + merge((e / e.sum(-1, keepdims=True)) @ v, w["wo"])
    got = routed.topk_attention_layer(x, None, *operands, keys=3)
    t.close(got, want, "three keys: the others are masked")
    t.far(got, all_keys, "selection matters")
