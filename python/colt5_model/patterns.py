"""Attention patterns as predicates allowed(q_pos, kv_pos) over arrays of positions."""
import re

import numpy as np


def _dense(q, k):
    return np.ones(np.broadcast(q, k).shape, dtype=bool)


def _causal(q, k):
    return k <= q


def _window(q, k, left, right):
    return (k >= q - left) & (k <= q + right)


def _block_local(q, k, size, back, forward):
    distance = k // size - q // size
    return (distance >= -back) & (distance <= forward)


def _causal_window(q, k, left):
    return (k >= q - left) & (k <= q)


def _earlier_windows(q, k, size):
    return k // size < q // size


# Name: (predicate, number of integer parameters).
PATTERNS = {
    "dense": (_dense, 0),
    "causal": (_causal, 0),
    "window": (_window, 2),
    "block_local": (_block_local, 3),
    "causal_window": (_causal_window, 1),
    "earlier_windows": (_earlier_windows, 1),
}


def parse_pattern(text):
    """A predicate from '#colt5.window<127, 127>' (the prefix may be absent), '#colt5.all<[...]>' or a callable."""
    if callable(text):
        return text
    text = text.strip()
    conjunction = re.fullmatch(r"(?:#colt5\.)?all<\s*\[(.*)\]\s*>", text, re.S)
    if conjunction:
        parts = [parse_pattern(part) for part in _split(conjunction.group(1))]
        return lambda q, k: np.logical_and.reduce([_dense(q, k)] + [part(q, k) for part in parts])
    match = re.fullmatch(r"(?:#colt5\.)?(\w+)\s*(?:<(.*)>)?", text, re.S)
    if not match or match.group(1) not in PATTERNS:
        raise ValueError(f"pattern: expected one of {', '.join(PATTERNS)}, all; got '{text}'")
    predicate, arity = PATTERNS[match.group(1)]
    numbers = [int(piece) for piece in (match.group(2) or "").split(",") if piece.strip()]
    if len(numbers) != arity:
        raise ValueError(f"pattern {match.group(1)}: expected {arity} parameters, got {len(numbers)}")
    return lambda q, k: predicate(q, k, *numbers)


def _split(text):
    """Splits at commas outside angle brackets."""
    parts, depth, start = [], 0, 0
    for n, letter in enumerate(text):
        depth += {"<": 1, ">": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(text[start:n])
            start = n + 1
    return [part for part in parts + [text[start:]] if part.strip()]
