"""rms_scale, rms_norm and rope."""
import numpy as np

from .arrays import choose, f64


def rms_scale(x, mask=None, *, eps=1e-6):
    """r [batch...] = 1 / sqrt(mean(x^2) + eps) of x [batch..., D], 0 where that sum is 0; masked rows are 0."""
    x = f64(x)
    square = np.mean(x * x, axis=-1) + eps
    with np.errstate(divide="ignore"):
        r = np.where(square == 0.0, 0.0, 1.0 / np.sqrt(square))
    return r if mask is None else np.where(np.asarray(mask).astype(bool), r, 0.0)


def rms_norm(x, g, mask=None, *, eps=1e-6):
    """x * rms_scale(x) * g; masked rows are 0, whatever they held."""
    x = f64(x)
    y = x * rms_scale(x, eps=eps)[..., None] * f64(g)
    return y if mask is None else np.where(np.asarray(mask).astype(bool)[..., None], y, 0.0)


def rope(x, pos, *, theta=10000.0, layout="half"):
    """Rotary embedding of x [B, H, Q, C] at pos [B, Q] or [B, G, Q]; position -1 copies the row."""
    choose("layout", layout, ("half", "interleaved"))
    x, pos = f64(x), np.asarray(pos)
    batch, heads, queries, size = x.shape
    if size % 2:
        raise ValueError(f"rope: expected an even head size, got {size}")
    if pos.ndim == 2:
        pos = pos[:, None, :]
    pos = np.repeat(pos, heads // pos.shape[1], axis=1)
    angle = pos[..., None] * theta ** (-2.0 * np.arange(size // 2) / size)
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = np.split(x, 2, axis=-1) if layout == "half" else (x[..., 0::2], x[..., 1::2])
    turned = (first * cos - second * sin, second * cos + first * sin)
    if layout == "half":
        y = np.concatenate(turned, axis=-1)
    else:
        y = np.stack(turned, axis=-1).reshape(x.shape)
    return np.where((pos == -1)[..., None], x, y)
