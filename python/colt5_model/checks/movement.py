"""gather, scatter_combine and block_summary."""
import numpy as np

from colt5_model.arrays import has_index_error
from colt5_model.movement import block_summary, gather, scatter_combine

NAN = np.nan


def check_gather(t):
    x = np.arange(12.0).reshape(1, 4, 3)
    y = gather(x, [[2, -1, 0, 9]])
    t.equal(y[0], [[6, 7, 8], [0, 0, 0], [0, 1, 2], [0, 0, 0]], "sentinel and out of range give zeros")
    t.equal(gather(x, [[2, 0]], [[False, True]], [[5.0, 2.0]])[0], [[0, 0, 0], [0, 2, 4]], "valid and scale")
    t.equal(gather(x, [[2]], [[False]], [[NAN]])[0], [[0, 0, 0]], "nothing of a dead slot arrives")
    t.equal(gather(x, [[[0], [3]]])[0], [[[0, 1, 2]], [[9, 10, 11]]], "routes over one source")
    w = np.arange(8.0).reshape(1, 2, 4)
    t.equal(gather(w, [[[3, 0], [1, -1]]], batch_dims=2), [[[3.0, 0.0], [5.0, 0.0]]], "batch_dims = 2")
    t.equal(gather(np.array([[True, True]]), [[1, -1]]), [[True, False]], "bool fills with false")
    ints = gather(np.array([[7, 8]], dtype=np.int32), [[-1, 1]])
    t.true(ints.dtype == np.int32 and ints.tolist() == [[0, 8]], "i32 fills with 0")
    t.equal(gather(np.zeros((1, 0, 2)), [[0, -1]]), np.zeros((1, 2, 2)), "an empty source")
    t.raises(lambda: gather(np.zeros((2, 4, 3)), [[0]]), "batch sizes differ")


def check_index_errors(t):
    t.true(not has_index_error([0, -1, 3], 4), "-1 is no error")
    t.true(has_index_error([0, 4], 4) and has_index_error([-2], 4), "4 of 4 and -2 are")


def check_scatter(t):
    base = np.ones((1, 4, 2))
    y = np.array([[[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]])
    got = scatter_combine(y, [[3, 3, -1]], base, weight=[[2.0, 1.0, 1.0]])
    t.equal(got[0], [[1, 1], [1, 1], [1, 1], [13, 25]], "repeated indices add, -1 is skipped")
    got = scatter_combine(y, [[0, 0, 1]], base, [[True, True, False]], combine="set")
    t.equal(got[0], [[10, 20], [1, 1], [1, 1], [1, 1]], "set: the last slot wins, invalid is skipped")
    got = scatter_combine(np.full((1, 1, 2), NAN), [[2]], base, [[False]])
    t.equal(got, base, "NaN in a dead slot never arrives")
    routes = scatter_combine(np.array([[[[1.0, 1.0]], [[5.0, 5.0]]]]), [[[1], [1]]], base, combine="set")
    t.equal(routes[0, 1], [5.0, 5.0], "routes in order")
    t.equal(scatter_combine(y, [[0, 4, -7]], base)[0, 1:], base[0, 1:], "out of range is skipped")
    t.equal(base, np.ones((1, 4, 2)), "the base is not written")


def check_round_trip(t):
    x = np.random.default_rng(1).standard_normal((2, 7, 3))
    idx = np.array([[6, 2, 0], [1, 5, 3]])
    back = scatter_combine(gather(x, idx), idx, np.zeros(x.shape), combine="set")
    keep = np.zeros((2, 7, 1))
    for b in range(2):
        keep[b, idx[b]] = 1
    t.equal(back, x * keep, "scatter after gather keeps the routed rows")


def check_block_summary(t):
    x = np.arange(24.0).reshape(1, 12, 2)
    mask = np.arange(12)[None] < 10
    s, valid, block = block_summary(x, mask, size=4)
    t.equal(block[0], [0] * 4 + [1] * 6 + [-1] * 2, "orphans join the last full block")
    t.equal(valid[0], [True, True, False], "two of three slots live")
    t.equal(s[0], [x[0, :4].sum(0), x[0, 4:10].sum(0), [0, 0]], "sums; dead slots are 0")
    t.equal(block_summary(x, mask, size=4, reduce="mean")[0][0, 1], x[0, 4:10].mean(0), "a mean counts orphans")
    s, _, block = block_summary(x, mask, size=4, orphans="drop")
    t.equal(block[0], [0] * 4 + [1] * 4 + [-1] * 4, "orphans dropped")
    t.equal(s[0, 1], x[0, 4:8].sum(0), "and not summed")
    _, valid, block = block_summary(x[:, :8], np.arange(8)[None] < 3, size=4)
    t.true(not valid.any() and np.all(block == -1), "shorter than a block: none")
    t.equal(block_summary(x, mask, size=16)[0].shape, (1, 0, 2), "no slots at all")
    x[0, 11] = NAN
    t.true(not np.isnan(block_summary(x, mask, size=4)[0]).any(), "NaN behind the mask")
    t.raises(lambda: block_summary(x, [[True, False, True] + [False] * 9], size=4), "a mask with a gap")
