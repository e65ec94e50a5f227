"""Inputs of hidden-values.mlir: q (also used as k), and v with an infinity in row 7."""
import sys

import numpy as np

q = np.random.default_rng(1).standard_normal((1, 1, 8, 4)).astype(np.float32)
v = q.copy()
v[0, 0, 7, 2] = np.inf
np.save(f"{sys.argv[1]}/q.npy", q)
np.save(f"{sys.argv[1]}/v.npy", v)
