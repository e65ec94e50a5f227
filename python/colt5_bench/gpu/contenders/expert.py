"""What an expert writes in PyTorch today: packed weights, SDPA or FlexAttention, torch.topk, index_add_, optionally the
Triton kernels. Everything that depends on weights and shapes alone is prepared once, untimed."""
import math

import torch
import torch.nn.functional as F

from . import spec


def mm_f32(x, u):
    """[n] f32 of x [n, d] and u [d], without rounding the scores to 16 bit."""
    if x.dtype == torch.float32:
        return x @ u
    return torch.mm(x, u[:, None], out_dtype=torch.float32)[:, 0]


class Gated:
    """A gated FFN with in and gate in one matrix."""

    def __init__(self, w_in, w_gate, w_out):
        self.up, self.out = torch.cat([w_in, w_gate], 1), w_out

    def __call__(self, x):
        a, b = (x @ self.up).chunk(2, -1)
        return (F.gelu(a, approximate="tanh") * b) @ self.out


class Light:
    """Window attention: `flex` compiles FlexAttention, `banded` is SDPA over blocks with a dense bias."""

    def __init__(self, case, table, how):
        self.case, self.how = case, how
        self.bias, self.outside = spec.light_bias(case, table, table.device)
        if how == "flex":
            self._prepare_flex(table)

    def _prepare_flex(self, table):
        from torch.nn.attention.flex_attention import create_block_mask, flex_attention
        radius = self.case.radius
        relative = torch.arange(-radius, radius + 1, device=table.device)
        by_distance = table[:, spec.bucket(relative)].contiguous()
        n = self.case.n

        def allowed(b, h, q, k):
            return (q - k).abs() <= radius

        def score(value, b, h, q, k):
            return value + by_distance[h, torch.clamp(k - q + radius, 0, 2 * radius)]
        # The mask of whole blocks is small, so it need not be compiled.
        self.mask = create_block_mask(allowed, None, None, n, n, device=table.device, _compile=table.is_cuda)
        self.score, self.flex = score, torch.compile(flex_attention) if table.is_cuda else flex_attention

    def __call__(self, q, k, v):
        if self.how == "flex":
            return self.flex(q, k, v, score_mod=self.score, block_mask=self.mask, scale=1.0)
        return self._banded(q, k, v)

    def _banded(self, q, k, v):
        block, n, heads = self.case.radius + 1, self.case.n, q.shape[1]
        padded = -(-n // block) * block
        blocks = padded // block
        q, k, v = (F.pad(t[0], (0, 0, 0, padded - n)) for t in (q, k, v))
        q = q.view(heads, blocks, block, -1).transpose(0, 1)
        k, v = (F.pad(t, (0, 0, block, block)).unfold(1, 3 * block, block).permute(1, 0, 3, 2) for t in (k, v))
        bias = self.bias[None].masked_fill(self.outside[:, None, None], -math.inf).to(q.dtype)
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=bias, scale=1.0)
        return out.transpose(0, 1).reshape(1, heads, padded, -1)[:, :, :n]


def heavy(q, k, v, q_pos, kv_pos, table):
    bias = table[:, spec.bucket(kv_pos[0][None, :].long() - q_pos[0][:, None].long())].to(q.dtype)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=bias[None], scale=1.0)


class Router:
    """Selection and weights of the selected tokens."""

    def __init__(self, k, triton):
        self.k, self.soft = k, None
        if triton:
            from .triton_kernels import soft_topk
            self.soft = soft_topk

    def weights(self, s):
        if self.soft is None or self.k >= s.shape[-1]:
            return spec.soft_topk(s, self.k)
        return self.soft(s, math.log(self.k))

    def __call__(self, s):
        """Indices [k] and weights [k] of scores s [n]."""
        index = torch.topk(s, self.k, sorted=False).indices
        return index, self.weights(s)[index]


class Layer:
    """The layer on x [1, n, d]. `packed`: q, k and v of the light branch are one product, which torch.compile cannot
    hand to FlexAttention."""

    def __init__(self, case, w, how, triton, packed=True):
        self.case, self.w, self.triton = case, w, triton
        self.light = Light(case, w["light_bias"], how)
        light = [w[f"light_{n}"].reshape(case.d, -1) for n in ("wq", "wk", "wv")]
        self.light_qkv = [torch.cat(light, 1)] if packed else light
        self.heavy_kv = torch.cat([w[f"heavy_{n}"].reshape(case.d, -1) for n in ("wk", "wv")], 1)
        self.light_ffn = Gated(w["light_in"], w["light_gate"], w["light_out"])
        self.heavy_ffn = Gated(w["heavy_in"], w["heavy_gate"], w["heavy_out"])
        self.queries, self.keys = Router(case.routed, triton), Router(case.keys, triton)

    def __call__(self, x):
        # Residuals are fused into the products by addmm.
        n, d = self.case.n, self.case.d
        x = self._attention(x.view(n, d))
        return self._feed_forward(x).view(1, n, d)

    def _norm(self, x, g):
        return F.rms_norm(x, (self.case.d,), g, eps=1e-6)

    def _split(self, t, heads):
        return t.reshape(1, t.shape[0], heads, self.case.head_size).transpose(1, 2)

    def _merge(self, o):
        return o.transpose(1, 2).reshape(o.shape[2], -1)

    def _attention(self, x):
        c, w = self.case, self.w
        h = self._norm(x, w["g1"])
        products = [h @ matrix for matrix in self.light_qkv]
        parts = products[0].chunk(3, -1) if len(products) == 1 else products
        q, k, v = (self._split(t, c.light_heads) for t in parts)
        x = torch.addmm(x, self._merge(self.light(q, k, v)), w["light_wo"].reshape(-1, c.d))
        i_q, w_q = self.queries(mm_f32(h, w["u_q"][0]))
        i_kv, w_kv = self.keys(mm_f32(h, w["u_kv"][0]))
        x_kv = (h[i_kv] * w_kv[:, None]).to(h.dtype)
        q = self._split(h[i_q] @ w["heavy_wq"].reshape(c.d, -1), c.heavy_heads)
        k, v = (self._split(t, c.heavy_heads) for t in (x_kv @ self.heavy_kv).chunk(2, -1))
        o = heavy(q, k, v, i_q[None], i_kv[None], w["heavy_bias"])
        y = (self._merge(o) @ w["heavy_wo"].reshape(-1, c.d)) * w_q[:, None]
        return x.index_add_(0, i_q, y.to(x.dtype))

    def _feed_forward(self, x):
        h = self._norm(x, self.w["g2"])
        a, b = (h @ self.light_ffn.up).chunk(2, -1)
        x = torch.addmm(x, F.gelu(a, approximate="tanh") * b, self.light_ffn.out)
        i, weight = self.queries(mm_f32(h, self.w["u_f"][0]))
        if self.triton:
            from .triton_kernels import routed_ffn_
            w = self.w
            return routed_ffn_(h, x, i, weight, w["heavy_in"], w["heavy_gate"], w["heavy_out"])
        return x.index_add_(0, i, (self.heavy_ffn(h[i]) * weight[:, None]).to(x.dtype))
