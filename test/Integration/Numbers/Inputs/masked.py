"""hidden-by-masks.mlir: `inputs DIR` writes them, `check DIR` checks DIR/out."""
import sys

import numpy as np


def write(folder):
    rng = np.random.default_rng(9)

    def half(*shape):
        return rng.standard_normal(shape).astype(np.float16)
    q, k, v, x = half(1, 2, 8, 16), half(1, 1, 24, 16), half(1, 1, 24, 16), half(1, 24, 16)
    mask = np.ones((1, 24), bool)
    mask[0, [0, 5, 6, 23]] = False
    positions = np.arange(24, dtype=np.int32)[None].copy()
    positions[0, 7] = -1
    hide = [0, 5, 6, 23, 7]
    k[0, 0, hide], v[0, 0, hide] = np.nan, np.inf
    x[0, ~mask[0]] = np.nan
    lists = np.array([[[[1, 2, -1, 2, 3], [-1, -1, -1, -1, -1]]]], np.int32)
    for number, array in enumerate([q, k, v, mask, positions, lists, x, half(1, 16), half(16)]):
        np.save(f"{folder}/{number}.npy", array)


def check(folder):
    q, k, v, mask, positions, _, x, _, _ = (np.load(f"{folder}/{n}.npy") for n in range(9))
    windowed, listed, scores, norm, combined = (np.load(f"{folder}/out/{n}.npy").astype(float) for n in range(5))

    def attention(keys):
        rows, values = k[0, 0, keys].astype(float), v[0, 0, keys].astype(float)
        logits = q[0].astype(float) @ rows.T
        weights = np.exp(logits - logits.max(-1, keepdims=True))
        return weights / weights.sum(-1, keepdims=True) @ values
    visible = [j for j in range(24) if mask[0, j] and positions[0, j] >= 0]
    assert np.isfinite(windowed).all() and np.abs(windowed[0] - attention(visible)).max() < 4e-3
    assert np.abs(listed[0, :, :4] - attention([1, 2, 2, 3])[:, :4]).max() < 4e-3 and (listed[0, :, 4:] == 0).all()
    assert (scores[0, 0][~mask[0]] == -np.inf).all() and np.isfinite(scores[0, 0][mask[0]]).all()
    assert (norm[0, ~mask[0]] == 0).all() and np.isfinite(norm).all()
    assert (combined[0, ~mask[0]] == 0).all() and (combined[0, mask[0]] == x[0, mask[0]]).all()


{"inputs": write, "check": check}[sys.argv[1]](sys.argv[2])
