"""Comparison helpers. Each returns a list of reasons; an empty list means equal within tolerance."""
import numpy as np


def norm_error(actual, expected):
    """|actual - expected| / |expected| over all elements, absolute if expected is 0; inf if not comparable."""
    actual, expected = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if actual.shape != expected.shape:
        return np.inf
    same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    difference = np.where(same, 0.0, actual) - np.where(same, 0.0, expected)
    if not np.all(np.isfinite(difference)):
        return np.inf
    size = np.linalg.norm(np.where(np.isfinite(expected), expected, 0.0))
    return np.linalg.norm(difference) / (size if size > 0 else 1.0)


def differences(actual, expected, *, rtol=0.0, atol=0.0, norm=None):
    """Reasons why actual is not expected: shape, then NaN and infinities in other places, then values.

    With `norm` the normalised error of the whole decides, else every element within atol + rtol * |expected|.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        return [f"shape: expected {expected.shape}, got {actual.shape}"]
    if expected.dtype.kind != "f" and actual.dtype.kind != "f":
        wrong = actual != expected
        return [_first("value", wrong, actual, expected)] if np.any(wrong) else []
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    odd = np.where(np.isfinite(expected), np.where(np.isfinite(actual), False, True),
                   ~((actual == expected) | (np.isnan(actual) & np.isnan(expected))))
    if np.any(odd):
        return [_first("not finite alike", odd, actual, expected)]
    if norm is not None:
        error = norm_error(actual, expected)
        return [] if error <= norm else [f"normalised error: expected at most {norm:g}, got {error:g}"]
    finite = np.isfinite(expected)
    gap = np.abs(np.where(finite, actual, 0.0) - np.where(finite, expected, 0.0))
    wrong = gap > atol + rtol * np.abs(np.where(finite, expected, 0.0))
    return [_first("value", wrong, actual, expected)] if np.any(wrong) else []


def _first(what, wrong, actual, expected):
    at = tuple(int(n) for n in np.argwhere(wrong)[0])
    return f"{what}: {int(np.sum(wrong))} of {wrong.size}, first at {at}: expected {expected[at]}, got {actual[at]}"


def selection_swaps(actual, expected, scores, margin):
    """Compares selected sets [..., K] against scores [..., N]: (number of swaps, reasons).

    An index in one set only is a swap, accepted where its score lies within `margin` of the smallest expected score.
    """
    swaps, reasons = 0, []
    for at in np.ndindex(*expected.shape[:-1]):
        picked, wanted = actual[at][actual[at] >= 0], expected[at][expected[at] >= 0]
        if len(picked) != len(wanted):
            reasons.append(f"row {at}: expected {len(wanted)} tokens, got {len(picked)}")
            continue
        if len(set(picked.tolist())) != len(picked):
            reasons.append(f"row {at}: a token is selected twice")
        extent = scores.shape[-1]
        if np.any(picked >= extent):
            reasons.append(f"row {at}: index {int(np.max(picked))} is outside [0, {extent})")
            continue
        if len(wanted) == 0:
            continue
        edge = np.min(scores[at][wanted])
        for token in set(picked.tolist()) ^ set(wanted.tolist()):
            swaps += 1
            score = scores[at][token]
            if not (score == edge or abs(score - edge) <= margin):
                reasons.append(f"row {at}: token {token} with score {score:g} is not within {margin:g} of the "
                               f"edge {edge:g}")
    return swaps // 2, reasons
