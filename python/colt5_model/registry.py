"""Every op and layer by its name, callable with operands in order, operands by name, and attributes."""
import inspect
import math

import numpy as np

from . import attention, composites, layers, movement, norms, routed_layers, routing, selection, softtopk


def _conditional(x, base, idx, weight=None, valid=None, in_=None, gate=None, out=None, *, activation="gelu_tanh"):
    """conditional with an ffn as its region (identity without in)."""
    def heavy(t):
        return t if in_ is None else composites.ffn(t, in_, gate, out, activation=activation)
    return composites.conditional(x, base, idx, weight, valid, heavy=heavy)


OPS = {
    "router_scores": routing.router_scores,
    "soft_topk": softtopk.soft_topk,
    "topk": selection.topk,
    "gather": movement.gather,
    "scatter_combine": movement.scatter_combine,
    "attention": attention.attention,
    "online_attention": attention.online_attention,
    "rope": norms.rope,
    "block_summary": movement.block_summary,
    "rms_scale": norms.rms_scale,
    "rms_norm": norms.rms_norm,
    "conditional": _conditional,
    "ffn": composites.ffn,
    "conditional_ffn": composites.conditional_ffn,
    "conditional_attention": composites.conditional_attention,
    "routing_weights": routing.routing_weights,
    "colt5_encoder_layer": layers.colt5_encoder_layer,
    "longt5_local_layer": layers.longt5_local_layer,
    "longt5_tglobal_layer": layers.longt5_tglobal_layer,
    "decoder_layer": layers.decoder_layer,
    "mixture_of_depths_block": routed_layers.mixture_of_depths_block,
    "coda_layer": routed_layers.coda_layer,
    "expert_choice_layer": routed_layers.expert_choice_layer,
    "topk_attention_layer": routed_layers.topk_attention_layer,
}

# Facts that promise something to the compiler and change no value.
FACTS = ("unique", "sorted", "trusted")


def score_function(text):
    """The region, an expression over score, q_pos, kv_pos, e0, e1, ...; exp, tanh, abs, where, log, inf are known."""
    names = {"exp": np.exp, "tanh": np.tanh, "abs": np.abs, "where": np.where, "log": np.log, "maximum": np.maximum,
             "minimum": np.minimum, "inf": math.inf}
    code = compile(text, "score", "eval")

    def score(value, q_pos, kv_pos, *extra):
        local = dict(names, score=value, q_pos=q_pos, kv_pos=kv_pos, **{f"e{n}": e for n, e in enumerate(extra)})
        return eval(code, {"__builtins__": {}}, local)

    return score


def call(name, operands, named, attributes):
    """Runs an op; returns its results as a tuple of arrays. Raises ValueError on a name that does not exist."""
    if name not in OPS:
        raise ValueError(f"op: expected one of {', '.join(OPS)}, got '{name}'")
    function = OPS[name]
    values = {}
    for key, value in list(named.items()) + list(attributes.items()):
        if key not in FACTS:
            values[key + "_" if key in ("in",) else key] = value
    if isinstance(values.get("score"), str):
        values["score"] = score_function(values["score"])
    try:
        bound = inspect.signature(function).bind(*operands, **values)
    except TypeError as error:
        raise ValueError(f"{name}: {error}; expected {inspect.signature(function)}") from None
    result = function(*bound.args, **bound.kwargs)
    return result if isinstance(result, tuple) else (result,)
