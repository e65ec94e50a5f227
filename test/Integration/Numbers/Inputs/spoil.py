"""Spoils DIR/0.npy where nothing is left open: column 0 of row 3 becomes NaN, or column 2 of row 3 another number."""
import sys

import numpy as np

folder, kind = sys.argv[1:]
array = np.load(f"{folder}/0.npy")
if kind == "nan":
    array[0, 0, 3, 0] = np.nan
else:
    array[0, 0, 3, 2] = 99
np.save(f"{folder}/0.npy", array)
