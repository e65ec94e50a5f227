"""The contenders of each kind of program: {name: function that builds one}. A builder takes the case and the inputs by
name, and returns a call without arguments that gives the program's results."""
import importlib.util

import torch
import torch.nn.functional as F

from . import expert, spec


def has_triton():
    return importlib.util.find_spec("triton") is not None and torch.cuda.is_available()


def eager(case, inputs):
    """Our mathematics as written in spec.py."""
    return lambda: spec.run(case, inputs)


def compiled(mode, how="flex"):
    """The same under torch.compile; window attention is FlexAttention, or SDPA over blocks (`banded`)."""
    return lambda case, inputs: _compiled(case, inputs, mode, how)


def _compiled(case, inputs, mode, how):
    torch._dynamo.reset()
    if case.kind == "light_attention":
        # FlexAttention is the compiled form of this one.
        return light(case, inputs, "flex")
    if case.kind == "layer":
        run = torch.compile(expert_layer_parts(case, inputs, how, False, packed=False), mode=mode)
        return lambda: (run(inputs["x"]),)
    run = torch.compile(lambda **named: spec.run(case, named), mode=mode)
    return lambda: run(**inputs)


def light(case, inputs, how):
    attention = expert.Light(case, inputs["table"], how)
    return lambda: (attention(inputs["q"], inputs["k"], inputs["v"]),)


def expert_layer_parts(case, inputs, how, triton, packed=True):
    weights = {name: value for name, value in inputs.items() if name not in ("x", "mask")}
    return expert.Layer(case, weights, how, triton, packed)


def expert_layer(how, triton):
    def build(case, inputs):
        run = expert_layer_parts(case, inputs, how, triton)
        return lambda: (run(inputs["x"]),)
    return build


def expert_router(triton):
    def build(case, inputs):
        router = expert.Router(case.routed, triton)

        def run():
            s = inputs["s"] if case.kind in ("topk", "soft_topk") else expert.mm_f32(inputs["x"][0], inputs["u"][0])
            s = s.view(1, 1, -1)
            if case.kind == "soft_topk":
                return (router.weights(s),)
            idx = torch.topk(s, case.routed, sorted=False).indices
            chosen = (idx, torch.ones_like(idx, dtype=torch.bool))
            return chosen if case.kind == "topk" else (s, *chosen, router.weights(s))
        return run
    return build


def expert_norm(case, inputs):
    return lambda: (F.rms_norm(inputs["x"], (case.d,), inputs["g"], eps=1e-6),)


def expert_ffn(case, inputs):
    ffn = expert.Gated(inputs["w_in"], inputs["w_gate"], inputs["w_out"])
    return lambda: (ffn(inputs["x"]),)


def expert_routed_ffn(case, inputs):
    ffn = expert.Gated(inputs["w_in"], inputs["w_gate"], inputs["w_out"])

    def run():
        i = inputs["idx"][0]
        y = ffn(inputs["x"][0].index_select(0, i)) * inputs["weight"][0][:, None]
        return (inputs["base"].clone()[0].index_add_(0, i, y.to(inputs["base"].dtype))[None],)
    return run


def triton_routed_ffn(case, inputs):
    from .triton_kernels import routed_ffn_

    def run():
        y = inputs["base"].clone()
        routed_ffn_(inputs["x"][0], y[0], inputs["idx"][0], inputs["weight"][0], inputs["w_in"], inputs["w_gate"],
                    inputs["w_out"])
        return (y,)
    return run


def expert_heavy(case, inputs):
    return lambda: (expert.heavy(**inputs),)


def flash_window(case, inputs):
    """Flash attention with the window but without the position bias, which it does not have."""
    from torch.nn.attention.varlen import varlen_attn
    q, k, v = (inputs[name][0].transpose(0, 1).contiguous() for name in "qkv")
    ends = torch.tensor([0, case.n], dtype=torch.int32, device=q.device)
    window = {"window_size": (case.radius, case.radius), "scale": 1.0}
    return lambda: (varlen_attn(q, k, v, ends, ends, case.n, case.n, **window),)


def public_colt5(case, inputs):
    """The public package with the same sizes and its own weights, if it is installed."""
    from colt5_attention import ConditionalRoutedTransformerBlock
    block = ConditionalRoutedTransformerBlock(
        case.d, num_heavy_attn_tokens_q=case.routed, num_heavy_attn_tokens_kv=case.keys,
        num_heavy_ff_tokens=case.routed, light_dim_head=case.head_size, light_heads=case.light_heads,
        light_window_size=case.radius + 1, heavy_dim_head=case.head_size, heavy_heads=case.heavy_heads,
        light_ff_mult=case.light_width / case.d, heavy_ff_mult=case.heavy_width / case.d, use_triton=has_triton(),
        use_flash_attn=True).to("cuda", inputs["x"].dtype)
    return lambda: (block(inputs["x"]),)


def list_context(case):
    """{name: builder} of what computes something else and is timed for context only."""
    found = {"light_attention": {"flash window without bias": flash_window}, "layer": {"public CoLT5": public_colt5}}
    return found.get(case.kind, {}) if case.type == "bf16" else {}


def list_contenders(case, autotune=False):
    """{name: builder} for a case; those that need Triton only where it is."""
    triton = has_triton()
    # The graph is captured for every contender alike, so torch.compile need not.
    mode = "max-autotune-no-cudagraphs" if autotune else "default"
    found = {"pytorch eager": eager, f"torch.compile {mode}": compiled(mode)}
    if case.kind == "layer":
        found[f"torch.compile {mode}, banded SDPA"] = compiled(mode, "banded")
        found.update({"expert banded SDPA": expert_layer("banded", triton), "expert flex": expert_layer("flex", False)})
        if triton:
            found["expert flex + triton"] = expert_layer("flex", True)
    elif case.kind == "light_attention":
        found["expert banded SDPA"] = lambda c, inputs: light(c, inputs, "banded")
    elif case.kind in ("topk", "soft_topk", "router"):
        found["expert triton" if triton else "expert"] = expert_router(triton)
    elif case.kind == "routed_ffn":
        found["expert"] = expert_routed_ffn
        if triton:
            found["triton gather-gate-scatter"] = triton_routed_ffn
    else:
        one = {"rms_norm": expert_norm, "light_ffn": expert_ffn, "heavy_attention": expert_heavy}.get(case.kind)
        found.update({"expert": one} if one else {})
    return found
