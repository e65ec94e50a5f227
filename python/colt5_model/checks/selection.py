"""topk: order, ties, NaN, masks, surplus slots, blocks."""
import numpy as np

from colt5_model.selection import topk

NAN, INF = np.nan, np.inf


def _row(s, k, mask=None, **attributes):
    idx, valid, values = topk([[s]], None if mask is None else [mask], k=k, **attributes)
    return idx[0, 0].tolist(), valid[0, 0].tolist(), values[0, 0].tolist()


def check_order_and_ties(t):
    s = [1.0, 3.0, 2.0, 3.0, 2.0]
    t.equal(_row(s, 3)[0], [1, 2, 3], "index order, lowest index wins")
    t.equal(_row(s, 3, order="score")[0], [1, 3, 2], "score order")
    t.equal(_row(s, 3, tie="highest_index")[0], [1, 3, 4], "highest index wins")
    t.equal(_row(s, 3, tie="highest_index", order="score")[0], [3, 1, 4], "highest index, score order")
    t.equal(_row([5.0] * 6, 2)[0], [0, 1], "all equal")
    t.equal(_row([-0.0, 0.0, -0.0], 2)[0], [0, 1], "-0.0 equals +0.0")
    t.equal(_row([-0.0, 0.0, -0.0], 2, tie="highest_index")[0], [1, 2], "-0.0 equals +0.0 from above")


def check_not_finite(t):
    t.equal(_row([NAN, 1.0, -INF, 2.0], 3)[0], [0, 1, 3], "NaN ranks as -inf and wins its tie by index")
    t.equal(_row([-INF, NAN, 1.0], 2, order="score")[0], [2, 0], "-inf before a later NaN")
    t.equal(_row([NAN, INF, 1.0], 2, order="score")[0], [1, 2], "+Inf first")
    t.equal(_row([NAN, 1.0], 2)[1], [True, True], "an unmasked NaN is valid")
    t.equal(_row([NAN, 1.0], 2)[2], [-INF, 1.0], "and its value is -inf")


def check_masks(t):
    mask = [True, False, True, False]
    idx, valid, values = _row([1.0, 9.0, 2.0, 8.0], 3, mask)
    t.equal(idx, [0, 1, 2], "masked tokens fill by index")
    t.equal(valid, [True, False, True], "and are not valid")
    t.equal(values, [1.0, -INF, 2.0], "values of masked slots are -inf")
    t.equal(_row([-INF, 9.0, NAN, 8.0], 2, mask)[0], [0, 2], "-inf and NaN come before masked tokens")
    idx, valid, _ = _row([3.0, 1.0, 2.0], 2, [False] * 3)
    t.equal(idx, [0, 1], "all masked: in range and unique")
    t.equal(valid, [False, False], "all masked: none valid")
    one = topk([[[1.0, 2.0], [1.0, 2.0]]], [[[True, True], [True, False]]], k=1)[0]
    t.equal(one, [[[1], [0]]], "a mask per route")


def check_surplus(t):
    idx, valid, values = _row([1.0, 2.0], 4)
    t.equal(idx, [0, 1, -1, -1], "K > N: -1 last")
    t.equal(valid, [True, True, False, False], "K > N: not valid")
    t.equal(values, [1.0, 2.0, -INF, -INF], "K > N: values")
    t.equal(_row([1.0, 2.0], 3, order="score")[0], [1, 0, -1], "K > N in score order")
    t.equal(topk(np.zeros((1, 1, 0)), k=2)[0], [[[-1, -1]]], "no tokens at all")


def check_blocks(t):
    s = [1.0, 4.0, 3.0, 2.0, 7.0, 6.0, 9.0]
    t.equal(_row(s, 2, block=3)[0], [1, 4], "one per block, the tail is never selected")
    t.equal(_row(s, 4, block=3, order="score")[0], [1, 2, 4, 5], "score order inside a block")
    t.equal(_row(s, 8, block=3)[0], [0, 1, 2, -1, 3, 4, 5, -1], "surplus of each block")
    t.equal(_row(s, 2, block=8)[0], [-1, -1], "no full block")
    t.raises(lambda: _row(s, 3, block=3), "K must divide by the blocks")


def check_against_sorting(t):
    rng = np.random.default_rng(7)
    for n in (1, 3, 17, 36, 65):
        s = rng.integers(-3, 4, n).astype(float)
        s[rng.random(n) < 0.2] = NAN
        mask = rng.random(n) < 0.7
        for k in {1, n // 2 + 1, n}:
            key = [(not mask[i], -np.inf if not mask[i] or np.isnan(s[i]) else s[i], i) for i in range(n)]
            want = sorted(range(n), key=lambda i: (key[i][0], -key[i][1], i))[:k]
            t.equal(_row(s, k, mask, order="score")[0], want, f"sorted, n={n}, k={k}")
            t.equal(_row(s, k, mask)[0], sorted(want), f"by index, n={n}, k={k}")
