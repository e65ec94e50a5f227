"""A function of a shared library that colt5-compile wrote, called through its C interface."""
import ctypes

import numpy as np


class Tensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("sizes", ctypes.POINTER(ctypes.c_int64)),
                ("strides", ctypes.POINTER(ctypes.c_int64))]


BODY = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
PARALLEL_FOR = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, BODY, ctypes.c_void_p)


class Parallel(ctypes.Structure):
    _fields_ = [("state", ctypes.c_void_p), ("num_threads", ctypes.c_int64), ("parallel_for", PARALLEL_FOR)]


class CompiledFunction:
    """One entry with fixed inputs and one output; `run` fills `output`, on the calling thread."""

    def __init__(self, library, name, inputs, output_shape, dtype=np.float32):
        library = ctypes.CDLL(library)
        self.function = getattr(library, f"{name}_run")
        self.inputs = [np.ascontiguousarray(value) for value in inputs]
        self.output = np.full(output_shape, np.nan, dtype=dtype)
        self.sizes = [(ctypes.c_int64 * max(a.ndim, 1))(*a.shape) for a in [*self.inputs, self.output]]
        self.tensors = (Tensor * len(self.sizes))()
        for tensor, array, sizes in zip(self.tensors, [*self.inputs, self.output], self.sizes):
            tensor.data, tensor.sizes = array.ctypes.data, sizes
        workspace_size = getattr(library, f"{name}_workspace_size")
        workspace_size.restype = ctypes.c_int64
        self.workspace_bytes = workspace_size(self.tensors, ctypes.c_int64(1))
        self.memory = np.empty(self.workspace_bytes + 64, dtype=np.uint8)
        self.workspace = ctypes.c_void_p((self.memory.ctypes.data + 63) // 64 * 64)

    def run(self, pool=None):
        status = self.function(self.tensors, self.workspace, ctypes.byref(pool) if pool else None)
        if status:
            raise RuntimeError(f"expected status 0, the compiled function returned {status} (see colt5-abi/cpu.h)")
        return self.output
