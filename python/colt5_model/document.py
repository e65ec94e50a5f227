"""The example's data: a text as byte tokens through a seeded embedding, and seeded CoLT5 layers."""
import dataclasses
import json
import os

import numpy as np

from . import bf16, init
from .layers import colt5_encoder_layer

# The operands of one layer after x and mask, in the order of the example's arguments.
WEIGHTS = ("g1", "u_q", "u_kv", "light_wq", "light_wk", "light_wv", "light_wo", "light_bias", "heavy_wq", "heavy_wk",
           "heavy_wv", "heavy_wo", "heavy_bias", "g2", "u_f", "light_in", "light_gate", "light_out", "heavy_in",
           "heavy_gate", "heavy_out")


@dataclasses.dataclass
class Config:
    """Sizes of the generated model; the defaults are CoLT5-Base. Zero counts follow from n (n/16, n/8)."""
    layers: int = 2
    n: int = 4096
    d: int = 768
    light_heads: int = 4
    heavy_heads: int = 8
    head_size: int = 64
    light_width: int = 1024
    heavy_width: int = 8192
    radius: int = 127
    queries: int = 0
    keys: int = 0
    tokens: int = 0
    seed: int = 1

    def __post_init__(self):
        self.queries = self.queries or max(1, self.n // 16)
        self.tokens = self.tokens or max(1, self.n // 16)
        self.keys = self.keys or max(1, self.n // 8)


def embed(text, n, d, seed):
    """x [1, n, d] f32 and mask [1, n] of the first n bytes of a text; a shorter text is padded with masked zeros."""
    table = init.normal(init.generator(seed, 0), (256, d), 1.0)
    tokens = np.frombuffer(text[:n], dtype=np.uint8)
    x = np.zeros((1, n, d), dtype=np.float32)
    x[0, :len(tokens)] = table[tokens]
    mask = np.zeros((1, n), dtype=bool)
    mask[0, :len(tokens)] = True
    return x, mask


def layer_weights(layer, c):
    """The named f32 weights of one layer, in the order of WEIGHTS."""
    count = iter(range(len(WEIGHTS)))

    def rng():
        return init.generator(c.seed, 1 + layer, next(count))

    def branch(heads):
        shape = (c.d, heads, c.head_size)
        return (init.attention_kernel(rng(), shape, c.d, query=True), init.attention_kernel(rng(), shape, c.d),
                init.attention_kernel(rng(), shape, c.d),
                init.attention_kernel(rng(), (heads, c.head_size, c.d), heads * c.head_size),
                init.bias_table(rng(), heads))

    def feed_forward(width):
        return (init.mlp_kernel(rng(), (c.d, width)), init.mlp_kernel(rng(), (c.d, width)),
                init.mlp_kernel(rng(), (width, c.d)))

    def norm():
        next(count)
        return np.ones(c.d, dtype=np.float32)

    values = [norm(), init.router(rng(), c.d), init.router(rng(), c.d), *branch(c.light_heads), *branch(c.heavy_heads),
              norm(), init.router(rng(), c.d), *feed_forward(c.light_width), *feed_forward(c.heavy_width)]
    return dict(zip(WEIGHTS, values))


def generate(text_path, out, config):
    """Writes x.npy, mask.npy, w00.npy, ... and config.json to the folder `out`; returns the file names."""
    with open(text_path, "rb") as file:
        text = file.read()
    os.makedirs(out, exist_ok=True)
    x, mask = embed(text, config.n, config.d, config.seed)
    names = ["x.npy", "mask.npy"]
    np.save(os.path.join(out, "x.npy"), x)
    np.save(os.path.join(out, "mask.npy"), mask)
    for layer in range(config.layers):
        for value in layer_weights(layer, config).values():
            names.append(f"w{len(names) - 2:02d}.npy")
            np.save(os.path.join(out, names[-1]), value)
    with open(os.path.join(out, "config.json"), "w", encoding="ascii") as file:
        json.dump(dataclasses.asdict(config), file, indent=2)
        file.write("\n")
    return names


def _recorded(folder, layer):
    """The recorded selections of a layer that are there."""
    found = {}
    for name in ("attention_idx_q", "attention_idx_kv", "ffn_idx"):
        path = os.path.join(folder or "", f"layer{layer}_{name}.npy")
        if folder and os.path.exists(path):
            found[name] = np.load(path)
    if folder and not found:
        raise ValueError(f"replay: expected recorded selections of layer {layer} in '{folder}', found none")
    return found


def run_layers(folder, out, routing=None, rounding="none", replay=None, progress=print):
    """Runs the generated layers in float64; writes layerL_<part>.npy for every part and out.npy. Returns the output.

    rounding = bf16 rounds x and all weights but the bias tables first. `replay` is a folder with some of
    layerL_attention_idx_q.npy, layerL_attention_idx_kv.npy and layerL_ffn_idx.npy, which then stand for the selections.
    """
    with open(os.path.join(folder, "config.json"), encoding="ascii") as file:
        config = Config(**json.load(file))
    x = np.load(os.path.join(folder, "x.npy")).astype(np.float64)
    x = bf16.round_bf16(x) if rounding == "bf16" else x
    mask = np.load(os.path.join(folder, "mask.npy"))
    os.makedirs(out, exist_ok=True)
    for layer in range(config.layers):
        first = layer * len(WEIGHTS)
        weights = [np.load(os.path.join(folder, f"w{first + n:02d}.npy")) for n in range(len(WEIGHTS))]
        if rounding == "bf16":
            weights = [w if name.endswith("_bias") else bf16.round_bf16(w) for name, w in zip(WEIGHTS, weights)]
        parts = {}
        x = colt5_encoder_layer(x, mask, *weights, queries=config.queries, keys=config.keys, tokens=config.tokens,
                                radius=config.radius, routing=routing,
                                replay=_recorded(replay, layer), parts=parts)
        for name, value in parts.items():
            np.save(os.path.join(out, f"layer{layer}_{name}.npy"), value)
        progress(f"layer {layer}: {len(parts)} parts")
    np.save(os.path.join(out, "out.npy"), x)
    return x
