"""soft_topk: worked numbers, a second (vector) form of the descent, the exact optimum, and every odd input."""
import numpy as np

from colt5_model.softtopk import descend, eps_schedule, final_a, soft_topk, waterfill

S = np.array([2.0, 1.0, 0.5, 0.0, -1.0, -2.0])
NAN, INF = np.nan, np.inf


def _row(s, k, mask=None, **attributes):
    return soft_topk([[s]], k, None if mask is None else [mask], **attributes)[0, 0]


def check_worked_numbers(t):
    cases = [
        ("zero", 1, 2, -1.8915500457225258,
         [1, .410019710634, .248689525586, .150837822017, .055490133671, .020413679366]),
        ("zero", 50, 2, -1.769891741084611,
         [1, .463063196317, .280862025951, .170351429888, .06266878883, .023054559014]),
        ("neg", 1, 2, -1.0986122886681096,
         [1, .90609394282, .5495737569, .333333333333, .12262648039, .045111761079]),
        ("zero", 50, 2.25, -1.5467481897704016,
         [1, .578828995396, .351077532439, .21293928736, .078335986038, .028818198767]),
    ]
    for init, iterations, k, a, lam in cases:
        t.close(final_a(S, k, [1.0] * (iterations + 1), init), a, f"a of {init}-init T={iterations} k={k}", 1e-13)
        t.close(_row(S, k, init=init, iterations=iterations), lam, f"lam of {init}-init T={iterations} k={k}", 1e-11)
        t.true(_row(S, k, init=init, iterations=iterations)[0] == 1.0, "saturated is exactly 1")


def _vector_descent(s, k, schedule, init):
    """The published iteration with its vector b."""
    b = np.zeros(len(s)) if init == "zero" else -s
    for eps in schedule[:-1]:
        a = eps * (np.log(k) - np.log(np.sum(np.exp((s + b) / eps))))
        b = np.minimum(-s - a, 0.0)
    return np.exp((s + b + a) / schedule[-1])


def check_vector_form(t):
    rng = np.random.default_rng(1)
    for schedule in ([1.0] * 51, [1.0] * 2, [0.3] * 8, eps_schedule(0.3, 12, 4.0, 0.7)):
        for init in ("zero", "neg"):
            s = rng.standard_normal(40) * 3
            t.close(descend(s, 7.5, schedule, init), _vector_descent(s, 7.5, schedule, init),
                    f"vector form, {init}, T={len(schedule) - 1}", 1e-11)
    t.close(eps_schedule(1.0, 3, 4.0, 0.5), [4.0, 2.0, 1.0, 1.0], "eps schedule stops at its floor")
    t.close(eps_schedule(0.03, 14, 4.0, 0.7)[-1], 0.03, "the floor 0.03 is reached at t = 14")
    t.true(eps_schedule(0.03, 13, 4.0, 0.7)[-1] > 0.03, "but not at t = 13")
    for iterations, lam in ((1, [.25, .412180317675]), (2, [.14253696, .38745563]), (3, [.26894142, .73105858])):
        t.close(_row([0.0, 1.0], 1, init="neg", eps_init=4.0, eps_decay=0.5, iterations=iterations), lam,
                f"the weights use eps_T, T={iterations}", 1e-5)


def check_special_cases(t):
    s = np.random.default_rng(2).standard_normal(30)
    softmax = np.exp(s) / np.sum(np.exp(s))
    t.close(_row(s, 1), softmax, "k = 1 is the softmax", 1e-15)
    t.close(_row(s, 1, eps=0.5), np.exp(2 * s) / np.sum(np.exp(2 * s)), "k = 1 with eps", 1e-15)
    t.close(_row(s / 10, 3, iterations=1), 3 * np.exp(s / 10) / np.sum(np.exp(s / 10)), "one step is exact", 1e-14)
    hard = np.zeros(30)
    hard[np.argsort(-s)[:4]] = 1.0
    t.close(_row(s, 4, eps=1e-3, solver="exact"), hard, "eps -> 0 is the hard top-k", 1e-6)
    shifted = _row(s + 5.0, 4)
    t.close(shifted, _row(s, 4), "zero-init does not see a shift", 1e-12)


def check_convergence_table(t):
    rng = np.random.default_rng(3)
    draw = rng.standard_normal(16384)
    for sigma, total, saturated in ((0.1, 1024.0, 0), (1, 1024.0, 8), (3, 1024.0, 411), (10, 1023.97, 810)):
        w = _row(draw * sigma, 1024)
        t.close(np.sum(w), total, f"sum at sigma {sigma}", 0.1)
        t.close(np.sum(w == 1.0), saturated, f"saturated at sigma {sigma}", 60)
    t.close(np.sum(_row(draw * 30, 1024)), 903.0, "not converged at sigma 30", 40)
    t.close(np.sum(_row(draw * 30, 1024, init="neg")), 1195.1, "from above with neg", 40)


def check_exact(t):
    rng = np.random.default_rng(4)
    for k in (0.5, 1, 2.25, 9, 19.5):
        s = rng.standard_normal(20) * 4
        w = waterfill(s, k, 1.0)
        t.close(np.sum(w), k, f"exact sum, k={k}", 1e-12)
        t.close(w, descend(s, k, [1.0] * 200001), f"limit of the descent, k={k}", 1e-6)
        free = w < 1.0
        offset = np.log(w[free]) - s[free]
        t.close(offset, np.full(offset.shape, offset[0]), f"KKT, k={k}", 1e-10)
    t.close(_row([1.0, 1.0, 1.0, 1.0], 2, solver="exact"), [0.5] * 4, "equal scores share")


def check_overflow(t):
    s = np.random.default_rng(5).standard_normal(50)
    t.equal(_row(s, 50), np.ones(50), "k_norm = n gives ones")
    t.equal(_row(s, 60.5), np.ones(50), "k_norm > n gives ones")
    iterated = _row(s, 50, overflow="iterate")
    t.true(0.2 < np.min(iterated) < 0.95, "iterated, T=50 has not converged")
    t.true(np.min(_row(s, 50, overflow="iterate", iterations=500)) > 0.999, "iterated, T=500 nearly has")
    t.close(_row(s, 60, overflow="iterate"), np.ones(50), "iterated with room to spare", 1e-9)
    mask = np.arange(50) < 10
    t.equal(_row(s, 10, mask), mask.astype(float), "n_valid counts, not n")


def check_odd_scores(t):
    t.equal(_row(S, 2, [False] * 6), np.zeros(6), "all masked")
    mask = np.array([True, True, False, True, True, True])
    t.close(_row(S, 2, mask)[mask], _row(S[mask], 2), "a masked token is absent", 1e-15)
    for bad in (NAN, -INF):
        s = np.array([2.0, bad, 1.0, 0.0])
        t.close(_row(s, 2), np.insert(_row([2.0, 1.0, 0.0], 2), 1, 0.0), f"{bad} is absent", 1e-15)
        t.equal(_row(s, 3), [1.0, 0.0, 1.0, 1.0], f"{bad} does not count as valid")
    t.equal(_row([1.0, INF, 0.0], 2), [0.0, 1.0, 0.0], "+Inf absorbs the row with zero-init")
    t.equal(_row([1.0, INF, INF, 0.0], 1), [0.0, 1.0, 1.0, 0.0], "so do several")
    neg = _row([1.0, INF, 0.0], 2, init="neg")
    t.true(neg[1] == 1.0 and np.all(np.isfinite(neg)) and neg[0] > 0, "neg-init stays finite")
    t.true(np.all(np.isfinite(_row([1e308, 1.0, -1e308], 2, eps=0.03))), "huge scores overflow nothing")
    t.equal(soft_topk(np.zeros((1, 1, 0)), 2).shape, (1, 1, 0), "no tokens")
    t.raises(lambda: _row(S, 2, eps=0.0), "eps must be positive")
    t.raises(lambda: _row(S, 2, iterations=0), "at least one iteration")


def check_rows_and_blocks(t):
    s = np.random.default_rng(6).standard_normal((2, 3, 11))
    k = np.array([[1.0, 2.0, 3.5], [4.0, 5.0, 6.0]])
    w = soft_topk(s, k)
    t.close(w[1, 2], _row(s[1, 2], 6.0), "k_norm per row", 1e-15)
    w = soft_topk(s, 4.0, block=5)
    t.close(w[0, 1, 5:10], _row(s[0, 1, 5:10], 2.0), "a block is its own problem with its share", 1e-15)
    t.equal(w[..., 10], np.zeros((2, 3)), "the tail weighs 0")
    t.equal(soft_topk(s, 4.0, block=12), np.zeros(s.shape), "no full block")
