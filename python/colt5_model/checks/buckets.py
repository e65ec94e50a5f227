"""Bucket thresholds against the published integers and the logarithmic formula."""
import numpy as np

from colt5_model.buckets import bucket, thresholds


def check_thresholds(t):
    t.equal(thresholds(16, 128), [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91], "bidirectional 32/128")
    t.equal(thresholds(32, 128), list(range(1, 17)) + [19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113],
            "causal 32/128")


def _formula(a, per_side, limit):
    exact = per_side // 2
    if a < exact:
        return a
    steps = np.log(a / exact) / np.log(limit / exact) * (per_side - exact)
    return min(per_side - 1, exact + int(np.floor(steps + 1e-9)))


def check_against_logarithm(t):
    distance = np.arange(-400, 401)
    for count, limit in ((32, 128), (16, 64), (8, 20), (64, 1000)):
        want = [_formula(abs(r), count // 2, limit) + (count // 2 if r > 0 else 0) for r in distance]
        t.equal(bucket(distance, f"t5_buckets<{count}, {limit}, bidirectional>"), want, f"bidirectional {count}")
        want = [_formula(max(-r, 0), count, limit) for r in distance]
        t.equal(bucket(distance, f"#colt5.t5_buckets<{count},{limit},causal>"), want, f"causal {count}")


def check_signs(t):
    t.equal(bucket([0, -1, 1, -7, 7, -8, 8, 127, -127, 10 ** 6]), [0, 1, 17, 7, 23, 8, 24, 31, 15, 31], "both signs")
    t.equal(bucket([0, 5, -1, -113], "t5_buckets<32, 128, causal>"), [0, 0, 1, 31], "future keys are bucket 0")
    t.raises(lambda: bucket([0], "t5_buckets<32, 128, sideways>"), "unknown direction")
    t.raises(lambda: bucket([0], "alibi<8>"), "unknown bias")
