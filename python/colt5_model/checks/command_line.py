"""The command line: every op is reachable, operands by order and by name, and wrong input is one clear message."""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from colt5_model import bf16, registry
from colt5_model.attention import attention


def _run(*arguments):
    return subprocess.run([sys.executable, "-m", "colt5_model", *arguments], capture_output=True, text=True,
                          check=False)


def check_op(t):
    with tempfile.TemporaryDirectory() as folder:
        def path(name, value=None):
            full = os.path.join(folder, name)
            if value is not None:
                np.save(full, value)
            return full

        s = path("s.npy", np.array([[[1.0, 3.0, 2.0]]], np.float32))
        mask = path("mask.npy", np.array([[True, False, True]]))
        done = _run("op", "topk", "--params", '{"k": 2, "tie": "lowest_index"}', "--in", s, "--arg", f"mask={mask}",
                    "--out", folder)
        t.true(done.returncode == 0, f"topk runs: {done.stderr}")
        idx = np.load(path("0.npy"))
        t.true(idx.dtype == np.int32 and idx.tolist() == [[[0, 2]]], "indices are i32")
        t.true(np.load(path("1.npy")).dtype == bool, "validity is bool")

        rng = np.random.default_rng(1)
        q, k, v = rng.standard_normal((3, 1, 1, 4, 2))
        extra = rng.standard_normal((1, 1, 1, 4))
        bf16.save(path("q.npy"), q)
        params = json.dumps({"score": "where(q_pos >= kv_pos, tanh(score) + e0, -inf)", "scale": 0.5})
        done = _run("op", "attention", "--params", params, "--in", "bf16:" + path("q.npy"), path("k.npy", k),
                    path("v.npy", v), "--extra", path("e.npy", extra), "--out", folder)
        t.true(done.returncode == 0, f"attention runs: {done.stderr}")
        want, _ = attention(bf16.round_bf16(q), k, v, extra=[extra], scale=0.5, pattern="causal",
                            score=lambda s, i, j, e: np.tanh(s) + e)
        t.close(np.load(path("0.npy")), want, "bf16 operands, an extra operand and a region")

        for what, arguments in {
            "an unknown op": ("op", "topq", "--in", s, "--out", folder),
            "a missing attribute": ("op", "topk", "--in", s, "--out", folder),
            "an unknown attribute": ("op", "topk", "--params", '{"k": 1, "axis": 2}', "--in", s, "--out", folder),
            "a missing file": ("op", "topk", "--params", '{"k": 1}', "--in", path("none.npy"), "--out", folder),
            "broken JSON": ("op", "topk", "--params", "{k}", "--in", s, "--out", folder),
            "an operand without name": ("op", "topk", "--params", '{"k": 1}', "--in", s, "--arg", mask, "--out",
                                        folder),
            "a difference": ("compare", path("q.npy"), path("k.npy")),
        }.items():
            done = _run(*arguments)
            t.true(done.returncode == 1 and done.stderr.startswith("colt5_model: error:"), f"{what} is refused")
            t.true("Traceback" not in done.stderr, f"{what} is one message")
        t.true(_run("compare", s, s).returncode == 0, "equal files compare equal")


def check_registry(t):
    ops = ("router_scores soft_topk topk gather scatter_combine attention online_attention rope block_summary "
           "rms_scale rms_norm conditional ffn conditional_ffn conditional_attention").split()
    t.true(all(name in registry.OPS for name in ops), "every op has its name")
    y = registry.call("gather", [np.eye(2)[None], [[1]]], {}, {"unique": True, "trusted": True})[0]
    t.equal(y, [[[0.0, 1.0]]], "facts change no value")
    x = np.ones((1, 1, 2))
    named = {"in": np.eye(2), "out": np.eye(2)}
    t.equal(registry.call("ffn", [x], named, {"activation": "identity"})[0], x, "an operand called in")
    y = registry.call("conditional", [x, x, [[0]]], named, {"activation": "identity"})[0]
    t.equal(y, 2 * x, "conditional with an ffn region")
