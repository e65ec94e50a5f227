#!/usr/bin/env python3
"""Shows each defect of the public CoLT5 code that docs/lucidrains.md lists, with that code.

usage: defects.py

The limit of the fused kernel is not shown: it needs a GPU. Exit status 1 when a defect is not there, 77 when the public
code is not installed.
"""
import sys

from public_code import require_public_code


def raises(kind, action, *arguments, **options):
    try:
        action(*arguments, **options)
    except kind:
        return True
    return False


def shows():
    """(defect, whether the public code shows it)."""
    import torch
    from colt5_attention import (ConditionalRoutedAttention, ConditionalRoutedCrossAttention,
                                 ConditionalRoutedImageAttention, CoordinateDescentRouter)
    from local_attention import LocalMHA
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    few = {"num_heavy_tokens_q": 4, "num_heavy_tokens_kv": 4}
    x = torch.randn(2, 48, 16)
    none = torch.zeros(2, 48, dtype=torch.bool)

    cross = ConditionalRoutedCrossAttention(16, num_tokens_q=4, num_tokens_kv=4)
    yield "cross attention: a name that is never defined", raises(NameError, cross, x, x)

    off, on = (CoordinateDescentRouter(16, learned_routing_tokens=flag) for flag in (False, True))
    yield "learned_routing_tokens is inverted", off.routing_token is not None and on.routing_token is None

    router = CoordinateDescentRouter(16, straight_through=False)
    yield "random_route fails without a mask", raises(TypeError, router, x, num_tokens=4, random_route=True)

    image = ConditionalRoutedImageAttention(16, light_window_size=4, **few)
    seen = []
    image.q_router.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].shape))
    image(torch.randn(2, 8, 8, 16))
    yield "image attention routes inside each window", seen == [(8, 16, 16)]
    image.num_heavy_tokens_q = 16
    yield "image attention fails when all of a window is routed", raises(RuntimeError, image, torch.randn(2, 8, 8, 16))

    local = LocalMHA(dim=16, window_size=8, dim_head=8, heads=2, use_rotary_pos_emb=False, look_backward=1,
                     look_forward=1)
    # The window of the middle block is the whole sequence.
    values = local.to_qkv(x[:, :24]).chunk(3, dim=-1)[2]
    middle = local(x[:, :24], mask=none[:, :24])[:, 8]
    yield "a row without a visible key averages the masked keys", \
        bool((middle - local.to_out(values.mean(dim=1))).abs().max() < 1e-6)

    first = none.clone()
    first[:, :2] = True
    attention = ConditionalRoutedAttention(16, has_light_attn=False, router_straight_through=False, **few)
    zero_rows = (attention(x, mask=first) == 0).all(dim=-1)
    yield "a masked routed query turns the null query token into 0", bool((zero_rows.sum(dim=1) == 2).all())

    yield "padding weighs 1 when every token is routed", bool((router(x, num_tokens=48, mask=none).scores == 1).all())

    descent = {"n_iters": 20, "eps": 0.03, "eps_init": 4.0, "eps_decay": 0.7}
    weights = router.coor_descent(100 * x[..., 0], k=8 * 9 / 8, **descent)
    yield "more weights equal 1 than are selected", bool(((weights == 1).sum(dim=-1) > 8).all())

    blocks = CoordinateDescentRouter(16, straight_through=False, route_block_size=16)
    yield "route_block_size fails with more than one block", raises(IndexError, blocks, x, num_tokens=8)
    yield "route_block_size drops the tail", bool((blocks(x[:, :24], num_tokens=16).indices < 16).all())

    routes = CoordinateDescentRouter(16, num_routing_tokens=2)
    indices, _, rows, _ = routes(x, num_tokens=4)
    own = [bool((rows[b, r] == x[b, indices[b, r]]).all()) for b in range(2) for r in range(2)]
    yield "several routes gather rows of another batch entry", not all(own)

    whole = torch.ones(2, 44, dtype=torch.bool)
    difference = (local(x[:, :44]) - local(x[:, :44], mask=whole)).abs().amax(dim=-1)[0]
    yield "without a mask the last queries see padding", \
        bool((difference[:40 - 4] < 1e-6).all() and (difference[40:] > 1e-6).all())


def main():
    print(require_public_code())
    missing = 0
    for defect, there in shows():
        print(f"{'shown' if there else 'NOT SHOWN'}: {defect}")
        missing += not there
    print(f"{missing} defects not shown")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
