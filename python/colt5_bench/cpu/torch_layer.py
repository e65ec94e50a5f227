"""A CoLT5 encoder layer in plain eager PyTorch: what a user writes who has no compiler."""
import math

import torch
import torch.nn.functional as F


def bucket(relative):
    """T5's 32 bidirectional buckets with maximum distance 128, as exact thresholds."""
    starts = torch.tensor([1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91])
    return torch.bucketize(relative.abs(), starts, right=True) + 16 * (relative > 0)


class Colt5Layer:
    """Weights [..] as in examples/colt5_base.mlir. Constants of the shape are computed once, here."""

    def __init__(self, weights, n, queries, keys, tokens, radius=127):
        self.w = {name: torch.from_numpy(value) for name, value in weights.items()}
        self.n, self.queries, self.keys, self.tokens = n, queries, keys, tokens
        self.block = radius + 1
        for kind in ("light", "heavy"):
            for name in ("wq", "wk", "wv"):
                matrix = self.w[f"{kind}_{name}"]
                self.w[f"{kind}_{name}"] = matrix.reshape(matrix.shape[0], -1)
            heads = self.w[f"{kind}_wo"].shape[0]
            setattr(self, f"{kind}_heads", heads)
            self.w[f"{kind}_wo"] = self.w[f"{kind}_wo"].reshape(-1, self.w[f"{kind}_wo"].shape[2])
        # Additive mask and bias of a block of queries on itself and its two neighbours.
        relative = torch.arange(3 * self.block)[None, :] - self.block - torch.arange(self.block)[:, None]
        bias = self.w["light_bias"][:, bucket(relative)]
        self.local_bias = bias.masked_fill(relative.abs() > radius, -math.inf)[:, None]
        blocks = n // self.block
        key = (torch.arange(blocks)[:, None] - 1) * self.block + torch.arange(3 * self.block)[None, :]
        self.outside = (key < 0) | (key >= n)

    def __call__(self, x, mask):
        with torch.inference_mode():
            x = x + self.attention(self.norm(x, self.w["g1"], mask), mask)
            return x + self.feed_forward(self.norm(x, self.w["g2"], mask), mask)

    @staticmethod
    def norm(x, g, mask):
        y = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * g
        return y.masked_fill(~mask[..., None], 0.0)

    @staticmethod
    def route(x, u, mask, k):
        """Indices and weights of k tokens: 50 steps of coordinate descent, which carries one scalar."""
        s = (x @ u[0]).masked_fill(~mask, -math.inf)
        a = math.log(k) - torch.logsumexp(s, -1, keepdim=True)
        for _ in range(49):
            a = math.log(k) - torch.logsumexp(torch.minimum(s, -a), -1, keepdim=True)
        index = torch.topk(s, k, sorted=False).indices[0].sort().values
        return index, torch.exp(torch.clamp(s[0, index] + a[0], max=0.0))

    def attention(self, x, mask):
        light = self.local(x, mask).masked_fill(~mask[..., None], 0.0)
        i_q, w_q = self.route(x, self.w["u_q"], mask, self.queries)
        i_kv, w_kv = self.route(x, self.w["u_kv"], mask, self.keys)
        x_q, x_kv = x[0, i_q], x[0, i_kv] * w_kv[:, None]
        q, k, v = (self.split(t @ self.w[f"heavy_{name}"], self.heavy_heads)
                   for t, name in ((x_q, "wq"), (x_kv, "wk"), (x_kv, "wv")))
        logits = q @ k.transpose(1, 2) + self.w["heavy_bias"][:, bucket(i_kv[None, :] - i_q[:, None])]
        out = torch.softmax(logits, -1) @ v
        heavy = out.transpose(0, 1).reshape(self.queries, -1) @ self.w["heavy_wo"]
        light[0].index_add_(0, i_q, heavy * w_q[:, None])
        return light

    @staticmethod
    def split(t, heads):
        return t.view(t.shape[0], heads, -1).transpose(0, 1)

    def local(self, x, mask):
        heads, block, n = self.light_heads, self.block, self.n
        q, k, v = (self.split(x[0] @ self.w[f"light_{name}"], heads) for name in ("wq", "wk", "wv"))
        q = q.reshape(heads, n // block, block, -1)
        k, v = (self.neighbours(t) for t in (k, v))
        logits = q @ k.transpose(2, 3) + self.local_bias
        keys = F.pad(mask[0], (block, block)).unfold(0, 3 * block, block)
        logits = logits.masked_fill((self.outside | ~keys)[None, :, None], -math.inf)
        out = torch.softmax(logits, -1) @ v
        return (out.reshape(heads, n, -1).transpose(0, 1).reshape(n, -1) @ self.w["light_wo"])[None]

    def neighbours(self, t):
        """[heads, n, c] as [heads, blocks, 3 * block, c]: each block with the one before and the one after."""
        block = self.block
        t = F.pad(t, (0, 0, block, block)).view(t.shape[0], -1, block, t.shape[2])
        return torch.cat([t[:, :-2], t[:, 1:-1], t[:, 2:]], dim=2)

    def feed_forward(self, x, mask):
        out = self.gated(x, "light")
        index, weight = self.route(x, self.w["u_f"], mask, self.tokens)
        out[0].index_add_(0, index, self.gated(x[0, index], "heavy") * weight[:, None])
        return out

    def gated(self, x, kind):
        hidden = F.gelu(x @ self.w[f"{kind}_in"], approximate="tanh") * (x @ self.w[f"{kind}_gate"])
        return hidden @ self.w[f"{kind}_out"]
