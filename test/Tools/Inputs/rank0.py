"""rank0.py FOLDER LIBRARY DRIVER: runs rank0.mlir; FOLDER has the class that calls artefacts."""
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
from artefact import Artefact  # noqa: E402

layer = Artefact(sys.argv[2], prefix="rank0", driver=sys.argv[3])
found = layer.run(temperature=np.array(2.5, np.float32), x=np.arange(4, dtype=np.float32), shift=0.5,
                  i=np.array([[2, -1]], np.int32))
print("target", layer.target)
print("y", found["y"].tolist(), "sum", found["sum"].tolist())
print("rows", found["rows"][0].tolist())
