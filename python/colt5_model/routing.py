"""router_scores and #colt5.routing: from tokens to selected indices and their weights."""
import dataclasses
import re

import numpy as np

from .arrays import choose, f64, route_mask
from .movement import gather
from .selection import topk
from .softtopk import soft_topk

KINDS = ("softmax_topk", "soft_topk", "softmax_all", "sigmoid", "raw", "ones")


def router_scores(x, u, mask=None, *, similarity="dot", scale=1.0):
    """s [B, R, N] = scale * <x, u> of x [B, N, D] and u [R, D] or [B, R, D]; masked tokens are -inf."""
    choose("similarity", similarity, ("dot", "cosine"))
    x, u = f64(x), f64(u)
    if u.ndim == 2:
        u = np.broadcast_to(u, (x.shape[0],) + u.shape)
    if similarity == "cosine":
        x, u = _unit(x), _unit(u)
    # One pairwise sum per token: equal tokens get equal scores, which a blocked matrix product does not promise.
    s = scale * np.stack([np.sum(x * u[:, r, None, :], axis=-1) for r in range(u.shape[1])], axis=1)
    return np.where(route_mask(mask, *s.shape), s, -np.inf)


def _unit(a):
    return a / np.maximum(np.sqrt(np.sum(a * a, axis=-1, keepdims=True)), 1e-12)


@dataclasses.dataclass
class Routing:
    """The attribute #colt5.routing; field names and defaults are its parameters."""
    kind: str = "soft_topk"
    eps: float = 1.0
    iterations: int = 50
    init: str = "zero"
    eps_init: float = None
    eps_decay: float = 1.0
    overflow: str = "ones"
    solver: str = "iterate"
    block: int = None
    k_ratio: float = 1.0
    similarity: str = "dot"
    scale: float = 1.0
    bypass: str = "none"

    def __post_init__(self):
        choose("routing", self.kind, KINDS)
        choose("bypass", self.bypass, ("none", "ones"))


def parse_routing(text):
    """A Routing from itself, a dict, or '#colt5.routing<kind, name = value, ...>' (the prefix may be absent)."""
    if isinstance(text, Routing):
        return text
    if text is None:
        return Routing()
    if isinstance(text, dict):
        return Routing(**text)
    body = re.sub(r"^(#colt5\.)?routing<(.*)>$", r"\2", text.strip())
    fields = {}
    for n, item in enumerate(part.strip() for part in body.split(",")):
        name, equals, value = (piece.strip() for piece in item.partition("="))
        if not equals:
            if n:
                raise ValueError(f"routing: expected 'name = value', got '{item}'")
            fields["kind"] = name
        else:
            fields[name] = _scalar(value)
    return Routing(**fields)


def _scalar(text):
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            pass
    return text


def routing_weights(s, k, idx, valid, mask, routing):
    """The weights [B, R, K] of the selected slots.

    A slot that is -1, masked, or was selected with score NaN or -inf weighs 0. softmax_topk and softmax_all normalise
    over the row, also when the selection works in blocks.
    """
    routing = parse_routing(routing)
    s = f64(s)
    kind = "ones" if routing.bypass == "ones" and k >= s.shape[2] else routing.kind
    usable = route_mask(mask, *s.shape) & ~np.isnan(s) & (s != -np.inf)
    if s.shape[2] == 0:
        return np.zeros(idx.shape)
    at = np.where(idx >= 0, idx, 0)
    picked = np.asarray(valid).astype(bool) & np.take_along_axis(usable, at, axis=2)
    score = np.where(picked, np.take_along_axis(s, at, axis=2), -np.inf)
    if kind == "softmax_topk":
        return softmax_kept(score)
    if kind == "soft_topk":
        w = soft_topk(s, routing.k_ratio * k, mask, eps=routing.eps, iterations=routing.iterations, init=routing.init,
                      eps_init=routing.eps_init, eps_decay=routing.eps_decay, overflow=routing.overflow,
                      solver=routing.solver, block=routing.block)
        w = np.take_along_axis(w, at, axis=2)
    elif kind == "softmax_all":
        w = np.take_along_axis(softmax_kept(np.where(usable, s, -np.inf)), at, axis=2)
    elif kind == "sigmoid":
        w = sigmoid(score)
    elif kind == "raw":
        w = score
    else:
        w = np.ones(score.shape)
    return np.where(picked, w, 0.0)


def softmax_kept(s):
    """Softmax over the last axis; -inf entries weigh 0, a row of them is 0, and +Inf entries share the row."""
    if s.shape[-1] == 0:
        return s
    top = np.max(s, axis=-1, keepdims=True)
    s = np.where(top == np.inf, np.where(s == np.inf, 0.0, -np.inf), s)
    top = np.where(np.isfinite(top), top, 0.0)
    e = np.exp(s - top)
    total = np.sum(e, axis=-1, keepdims=True)
    return e / np.where(total > 0, total, 1.0)


def sigmoid(x):
    """1 / (1 + exp(-x)) without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


def route(x, u, k, mask=None, routing=None, replay=None):
    """Scores, indices, validity and weights of k tokens per route: what every composite does first.

    `replay` [B, R, k] stands for the selection; weights and validity still follow from the scores and the mask.
    """
    routing = parse_routing(routing)
    s = router_scores(x, u, mask, similarity=routing.similarity, scale=routing.scale)
    idx, valid, _ = topk(s, mask, k=k, block=routing.block)
    if replay is not None:
        if np.shape(replay) != idx.shape:
            raise ValueError(f"replay: expected indices of shape {idx.shape}, got {np.shape(replay)}")
        idx = np.asarray(replay, dtype=np.int32)
        valid = gather(route_mask(mask, *s.shape), idx, batch_dims=2)
    return s, idx, valid, routing_weights(s, k, idx, valid, mask, routing)
