"""Layers of other systems that route: Mixture-of-Depths, CoDA, expert choice, top-k attention."""
import numpy as np

from .arrays import f64, token_mask
from .attention import attention
from .composites import conditional, ffn, merge, project
from .movement import gather, scatter_combine
from .norms import rms_norm
from .routing import route, router_scores
from .selection import topk

CODA_ROUTING = "#colt5.routing<soft_topk, eps = 0.03, iterations = 20, eps_init = 4.0, eps_decay = 0.7>"


def transformer_increment(t, valid, positions, g1, wq, wk, wv, wo, g2, w_in, w_gate, w_out, *, pattern="#colt5.dense"):
    """block(t) - t of a pre-norm transformer block on the routed tokens t [B, K, D], attending among themselves."""
    h = rms_norm(t, g1, valid)
    o, _ = attention(project(h, wq), project(h, wk), project(h, wv), valid, valid, positions, positions,
                     pattern=pattern)
    a = merge(o, wo)
    return a + ffn(rms_norm(t + a, g2, valid), w_in, w_gate, w_out)


def mixture_of_depths_block(x, mask, router, g1, wq, wk, wv, wo, g2, w_in, w_gate, w_out, *, tokens,
                            routing="#colt5.routing<raw>", pattern="#colt5.causal"):
    """x + r * f(x) on the routed tokens, x elsewhere; f is a whole block's increment and the router reads x itself."""
    x = f64(x)
    _, idx, valid, weight = (a[:, 0] for a in route(x, router, tokens, mask, routing))
    return conditional(x, x, idx, weight, valid, heavy=lambda t: transformer_increment(
        t, valid, idx, g1, wq, wk, wv, wo, g2, w_in, w_gate, w_out, pattern=pattern))


def coda_layer(x, mask, router, down, up, g1, wq, wk, wv, wo, g2, w_in, w_gate, w_out, *, tokens, routing=CODA_ROUTING,
               activation="relu"):
    """x + adapter(x) + lam * heavy(x): a bottleneck adapter on all tokens, a whole layer on the routed ones."""
    x = f64(x)
    _, idx, valid, weight = (a[:, 0] for a in route(x, router, tokens, mask, routing))
    base = x + ffn(x, down, None, up, activation=activation)
    return conditional(x, base, idx, weight, valid, heavy=lambda t: transformer_increment(
        t, valid, idx, g1, wq, wk, wv, wo, g2, w_in, w_gate, w_out))


def expert_choice_layer(x, mask, router, w_in, w_gate, w_out, base=None, *, tokens, activation="gelu_tanh"):
    """Each expert takes its `tokens` best tokens by softmax over the experts; weights are [R, D, E] and [R, E, D].

    router is [R, D]; the result is base (zero if absent) plus every expert's weighted output.
    """
    x = f64(x)
    keep = token_mask(mask, *x.shape[:2])
    s = router_scores(x, router)
    e = np.exp(s - np.max(s, axis=1, keepdims=True))
    gates = np.where(keep[:, None, :], e / np.sum(e, axis=1, keepdims=True), -np.inf)
    idx, valid, _ = topk(gates, mask, k=tokens)
    weight = gather(gates, idx, valid, batch_dims=2)
    routed = gather(x, idx, valid)
    heavy = np.stack([ffn(routed[:, r], w_in[r], None if w_gate is None else w_gate[r], w_out[r],
                          activation=activation) for r in range(len(router))], axis=1)
    return scatter_combine(heavy, idx, np.zeros(x.shape) if base is None else base, valid, weight)


def topk_attention_layer(x, mask, g, wq, wk, wv, wo, *, keys, scale=1.0):
    """x + attention in which every query of every head sees its `keys` best keys only (ties: lowest index)."""
    x = f64(x)
    h = rms_norm(x, g, mask)
    q, k, v = project(h, wq), project(h, wk), project(h, wv)
    out = np.zeros(q.shape)
    for head in range(q.shape[1]):
        one = slice(head, head + 1)
        scores = scale * (q[:, head] @ np.swapaxes(k[:, head], 1, 2))
        idx, valid, _ = topk(scores, mask, k=keys)
        listed = np.where(valid, idx, -1)[:, None]
        out[:, one], _ = attention(q[:, one], k[:, one], v[:, one], mask, mask, kv_idx=listed, scale=scale)
    return x + merge(out, wo)
