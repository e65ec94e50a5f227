"""The published block form of local attention, and heavy attention as a dense mask: second formulations."""
import numpy as np

from colt5_model.attention import attention
from colt5_model.buckets import bucket


def _blocked(q, k, v, r, table, mask):
    """LongT5's local attention: blocks of r + 1 queries over three blocks of keys, padded with masked zeros."""
    heads, n, size = q.shape
    length = r + 1
    blocks = -(-n // length)
    pad = ((0, 0), (0, blocks * length - n), (0, 0))
    q, k, v = np.pad(q, pad), np.pad(k, pad), np.pad(v, pad)
    mask = np.pad(mask, (0, blocks * length - n))

    def three(a):
        """[..., blocks * length, x] to [..., blocks, 3 * length, x] with zero blocks around."""
        a = a.reshape(a.shape[0], blocks, length, -1)
        a = np.pad(a, ((0, 0), (1, 1), (0, 0), (0, 0)))
        return np.concatenate([a[:, :-2], a[:, 1:-1], a[:, 2:]], axis=2)

    qb = q.reshape(heads, blocks, length, size)
    rel = np.arange(3 * length)[None, :] - (length + np.arange(length)[:, None])
    live = three(mask.astype(float)[None, :, None])[0, :, :, 0] > 0
    allowed = mask.reshape(blocks, length)[:, :, None] & live[:, None, :] & (np.abs(rel) < length)
    s = np.einsum("hpic,hpjc->hpij", qb, three(k)) + table[:, bucket(rel)][:, None]
    e = np.where(allowed, np.exp(s), 0.0)
    total = np.sum(e, axis=-1, keepdims=True)
    y = np.einsum("hpij,hpjc->hpic", e / np.where(total > 0, total, 1.0), three(v))
    return y.reshape(heads, -1, size)[:, :n]


def check_blocked_equals_banded(t):
    rng = np.random.default_rng(1)
    for n, r, valid in ((37, 4, 37), (40, 4, 33), (3, 4, 3), (130, 127, 130), (300, 127, 257), (5, 0, 5)):
        q, k, v = rng.standard_normal((3, 2, n, 4))
        table, mask = rng.standard_normal((2, 32)), np.arange(n) < valid
        o, _ = attention(q[None], k[None], v[None], mask[None], mask[None], bias_table=table,
                         pattern=f"window<{r}, {r}>")
        t.close(o[0], _blocked(q, k, v, r, table, mask), f"n={n}, r={r}")
    wide, _ = attention(q[None], k[None], v[None], mask[None], mask[None], bias_table=table, pattern="window<1, 1>")
    t.far(wide[0], o[0], "a window off by one shows")


def check_gathered_equals_dense_mask(t):
    rng = np.random.default_rng(2)
    q, k, v = rng.standard_normal((3, 1, 2, 20, 4))
    table = rng.standard_normal((2, 32))
    i_q, i_kv = np.sort(rng.permutation(20)[:6]), np.sort(rng.permutation(20)[:9])
    routed, _ = attention(q[:, :, i_q], k[:, :, i_kv], v[:, :, i_kv], q_pos=i_q[None], kv_pos=i_kv[None],
                          bias_table=table)
    dense, _ = attention(q, k, v, kv_valid=np.isin(np.arange(20), i_kv)[None], bias_table=table)
    t.close(routed, dense[:, :, i_q], "routed tokens keep their positions")
    shifted, _ = attention(q[:, :, i_q], k[:, :, i_kv], v[:, :, i_kv], bias_table=table)
    t.far(shifted, routed, "slot numbers as positions show")


def check_published_mask_example(t):
    """Block length 2, mask 11100: the allowed keys of every query."""
    n, want = 5, [[0, 1], [0, 1, 2], [1, 2], [], []]
    mask = np.array([[True, True, True, False, False]])
    v = np.eye(n)[None, None]
    o, _ = attention(np.zeros((1, 1, n, n)), np.zeros((1, 1, n, n)), v, mask, mask, pattern="window<1, 1>")
    t.equal([np.nonzero(row)[0].tolist() for row in o[0, 0]] == want, True, "allowed keys")
