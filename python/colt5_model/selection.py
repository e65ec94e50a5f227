"""topk: exact selection with a total order."""
import numpy as np

from .arrays import choose, f64, route_mask


def topk(s, mask=None, *, k, tie="lowest_index", order="index", block=None):
    """Selects k tokens per row of s [B, R, N].

    Order: unmasked before masked, score descending (NaN as -inf, -0.0 equal to +0.0), then index. A mask
    hides the score, so masked tokens follow each other by index alone.
    Returns idx [B, R, k] i32, valid [B, R, k] bool and values [B, R, k] (-inf at masked and -1 slots, and for NaN).
    """
    choose("tie", tie, ("lowest_index", "highest_index"))
    choose("order", order, ("index", "score"))
    s = f64(s)
    batch, routes, tokens = s.shape
    mask = route_mask(mask, batch, routes, tokens)
    idx = np.full((batch, routes, k), -1, dtype=np.int32)
    for b in range(batch):
        for r in range(routes):
            idx[b, r] = _select_row(s[b, r], mask[b, r], k, tie, order, block)
    live = idx >= 0
    at = np.where(live, idx, 0)
    if tokens == 0:
        return idx, np.zeros(idx.shape, bool), np.full(idx.shape, -np.inf)
    valid = live & np.take_along_axis(mask, at, axis=2)
    values = np.where(valid, np.take_along_axis(s, at, axis=2), -np.inf)
    values = np.where(np.isnan(values), -np.inf, values)
    return idx, valid, values


def _select_row(s, mask, k, tie, order, block):
    if block is None:
        return _select(s, mask, k, tie, order)
    blocks = len(s) // block
    if blocks == 0:
        return np.full(k, -1)
    if k % blocks:
        raise ValueError(f"topk: expected k to be a multiple of the {blocks} full blocks, got {k}")
    parts = []
    for p in range(blocks):
        run = slice(p * block, (p + 1) * block)
        picked = _select(s[run], mask[run], k // blocks, tie, order)
        parts.append(np.where(picked >= 0, picked + p * block, -1))
    return np.concatenate(parts)


def _select(s, mask, k, tie, order):
    score = np.where(mask & ~np.isnan(s), s, -np.inf)
    position = np.arange(len(s))
    by_index = position if tie == "lowest_index" else -position
    # lexsort: the last key is the first criterion; it is a comparison sort, so -0.0 equals +0.0.
    ranking = np.lexsort((by_index, -score, ~mask))
    picked = ranking[:k]
    if order == "index":
        picked = np.sort(picked)
    return np.concatenate([picked, np.full(k - len(picked), -1, dtype=picked.dtype)])
