"""soft_topk: coordinate descent in its scalar-state form, iterated literally, and the exact solver."""
import numpy as np

from .arrays import choose, f64, logsumexp, route_mask


def soft_topk(s, k_norm, mask=None, *, eps=1.0, iterations=50, init="zero", eps_init=None, eps_decay=1.0,
              overflow="ones", solver="iterate", block=None):
    """Weights [B, R, N] in [0, 1] that sum to about k_norm (scalar or [B, R]) over each row of s [B, R, N].

    Tokens that are masked or whose score is NaN or -inf weigh 0 and do not count as valid.
    """
    choose("init", init, ("zero", "neg"))
    choose("overflow", overflow, ("ones", "iterate"))
    choose("solver", solver, ("iterate", "exact"))
    if eps <= 0 or iterations < 1:
        raise ValueError(f"soft_topk: expected eps > 0 and iterations >= 1, got {eps} and {iterations}")
    s = f64(s)
    batch, routes, tokens = s.shape
    mask = route_mask(mask, batch, routes, tokens)
    k_norm = np.broadcast_to(f64(k_norm), (batch, routes))
    schedule = eps_schedule(eps, iterations, eps_init, eps_decay)
    runs, share = [slice(0, tokens)], 1
    if block is not None:
        share = tokens // block
        runs = [slice(p * block, (p + 1) * block) for p in range(share)]
    w = np.zeros(s.shape)
    for b in range(batch):
        for r in range(routes):
            for run in runs:
                w[b, r, run] = _solve_run(s[b, r, run], mask[b, r, run], k_norm[b, r] / share, schedule, eps, init,
                                          overflow, solver)
    return w


def eps_schedule(eps, iterations, eps_init=None, eps_decay=1.0):
    """eps of every iteration and, last, of the weights: max(eps_init * eps_decay^t, eps)."""
    start = eps if eps_init is None else eps_init
    return [max(start * eps_decay ** t, eps) for t in range(iterations + 1)]


def _solve_run(s, mask, k, schedule, eps, init, overflow, solver):
    usable = mask & ~np.isnan(s) & (s != -np.inf)
    w = np.zeros(len(s))
    count = int(np.sum(usable))
    if count == 0 or not k > 0:
        return w
    if overflow == "ones" and k >= count:
        w[usable] = 1.0
        return w
    x = s[usable]
    infinite = x == np.inf
    if np.any(infinite) and (solver == "exact" or init == "zero"):
        # Clamped to a huge finite score, every finite quantity is absorbed: a = -s exactly.
        w[usable] = infinite
    elif solver == "exact":
        w[usable] = waterfill(x, k, eps)
    else:
        with np.errstate(over="ignore"):  # the lowest scores divided by a small eps are -inf, which weighs 0
            w[usable] = descend(x, k, schedule, init)
    return w


def descend(s, k, schedule, init="zero"):
    """The descent over the valid scores s, carrying only the scalar a; +Inf is allowed with init = neg."""
    a = final_a(s, k, schedule, init)
    return np.exp(np.minimum(s + a, 0.0) / schedule[-1])


def final_a(s, k, schedule, init="zero"):
    """The scalar a after the last iteration."""
    limit = np.finfo(np.float64).max * min(1.0, min(schedule))
    s = np.minimum(s, limit)
    start = logsumexp(s / schedule[0]) if init == "zero" else np.log(len(s))
    a = schedule[0] * (np.log(k) - start)
    for eps in schedule[1:-1]:
        a = eps * (np.log(k) - logsumexp(np.minimum(s, -a) / eps))
    return a


def waterfill(s, k, eps):
    """The exact optimum: the first count j of saturated tokens that is consistent."""
    z = np.sort(s / eps)[::-1]
    if k >= len(z):
        return np.ones(len(z))
    tail = np.logaddexp.accumulate(z[::-1])[::-1]
    for j in range(int(np.ceil(k))):
        alpha = np.log(k - j) - tail[j]
        if z[j] + alpha <= 0:
            break
    return np.exp(np.minimum(s / eps + alpha, 0.0))
