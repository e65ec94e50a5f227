"""include/colt5-abi/gpu.h in ctypes, and calls of a compiled function's three entries."""
import ctypes

STATUS = {1: "an index is out of range", 2: "a null pointer", 3: "a wrong size", 4: "strides that are not row-major",
          5: "a pointer that is not aligned"}
FIRST_LAUNCH_ERROR = 64


class Tensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("sizes", ctypes.POINTER(ctypes.c_int64)),
                ("strides", ctypes.POINTER(ctypes.c_int64))]


LAUNCH = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(ctypes.c_int64),
                          ctypes.POINTER(ctypes.c_void_p))


class Launcher(ctypes.Structure):
    _fields_ = [("state", ctypes.c_void_p), ("launch", LAUNCH), ("error_word", ctypes.c_void_p)]


class Entries:
    """f_run, f_result_sizes and f_workspace_size of a shared library with function `f`."""

    def __init__(self, path, function="f"):
        library = ctypes.CDLL(str(path))
        self.run = getattr(library, f"{function}_run")
        self.run.restype = ctypes.c_int32
        self.result_sizes = getattr(library, f"{function}_result_sizes")
        self.result_sizes.restype = None
        self.workspace_size = getattr(library, f"{function}_workspace_size")
        self.workspace_size.restype = ctypes.c_int64


class Records:
    """The colt5_cpu_tensor array of inputs, then outputs: addresses are those of device memory."""

    def __init__(self, shapes, addresses):
        self.sizes = [(ctypes.c_int64 * max(len(shape), 1))(*shape) for shape in shapes]
        self.array = (Tensor * len(shapes))()
        for record, sizes, address in zip(self.array, self.sizes, addresses):
            record.data, record.sizes = address, sizes
