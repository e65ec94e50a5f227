#!/usr/bin/env python3
"""Compiled code in Python: a program that calls an artefact with the package colt5.

    colt5-compile layer.mlir --target=cpu,sm_80,sm_90a --emit=shared -o liblayer.so
    main.py liblayer.so [DRIVER]

DRIVER is the path of the CUDA driver's library. The layer runs on a GPU if there is one, else on the CPU.
"""
import contextlib
import sys

# What the program imports, and how to install it.
NEEDS = {"numpy": ("NumPy", "pip install numpy, Debian: python3-numpy"),
         "colt5": ("the package colt5", "pip install ./python in a clone of colt5")}
try:
    import numpy as np
    from colt5.artefact import Artefact, Error
except ModuleNotFoundError as error:
    if error.name not in NEEDS:
        raise
    what, how = NEEDS[error.name]
    sys.exit(f"main.py: expected {what} for {sys.executable}, found none ({error}); install it ({how}) "
             f"or run a python3 that has it")


def compute(x, mask, router, w_in, w_gate, w_out):
    """The layer in NumPy."""
    scores = np.where(mask[0], x[0] @ router[0], -np.inf)
    routed = np.sort(np.argsort(-scores, kind="stable")[:8])
    rows, y = x[0, routed].astype(np.float64), x.astype(np.float64)
    hidden = rows @ w_in
    y[0, routed] += scores[routed, None] * (hidden / (1 + np.exp(-hidden)) * (rows @ w_gate) @ w_out)
    return y, routed


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("usage: main.py LIBRARY [DRIVER]")
    layer = Artefact(sys.argv[1], driver=sys.argv[2] if len(sys.argv) > 2 else None)
    print(f"runs on {layer.target}")
    random = np.random.default_rng(1)
    shapes = {"x": (1, 50, 32), "router": (1, 32), "w_in": (32, 48), "w_gate": (32, 48), "w_out": (48, 32)}
    values = {name: random.normal(size=shape, scale=0.3).astype(np.float32) for name, shape in shapes.items()}
    values["mask"] = random.random((1, 50)) < 0.8
    y, routed = compute(**values)

    results = {"NumPy": layer.run(**values)}
    with contextlib.suppress(ImportError):
        import torch
        place = "cpu" if layer.target == "cpu" else "cuda"
        # Not every PyTorch exports bool: the mask stays an array.
        tensors = {name: torch.from_numpy(value).to(place) for name, value in values.items() if name != "mask"}
        outputs = {"y": torch.empty((1, 50, 32), device=place), "routed": torch.empty((1, 8), dtype=torch.int32, device=place)}
        found = layer.run(mask=values["mask"], **tensors, **outputs)
        results["PyTorch"] = {name: value.cpu().numpy() for name, value in found.items()}
    for name, found in results.items():
        difference = np.abs(found["y"] - y).max()
        good = difference <= 1e-5 and np.array_equal(found["routed"][0], routed)
        print(f"{name}: {'agrees' if good else 'disagrees'}, largest difference {difference:.1e}")
        if not good:
            sys.exit(1)
    try:
        layer.run(**{**values, "x": values["x"][:, :, ::2]})
    except Error as error:
        print(f"refused: {error}")
    layer.close()


if __name__ == "__main__":
    main()
