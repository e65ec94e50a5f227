"""Best-effort Triton: soft top-k in one program per row, and the routed gated FFN as gather-GEMM-gate, GEMM-scatter."""
import torch
import triton
import triton.language as tl

LOWEST = -1e30


@triton.jit
def _soft_topk(s_ptr, w_ptr, n, log_k, steps, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    at = tl.arange(0, BLOCK)
    s = tl.load(s_ptr + row * n + at, mask=at < n, other=-float("inf"))
    top = tl.max(s, 0)
    a = log_k - (top + tl.log(tl.sum(tl.exp(s - top), 0)))
    for _ in range(steps - 1):
        t = tl.minimum(s, -a)
        top = tl.max(t, 0)
        a = log_k - (top + tl.log(tl.sum(tl.exp(t - top), 0)))
    tl.store(w_ptr + row * n + at, tl.exp(tl.minimum(s + a, 0.0)), mask=at < n)


def soft_topk(s, log_k, steps=50):
    """Weights like s [.., n] f32."""
    n, w = s.shape[-1], torch.empty_like(s)
    block = triton.next_power_of_2(n)
    _soft_topk[(s.numel() // n,)](s, w, n, log_k, steps, BLOCK=block, num_warps=max(4, min(32, block // 1024)))
    return w


_UP = [triton.Config({"BM": m, "BN": n, "BK": k}, num_warps=w, num_stages=s)
       for m, n, k, w, s in ((64, 64, 32, 4, 3), (128, 64, 64, 4, 3), (128, 128, 32, 8, 3), (128, 128, 64, 8, 3))]
_DOWN = [triton.Config({"BM": m, "BN": n, "BK": k}, num_warps=w, num_stages=s)
         for m, n, k, w, s in ((64, 64, 64, 4, 4), (128, 64, 64, 4, 4), (64, 128, 64, 4, 4), (128, 128, 64, 8, 3))]


@triton.autotune(configs=_UP, key=["m", "d", "f"])
@triton.jit
def _gather_gate(x_ptr, idx_ptr, in_ptr, gate_ptr, h_ptr, m, d, f, BM: tl.constexpr, BN: tl.constexpr,
                 BK: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BN + tl.arange(0, BN)
    k = tl.arange(0, BK)
    source = tl.load(idx_ptr + rows, mask=rows < m, other=0).to(tl.int64)
    a, b = tl.zeros((BM, BN), tl.float32), tl.zeros((BM, BN), tl.float32)
    for start in range(0, d, BK):
        inner = start + k
        x = tl.load(x_ptr + source[:, None] * d + inner[None, :], mask=inner[None, :] < d, other=0.0)
        at = inner[:, None] * f + cols[None, :]
        ok = (inner[:, None] < d) & (cols[None, :] < f)
        a = tl.dot(x, tl.load(in_ptr + at, mask=ok, other=0.0), a, input_precision="ieee")
        b = tl.dot(x, tl.load(gate_ptr + at, mask=ok, other=0.0), b, input_precision="ieee")
    # gelu_tanh(a) = a * sigmoid(2 u)
    h = a * tl.sigmoid(1.5957691216057308 * (a + 0.044715 * a * a * a)) * b
    tl.store(h_ptr + rows[:, None] * f + cols[None, :], h.to(h_ptr.dtype.element_ty),
             mask=(rows[:, None] < m) & (cols[None, :] < f))


@triton.autotune(configs=_DOWN, key=["m", "d", "f"], restore_value=["y_ptr"])
@triton.jit
def _down_scatter(h_ptr, out_ptr, idx_ptr, weight_ptr, y_ptr, m, d, f, BM: tl.constexpr, BN: tl.constexpr,
                  BK: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BN + tl.arange(0, BN)
    k = tl.arange(0, BK)
    acc = tl.zeros((BM, BN), tl.float32)
    for start in range(0, f, BK):
        inner = start + k
        h = tl.load(h_ptr + rows[:, None] * f + inner[None, :], mask=(rows[:, None] < m) & (inner[None, :] < f),
                    other=0.0)
        w = tl.load(out_ptr + inner[:, None] * d + cols[None, :], mask=(inner[:, None] < f) & (cols[None, :] < d),
                    other=0.0)
        acc = tl.dot(h, w, acc, input_precision="ieee")
    target = tl.load(idx_ptr + rows, mask=rows < m, other=0).to(tl.int64)
    weight = tl.load(weight_ptr + rows, mask=rows < m, other=0.0)
    at, ok = target[:, None] * d + cols[None, :], (rows[:, None] < m) & (cols[None, :] < d)
    y = tl.load(y_ptr + at, mask=ok, other=0.0).to(tl.float32) + acc * weight[:, None]
    tl.store(y_ptr + at, y.to(y_ptr.dtype.element_ty), mask=ok)


def routed_ffn_(x, y, idx, weight, w_in, w_gate, w_out):
    """Adds weight * FFN(x[idx]) to the rows idx [m] of y [n, d], in place; no index stands twice."""
    m, (d, f) = idx.shape[0], w_in.shape
    h = torch.empty(m, f, device=x.device, dtype=x.dtype)
    _gather_gate[lambda c: (triton.cdiv(m, c["BM"]), triton.cdiv(f, c["BN"]))](x, idx, w_in, w_gate, h, m, d, f)
    _down_scatter[lambda c: (triton.cdiv(m, c["BM"]), triton.cdiv(d, c["BN"]))](h, w_out, idx, weight, y, m, d, f)
    return y
