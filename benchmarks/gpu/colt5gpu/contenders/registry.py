"""The contenders of each kind of program: {name: function that builds one}. A builder takes the case and the inputs by
name, and returns a call without arguments that gives the program's results."""
import torch
import torch.nn.functional as F

from . import expert, spec


def has_triton():
    try:
        import triton  # noqa: F401
        return torch.cuda.is_available()
    except ImportError:
        return False


def eager(case, inputs):
    """Our mathematics as written in spec.py."""
    return lambda: spec.run(case, inputs)


def compiled(mode):
    """The same under torch.compile; FlexAttention where there is window attention."""
    return lambda case, inputs: _compiled(case, inputs, mode)


def _compiled(case, inputs, mode):
    torch._dynamo.reset()
    if case.kind == "light_attention":
        # FlexAttention is the compiled form of this one.
        return light(case, inputs, "flex")
    if case.kind == "layer":
        run = torch.compile(expert_layer_parts(case, inputs, "flex", False), mode=mode)
        return lambda: (run(inputs["x"]),)
    run = torch.compile(lambda **named: spec.run(case, named), mode=mode)
    return lambda: run(**inputs)


def light(case, inputs, how):
    attention = expert.Light(case, inputs["table"], how)
    return lambda: (attention(inputs["q"], inputs["k"], inputs["v"]),)


def expert_layer_parts(case, inputs, how, triton):
    weights = {name: value for name, value in inputs.items() if name not in ("x", "mask")}
    return expert.Layer(case, weights, how, triton)


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


def list_contenders(case, autotune=False):
    """{name: builder} for a case; those that need Triton only where it is."""
    triton = has_triton()
    # The graph is captured for every contender alike, so torch.compile need not.
    mode = "max-autotune-no-cudagraphs" if autotune else "default"
    found = {"pytorch eager": eager, f"torch.compile {mode}": compiled(mode)}
    if case.kind == "layer":
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
