"""Router scores, routing weights of every kind, and the written form of the attribute."""
import numpy as np

from colt5_model.routing import KINDS, parse_routing, route, router_scores, routing_weights
from colt5_model.selection import topk
from colt5_model.softtopk import soft_topk

NAN, INF = np.nan, np.inf


def check_scores(t):
    rng = np.random.default_rng(1)
    x, u = rng.standard_normal((2, 5, 4)), rng.standard_normal((3, 4))
    s = router_scores(x, u, scale=0.5)
    t.close(s[1, 2, 3], 0.5 * sum(x[1, 3, d] * u[2, d] for d in range(4)), "dot")
    cosine = router_scores(x, u, similarity="cosine", scale=8.0)
    t.close(cosine[0, 1, 2], 8 * x[0, 2] @ u[1] / np.sqrt(x[0, 2] @ x[0, 2]) / np.sqrt(u[1] @ u[1]), "cosine")
    t.close(router_scores(np.zeros((1, 2, 4)), u, similarity="cosine"), np.zeros((1, 3, 2)), "cosine of zero is 0")
    per_row = rng.standard_normal((2, 3, 4))
    t.close(router_scores(x, per_row)[1], router_scores(x, per_row[1])[1], "a router per batch row")
    x[0, 1] = NAN
    mask = np.ones((2, 5), bool)
    mask[0, 1] = False
    s = router_scores(x, u, mask)
    t.true(np.all(s[0, :, 1] == -INF) and not np.any(np.isnan(s)), "NaN behind the mask is -inf")
    route_mask = np.ones((2, 3, 5), bool)
    route_mask[1, 2, 0] = False
    s = router_scores(np.ones((2, 5, 4)), u, route_mask)
    t.true(s[1, 2, 0] == -INF and np.sum(np.isinf(s)) == 1, "a mask per route")


def _weights(s, k, kind, mask=None, **fields):
    s = np.asarray(s, dtype=float)[None, None]
    mask = None if mask is None else np.asarray(mask)[None]
    idx, valid, _ = topk(s, mask, k=k)
    return routing_weights(s, k, idx, valid, mask, dict(fields, kind=kind))[0, 0]


def check_kinds(t):
    s = np.array([0.5, -1.0, 2.0, 1.0])
    e = np.exp(s[[2, 3]])
    t.close(_weights(s, 2, "softmax_topk"), e / np.sum(e), "softmax over the kept")
    t.close(_weights(s, 2, "softmax_all"), e / np.sum(np.exp(s)), "softmax over all, then kept")
    t.close(_weights(s, 2, "sigmoid"), 1 / (1 + np.exp(-s[[2, 3]])), "sigmoid")
    t.close(_weights(s, 2, "raw"), s[[2, 3]], "raw")
    t.close(_weights(s, 2, "ones"), [1.0, 1.0], "ones")
    t.close(_weights(s, 2, "soft_topk"), soft_topk(s[None, None], 2)[0, 0, [2, 3]], "soft top-k")
    t.close(_weights(s, 2, "soft_topk", k_ratio=1.125), soft_topk(s[None, None], 2.25)[0, 0, [2, 3]], "9/8 budget")
    t.far(_weights(s, 2, "soft_topk"), _weights(s, 2, "softmax_topk"), "the paper's and the seed's router differ")


def check_edges(t):
    for kind in KINDS:
        t.equal(_weights([1.0, NAN, 2.0, -INF], 4, kind)[[1, 3]], [0.0, 0.0], f"{kind}: NaN and -inf weigh 0")
        t.equal(_weights([1.0, 2.0, 3.0], 3, kind, [True, False, True])[1], 0.0, f"{kind}: masked weighs 0")
        t.equal(_weights([1.0, 2.0], 4, kind)[2:], [0.0, 0.0], f"{kind}: surplus slots weigh 0")
        t.equal(_weights([1.0, 2.0], 2, kind, [False, False]), [0.0, 0.0], f"{kind}: all masked")
        t.close(_weights([1.0, 2.0, 7.0], 3, kind, [True, True, False])[:2], _weights([1.0, 2.0], 3, kind)[:2],
                f"{kind}: a padded row equals the unpadded one")
        t.true(not np.any(np.isnan(_weights([INF, 1.0, INF], 2, kind))), f"{kind}: +Inf makes no NaN")
    t.equal(_weights([INF, 1.0, INF], 2, "softmax_topk"), [0.5, 0.5], "+Inf scores share the softmax")
    t.equal(_weights([3.0, 1.0], 2, "raw", bypass="ones"), [1.0, 1.0], "bypass when K = N")
    t.equal(_weights([3.0, 1.0], 2, "raw"), [3.0, 1.0], "no bypass unless asked")
    t.equal(_weights([3.0, 1.0, 2.0], 2, "raw", bypass="ones"), [3.0, 2.0], "no bypass when K < N")


def check_syntax(t):
    text = "#colt5.routing<soft_topk, eps = 0.03, iterations = 20, init = neg, eps_init = 4.0, k_ratio = 1.125>"
    r = parse_routing(text)
    t.true((r.kind, r.eps, r.iterations, r.init, r.eps_init, r.k_ratio) == ("soft_topk", 0.03, 20, "neg", 4.0, 1.125),
           "every field is read")
    t.true(parse_routing("softmax_topk").kind == "softmax_topk", "a bare kind")
    t.true(parse_routing(None) == parse_routing("#colt5.routing<soft_topk>"), "the default")
    t.raises(lambda: parse_routing("#colt5.routing<sinkhorn>"), "unknown kind")
    t.raises(lambda: parse_routing("#colt5.routing<raw, ones>"), "two kinds")


def check_blocks(t):
    rng = np.random.default_rng(2)
    x, u = rng.standard_normal((1, 11, 4)), rng.standard_normal((1, 4))
    s, idx, valid, weight = route(x, u, 4, None, "#colt5.routing<soft_topk, block = 5>")
    t.true(np.all(idx[0, 0, :2] < 5) and np.all((idx[0, 0, 2:] >= 5) & (idx[0, 0, 2:] < 10)), "quota per block")
    t.close(weight[0, 0], soft_topk(s, 4, block=5)[0, 0, idx[0, 0]], "weights per block")
