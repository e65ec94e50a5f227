"""rms_scale, rms_norm and rope."""
import numpy as np

from colt5_model.norms import rms_norm, rms_scale, rope


def check_rms(t):
    x = np.array([[[3.0, 4.0], [0.0, 0.0], [np.nan, 1.0]]])
    mask = np.array([[True, True, False]])
    r = rms_scale(x, mask, eps=0.5)
    t.close(r, [[1 / np.sqrt(13.0), 1 / np.sqrt(0.5), 0.0]], "scale, masked 0")
    y = rms_norm(x, [2.0, -1.0], mask, eps=0.0 + 1e-6)
    t.close(y[0, 0], np.array([6.0, -4.0]) / np.sqrt(12.5 + 1e-6), "norm with g")
    t.equal(y[0, 1:], np.zeros((2, 2)), "zero rows and NaN behind the mask")
    t.equal(rms_scale(x, mask, eps=0.0)[0, 1:], np.zeros(2), "the factor of a zero row is 0 with eps = 0")
    t.equal(rms_norm(x, [2.0, -1.0], mask, eps=0.0)[0, 1:], np.zeros((2, 2)), "and so is the row")
    big = np.random.default_rng(1).standard_normal((2, 5, 64))
    t.close(rms_norm(7 * big, np.ones(64)), rms_norm(big, np.ones(64)), "scale invariant up to eps", 1e-5)


def check_rope(t):
    rng = np.random.default_rng(2)
    x = rng.standard_normal((1, 2, 3, 6))
    pos = np.array([[5, -1, 0]])
    for layout, pair in (("half", (1, 4)), ("interleaved", (2, 3))):
        y = rope(x, pos, layout=layout)
        angle = 5 * 10000.0 ** (-2 * 1 / 6)
        first, second = x[0, 1, 0, list(pair)]
        t.close(y[0, 1, 0, list(pair)], [first * np.cos(angle) - second * np.sin(angle),
                                         second * np.cos(angle) + first * np.sin(angle)], f"{layout} pair")
        t.equal(y[0, :, 1:], x[0, :, 1:], f"{layout}: positions -1 and 0 copy")
        t.close(np.sum(y * y, -1), np.sum(x * x, -1), f"{layout}: a rotation")
        near = rope(x[:, :, :1], [[9]], layout=layout) * rope(x[:, :, 1:2], [[4]], layout=layout)
        far = rope(x[:, :, :1], [[109]], layout=layout) * rope(x[:, :, 1:2], [[104]], layout=layout)
        t.close(np.sum(near, -1), np.sum(far, -1), f"{layout}: only the distance counts", 1e-11)
    t.far(rope(x, pos), rope(x, pos, theta=100.0), "theta matters")
    groups = rope(x, [[[1, 2, 3], [4, 5, 6]]])
    t.close(groups[:, 1], rope(x[:, 1:], [[4, 5, 6]])[:, 0], "positions per group")
    t.raises(lambda: rope(np.zeros((1, 1, 1, 3)), [[0]]), "odd head size")
