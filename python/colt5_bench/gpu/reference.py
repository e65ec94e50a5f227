"""Expected results in float64 from the repository's NumPy model, and what counts as equal."""
import numpy as np

from colt5_model import registry
from colt5_model.compare import norm_error

from .data import decode

# Bounds on the normalised error ||out - ref|| / ||ref|| by data type, and on scores and weights, which are f32.
NORM = {"f32": 1e-5, "bf16": 1e-2}
SOFT_TOPK = 2e-5  # 50 steps in f32
# How close to the k-th score a score of rounded data may be for its selection to be a matter of rounding, in
# units of the scores' standard deviation.
MARGIN = {"f32": 2e-5, "bf16": 2e-2}


def expected(case, inputs, results=None):
    """Results in float64 of decoded inputs by name, in the order of the program's outputs, and the tokens of a
    layer [n] bool whose selection is a matter of rounding (None for other kinds).

    With the stored `results` of a router, what follows from its scores is computed from the scores it has.
    """
    def op(name, operands, **attributes):
        return registry.call(name, [inputs[key] for key in operands], {}, attributes)
    window = f"#colt5.window<{case.radius}, {case.radius}>"
    kind = case.kind
    if kind == "gemm":
        return [inputs["x"] @ inputs["w"]], None
    if kind == "rms_norm":
        return list(op("rms_norm", "xg")), None
    if kind == "topk":
        return list(op("topk", "s", k=case.routed)[:2]), None
    if kind == "soft_topk":
        return [registry.call("soft_topk", [inputs["s"], float(case.routed)], {}, {})[0]], None
    if kind == "router":
        exact = op("router_scores", "xu")[0]
        s = exact if results is None else decode(results[0], "f32")
        idx, valid, _ = registry.call("topk", [s], {}, {"k": case.routed})
        return [exact, idx, valid, registry.call("soft_topk", [s, float(case.routed)], {}, {})[0]], None
    if kind in ("light_attention", "heavy_attention"):
        named = {key: inputs[key] for key in ("q_pos", "kv_pos") if key in inputs}
        named["bias_table"] = inputs["table"]
        attributes = {"pattern": window} if kind == "light_attention" else {}
        return [registry.call("attention", [inputs[key] for key in "qkv"], named, attributes)[0]], None
    if kind == "light_ffn":
        return list(op("ffn", ("x", "w_in", "w_gate", "w_out"))), None
    if kind == "routed_ffn":
        return list(op("conditional", ("x", "base", "idx", "weight", "valid", "w_in", "w_gate", "w_out"))), None
    if kind == "layer":
        parts = {}
        out = registry.call("colt5_encoder_layer", list(inputs.values()), {},
                            {"queries": case.routed, "keys": case.keys, "tokens": case.routed, "radius": case.radius,
                             "parts": parts})[0]
        scores = [(parts["attention_scores_q"], case.routed), (parts["ffn_scores"], case.routed)]
        return [out], doubtful_tokens(scores, MARGIN[case.type])
    raise ValueError(f"{case.name}: no reference for kind '{kind}'")


def doubtful_tokens(scores, margin):
    """Tokens [n] bool within `margin` standard deviations of the k-th of any of the (scores [1, n], k)."""
    doubtful = np.zeros(scores[0][0].shape[-1], bool)
    for values, k in scores:
        row = np.asarray(values, np.float64).reshape(-1)
        edge = np.partition(row, len(row) - k)[len(row) - k]
        gap = np.abs(row - edge)
        near = gap <= margin * row.std()
        # The k-th token itself is in doubt only if another one is as near.
        if near.sum() > 1:
            doubtful |= near
    return doubtful


def compare(case, tensors, actual, wanted, doubtful=None):
    """Reasons why stored results are not what is wanted, and the errors by name. NaN never passes."""
    reasons, errors = [], {}
    for tensor, stored, want in zip(tensors, actual, wanted):
        got = decode(stored, tensor.type)
        if tensor.type == "i32":
            reasons += _compare_sets(tensor.name, got, want)
        elif tensor.type == "i1":
            if not np.array_equal(got, want):
                reasons.append(f"{tensor.name}: {int(np.sum(got != want))} of {want.size} values differ")
        else:
            bound = SOFT_TOPK if tensor.name == "w" else NORM[tensor.type]
            reasons += _compare_floats(tensor.name, got, want, bound, doubtful, errors)
    return reasons, errors


def _compare_floats(name, got, want, bound, doubtful, errors):
    if not np.all(np.isfinite(got)):
        return [f"{name}: {int(np.sum(~np.isfinite(got)))} of {got.size} values are not finite"]
    if doubtful is not None and np.any(doubtful):
        allowed = max(2, len(doubtful) // 20)
        if doubtful.sum() > allowed:
            return [f"{name}: the selection of {int(doubtful.sum())} tokens is a matter of rounding, expected at most "
                    f"{allowed}; use another seed"]
        got, want = got[:, ~doubtful], want[:, ~doubtful]
    errors[name] = float(norm_error(got, want))
    if not errors[name] <= bound:
        return [f"{name}: normalised error {errors[name]:.2e}, expected at most {bound:.0e}"]
    return []


def _compare_sets(name, got, want):
    rows = zip(got.reshape(-1, got.shape[-1]), want.reshape(-1, want.shape[-1]))
    wrong = [n for n, (a, b) in enumerate(rows) if sorted(a.tolist()) != sorted(b.tolist())]
    return [f"{name}: another set of tokens in {len(wrong)} rows, first in row {wrong[0]}"] if wrong else []
