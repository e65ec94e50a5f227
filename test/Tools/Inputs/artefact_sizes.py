"""Calls an artefact of sizes.mlir with sizes that fit and that do not: LIBRARY [DRIVER | --fixed]."""
import sys

import numpy as np
from colt5.artefact import Artefact, Error

library, option = sys.argv[1], (sys.argv + [""])[2]
artefact = Artefact(library, prefix="sizes", driver="/no/driver" if option in ("", "--fixed") else option)


def call(n, k, rows=None, init=None, head=None):
    zeros = lambda *shape: np.zeros(shape, np.float32)
    values = {"head": zeros(head)} if head is not None else {}
    try:
        artefact.run(x=zeros(n, 4), rows=zeros(n if rows is None else rows),
                     init=zeros(-(-n // 16) if init is None else init), k=k, **values)
        print(f"fits: n {n}, k {k}")
    except Error as error:
        print(error)


call(33, 5)
call(0, 0)
call(33, 5, rows=32)
call(33, -1)
call(33, 5, head=6)
call(33, 5, init=2)
call(33, 5, init=4)
call(33, 7)
artefact.close()
