"""Whole T5-family layers: padding, batches, identities, and mutants that the comparison must see."""
import numpy as np

from colt5_model import document, layers
from colt5_model.buckets import bucket
from colt5_model.compare import norm_error
from colt5_model.composites import ffn
from colt5_model.norms import rms_norm

SMALL = document.Config(layers=1, n=40, d=16, light_heads=2, heavy_heads=4, head_size=4, light_width=12, heavy_width=48,
                        radius=5, seed=3)
COUNTS = {"queries": 7, "keys": 11, "tokens": 6, "radius": 5}


def _weights():
    w = document.layer_weights(0, SMALL)
    rng = np.random.default_rng(1)
    for name in ("g1", "g2"):
        w[name] = rng.uniform(0.5, 1.5, SMALL.d)
    for name in ("light_wq", "heavy_wq"):
        w[name] = 2.0 * w[name]
    return w


def _x(batch=2):
    return np.random.default_rng(2).standard_normal((batch, SMALL.n, SMALL.d))


def check_padding(t):
    x, w = _x(), list(_weights().values())
    mask = np.array([np.arange(40) < 40, np.arange(40) < 29])
    y = layers.colt5_encoder_layer(x, mask, *w, **COUNTS)
    t.close(y[:1], layers.colt5_encoder_layer(x[:1], None, *w, **COUNTS), "a full row does not see its neighbour")
    t.close(y[1:, :29], layers.colt5_encoder_layer(x[1:, :29], None, *w, **COUNTS), "a padded row")
    t.equal(y[1, 29:], x[1, 29:], "padding keeps its residual")
    many = dict(COUNTS, queries=35, keys=38, tokens=36)
    y = layers.colt5_encoder_layer(x, mask, *w, **many)
    exact = dict(COUNTS, queries=29, keys=29, tokens=29)
    t.close(y[1:, :29], layers.colt5_encoder_layer(x[1:, :29], None, *w, **exact), "n_valid < K equals K = n_valid")
    nothing = layers.colt5_encoder_layer(x, np.zeros((2, 40), bool), *w, **COUNTS)
    t.equal(nothing, x, "all masked is the identity")


def check_parts_add_up(t):
    x, parts = _x(), {}
    y = layers.colt5_encoder_layer(x, None, *_weights().values(), parts=parts, **COUNTS)
    again = x + parts["attention_light"]
    for b in range(2):
        again[b, parts["attention_idx_q"][b]] += parts["attention_weight_q"][b][:, None] * parts["attention_heavy"][b]
    t.close(again, parts["x1"], "attention parts")
    again = parts["x1"] + parts["ffn_light"]
    for b in range(2):
        again[b, parts["ffn_idx"][b]] += parts["ffn_weight"][b][:, None] * parts["ffn_heavy"][b]
    t.close(again, y, "ffn parts")


def check_replay(t):
    x, w, good = _x(), list(_weights().values()), {}
    y = layers.colt5_encoder_layer(x, None, *w, parts=good, **COUNTS)
    names = ("attention_idx_q", "attention_idx_kv", "ffn_idx")
    same = layers.colt5_encoder_layer(x, None, *w, replay={name: good[name] for name in names}, **COUNTS)
    t.equal(same, y, "replaying the own selection changes nothing")
    for name in names:
        swapped, parts = good[name].copy(), {}
        swapped[0, 0] = np.setdiff1d(np.arange(SMALL.n), swapped[0])[0]
        layers.colt5_encoder_layer(x, None, *w, replay={name: swapped}, parts=parts, **COUNTS)
        t.equal(parts[name], swapped, f"{name} is taken over")
        t.true(norm_error(parts["out"], y) > 1e-6, f"a swapped token of {name} must show")
    t.raises(lambda: layers.colt5_encoder_layer(x, None, *w, replay={"ffn_idx": swapped[:, :2]}, **COUNTS), "too few")


def check_mutants(t):
    """Each deliberate mistake moves the part that it concerns by more than the loosest bound in use."""
    x, w = _x(), _weights()

    def run(weights=w, **changes):
        parts = {}
        layers.colt5_encoder_layer(x, None, *weights.values(), parts=parts, **{**COUNTS, **changes})
        return parts

    good = run()
    t.true(norm_error(run()["out"], good["out"]) == 0.0, "the model repeats itself")
    mutants = {
        "no heavy attention": (run(dict(w, heavy_wo=0 * w["heavy_wo"])), "attention_heavy"),
        "kv unscaled": (run(kv_scale="none"), "attention_heavy"),
        "weights 1": (run(routing="#colt5.routing<ones>"), "ffn_weight"),
        "seed router": (run(routing="#colt5.routing<softmax_topk>"), "attention_weight_q"),
        "neg init": (run(routing="#colt5.routing<soft_topk, init = neg, iterations = 1>"), "attention_weight_q"),
        "bias off by a bucket": (run(dict(w, light_bias=np.roll(w["light_bias"], 1, 1))), "attention_light"),
        "heavy bias off by a bucket": (run(dict(w, heavy_bias=np.roll(w["heavy_bias"], 1, 1))), "attention_heavy"),
        "window off by one": (run(radius=6), "attention_light"),
        "norm without g": (run(dict(w, g2=np.ones(SMALL.d))), "ffn_light"),
    }
    for name, (parts, part) in mutants.items():
        t.true(norm_error(parts[part], good[part]) > 1e-2, f"{name} must show in {part}")
    permuted = good["out"][:, np.roll(np.arange(40), 1)]
    t.true(norm_error(permuted, good["out"]) > 1e-2, "permuted rows must show")


def _dense_weights(rng, d=8, heads=2, size=4, width=12):
    return {"g1": rng.uniform(0.5, 1.5, d), "wq": rng.standard_normal((d, heads, size)) / 3,
            "wk": rng.standard_normal((d, heads, size)) / 3, "wv": rng.standard_normal((d, heads, size)) / 3,
            "wo": rng.standard_normal((heads, size, d)) / 3, "table": rng.standard_normal((heads, 32)),
            "g2": rng.uniform(0.5, 1.5, d), "w_in": rng.standard_normal((d, width)) / 3,
            "w_gate": rng.standard_normal((d, width)) / 3, "w_out": rng.standard_normal((width, d)) / 3}


def _masked_softmax(s, allowed):
    e = np.where(allowed, np.exp(s), 0.0)
    return e / np.sum(e, axis=-1, keepdims=True)


def check_tglobal_by_hand(t):
    """One row, dense matrices: local keys and summed blocks in one softmax."""
    rng = np.random.default_rng(7)
    x, w, n = rng.standard_normal((1, 20, 8)), _dense_weights(rng), 20
    side_table, g_side = rng.standard_normal((2, 32)), rng.uniform(0.5, 1.5, 8)
    h = rms_norm(x, w["g1"])[0]
    block = np.minimum(np.arange(n) // 8, 1)
    s = rms_norm(np.stack([h[block == p].sum(0) for p in range(2)]), g_side)
    q, k, v = (np.einsum("nd,dhc->hnc", a, m) for a, m in (
        (h, w["wq"]), (np.concatenate([h, s]), w["wk"]), (np.concatenate([h, s]), w["wv"])))
    i, j = np.arange(n)[:, None], np.arange(n)[None]
    bias = np.concatenate([w["table"][:, bucket(j - i)], side_table[:, bucket(np.arange(2)[None] - block[:, None])]], 2)
    allowed = np.concatenate([np.abs(j - i) <= 4, np.ones((n, 2), bool)], 1)
    p = _masked_softmax(np.einsum("hic,hjc->hij", q, k) + bias, allowed)
    y = x[0] + np.einsum("hij,hjc,hcd->id", p, v, w["wo"])
    want = y + ffn(rms_norm(y, w["g2"]), w["w_in"], w["w_gate"], w["w_out"])
    got = layers.longt5_tglobal_layer(x, None, radius=4, size=8, side_table=side_table, g_side=g_side, **w)
    t.close(got[0], want, "T-Global by hand")


def check_decoder_by_hand(t):
    rng = np.random.default_rng(8)
    x, encoded, w = rng.standard_normal((1, 40, 8)), rng.standard_normal((1, 9, 8)), _dense_weights(rng)
    cq, ck, cv, co = (rng.standard_normal(s) / 3 for s in ((8, 2, 4), (8, 1, 4), (8, 1, 4), (2, 4, 8)))
    g3 = rng.uniform(0.5, 1.5, 8)
    h = rms_norm(x, w["g1"])[0]
    i, j = np.arange(40)[:, None], np.arange(40)[None]
    bias = w["table"][:, bucket(j - i, layers.CAUSAL_BUCKETS)]
    s = np.einsum("ihc,jhc->hij", np.einsum("nd,dhc->nhc", h, w["wq"]), np.einsum("nd,dhc->nhc", h, w["wk"])) + bias
    y = x[0] + np.einsum("hij,jd,dhc,hce->ie", _masked_softmax(s, j <= i), h, w["wv"], w["wo"], optimize=True)
    h = rms_norm(y, w["g2"])
    s = np.einsum("ihc,jc->hij", np.einsum("nd,dhc->nhc", h, cq), encoded[0] @ ck[:, 0])
    y = y + np.einsum("hij,jc,hce->ie", _masked_softmax(s, True), encoded[0] @ cv[:, 0], co)
    want = y + ffn(rms_norm(y, g3), w["w_in"], w["w_gate"], w["w_out"])
    got = layers.decoder_layer(x, encoded, None, cq=cq, ck=ck, cv=cv, co=co, g3=g3, **w)
    t.close(got[0], want, "decoder layer by hand")


def check_longt5(t):
    rng = np.random.default_rng(5)
    x, w = rng.standard_normal((1, 37, 8)), _dense_weights(rng)
    mask = np.arange(37)[None] < 30
    side = {"side_table": rng.standard_normal((2, 32)), "g_side": rng.uniform(0.5, 1.5, 8)}
    local = layers.longt5_local_layer(x, mask, radius=4, **w)
    t.close(local[:, :30], layers.longt5_local_layer(x[:, :30], None, radius=4, **w), "local: a padded row")
    short = layers.longt5_tglobal_layer(x[:, :15], None, radius=4, **w, **side)
    t.close(short, layers.longt5_local_layer(x[:, :15], None, radius=4, **w), "below one block there are no globals")
    globals_ = layers.longt5_tglobal_layer(x, mask, radius=4, size=8, **w, **side)
    t.close(globals_[:, :30], layers.longt5_tglobal_layer(x[:, :30], None, radius=4, size=8, **w, **side),
            "T-Global: a padded row")
    t.far(globals_, local, "the globals matter")


def check_decoder(t):
    rng = np.random.default_rng(6)
    x, encoded, w = rng.standard_normal((2, 7, 8)), rng.standard_normal((2, 9, 8)), _dense_weights(rng)
    cross = {"cq": rng.standard_normal((8, 2, 4)) / 3, "ck": rng.standard_normal((8, 1, 4)) / 3,
             "cv": rng.standard_normal((8, 1, 4)) / 3, "co": rng.standard_normal((2, 4, 8)) / 3,
             "g3": rng.uniform(0.5, 1.5, 8)}
    mask = np.array([np.arange(9) < 9, np.arange(9) < 5])
    y = layers.decoder_layer(x, encoded, mask, **w, **cross)
    t.close(y[:, :4], layers.decoder_layer(x[:, :4], encoded, mask, **w, **cross), "causal: later tokens do not count")
    t.close(y[1:], layers.decoder_layer(x[1:], encoded[1:, :5], None, **w, **cross), "encoder padding does not count")
    blind = layers.decoder_layer(x, encoded, np.zeros((2, 9), bool), **w, **cross)
    muted = dict(w, wo=0 * w["wo"])
    h = layers.decoder_layer(x, encoded, np.zeros((2, 9), bool), **muted, **cross)
    t.close(h, x + ffn(rms_norm(x, cross["g3"]), w["w_in"], w["w_gate"], w["w_out"]), "without attention: FFN only")
    t.far(blind, y, "the encoder matters")
