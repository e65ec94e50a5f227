"""Whole layers of the T5 family: CoLT5 encoder, LongT5 local and T-Global encoder, decoder."""
import numpy as np

from .arrays import f64
from .attention import attention
from .buckets import DEFAULT
from .composites import conditional_attention, conditional_ffn, ffn, merge, project
from .movement import block_summary
from .norms import rms_norm

CAUSAL_BUCKETS = "#colt5.t5_buckets<32, 128, causal>"


def colt5_encoder_layer(x, mask, g1, u_q, u_kv, light_wq, light_wk, light_wv, light_wo, light_bias, heavy_wq, heavy_wk,
                        heavy_wv, heavy_wo, heavy_bias, g2, u_f, light_in, light_gate, light_out, heavy_in, heavy_gate,
                        heavy_out, *, queries, keys, tokens, radius=127, routing=None, kv_scale="input",
                        q_scale="output", replay=None, parts=None):
    """One CoLT5 encoder layer on x [B, N, D]; the operands stand in the order of the example's arguments.

    `replay`, a dict of attention_idx_q, attention_idx_kv and ffn_idx [B, K], stands for the selections.
    `parts`, if given, receives x1 (after attention), out, and attention_* and ffn_* for every part of the sub-layers.
    """
    x = f64(x)
    attention_parts, ffn_parts, replay = {}, {}, replay or {}
    h = rms_norm(x, g1, mask)
    a = conditional_attention(h, mask, u_q, u_kv, light_wq, light_wk, light_wv, light_wo, light_bias, heavy_wq,
                              heavy_wk, heavy_wv, heavy_wo, heavy_bias, queries=queries, keys=keys,
                              light_pattern=f"#colt5.window<{radius}, {radius}>", routing=routing, kv_scale=kv_scale,
                              q_scale=q_scale, replay_q=replay.get("attention_idx_q"),
                              replay_kv=replay.get("attention_idx_kv"), parts=attention_parts)
    x1 = x + a
    h = rms_norm(x1, g2, mask)
    f = conditional_ffn(h, mask, u_f, light_in, light_gate, light_out, heavy_in, heavy_gate, heavy_out, tokens=tokens,
                        routing=routing, replay=replay.get("ffn_idx"), parts=ffn_parts)
    out = x1 + f
    if parts is not None:
        parts.update({f"attention_{name}": value for name, value in attention_parts.items()})
        parts.update({f"ffn_{name}": value for name, value in ffn_parts.items()})
        parts.update(x1=x1, out=out)
    return out


def longt5_local_layer(x, mask, g1, wq, wk, wv, wo, table, g2, w_in, w_gate, w_out, *, radius=127):
    """LongT5's local encoder layer: x + LocalAtt(RMS(x)), then + FFN(RMS(.))."""
    x = f64(x)
    h = rms_norm(x, g1, mask)
    o, _ = attention(project(h, wq), project(h, wk), project(h, wv), mask, mask, bias_table=table,
                     pattern=f"#colt5.window<{radius}, {radius}>")
    return _feed_forward(x + merge(o, wo), mask, g2, w_in, w_gate, w_out)


def longt5_tglobal_layer(x, mask, g1, wq, wk, wv, wo, table, side_table, g_side, g2, w_in, w_gate, w_out, *, radius=127,
                         size=16):
    """LongT5's T-Global layer: the local keys and the block summaries share one softmax and the matrices wk, wv."""
    x = f64(x)
    h = rms_norm(x, g1, mask)
    prefix = np.ones(x.shape[:2], bool) if mask is None else mask
    s, valid, block = block_summary(h, prefix, size=size)
    s = rms_norm(s, g_side)
    o, _ = attention(project(h, wq), project(h, wk), project(h, wv), mask, mask, bias_table=table,
                     side_k=project(s, wk), side_v=project(s, wv), side_valid=valid, q_block=block,
                     side_bias_table=side_table, pattern=f"#colt5.window<{radius}, {radius}>")
    return _feed_forward(x + merge(o, wo), mask, g2, w_in, w_gate, w_out)


def decoder_layer(x, encoded, encoder_mask, g1, wq, wk, wv, wo, table, g2, cq, ck, cv, co, g3, w_in, w_gate, w_out):
    """T5.1.1 decoder layer: causal self-attention, multi-query cross-attention (ck, cv: [D, 1, C]), gated FFN."""
    x = f64(x)
    h = rms_norm(x, g1)
    o, _ = attention(project(h, wq), project(h, wk), project(h, wv), bias_table=table, pattern="#colt5.causal",
                     bias=CAUSAL_BUCKETS)
    x = x + merge(o, wo)
    h = rms_norm(x, g2)
    o, _ = attention(project(h, cq), project(encoded, ck), project(encoded, cv), kv_valid=encoder_mask, bias=DEFAULT)
    return _feed_forward(x + merge(o, co), None, g3, w_in, w_gate, w_out)


def _feed_forward(x, mask, g, w_in, w_gate, w_out):
    return x + ffn(rms_norm(x, g, mask), w_in, w_gate, w_out)
