"""Every comparison helper accepts what is equal and rejects what is not."""
import numpy as np

from colt5_model import compare

NAN, INF = np.nan, np.inf


def check_norm_error(t):
    a = np.array([3.0, 4.0])
    t.close(compare.norm_error(a + [0.0, 0.05], a), 0.01, "relative to the whole")
    t.true(compare.norm_error(a, a) == 0.0, "equal")
    t.true(compare.norm_error([NAN, 4.0], a) == INF, "NaN is rejected")
    t.true(compare.norm_error(a, [NAN, 4.0]) == INF, "a missing NaN is rejected")
    t.true(compare.norm_error([[3.0, 4.0]], a) == INF, "another shape is rejected")
    t.true(compare.norm_error([INF, NAN, 1.0], [INF, NAN, 1.0]) == 0.0, "equal infinities and NaN")
    t.true(compare.norm_error([-INF], [INF]) == INF, "the other infinity is rejected")
    t.true(compare.norm_error([1e-3], [0.0]) == 1e-3, "against zero it is absolute")


def check_differences(t):
    a = np.array([[1.0, -INF], [NAN, 2.0]])
    t.equal(compare.differences(a, a.copy()), [], "equal with NaN and infinity")
    t.equal(compare.differences(a + 1e-9, a, atol=1e-8), [], "within atol")
    t.true(compare.differences(a + 1e-9, a), "no tolerance rejects 1e-9")
    for at, value in (((1, 0), 0.0), ((0, 1), INF), ((0, 1), -1e30), ((1, 1), NAN), ((1, 1), INF)):
        b = a.copy()
        b[at] = value
        t.true(compare.differences(b, a, rtol=1.0, atol=1e9), f"{value} at {at} is rejected at any tolerance")
        t.true(compare.differences(b, a, norm=1e9), f"{value} at {at} is rejected at any norm")
    t.true(compare.differences(a[:1], a), "another shape is rejected")
    t.true(compare.differences(np.array([1, 2]), np.array([1, 3])), "integers are exact")
    t.true(compare.differences(np.array([True]), np.array([False]), atol=5), "bools are exact")
    t.equal(compare.differences(np.array([1, 2]), np.array([1, 2])), [], "equal integers")
    t.true(compare.differences(np.array([1.0, 1.1]), np.array([1.0, 1.0]), norm=1e-2), "normalised error rejects")
    t.equal(compare.differences(np.array([1.0, 1.001]), np.array([1.0, 1.0]), norm=1e-2), [], "and accepts")


def check_swaps(t):
    scores = np.array([[5.0, 4.0, 3.0, 2.999, 1.0, -INF, -INF]])
    good = np.array([[0, 1, 2, -1]])
    t.true(compare.selection_swaps(good, good, scores, 0.0) == (0, []), "the same set")
    t.true(compare.selection_swaps(np.array([[1, 0, 3, -1]]), good, scores, 0.01) == (1, []), "a swap at the edge")
    for name, bad in (("beyond the margin", [0, 1, 4, -1]), ("in the middle", [0, 2, 3, -1]), ("twice", [0, 1, 1, -1]),
                      ("missing", [0, 1, -1, -1]), ("masked", [0, 1, 5, -1]), ("out of range", [0, 1, 9, -1])):
        t.true(compare.selection_swaps(np.array([bad]), good, scores, 0.01)[1], f"{name} is rejected")
    t.true(compare.selection_swaps(np.array([[0, 6]]), np.array([[0, 5]]), scores, 0.0) == (1, []), "equal -inf scores")
