"""Small helpers shared by all families: conversion to float64 and mask broadcasting."""
import numpy as np


def f64(a):
    """A float64 copy of `a`; float64 holds every f32, f16 and bf16 value exactly."""
    return np.array(a, dtype=np.float64)


def token_mask(mask, batch, tokens):
    """The [B, N] mask as bool; all ones when there is none."""
    if mask is None:
        return np.ones((batch, tokens), dtype=bool)
    mask = np.asarray(mask).astype(bool)
    if mask.shape != (batch, tokens):
        raise ValueError(f"mask: expected shape {(batch, tokens)}, got {mask.shape}")
    return mask


def route_mask(mask, batch, routes, tokens):
    """A [B, N] or [B, R, N] mask (or none) as a [B, R, N] bool array."""
    if mask is None:
        return np.ones((batch, routes, tokens), dtype=bool)
    mask = np.asarray(mask).astype(bool)
    if mask.ndim == 2:
        mask = mask[:, None, :]
    if mask.ndim != 3 or mask.shape[0] != batch or mask.shape[1] not in (1, routes) or mask.shape[2] != tokens:
        raise ValueError(f"mask: expected [{batch}, {tokens}] or [{batch}, {routes}, {tokens}], got {mask.shape}")
    return np.broadcast_to(mask, (batch, routes, tokens))


def live_indices(idx, extent, valid=None):
    """True where a slot names a token: in [0, extent), and valid if a validity is given."""
    idx = np.asarray(idx)
    live = (idx >= 0) & (idx < extent)
    if valid is not None:
        live &= np.asarray(valid).astype(bool)
    return live


def has_index_error(idx, extent):
    """True if an index is neither -1 nor in [0, extent): the condition that sets the error word."""
    idx = np.asarray(idx)
    return bool(np.any((idx < -1) | (idx >= extent)))


def logsumexp(z):
    """log(sum(exp(z))) of a vector; -inf for an empty one."""
    if z.size == 0:
        return -np.inf
    top = np.max(z)
    if not np.isfinite(top):
        return top
    return top + np.log(np.sum(np.exp(z - top)))


def choose(name, value, allowed):
    """Checks an enum attribute and returns it."""
    if value not in allowed:
        raise ValueError(f"{name}: expected one of {', '.join(allowed)}, got '{value}'")
    return value
