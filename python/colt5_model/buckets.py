"""#colt5.t5_buckets: relative position to bucket by exact integer thresholds, without any logarithm."""
import re

import numpy as np

from .arrays import choose

DEFAULT = "#colt5.t5_buckets<32, 128, bidirectional>"


def parse_buckets(text):
    """(num_buckets, max_distance, direction) of '#colt5.t5_buckets<32, 128, bidirectional>'."""
    match = re.fullmatch(r"(?:#colt5\.)?t5_buckets<\s*(\d+)\s*,\s*(\d+)\s*,\s*(\w+)\s*>", (text or DEFAULT).strip())
    if not match:
        raise ValueError(f"bias: expected 't5_buckets<count, distance, direction>', got '{text}'")
    choose("bias direction", match.group(3), ("bidirectional", "causal"))
    return int(match.group(1)), int(match.group(2)), match.group(3)


def thresholds(per_side, max_distance):
    """The smallest distance of each bucket 1 .. per_side - 1 of one side.

    Beyond the exact half, bucket e + j starts where ln(a / e) / ln(max / e) * (per_side - e) >= j; raised to a power
    this is a comparison of integers.
    """
    exact = per_side // 2
    steps = per_side - exact
    starts = list(range(1, exact + 1))
    a = exact
    for j in range(1, steps):
        while a ** steps < exact ** (steps - j) * max_distance ** j:
            a += 1
        starts.append(a)
    return starts


def bucket(relative, spec=DEFAULT):
    """The bucket of every relative position (key minus query)."""
    count, max_distance, direction = parse_buckets(spec)
    relative = np.asarray(relative)
    if direction == "causal":
        return np.searchsorted(thresholds(count, max_distance), np.maximum(-relative, 0), side="right")
    side = np.searchsorted(thresholds(count // 2, max_distance), np.abs(relative), side="right")
    return side + np.where(relative > 0, count // 2, 0)
