"""gather, scatter_combine and block_summary."""
import numpy as np

from .arrays import choose, f64, live_indices, token_mask


def gather(source, idx, valid=None, scale=None, *, batch_dims=1):
    """Rows of source [batch..., N, rest...] at idx [batch..., (R,) K]; -1, out of range or invalid gives zeros.

    The element type of the source is kept for bool and integers; floats become float64.
    """
    source, idx = np.asarray(source), np.asarray(idx)
    if source.dtype.kind == "f":
        source = f64(source)
    if source.shape[:batch_dims] != idx.shape[:batch_dims]:
        raise ValueError(f"gather: expected equal batch sizes, got {source.shape} and {idx.shape}")
    rest = source.shape[batch_dims + 1:]
    live = live_indices(idx, source.shape[batch_dims], valid)
    out = np.zeros(idx.shape + rest, dtype=source.dtype)
    for at in np.ndindex(*idx.shape):
        if live[at]:
            row = source[at[:batch_dims] + (idx[at],)]
            out[at] = row if scale is None else row * f64(scale)[at]
    return out


def scatter_combine(y, idx, base, valid=None, weight=None, *, combine="add"):
    """base [B, N, D] with weight * y [B, (R,) K, D] added (or set) at idx [B, (R,) K]; routes and slots in order."""
    choose("combine", combine, ("add", "set"))
    y, idx, out = f64(y), np.asarray(idx), f64(base)
    live = live_indices(idx, out.shape[1], valid)
    weight = None if weight is None else f64(weight)
    for at in np.ndindex(*idx.shape):
        if not live[at]:
            continue
        row = y[at] if weight is None else weight[at] * y[at]
        if combine == "add":
            out[at[0], idx[at]] += row
        else:
            out[at[0], idx[at]] = row
    return out


def block_summary(x, mask, *, size=16, reduce="sum", orphans="adopt"):
    """T-Global side tokens of x [B, N, D]: s [B, N // size, D], valid [B, N // size] and the block [B, N] of a token.

    The mask must be a prefix of ones. Tokens after the last full block join it (adopt) or belong to none (drop).
    """
    choose("reduce", reduce, ("sum", "mean"))
    choose("orphans", orphans, ("adopt", "drop"))
    x = f64(x)
    batch, tokens, width = x.shape
    mask = token_mask(mask, batch, tokens)
    slots = tokens // size
    s = np.zeros((batch, slots, width))
    valid = np.zeros((batch, slots), dtype=bool)
    block = np.full((batch, tokens), -1, dtype=np.int32)
    for b in range(batch):
        length = int(np.sum(mask[b]))
        if not np.all(mask[b, :length]):
            raise ValueError(f"block_summary: expected the mask to be a prefix of ones, row {b} has a gap")
        full = length // size
        for i in range(length):
            if i // size < full:
                block[b, i] = i // size
            elif orphans == "adopt" and full > 0:
                block[b, i] = full - 1
        for p in range(full):
            members = x[b, block[b] == p]
            s[b, p] = np.sum(members, axis=0) / (len(members) if reduce == "mean" else 1)
            valid[b, p] = True
    return s, valid, block
