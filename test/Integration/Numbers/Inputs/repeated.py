"""Inputs of scatter-repeated.mlir: indices that name row 3, one in a hundred none; weights 5 of route 0, -5 of route 1."""
import sys

import numpy as np

folder = sys.argv[1]
indices = np.full((1, 1000), 3, np.int32)
indices[0, ::100] = -1
weights = np.full((1, 2, 500), 5.0, np.float32)
weights[0, 1] = -5.0
np.save(f"{folder}/y.npy", np.full((1, 1000, 1), 0x3F80, np.uint16))
np.save(f"{folder}/i.npy", indices)
np.save(f"{folder}/w.npy", weights)
