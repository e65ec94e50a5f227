"""bf16 rounding, initialisers and the generated document."""
import os
import tempfile

import numpy as np

from colt5_model import bf16, document, init
from colt5_model.compare import norm_error


def check_bf16(t):
    t.equal(bf16.to_bits([1.0, -2.0, 0.0, -0.0, np.inf]), [0x3F80, 0xC000, 0, 0x8000, 0x7F80], "bits")
    t.equal(bf16.round_bf16([1 + 2 ** -8, 1 + 3 * 2 ** -8]), [1.0, 1 + 2 ** -6], "ties to even")
    t.equal(bf16.round_bf16([1 + 2 ** -8 + 2 ** -20]), [1 + 2 ** -7], "above the tie")
    t.equal(bf16.round_bf16(3.4e38), np.inf, "overflow, and a scalar")
    t.equal(bf16.round_bf16([1e-40]) > 0, [True], "subnormals are kept")
    t.true(np.isnan(bf16.round_bf16([np.nan, -np.nan])).all(), "NaN stays NaN")
    t.true(np.isnan(bf16.from_bits(bf16.to_bits(np.array([0x7F800001], np.uint32).view(np.float32)))).all(),
           "a NaN whose payload is cut stays NaN")
    every = np.arange(65536, dtype=np.uint16)
    number = ~np.isnan(bf16.from_bits(every))
    t.equal(bf16.to_bits(bf16.from_bits(every))[number], every[number], "all bit patterns come back")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.npy")
        bf16.save(path, [[1.0, 1.001]])
        t.true(np.load(path).dtype == np.uint16, "stored as uint16")
        t.equal(bf16.load(path), [[1.0, 1.0]], "and read back")
        np.save(path, [1.0])
        t.raises(lambda: bf16.load(path), "not bits")


def check_initialisers(t):
    kernel = init.mlp_kernel(init.generator(1, 0), (400, 500))
    t.close(np.std(kernel), np.sqrt(1 / 400), "mlp variance is 1/fan_in", 2e-4)
    t.true(np.max(np.abs(kernel)) <= 2.001 * np.sqrt(1 / 400) / init.TRUNCATED_STD, "truncated at two")
    shape = (256, 8, 64)
    t.close(np.std(init.attention_kernel(init.generator(1, 1), shape, 256)), 1 / 16, "attention", 5e-4)
    t.close(np.std(init.attention_kernel(init.generator(1, 1), shape, 256, query=True)), 1 / 128, "query", 5e-5)
    t.close(np.std(init.bias_table(init.generator(1, 2), 4000)), np.sqrt(2 / 4032), "bias table", 5e-4)
    t.close(np.std(init.router(init.generator(1, 3), 768, 50)), np.sqrt(1 / 768), "router", 1e-3)
    same, other = init.generator(1, 2, 3).standard_normal(4), init.generator(1, 2, 4).standard_normal(4)
    t.equal(init.generator(1, 2, 3).standard_normal(4), same, "seeded")
    t.far(same, other, "a stream per tensor")


def check_document(t):
    config = document.Config(layers=2, n=20, d=8, light_heads=1, heavy_heads=2, head_size=4, light_width=6,
                             heavy_width=10, radius=3, queries=3, keys=5, tokens=4)
    x, mask = document.embed(b"abca", 6, 8, 1)
    t.equal(x[0, 0], x[0, 3], "equal bytes have equal vectors")
    t.equal(mask, [[True] * 4 + [False] * 2], "a short text is padded")
    first, second = document.layer_weights(0, config), document.layer_weights(1, config)
    t.true(list(first) == list(document.WEIGHTS), "argument order")
    t.far(first["heavy_in"], second["heavy_in"], "layers differ")
    t.true(all(a.dtype == np.float32 for a in first.values()), "f32")
    base = document.Config()
    t.equal([base.queries, base.keys, base.tokens], [256, 512, 256], "Base counts at 4096")
    with tempfile.TemporaryDirectory() as folder:
        text, data, out = (os.path.join(folder, name) for name in ("t.txt", "data", "out"))
        with open(text, "wb") as file:
            file.write(b"It is the shape of the thing that counts.")
        names = document.generate(text, data, config)
        t.true(len(names) == 2 + 2 * 21 and names[-1] == "w41.npy", "21 weights per layer")
        y = document.run_layers(data, out, progress=lambda line: None)
        t.equal(np.load(os.path.join(out, "layer1_out.npy")), y, "parts of the last layer")
        again = document.run_layers(data, os.path.join(folder, "again"), replay=out, progress=lambda line: None)
        t.equal(again, y, "its selections replayed")
        rounded = document.run_layers(data, os.path.join(folder, "bf16"), rounding="bf16", progress=lambda line: None)
        t.true(1e-5 < norm_error(rounded, y) < 0.1, "bf16 inputs are near, not equal")
        t.raises(lambda: document.run_layers(data, out, replay=data, progress=lambda line: None), "nothing recorded")
        scores = np.load(os.path.join(out, "layer0_attention_scores_q.npy"))[0]
        with open(text, "rb") as file:
            tokens = np.frombuffer(file.read()[:20], np.uint8)
        t.equal(scores, [scores[np.nonzero(tokens == byte)[0][0]] for byte in tokens], "equal bytes have equal scores")
        t.equal(np.load(os.path.join(out, "layer0_attention_idx_q.npy")).shape, (1, 3), "selected sets")
