"""conditional, ffn, conditional_ffn and conditional_attention. Operands stand in the order of the written syntax."""
import math

import numpy as np

from .arrays import choose, f64, token_mask
from .attention import attention
from .buckets import DEFAULT
from .movement import gather, scatter_combine
from .routing import parse_routing, route, sigmoid

_erf = np.vectorize(math.erf, otypes=[np.float64])

ACTIVATIONS = {
    "gelu_tanh": lambda x: 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x ** 3))),
    "gelu": lambda x: 0.5 * x * (1.0 + _erf(x / math.sqrt(2.0))),
    "relu": lambda x: np.maximum(x, 0.0),
    "silu": lambda x: x * sigmoid(x),
    "sigmoid": sigmoid,
    "identity": lambda x: x,
}


def conditional(x, base, idx, weight=None, valid=None, *, heavy):
    """base + scatter(weight * heavy(gather x)); `heavy` maps [B, (R,) K, D] to [B, (R,) K, D]."""
    return scatter_combine(heavy(gather(x, idx, valid)), idx, base, valid, weight)


def ffn(x, in_, gate=None, out=None, in_bias=None, gate_bias=None, out_bias=None, *, activation="gelu_tanh"):
    """(act(x in) [* (x gate)]) out with optional biases, over the last dimension of x."""
    choose("activation", activation, tuple(ACTIVATIONS))
    x = f64(x)
    h = x @ f64(in_)
    h = ACTIVATIONS[activation](h if in_bias is None else h + f64(in_bias))
    if gate is not None:
        linear = x @ f64(gate)
        h = h * (linear if gate_bias is None else linear + f64(gate_bias))
    y = h @ f64(out)
    return y if out_bias is None else y + f64(out_bias)


def conditional_ffn(x, mask=None, router=None, light_in=None, light_gate=None, light_out=None, heavy_in=None,
                    heavy_gate=None, heavy_out=None, light_in_bias=None, light_gate_bias=None, light_out_bias=None,
                    heavy_in_bias=None, heavy_gate_bias=None, heavy_out_bias=None, base=None, replay=None, *,
                    tokens, routing=None,
                    activation="gelu_tanh", parts=None):
    """The paper's feed-forward sub-layer without norm and residual: light(x) + scatter(weight * heavy(gather x)).

    `replay` [B, K] stands for the selection. `parts`, if given, is a dict that receives scores, idx,
    valid, weight, light and heavy (unweighted, [B, K, D]).
    """
    x, mask = _masked(x, mask)
    s, idx, valid, weight = route(x, router, int(tokens), mask, routing, _routes(replay))
    s, idx, valid, weight = s[:, 0], idx[:, 0], valid[:, 0], weight[:, 0]
    light = np.zeros(x.shape)
    if light_in is not None:
        light = ffn(x, light_in, light_gate, light_out, light_in_bias, light_gate_bias, light_out_bias,
                    activation=activation)
        light = np.where(mask[..., None], light, 0.0)
    heavy = ffn(gather(x, idx, valid), heavy_in, heavy_gate, heavy_out, heavy_in_bias, heavy_gate_bias, heavy_out_bias,
                activation=activation)
    _record(parts, scores=s, idx=idx, valid=valid, weight=weight, light=light, heavy=heavy)
    return scatter_combine(heavy, idx, light if base is None else f64(base) + light, valid, weight)


def conditional_attention(x, mask=None, u_q=None, u_kv=None, light_wq=None, light_wk=None, light_wv=None,
                          light_wo=None, light_bias=None, heavy_wq=None, heavy_wk=None, heavy_wv=None, heavy_wo=None,
                          heavy_bias=None, base=None, replay_q=None, replay_kv=None, *, queries, keys,
                          light_pattern="#colt5.dense", routing=None, kv_scale="input", q_scale="output", scale=1.0,
                          bias=DEFAULT, parts=None):
    """The paper's attention sub-layer without norm and residual. wq [D, H, C], wk and wv [D, G, C], wo [H, C, D].

    `replay_q` and `replay_kv` stand for the selections. `parts`, if given, receives for q and kv scores, idx,
    valid and weight, and light and heavy (unweighted, [B, K, D]).
    """
    choose("kv_scale", kv_scale, ("input", "value", "key_value", "none"))
    choose("q_scale", q_scale, ("output", "query", "output_and_query", "none"))
    x, mask = _masked(x, mask)
    routing = parse_routing(routing)
    light = np.zeros(x.shape)
    if light_wq is not None:
        out, _ = attention(project(x, light_wq), project(x, light_wk), project(x, light_wv), mask, mask,
                           bias_table=light_bias, scale=scale, pattern=light_pattern, bias=bias)
        light = np.where(mask[..., None], merge(out, light_wo), 0.0)
    (s_q, i_q, ok_q, w_q), (s_kv, i_kv, ok_kv, w_kv) = (
        [a[:, 0] for a in route(x, u, int(count), mask, routing, _routes(replay))]
        for u, count, replay in ((u_q, queries, replay_q), (u_kv, keys, replay_kv)))
    x_q = gather(x, i_q, ok_q)
    x_kv = gather(x, i_kv, ok_kv, w_kv if kv_scale == "input" else None)
    q, k, v = project(x_q, heavy_wq), project(x_kv, heavy_wk), project(x_kv, heavy_wv)
    if q_scale in ("query", "output_and_query"):
        q = q * w_q[:, None, :, None]
    if kv_scale == "key_value":
        k = k * w_kv[:, None, :, None]
    if kv_scale in ("value", "key_value"):
        v = v * w_kv[:, None, :, None]
    out, _ = attention(q, k, v, ok_q, ok_kv, i_q, i_kv, bias_table=heavy_bias, scale=scale, bias=bias)
    heavy = merge(out, heavy_wo)
    _record(parts, scores_q=s_q, idx_q=i_q, valid_q=ok_q, weight_q=w_q, scores_kv=s_kv, idx_kv=i_kv, valid_kv=ok_kv,
            weight_kv=w_kv, light=light, heavy=heavy)
    weight = w_q if q_scale in ("output", "output_and_query") else None
    return scatter_combine(heavy, i_q, light if base is None else f64(base) + light, ok_q, weight)


def project(x, w):
    """x [B, N, D] by w [D, H, C] as [B, H, N, C]."""
    x, w = f64(x), f64(w)
    y = x.reshape(-1, x.shape[2]) @ w.reshape(w.shape[0], -1)
    return y.reshape(x.shape[:2] + w.shape[1:]).transpose(0, 2, 1, 3)


def merge(o, w):
    """o [B, H, N, C] by w [H, C, D] as [B, N, D]."""
    o, w = f64(o), f64(w)
    batch, heads, tokens, size = o.shape
    return o.transpose(0, 2, 1, 3).reshape(batch, tokens, heads * size) @ w.reshape(heads * size, -1)


def _masked(x, mask):
    x = f64(x)
    mask = token_mask(mask, *x.shape[:2])
    return np.where(mask[..., None], x, 0.0), mask


def _routes(replay):
    """Indices [B, K] as one route, [B, 1, K]."""
    return None if replay is None else np.asarray(replay)[:, None]


def _record(parts, **values):
    if parts is not None:
        parts.update(values)
