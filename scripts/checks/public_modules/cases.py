"""Which examples have a counterpart in the public CoLT5 code, their sizes, and how their arguments are drawn.

Only NumPy is needed here: the same arguments go to colt5-run and to the public modules (oracle.py).
"""
import dataclasses
import re

import numpy as np

# The coordinate descent of the paper, which most examples use: epsilon 1, 50 iterations, k as it is.
PAPER = {"n_iters": 50, "fetch_k_ratio": 1.0, "eps": 1.0, "eps_init": 1.0, "eps_decay": 1.0}
# Defaults of the public router.
PUBLIC = {"n_iters": 20, "fetch_k_ratio": 9 / 8, "eps": 0.03, "eps_init": 4.0, "eps_decay": 0.7}


@dataclasses.dataclass(frozen=True)
class Case:
    """One example next to its module; `name:variant` is the example with one word replaced."""
    module: str
    # (old, new): a change of the example that the comparison must notice.
    change: tuple
    # (old, new): what a variant replaces.
    edit: tuple = None
    # The number of tokens in the file, those of the runs, and those of runs with a mask only: without one, the public
    # local attention sees padding when the number is no multiple of 8.
    written: int = 64
    tokens: tuple = (64, 40, 96)
    masked_tokens: tuple = (61,)
    has_mask: bool = True
    # Whether slots without a token are part of no result that is compared.
    hides_empty_slots: bool = True
    router: dict = dataclasses.field(default_factory=lambda: PAPER)
    # Standard deviation of the scores.
    spread: float = 2.0
    # Options of the public module, and how many tokens are routed.
    options: dict = dataclasses.field(default_factory=dict)
    queries: int = 8
    keys: int = 16


WINDOW = ("window<8, 8>", "block_local<8, 1, 1>")
EPSILON = ("eps = 1.0", "eps = 0.9")
SCALE = ("scale = 0.35355339059327379", "scale = 0.3535533")
ATTENTION = "ConditionalRoutedAttention"
FEEDFORWARD = "ConditionalRoutedFeedForward"

CASES = {
    "attention": Case(ATTENTION, WINDOW),
    "attention:straight_through": Case(ATTENTION, WINDOW, edit=("routing = #routing", "routing = #colt5.routing<ones>"),
                                       router=PUBLIC, spread=0.05, options={"router_straight_through": True}),
    "autoregressive": Case("ConditionalRoutedAutoregressiveAttention", ("block_local<16, 1, 0>", "causal_window<31>"),
                           tokens=(64,), masked_tokens=(), has_mask=False, options={"router_straight_through": True},
                           queries=2, keys=4),
    "block_quota": Case(ATTENTION, ("block = 16", "block = 18"), written=70, tokens=(72, 24),
                        masked_tokens=(70, 20),
                        options={"route_block_size": 16}),
    "bypass": Case(ATTENTION, ("queries = 80", "queries = 60"), tokens=(64, 40), queries=80),
    "coor_descent": Case("coor_descent", ("eps = 0.1", "eps = 0.11"), masked_tokens=(), spread=0.2),
    "coordinate_descent": Case(FEEDFORWARD, ("k_ratio = 1.125", "k_ratio = 1.0"), router=PUBLIC, spread=0.05),
    # More is asked for than there is, and the descent has not come to 1 everywhere.
    "coor_descent:overflow": Case("coor_descent", ("overflow = iterate", "overflow = ones"), masked_tokens=(),
                                  edit=("iterations = 50", "iterations = 2"), router={**PAPER, "n_iters": 2}),
    # Weights taken before epsilon has come down.
    "coordinate_descent:short": Case(FEEDFORWARD, ("iterations = 5", "iterations = 6"), spread=0.05,
                                     edit=("iterations = 20", "iterations = 5"), router={**PUBLIC, "n_iters": 5}),
    "cosine_routing": Case(ATTENTION, ("scale = 8.0", "scale = 7.5"),
                           router={**PAPER, "cosine_sim_routing": True, "cosine_sim_scale": 8}),
    "cross_attention": Case("ConditionalRoutedCrossAttention", ("block = 32", "block = 64")),
    "differentiable_topk": Case("topk", ("k = arith.constant 9.0", "k = arith.constant 8.0"), masked_tokens=(),
                                has_mask=False, spread=0.2),
    "external_routing_tokens": Case("CoordinateDescentRouter", EPSILON, hides_empty_slots=False),
    "feedforward": Case(FEEDFORWARD, ("{eps = 0.0}", "{eps = 1.0e-6}"), router=PUBLIC, spread=0.05),
    "kv_routes": Case(ATTENTION, ("(r, h, d, c)>", "(h, r, d, c)>"), options={"num_routed_kv": 2}),
    "no_light_attention": Case(ATTENTION, EPSILON),
    "null_kv": Case(ATTENTION, ("dense<true> : tensor<2x1xi1>", "dense<false> : tensor<2x1xi1>")),
    "null_query": Case(ATTENTION, ("combine = set", "combine = add")),
    "rope": Case(ATTENTION, ("layout = half", "layout = interleaved"), options={"rotary_emb": True}),
    "runtime_budgets": Case(ATTENTION, WINDOW, queries=6, keys=9),
    "score_scaling": Case(ATTENTION, ("kv_scale = key_value", "kv_scale = value"),
                          options={"multiply_keys_by_score": True, "multiply_queries_by_score": True}),
    "straight_through": Case(FEEDFORWARD, ("<ones>", "<soft_topk>"), options={"router_straight_through": True}),
    "t5_bias": Case(ATTENTION, SCALE),
    "transformer_block": Case("ConditionalRoutedTransformerBlock", ("{eps = 1.0e-5}", "{eps = 1.0e-6}")),
    "vit": Case("ConditionalRoutedViT", ("{eps = 1.0e-5}", "{eps = 1.0e-6}"), tokens=(64,), masked_tokens=(),
                has_mask=False, queries=4, keys=8),
}
# Examples that nothing is compared with.
ALONE = {
    "image_attention": "the public module routes inside each window",
    "random_routing": "the public code draws its own numbers",
}


def program(text, case, tokens):
    """The example with another number of tokens and f64 in place of f32."""
    old = case.written

    def resized(found):
        *sizes, element = found[1].split("x")
        return "tensor<" + "x".join([str(tokens) if int(size) == old else size for size in sizes] + [element]) + ">"
    text = re.sub(r"tensor<((?:\d+x)+\w+)>", resized, text) if tokens != old else text
    return re.sub(r"f32\b", "f64", text)


def signature(text):
    """(entry, {argument: (sizes, element type)}); a scalar has no sizes."""
    head = re.search(r"func\.func @(\w+)\((.*?)\)\s*->", text, flags=re.DOTALL)
    found = re.findall(r"%(\w+)\s*:\s*(?:tensor<([^>]*)>|(\w+))", head[2])
    split = {name: (shape or scalar).split("x") if shape else [scalar] for name, shape, scalar in found}
    return head[1], {name: (tuple(map(int, sizes)), element) for name, (*sizes, element) in split.items()}


def sine_table(side, width):
    """Sines and cosines of column and row, each by a quarter of the width."""
    rate = 10000.0 ** (-np.arange(width // 4) / (width // 4 - 1))
    rows, columns = (place.reshape(-1, 1) * rate for place in np.mgrid[0:side, 0:side])
    return np.concatenate([np.sin(columns), np.cos(columns), np.sin(rows), np.cos(rows)], axis=1)


def draw_mask(shape, masked, rng):
    """A mask that leaves all tokens, most of them, or ("few") fewer than are routed."""
    if masked == "few":
        return rng.permuted(np.arange(shape[1]) < np.array([[3], [10]]), axis=1)
    mask = rng.random(shape) < (0.75 if masked else 2)
    # No list of slots is longer.
    mask[:, :17] = True
    return mask


def fan_in(argument, shape):
    """What the sum of a contraction with this weight runs over."""
    if argument in ("lo", "ho", "wo"):
        return shape[0] * shape[1]
    return shape[-2] if len(shape) == 4 else shape[0]


def draw(name, case, arguments, masked, seed):
    """A value for every argument of the example's function."""
    rng = np.random.default_rng([seed, *name.encode()])
    values = {}
    for argument, (shape, element) in arguments.items():
        normal = rng.standard_normal(shape)
        if element == "index":
            value = case.queries if argument == "num_q" else case.keys
        elif argument == "kv_mask":
            value = np.repeat(values["mask"][:, None], shape[1], axis=1)
        elif element == "i1":
            value = draw_mask(shape, masked, rng)
        elif argument == "s":
            value = case.spread * normal
        elif argument in ("x", "context", "image"):
            value = normal
            # A norm without epsilon makes 0 of a row of zeros.
            value[:, 1] *= argument == "image"
        elif argument.startswith("null_"):
            value = normal
        elif argument == "k":
            value = rng.uniform(2, 12, shape)
        elif argument == "table":
            # No softmax sees a bias that is the same for all keys: the public code has none.
            value = sine_table(8, shape[1]) if name == "vit" else np.repeat(normal[:, :1], shape[1], axis=1)
        elif argument.startswith("g_"):
            value = 1 + 0.3 * normal
        elif argument.startswith("b_") or argument.endswith("_bias"):
            value = 0.3 * normal
        elif argument.startswith("u_") or argument in ("u", "routing_tokens"):
            value = case.spread * normal / shape[-1] ** 0.5
        else:
            # A weight: what it computes stays near 1.
            value = normal / fan_in(argument, shape) ** 0.5
        values[argument] = value
    return values
