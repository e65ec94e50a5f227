"""attention against a scalar second implementation, and the contracts of masks, tiles, lists and side keys."""
import numpy as np

from colt5_model.attention import attention, finish, online_attention
from colt5_model.buckets import bucket
from colt5_model.patterns import parse_pattern

NAN, INF = np.nan, np.inf
PATTERNS = ("dense", "#colt5.causal", "window<3, 1>", "block_local<4, 1, 0>", "causal_window<2>", "earlier_windows<3>",
            "#colt5.all<[#colt5.causal, #colt5.block_local<4, 0, 0>]>")


def _scalar_allowed(name, q, k):
    return {
        "dense": True,
        "#colt5.causal": k <= q,
        "window<3, 1>": -3 <= k - q <= 1,
        "block_local<4, 1, 0>": k // 4 in (q // 4 - 1, q // 4),
        "causal_window<2>": q - 2 <= k <= q,
        "earlier_windows<3>": k // 3 < q // 3,
        "#colt5.all<[#colt5.causal, #colt5.block_local<4, 0, 0>]>": k <= q and k // 4 == q // 4,
    }[name]


def _inputs(seed, b=2, h=4, g=2, q=9, s=11, c=3):
    rng = np.random.default_rng(seed)
    return rng, rng.standard_normal((b, h, q, c)), rng.standard_normal((b, g, s, c)), rng.standard_normal((b, g, s, c))


def _scalar(q, k, v, allowed, logit):
    """o and lse from per-element callables allowed(b, h, i, j) and logit(b, h, i, j)."""
    out, lse = np.zeros(q.shape), np.full(q.shape[:3], -INF)
    share = q.shape[1] // k.shape[1]
    for b, h, i in np.ndindex(*q.shape[:3]):
        keys = [j for j in range(k.shape[2]) if allowed(b, h, i, j)]
        if not keys:
            continue
        e = [np.exp(logit(b, h, i, j)) for j in keys]
        out[b, h, i] = sum(x * v[b, h // share, j] for x, j in zip(e, keys)) / sum(e)
        lse[b, h, i] = np.log(sum(e))
    return out, lse


def check_against_scalars(t):
    for seed, pattern in enumerate(PATTERNS):
        rng, q, k, v = _inputs(seed)
        q_ok, kv_ok = rng.random((2, 9)) < 0.8, rng.random((2, 2, 11)) < 0.8
        q_at, kv_at = rng.integers(0, 14, (2, 2, 9)), rng.integers(-1, 14, (2, 11))
        table, extra = rng.standard_normal((4, 32)), rng.standard_normal((1, 4, 1, 11))
        o, lse = attention(q, k, v, q_ok, kv_ok, q_at, kv_at, bias_table=table, extra=[extra], scale=0.7,
                           pattern=pattern, score=lambda s, i, j, e: 2 * np.tanh(s / 2) + e - 0.1 * abs(i - j))

        def allowed(b, h, i, j):
            return (q_ok[b, i] and kv_ok[b, h // 2, j] and kv_at[b, j] != -1
                    and _scalar_allowed(pattern, q_at[b, h // 2, i], kv_at[b, j]))

        def logit(b, h, i, j):
            gap = kv_at[b, j] - q_at[b, h // 2, i]
            s = 0.7 * float(q[b, h, i] @ k[b, h // 2, j]) + table[h, int(bucket(gap))]
            return 2 * np.tanh(s / 2) + extra[0, h, 0, j] - 0.1 * abs(gap)

        want_o, want_lse = _scalar(q, k, v, allowed, logit)
        t.close(o, want_o, f"output, {pattern}")
        t.close(lse, want_lse, f"lse, {pattern}")


def check_empty_rows(t):
    _, q, k, v = _inputs(20)
    q_ok = np.ones((2, 9), bool)
    q_ok[0, 3] = False
    q[0, :, 3] = NAN
    o, lse = attention(q, k, v, q_ok, pattern="earlier_windows<3>")
    t.equal(o[0, :, 3], np.zeros((4, 3)), "an invalid query is 0, whatever it held")
    t.equal(o[1, :, :3], np.zeros((4, 3, 3)), "no allowed key gives 0")
    t.true(np.all(lse[1, :, :3] == -INF) and np.all(lse[0, :, 3] == -INF), "with lse -inf")
    at = np.tile(np.arange(9), (2, 1))
    at[1, 6] = -1
    t.equal(attention(q, k, v, q_ok, q_pos=at)[0][1, :, 6], np.zeros((4, 3)), "a query at position -1 is 0")
    o, lse = attention(q[:, :, :2], k, v, kv_valid=np.zeros((2, 11), bool))
    t.equal(o, np.zeros((2, 4, 2, 3)), "all keys masked")
    o, _ = attention(q[:, :, :2], k[:, :, :0], v[:, :, :0])
    t.equal(o, np.zeros((2, 4, 2, 3)), "no keys at all")


def check_nan_behind_masks(t):
    _, q, k, v = _inputs(21)
    kv_ok = np.ones((2, 11), bool)
    kv_ok[0, 4] = False
    clean, _ = attention(q, k, v, kv_valid=kv_ok)
    k[0, :, 4], v[0, :, 4] = NAN, INF
    t.equal(attention(q, k, v, kv_valid=kv_ok)[0], clean, "a masked key")
    at = np.tile(np.arange(11), (2, 1))
    at[0, 4] = -1
    t.equal(attention(q, k, v, kv_pos=at)[0], clean, "a key at position -1")
    v[1, 0, 2] = NAN
    t.true(np.isnan(attention(q, k, v, kv_valid=kv_ok)[0][1, :2]).all(), "NaN in live data stays visible")


def check_tiles(t):
    _, q, k, v = _inputs(22)
    table = np.random.default_rng(23).standard_normal((4, 32))
    for pattern in PATTERNS:
        whole, lse = attention(q, k, v, bias_table=table, pattern=pattern)
        rows = slice(3, 8)
        part, _ = attention(q[:, :, rows], k, v, q_base=3, bias_table=table, pattern=pattern)
        t.close(part, whole[:, :, rows], f"a tile of queries with its base, {pattern}")
        state = np.zeros(q.shape), np.full(q.shape[:3], -INF), np.zeros(q.shape[:3])
        for start, stop in ((7, 11), (0, 3), (3, 7)):
            keys = slice(start, stop)
            state = online_attention(q, k[:, :, keys], v[:, :, keys], *state, kv_base=start, bias_table=table,
                                     pattern=pattern)
        o, merged = finish(*state)
        t.close(o, whole, f"three tiles of keys, {pattern}")
        t.close(merged, lse, f"lse of three tiles, {pattern}")
    wrong, _ = attention(q[:, :, 3:8], k, v, bias_table=table, pattern="window<3, 1>")
    t.far(wrong, attention(q, k, v, bias_table=table, pattern="window<3, 1>")[0][:, :, 3:8], "a forgotten base shows")


def check_key_lists(t):
    rng, q, k, v = _inputs(24)
    everything = np.broadcast_to(rng.permutation(11), (2, 2, 3, 11))
    dense, lse = attention(q, k, v, kv_pos=np.tile(np.arange(11), (2, 1)), pattern="causal")
    listed, listed_lse = attention(q, k, v, kv_idx=everything, kv_pos=np.tile(np.arange(11), (2, 1)), pattern="causal")
    t.close(listed, dense, "a list of all keys is dense")
    t.close(listed_lse, lse, "lse of a list of all keys")
    lists = rng.integers(-1, 11, (2, 2, 3, 5))
    lists[0, 0, 1] = -1
    got, _ = attention(q, k, v, kv_idx=lists, pattern="window<6, 6>")
    for b, h, i in np.ndindex(2, 4, 9):
        rows = [j for j in lists[b, h // 2, i // 3] if j >= 0 and abs(j - i) <= 6]
        e = np.exp([q[b, h, i] @ k[b, h // 2, j] for j in rows])
        want = e @ v[b, h // 2, rows] / np.sum(e) if rows else np.zeros(3)
        t.close(got[b, h, i], want, f"repeats count as often as listed, row {(b, h, i)}")
    t.equal(got[0, :2, 3:6], np.zeros((2, 3, 3)), "an empty list gives 0")
    t.raises(lambda: attention(q, k, v, kv_idx=np.zeros((2, 2, 2, 1), int)), "Q must be a multiple of W")


def check_side_keys(t):
    rng, q, k, v = _inputs(25)
    side_k, side_v = rng.standard_normal((2, 2, 2, 3)), rng.standard_normal((2, 2, 2, 3))
    side_ok, block = np.array([[True, False], [True, True]]), rng.integers(-1, 2, (2, 9))
    table = rng.standard_normal((4, 32))
    side_k[0, :, 1] = NAN
    o, lse = attention(q, k, v, side_k=side_k, side_v=side_v, side_valid=side_ok, q_block=block, side_bias_table=table,
                       scale=0.5, pattern="earlier_windows<3>")
    k_all, v_all = np.concatenate([k, side_k], 2), np.concatenate([v, side_v], 2)

    def allowed(b, h, i, j):
        return side_ok[b, j - 11] if j >= 11 else j // 3 < i // 3

    def logit(b, h, i, j):
        s = 0.5 * float(q[b, h, i] @ k_all[b, h // 2, j])
        return s + table[h, int(bucket(j - 11 - block[b, i]))] if j >= 11 else s

    want_o, want_lse = _scalar(q, k_all, v_all, allowed, logit)
    t.close(o, want_o, "one softmax over local and side keys")
    t.close(lse, want_lse, "lse over both")
    null, _ = attention(q[:1], k[:1], v[:1], kv_valid=np.zeros((1, 11), bool), side_k=side_k[:1, :, :1],
                        side_v=side_v[:1, :, :1])
    t.close(null[0, 3, 5], side_v[0, 1, 0], "a null key saves an empty row")
    t.raises(lambda: attention(q, k, v, side_k=side_k, side_v=side_v, side_bias_table=table), "side bias needs q_block")


def check_invariances(t):
    rng, q, k, v = _inputs(26)
    order = rng.permutation(11)
    t.close(attention(q, k[:, :, order], v[:, :, order])[0], attention(q, k, v)[0], "order of keys")
    t.close(attention(q, np.repeat(k, 2, 1), np.repeat(v, 2, 1))[0], attention(q, k, v)[0], "groups are repeated heads")
    t.close(attention(100 * q, 100 * k, v)[0].max() <= v.max(), True, "large logits overflow nothing")
    masked, _ = attention(q, k, v, extra=[np.where(np.arange(11) % 2, -INF, 0.0)[None, None, None]],
                          score=lambda s, i, j, e: s + e)
    t.close(masked, attention(q, k[:, :, ::2], v[:, :, ::2])[0], "-inf from the region is not allowed")
    t.raises(lambda: attention(q[:, :3], k, v), "heads must divide")
    t.raises(lambda: parse_pattern("windows<1, 2>"), "unknown pattern")
    t.raises(lambda: parse_pattern("window<1>"), "wrong number of parameters")
