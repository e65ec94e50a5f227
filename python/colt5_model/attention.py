"""attention and online_attention: one softmax over the allowed keys."""
import dataclasses

import numpy as np

from .arrays import f64, has_index_error
from .buckets import DEFAULT, bucket
from .patterns import parse_pattern

# Bounds the logits held at a time; the result does not depend on it.
CHUNK = 512


@dataclasses.dataclass
class _Problem:
    """All operands of one op, normalised: masks present, positions [B, G, Q] and [B, G, S]."""
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    q_ok: np.ndarray
    kv_ok: np.ndarray
    q_pos: np.ndarray
    kv_pos: np.ndarray
    kv_idx: np.ndarray
    bias_table: np.ndarray
    bias: str
    extra: list
    score: object
    pattern: object
    scale: float

    def group(self, head):
        return head // (self.q.shape[1] // self.k.shape[1])


def attention(q, k, v, q_valid=None, kv_valid=None, q_pos=None, kv_pos=None, q_base=0, kv_base=0, kv_idx=None,
              bias_table=None, side_k=None, side_v=None, side_valid=None, q_block=None, side_bias_table=None,
              extra=(), *, scale=1.0, pattern="#colt5.dense", bias=DEFAULT, score=None):
    """o [B, H, Q, C] and lse [B, H, Q] of q [B, H, Q, C] over k, v [B, G, S, C] and optional side keys [B, G, P, C].

    `score(score, q_pos, kv_pos, *extra)` works on arrays and stands for the region. A row that is not valid or has no
    allowed key is 0 with lse -inf.
    """
    p = _problem(q, k, v, q_valid, kv_valid, q_pos, kv_pos, q_base, kv_base, kv_idx, bias_table, extra, scale, pattern,
                 bias, score)
    out = np.zeros(p.q.shape)
    lse = np.full(p.q.shape[:3], -np.inf)
    side = _side(p, side_k, side_v, side_valid, q_block, side_bias_table)
    for b, h, rows, keys in _pieces(p):
        logits, values = _logits(p, b, h, rows, keys), _values(p, b, h, keys)
        if side is not None:
            logits = np.concatenate([logits, _side_logits(p, side, b, h, rows)], axis=1)
            values = np.concatenate([values, side.v[b, p.group(h)]], axis=0)
        acc, top, total = _accumulate(logits, values, np.zeros((len(rows), p.q.shape[3])), -np.inf, 0.0)
        some = total != 0
        total = np.where(some, total, 1.0)
        out[b, h, rows] = np.where(some[:, None], acc / total[:, None], 0.0)
        lse[b, h, rows] = np.where(some, top + np.log(total), -np.inf)
    return out, lse


def online_attention(q, k, v, acc, max, sum, q_valid=None, kv_valid=None, q_pos=None, kv_pos=None, q_base=0,
                     kv_base=0, kv_idx=None, bias_table=None, extra=(), *, scale=1.0, pattern="#colt5.dense",
                     bias=DEFAULT, score=None):
    """One step over the keys given: the updated acc [B, H, Q, C], max and sum [B, H, Q]."""
    p = _problem(q, k, v, q_valid, kv_valid, q_pos, kv_pos, q_base, kv_base, kv_idx, bias_table, extra, scale, pattern,
                 bias, score)
    acc, top, total = f64(acc), f64(max), f64(sum)
    for b, h, rows, keys in _pieces(p):
        at = (b, h, rows)
        acc[at], top[at], total[at] = _accumulate(_logits(p, b, h, rows, keys), _values(p, b, h, keys), acc[at],
                                                  top[at], total[at])
    return acc, top, total


def finish(acc, max, sum):
    """o and lse of the running acc, max and sum."""
    some = sum != 0
    total = np.where(some, sum, 1.0)
    return np.where(some[..., None], acc / total[..., None], 0.0), np.where(some, max + np.log(total), -np.inf)


def _accumulate(logits, values, acc, top, total):
    new_top = np.maximum(top, np.max(logits, axis=1, initial=-np.inf))
    dead = new_top == -np.inf
    shift = np.where(dead, 0.0, new_top)
    old = np.where(dead, 0.0, np.exp(top - shift))
    e = np.exp(logits - shift[:, None])
    return acc * old[:, None] + e @ values, new_top, total * old + np.sum(e, axis=1)


def _problem(q, k, v, q_valid, kv_valid, q_pos, kv_pos, q_base, kv_base, kv_idx, bias_table, extra, scale, pattern,
             bias, score):
    q, k, v = f64(q), f64(k), f64(v)
    batch, heads, queries, _ = q.shape
    groups, keys = k.shape[1:3]
    if heads % groups:
        raise ValueError(f"attention: expected query heads to be a multiple of key heads, got {heads} and {groups}")
    q_ok = np.ones((batch, queries), bool) if q_valid is None else np.asarray(q_valid).astype(bool)
    kv_ok = np.ones((batch, keys), bool) if kv_valid is None else np.asarray(kv_valid).astype(bool)
    q_ok, kv_ok = _per_group(q_ok, groups), _per_group(kv_ok, groups)
    if q_pos is None:
        q_at = np.broadcast_to(int(q_base) + np.arange(queries), (batch, groups, queries))
    else:
        q_at = _per_group(np.asarray(q_pos), groups).astype(np.int64)
        q_ok = q_ok & (q_at != -1)
    if kv_pos is None:
        kv_at = np.broadcast_to(int(kv_base) + np.arange(keys), (batch, groups, keys))
    else:
        kv_at = _per_group(np.asarray(kv_pos), groups).astype(np.int64)
        kv_ok = kv_ok & (kv_at != -1)
    k = np.where(kv_ok[..., None], k, 0.0)
    v = np.where(kv_ok[..., None], v, 0.0)
    return _Problem(q, k, v, q_ok, kv_ok, q_at, kv_at, None if kv_idx is None else np.asarray(kv_idx),
                    None if bias_table is None else f64(bias_table), bias, [f64(e) for e in extra], score,
                    parse_pattern(pattern), scale)


def _per_group(a, groups):
    """[B, X] or [B, G, X] as [B, G, X]."""
    return np.broadcast_to(a[:, None, :] if a.ndim == 2 else a, (a.shape[0], groups, a.shape[-1]))


def _pieces(p):
    """(batch, head, query rows, key rows): blocks of kv_idx, else chunks of queries over all keys."""
    batch, heads, queries, _ = p.q.shape
    keys = p.k.shape[2]
    for b in range(batch):
        for h in range(heads):
            if p.kv_idx is None:
                for start in range(0, queries, CHUNK):
                    yield b, h, np.arange(start, min(start + CHUNK, queries)), np.arange(keys)
                continue
            lists = p.kv_idx[b, p.group(h)]
            if queries % len(lists):
                raise ValueError(f"kv_idx: expected Q to be a multiple of W, got {queries} and {len(lists)}")
            rows = queries // len(lists)
            for w, listed in enumerate(lists):
                listed = listed[(listed >= 0) & (listed < keys)]
                yield b, h, np.arange(w * rows, (w + 1) * rows), listed


def kv_idx_error(kv_idx, keys):
    """True if a listed key row sets the error word."""
    return has_index_error(kv_idx, keys)


def _logits(p, b, h, rows, keys):
    """scale * q.k + bias through the region, -inf where not allowed."""
    g = p.group(h)
    q_at, kv_at = p.q_pos[b, g, rows][:, None], p.kv_pos[b, g, keys][None, :]
    s = p.scale * (p.q[b, h, rows] @ p.k[b, g, keys].T)
    if p.bias_table is not None:
        s = s + p.bias_table[h][bucket(kv_at - q_at, p.bias)]
    if p.score is not None:
        s = np.broadcast_to(p.score(s, q_at, kv_at, *(_extra(e, b, h, rows, keys) for e in p.extra)), s.shape)
    allowed = p.q_ok[b, g, rows][:, None] & p.kv_ok[b, g, keys][None, :] & p.pattern(q_at, kv_at)
    return np.where(allowed, s, -np.inf)


def _extra(e, b, h, rows, keys):
    e = e[b if e.shape[0] > 1 else 0, h if e.shape[1] > 1 else 0]
    e = e[rows] if e.shape[0] > 1 else e
    return e[:, keys] if e.shape[1] > 1 else e


def _values(p, b, h, keys):
    return p.v[b, p.group(h), keys]


@dataclasses.dataclass
class _Side:
    k: np.ndarray
    v: np.ndarray
    ok: np.ndarray
    q_block: np.ndarray
    table: np.ndarray


def _side(p, side_k, side_v, side_valid, q_block, table):
    if side_k is None:
        return None
    k, v = f64(side_k), f64(side_v)
    ok = np.ones((k.shape[0], k.shape[2]), bool) if side_valid is None else np.asarray(side_valid).astype(bool)
    k = np.where(ok[:, None, :, None], k, 0.0)
    v = np.where(ok[:, None, :, None], v, 0.0)
    if table is not None and q_block is None:
        raise ValueError("attention: expected q_block with side_bias_table, got none")
    return _Side(k, v, ok, None if q_block is None else np.asarray(q_block), None if table is None else f64(table))


def _side_logits(p, side, b, h, rows):
    g = p.group(h)
    s = p.scale * (p.q[b, h, rows] @ side.k[b, g].T)
    if side.table is not None:
        slot = np.arange(side.k.shape[2])[None, :]
        s = s + side.table[h][bucket(slot - side.q_block[b, rows].astype(np.int64)[:, None], p.bias)]
    return np.where(p.q_ok[b, g, rows][:, None] & side.ok[b][None, :], s, -np.inf)
