"""What the public CoLT5 modules compute with the arguments of an example. Needs PyTorch and colt5-attention.

Each module gets the example's arguments as its parameters: all of them, or a parameter is named as left out. What an
example leaves out is taken out of the module as well: norms become the identity, the null key is cut off.
"""
import types

import numpy as np
import torch
from colt5_attention import (ConditionalRoutedAttention, ConditionalRoutedAutoregressiveAttention,
                             ConditionalRoutedCrossAttention, ConditionalRoutedFeedForward,
                             ConditionalRoutedTransformerBlock, ConditionalRoutedViT, CoordinateDescentRouter,
                             coor_descent, topk, transformer_block)

# Tables that the modules compute for themselves are f64 too.
torch.set_default_dtype(torch.float64)


class Ambiguous(Exception):
    """The public selection among equal weights is left to chance with these arguments."""


def tensor(value):
    return torch.from_numpy(np.ascontiguousarray(value))


def fill(module, values, left_out=()):
    """Sets every parameter of a module; parameters in `left_out` become 0."""
    parameters = dict(module.named_parameters())
    expected = set(parameters) - set(left_out)
    if expected != set(values):
        raise AssertionError(f"parameters: expected {sorted(expected)}, found {sorted(values)}")
    with torch.no_grad():
        for name, parameter in parameters.items():
            value = tensor(values[name]) if name in values else torch.zeros_like(parameter)
            if value.shape != parameter.shape:
                raise AssertionError(f"{name}: expected {tuple(parameter.shape)}, found {tuple(value.shape)}")
            parameter.copy_(value)
    return module.eval()


def rows_of_heads(weight):
    """The rows of a linear layer that computes heads: DxHxC becomes (H C)xD."""
    return weight.transpose(1, 2, 0).reshape(-1, weight.shape[0])


def columns_of_heads(weight):
    """The matrix of a linear layer that reads heads: HxCxD becomes Dx(H C)."""
    return weight.reshape(-1, weight.shape[-1]).T


def watch(router):
    """Makes a router raise Ambiguous when its last selected weight equals the next one."""
    weights = []
    descend, route = router.coor_descent, router.forward

    def descend_and_keep(*arguments, **options):
        weights.append(descend(*arguments, **options))
        return weights[-1]

    def route_and_check(x, *, num_tokens, mask=None, **options):
        del weights[:]
        result = route(x, num_tokens=num_tokens, mask=mask, **options)
        for found in weights:
            last, following = found.topk(min(num_tokens + 1, found.shape[-1]), dim=-1).values[..., -2:].unbind(dim=-1)
            tied = (last - following <= 1e-9 * last) & (num_tokens < found.shape[-1])
            # With few tokens the rest of the slots holds padding, whichever.
            seen = None if mask is None else mask[:, :found.shape[-1]]
            all_taken = torch.zeros_like(tied) if seen is None else ((found > 0) == seen).all(dim=-1)
            if bool((tied & ~(all_taken & (last == 0))).any()):
                raise Ambiguous
        return result
    router.coor_descent, router.forward = descend_and_keep, route_and_check


def route_blocks(router, size):
    """What `route_block_size` is to do (there it raises IndexError for more than one block): the router sees the blocks
    as batch entries, and the rows are gathered from the whole sequence."""
    route = router.forward

    def route_each(x, *, num_tokens, mask=None, **options):
        batch, blocks = x.shape[0], x.shape[1] // size
        split = lambda t: t[:, :blocks * size].reshape(batch * blocks, size, *t.shape[2:])
        indices, scores, _, _ = route(split(x), num_tokens=-(-num_tokens // blocks),
                                      mask=None if mask is None else split(mask), **options)
        offsets = torch.arange(blocks).repeat(batch)[:, None] * size
        indices, scores = (indices + offsets).reshape(batch, -1), scores.reshape(batch, -1)
        entry = torch.arange(batch)[:, None]
        return indices, scores, x[entry, indices], None if mask is None else mask[entry, indices]
    router.forward = route_each


def without_null_key(attend):
    """The attention inside a heavy branch with the null key, which comes first, cut off."""
    def forward(q, k, v, mask=None):
        return attend(q, k[:, :, 1:], v[:, :, 1:], mask=None if mask is None else mask[..., 1:])
    return forward


def attention_parameters(values):
    """Parameters of conditional attention by the names of an example's arguments."""
    heavy = "h" if "hq" in values else "w"
    wk, wv = values[heavy + "k"], values[heavy + "v"]
    if wk.ndim == 3:
        wk, wv = (w.transpose(1, 0, 2)[None] for w in (wk, wv))
    # Route, head, key then value, model width.
    key_value = np.concatenate([wk, wv], axis=-1).transpose(0, 1, 3, 2)
    parameters = {
        "q_router.routing_token": values["u_q"], "kv_router.routing_token": values["u_kv"],
        "heavy_attn.to_q.weight": rows_of_heads(values[heavy + "q"]),
        "heavy_attn.to_kv.weight": key_value.reshape(-1, key_value.shape[-1]),
        "heavy_attn.to_out.weight": columns_of_heads(values[heavy + "o"])}
    if "lq" in values:
        parameters["light_attn.to_qkv.weight"] = np.concatenate([rows_of_heads(values["l" + c]) for c in "qkv"])
        parameters["light_attn.to_out.weight"] = columns_of_heads(values["lo"])
    if "g_light" in values:
        # The public ViT has an RMSNorm where the others have a LayerNorm.
        vit = "b_light" not in values
        parameters["light_attn.norm.gamma" if vit else "light_attn.norm.weight"] = values["g_light"]
        if not vit:
            parameters["light_attn.norm.bias"] = values["b_light"]
    if "g_heavy" in values:
        parameters["heavy_attn.norm.gamma"] = values["g_heavy"]
    if "null_k" in values:
        parameters["heavy_attn.null_kv"] = np.stack([values["null_k"], values["null_v"]])
    if "null_q" in values:
        parameters["null_q_token"] = values["null_q"]
    return parameters


def feedforward_parameters(values, router):
    parameters = {"router.routing_token": values[router]}
    for short, branch in (("l", "light_ff"), ("h", "heavy_ff")):
        if f"g_{short}" in values:
            parameters[f"{branch}.0.gamma"] = values[f"g_{short}"]
        for place, layer in (("in", 1), ("out", 3)):
            parameters[f"{branch}.{layer}.weight"] = values[f"{short}_{place}"].T
            if f"{short}_{place}_bias" in values:
                parameters[f"{branch}.{layer}.bias"] = values[f"{short}_{place}_bias"]
    return parameters


def prefixed(prefix, parameters):
    return {f"{prefix}.{name}": value for name, value in parameters.items()}


HEADS = {"light_dim_head": 8, "light_heads": 2, "heavy_dim_head": 8, "heavy_heads": 4}


def run_attention(case, values, mask):
    options = dict(case.options)
    block = options.pop("route_block_size", None)
    rounds = options.get("num_routed_kv", 1) > 1
    module = ConditionalRoutedAttention(
        32, num_heavy_tokens_q=case.queries, num_heavy_tokens_kv=case.keys, has_light_attn="lq" in values,
        light_window_size=16, router_kwargs=case.router, use_null_q_tokens="null_q" in values,
        **{"router_straight_through": False, **HEADS, **options})
    module.heavy_attn.norm = torch.nn.Identity()
    if module.light_attn is not None:
        module.light_attn.norm = torch.nn.Identity()
    left_out = []
    if "null_k" not in values:
        left_out.append("heavy_attn.null_kv")
        module.heavy_attn.attend.forward = without_null_key(module.heavy_attn.attend.forward)
    fill(module, attention_parameters(values), left_out)
    if module.rotary_emb is not None:
        # The module keeps its frequencies in f32.
        module.rotary_emb.inv_freq = 10000.0 ** (-torch.arange(0, 8, 2) / 8)
    for router in (module.q_router, module.kv_router):
        watch(router)
        if block and values["x"].shape[1] // block == 1:
            router.route_block_size = block
        elif block:
            route_blocks(router, block)
    x = tensor(values["x"])
    if rounds:
        # With several routes and a batch the public gather reads rows of another entry: one entry at a time.
        return torch.cat([module(x[i:i + 1], mask=None if mask is None else mask[i:i + 1]) for i in range(len(x))])
    return module(x, mask=mask)


def run_cross_attention(case, values, mask):
    # The name that is defined nowhere.
    transformer_block.should_route_queries = True
    module = ConditionalRoutedCrossAttention(
        32, num_tokens_q=case.queries, num_tokens_kv=case.keys, dim_head=8, heads=4, router_straight_through=False,
        router_kwargs=case.router, use_null_q_tokens=False)
    module.heavy_attn.norm = torch.nn.Identity()
    module.heavy_attn.attend.forward = without_null_key(module.heavy_attn.attend.forward)
    fill(module, attention_parameters(values), ["heavy_attn.null_kv"])
    watch(module.q_router)
    watch(module.kv_router)
    route_blocks(module.kv_router, 32)
    return module(tensor(values["x"]), tensor(values["context"]), mask=mask,
                  context_mask=None if mask is None else tensor(values["context_mask"]))


def run_autoregressive(case, values, mask):
    module = ConditionalRoutedAutoregressiveAttention(
        32, num_heavy_tokens_q=case.queries, num_heavy_tokens_kv=case.keys, light_window_size=16,
        router_kwargs=case.router, **HEADS, **case.options)
    fill(module, attention_parameters(values))
    watch(module.q_router)
    watch(module.kv_router)
    return module(tensor(values["x"]))


def run_feedforward(case, values, mask):
    module = ConditionalRoutedFeedForward(
        32, num_heavy_tokens=case.queries, router_kwargs=case.router,
        **{"router_straight_through": False, **case.options})
    left_out = []
    if "g_l" not in values:
        module.light_ff[0] = module.heavy_ff[0] = torch.nn.Identity()
        left_out = [f"{branch}.{layer}.bias" for branch in ("light_ff", "heavy_ff") for layer in (1, 3)]
    fill(module, feedforward_parameters(values, "u"), left_out)
    watch(module.router)
    return module(tensor(values["x"]), mask=mask)


def run_block(case, values, mask):
    module = ConditionalRoutedTransformerBlock(
        32, num_heavy_attn_tokens_q=case.queries, num_heavy_attn_tokens_kv=case.keys, num_heavy_ff_tokens=8,
        light_window_size=16, router_straight_through=False, router_kwargs=case.router, **HEADS)
    fill(module, {**prefixed("conditional_attn", attention_parameters(values)),
                  **prefixed("conditional_ff", feedforward_parameters(values, "u_f"))})
    for router in (module.conditional_attn.q_router, module.conditional_attn.kv_router, module.conditional_ff.router):
        watch(router)
    return module(tensor(values["x"]), mask=mask)


def run_vit(case, values, mask):
    heads = {f"attn_{name}": value for name, value in HEADS.items()}
    module = ConditionalRoutedViT(
        image_size=32, patch_size=4, num_classes=10, dim=32, depth=1, attn_num_heavy_tokens_q=case.queries,
        attn_num_heavy_tokens_kv=case.keys, attn_light_window_size=4, ff_num_heavy_tokens=8, ff_heavy_mult=4,
        ff_light_mult=0.5, router_straight_through=False, router_kwargs=case.router, flash_attn=False, **heads)
    embedding, head = "to_patch_embedding", "linear_head"
    fill(module, {
        f"{embedding}.1.weight": values["g_patch"], f"{embedding}.1.bias": values["b_patch"],
        f"{embedding}.2.weight": values["w_patch"].T, f"{embedding}.2.bias": values["w_patch_bias"],
        f"{embedding}.3.weight": values["g_embed"], f"{embedding}.3.bias": values["b_embed"],
        f"{head}.1.weight": values["g_head"], f"{head}.1.bias": values["b_head"],
        f"{head}.2.weight": values["w_head"].T, f"{head}.2.bias": values["w_head_bias"],
        **prefixed("transformer.layers.0.0", attention_parameters(values)),
        **prefixed("transformer.layers.0.1", feedforward_parameters(values, "u_f"))})
    attention, feedforward = module.transformer.layers[0]
    for router in (attention.q_router, attention.kv_router, feedforward.router):
        watch(router)
    return module(tensor(values["image"]))


def run_descent(case, values, mask):
    return coor_descent(tensor(values["s"]), n_iters=case.router["n_iters"], k=tensor(values["k"]), eps=0.1,
                        mask=None if mask is None else mask[:, None])


def run_topk(case, values, mask):
    found = topk(tensor(values["s"]), 8, n_iters=50)
    return found.values, found.indices, found.coor_descent_values, found.gates


def run_router(case, values, mask):
    # The flag is inverted: this router has no tokens of its own.
    router = CoordinateDescentRouter(32, straight_through=False, num_routing_tokens=2, learned_routing_tokens=True,
                                     **case.router)
    fill(router, {})
    watch(router)
    x, tokens = tensor(values["x"]), tensor(values["routing_tokens"])
    results = []
    # As for several routes of attention: one batch entry at a time. The order of slots is not part of their meaning.
    for i in range(len(x)):
        indices, scores, rows, _ = router(x[i:i + 1], num_tokens=8, routing_tokens=tokens[i:i + 1],
                                          mask=None if mask is None else mask[i:i + 1])
        order = indices.argsort(dim=-1)
        results.append((indices.gather(-1, order), scores.gather(-1, order),
                        rows.gather(-2, order[..., None].expand_as(rows))))
    return [torch.cat(parts) for parts in zip(*results)]


RUNS = types.MappingProxyType({
    "ConditionalRoutedAttention": run_attention, "ConditionalRoutedAutoregressiveAttention": run_autoregressive,
    "ConditionalRoutedCrossAttention": run_cross_attention, "ConditionalRoutedFeedForward": run_feedforward,
    "ConditionalRoutedTransformerBlock": run_block, "ConditionalRoutedViT": run_vit,
    "CoordinateDescentRouter": run_router, "coor_descent": run_descent, "topk": run_topk})


class Arguments(dict):
    """Arguments of an example that knows which of them were read."""

    def __init__(self, values):
        super().__init__(values)
        self.unread = set(values) - NO_PARAMETERS

    def __getitem__(self, name):
        self.unread.discard(name)
        return super().__getitem__(name)


# Arguments that are options of the modules, that they find for themselves (the sines of the ViT) or must not notice.
NO_PARAMETERS = {"mask", "kv_mask", "context_mask", "num_q", "num_kv", "table"}


def expected(case, values, masked):
    """The results of the public module, one array per result of the example; raises Ambiguous."""
    arguments = Arguments(values)
    mask = tensor(values["mask"]) if masked else None
    with torch.no_grad():
        results = RUNS[case.module](case, arguments, mask)
    if arguments.unread:
        raise AssertionError(f"the module does not take {sorted(arguments.unread)}")
    return [result.numpy() for result in ([results] if isinstance(results, torch.Tensor) else results)]
