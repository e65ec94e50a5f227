"""T5's initialisers (LongT5 configuration), seeded per tensor."""
import numpy as np

# Standard deviation of a unit normal truncated to [-2, 2]: truncated draws are divided by it to keep the variance.
TRUNCATED_STD = 0.87962566103423978


def generator(seed, *path):
    """An independent stream for each tensor, so that changing one shape does not change the others."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *path])))


def normal(rng, shape, std):
    return (std * rng.standard_normal(shape)).astype(np.float32)


def attention_kernel(rng, shape, fan_in, query=False):
    """N(0, 1/fan_in); the query carries the 1/sqrt(C) that the logits lack (shape [D, H, C])."""
    return normal(rng, shape, np.sqrt(1.0 / fan_in) / (np.sqrt(shape[-1]) if query else 1.0))


def mlp_kernel(rng, shape):
    """Truncated normal with variance 1/fan_in for [..., fan_in, fan_out]."""
    draw = rng.standard_normal(shape)
    outside = np.abs(draw) > 2.0
    while np.any(outside):
        draw[outside] = rng.standard_normal(int(np.sum(outside)))
        outside = np.abs(draw) > 2.0
    return (draw * (np.sqrt(1.0 / shape[-2]) / TRUNCATED_STD)).astype(np.float32)


def bias_table(rng, heads, buckets=32):
    """Uniform with variance 1/fan_avg."""
    limit = np.sqrt(3.0 / ((heads + buckets) / 2.0))
    return rng.uniform(-limit, limit, (heads, buckets)).astype(np.float32)


def router(rng, width, routes=1):
    """N(0, 1/d): no source states it; unit normal would saturate the soft top-k."""
    return normal(rng, (routes, width), np.sqrt(1.0 / width))
