"""rank0.py LIBRARY DRIVER: runs rank0.mlir."""
import sys

import numpy as np
from colt5.artefact import Artefact

layer = Artefact(sys.argv[1], prefix="rank0", driver=sys.argv[2])
found = layer.run(temperature=np.array(2.5, np.float32), x=np.arange(4, dtype=np.float32), shift=0.5,
                  i=np.array([[2, -1]], np.int32))
print("target", layer.target)
print("y", found["y"].tolist(), "sum", found["sum"].tolist())
print("rows", found["rows"][0].tolist())
